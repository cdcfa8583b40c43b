import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { type App, ROUTES, type Route } from '../app.js';
import { expect, test } from '../fixtures.js';
import { REPOSITORY } from '../stage/paths.js';
import { shiftsOf, watchShifts } from './shifts.js';

/** Pages about one's own SOL, which are shown with a wallet. */
const OWN: readonly Route[] = ['stake', 'unstake', 'tickets', 'portfolio', 'migrate'];
const SCREENS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'] as const;
/** Of the four, those that axe looks at: each screen and each scheme once. */
const AUDITED = ['desktop-light', 'phone-dark'];
/** Width of the narrowest phone that must do. */
const NARROWEST = { width: 320, height: 640 };
/** What WCAG 2.1 asks for at its levels A and AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
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

test.beforeAll(() => void mkdirSync(IMAGES, { recursive: true }));

for (const route of ROUTES) {
  test(`${route} loads calmly, is accessible and fits`, async ({ app, page }) => {
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
        await app.settled();
        await page.screenshot({ path: join(IMAGES, `${route}-${look}.png`) });
        if (AUDITED.includes(look)) expect.soft(await audit(page), look).toEqual([]);
      }
    }
    await page.setViewportSize(NARROWEST);
    await app.settled();
    const { content, screen } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      screen: document.documentElement.clientWidth,
    }));
    expect(content, 'no scrolling sideways at 320 px').toBeLessThanOrEqual(screen);
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

/** What axe finds wrong, in words. */
async function audit(page: Page): Promise<object[]> {
  const axe = new AxeBuilder({ page }).options({
    runOnly: { type: 'tag', values: TAGS },
    // Targets of 24 px, or with room around them: WCAG 2.2.
    rules: { 'target-size': { enabled: true } },
  });
  const { violations } = await axe.analyze();
  return violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ''}`),
  }));
}
