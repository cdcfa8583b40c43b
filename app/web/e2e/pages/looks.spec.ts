import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { ROUTES, type Route } from '../app.js';
import { expect, test } from '../fixtures.js';
import { REPOSITORY } from '../stage/paths.js';

/** Pages about one's own SOL, which are shown with a wallet. */
const OWN: readonly Route[] = ['stake', 'unstake', 'tickets', 'portfolio', 'migrate'];
const SCREENS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'] as const;
/** Width of the narrowest phone that must do. */
const NARROWEST = { width: 320, height: 640 };
/** What WCAG 2.1 asks for at its levels A and AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Pictures for the documentation are only taken when asked for. */
const IMAGES = join(
  REPOSITORY,
  process.env['UPDATE_IMAGES'] === '1' ? 'docs/images' : 'app/web/test-results/images',
);

test.use({ holder: 'resident' });

test.beforeAll(() => void mkdirSync(IMAGES, { recursive: true }));

for (const route of ROUTES) {
  test(`${route} is accessible and fits, on desktop and phone, light and dark`, async ({
    app,
    page,
  }) => {
    await (OWN.includes(route) ? app.openConnected(route) : app.open(route));
    for (const [screen, size] of Object.entries(SCREENS)) {
      await page.setViewportSize(size);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await app.settled();
        await page.screenshot({ path: join(IMAGES, `${route}-${screen}-${colorScheme}.png`) });
        const axe = new AxeBuilder({ page }).options({
          runOnly: { type: 'tag', values: TAGS },
          // Targets of 24 px, or with room around them: WCAG 2.2.
          rules: { 'target-size': { enabled: true } },
        });
        const { violations } = await axe.analyze();
        const found = violations.map(({ id, help, nodes }) => ({
          where: `${screen}, ${colorScheme}`,
          id,
          help,
          nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ''}`),
        }));
        expect.soft(found, `${screen}, ${colorScheme}`).toEqual([]);
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
