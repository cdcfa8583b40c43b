import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type App, ROUTES, type Route } from '../app.js';
import { audit } from '../audit.js';
import { expect, test } from '../fixtures.js';
import { sharedStage } from '../globalSetup.js';
import type { HistoryReport } from '../reports.js';
import { REPOSITORY } from '../stage/paths.js';
import { thaw } from '../stage/thaw.js';
import { shiftsOf, watchShifts } from './shifts.js';

/** Pages about one's own SOL, which are shown with a wallet. */
const OWN: readonly Route[] = ['stake', 'unstake', 'tickets', 'portfolio', 'migrate'];
const SCREENS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'] as const;
/** Of the four, those that axe looks at: each screen and each scheme once. */
const AUDITED = ['desktop-light', 'phone-dark'];
/** Width of the narrowest phone that must do. */
const NARROWEST = { width: 320, height: 640 };
/** Cumulative layout shift that nobody notices. */
const MOST_SHIFT = 0.05;
/** Pictures for the documentation are only taken when asked for. */
const IS_FOR_DOCS = process.env['UPDATE_IMAGES'] === '1';
const IMAGES = join(REPOSITORY, IS_FOR_DOCS ? 'docs/images' : 'app/web/test-results/images');

/** Pages that show most after something was done. */
const prepare: Partial<Record<Route, (app: App) => Promise<void>>> = {
  stake: (app) => app.amount.fill('2.5'),
  unstake: (app) => app.amount.fill('2.5'),
  verify: async (app) => {
    await app.button('Count now').click();
    await expect(app.button('Count again')).toBeVisible({ timeout: 30_000 });
  },
};

test.use({ holder: 'resident' });

test.beforeAll(async () => {
  mkdirSync(IMAGES, { recursive: true });
  if (!IS_FOR_DOCS) return;
  // A chart of a dozen epochs says more.
  test.setTimeout(300_000);
  const epochs = async (): Promise<number> =>
    (await thaw<HistoryReport>(sharedStage(), 'admin', ['history'])).epochs.length;
  await expect.poll(epochs, { timeout: 240_000, intervals: [2_000] }).toBeGreaterThanOrEqual(12);
});

for (const route of ROUTES) {
  test(`${route} loads calmly, is accessible and fits`, async ({ app, chain, page }) => {
    test.slow();
    await watchShifts(page);
    await app.open(route);
    await calm(app);

    if (OWN.includes(route)) await app.connect();
    await prepare[route]?.(app);
    for (const [screen, size] of Object.entries(SCREENS)) {
      await page.setViewportSize(size);
      for (const colorScheme of SCHEMES) {
        const look = `${screen}-${colorScheme}`;
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Right after the start of an epoch some things are closed for a moment.
        if (IS_FOR_DOCS) await chain.epochBetween(30, 80);
        await app.settled();
        await page.screenshot({ path: join(IMAGES, `${route}-${look}.png`) });
        if (AUDITED.includes(look)) expect.soft(await audit(page), look).toEqual([]);
      }
    }
    await page.setViewportSize(NARROWEST);
    await app.settled();
    // A chart needs a moment to shrink.
    const message = 'nothing scrolls sideways at 320 px';
    await expect.poll(() => app.overflow(), { message, timeout: 5_000 }).toBe(0);
  });
}

test('dialogs are accessible', async ({ app, page }) => {
  await app.open('stake');
  const dialogs: readonly (() => Promise<void>)[] = [
    () => page.getByRole('banner').getByRole('button', { name: 'Settings' }).click(),
    () => page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click(),
  ];
  for (const open of dialogs) {
    await open();
    await expect(app.dialog).toBeVisible();
    expect.soft(await audit(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(app.dialog).toHaveCount(0);
  }
});

/**
 * Fails when the page jumps while it loads. An epoch begins every few seconds here, and with it a
 * banner may come and go that has its right to push the page down; hence three tries.
 */
async function calm({ page }: App): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    // What comes late would jump late.
    await page.waitForTimeout(1_000);
    const shifts = await shiftsOf(page);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    if (sum <= MOST_SHIFT) return;
    if (tries === 3) expect(sum, JSON.stringify(shifts, null, 2)).toBeLessThanOrEqual(MOST_SHIFT);
    await page.reload();
  }
}
