import { ROUTES } from '../app.js';
import { expect, test } from '../fixtures.js';

/** Cumulative layout shift that nobody notices. */
const MOST_SHIFT = 0.05;
/** How long anything may keep the page from being drawn, milliseconds. */
const MOST_BLOCKING_MS = 500;

test.use({ holder: 'resident' });

for (const route of ROUTES) {
  test(`${route} loads without jumping`, async ({ app, page }) => {
    await page.addInitScript(() => {
      window.thawShifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as LayoutShift[]) {
          if (entry.hadRecentInput) continue;
          const where = entry.sources.map(({ node, previousRect, currentRect }) => {
            const element = node instanceof Element ? node : node?.parentElement;
            const rect = ({ x, y, width, height }: DOMRectReadOnly) =>
              [x, y, width, height].map(Math.round).join(' ');
            const what = (element?.outerHTML ?? 'gone').slice(0, 120);
            return `${what}: ${rect(previousRect)} -> ${rect(currentRect)}`;
          });
          window.thawShifts?.push({ value: entry.value, where });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await app.open(route);
    // What comes late would jump late.
    await page.waitForTimeout(1_500);
    const shifts = await page.evaluate(() => window.thawShifts ?? []);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    expect(sum, JSON.stringify(shifts, null, 2)).toBeLessThanOrEqual(MOST_SHIFT);

    const blocking = await page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
        .map(({ name, duration }) => ({ name, duration })),
    );
    for (const { name, duration } of blocking) {
      expect(duration, name).toBeLessThan(MOST_BLOCKING_MS);
    }
    const others = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).hostname)
        .filter((host) => host !== window.location.hostname),
    );
    expect(others, 'nothing comes from elsewhere').toEqual([]);
  });
}

test('the document says what it is', async ({ app, page }) => {
  await app.open('stake');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle(/Stake.*Thaw/);
  const content = (name: string) => page.locator(`meta[name="${name}"]`).getAttribute('content');
  expect((await content('description'))?.length).toBeGreaterThan(40);
  expect(await content('viewport')).toContain('width=device-width');
  expect(await content('viewport')).not.toMatch(/maximum-scale|user-scalable/);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
});

test('every page has a title of its own', async ({ app, page }) => {
  await app.open('stake');
  const titles = new Set<string>();
  for (const route of ROUTES) {
    await app.go(route);
    titles.add(await page.title());
  }
  expect(titles.size).toBe(ROUTES.length);
});

declare global {
  interface Window {
    thawShifts?: { value: number; where: string[] }[];
  }
  /** Not in TypeScript's library yet. */
  interface LayoutShift extends PerformanceEntry {
    readonly value: number;
    readonly hadRecentInput: boolean;
    readonly sources: readonly {
      readonly node: Node | null;
      readonly previousRect: DOMRectReadOnly;
      readonly currentRect: DOMRectReadOnly;
    }[];
  }
  interface PerformanceResourceTiming {
    readonly renderBlockingStatus: 'blocking' | 'non-blocking';
  }
}
