import { ROUTES } from '../app.js';
import { expect, test } from '../fixtures.js';

/** What may keep the page from being drawn, bytes as they come over the line. */
const MOST_BLOCKING_BYTES = 64_000;

/** Not in TypeScript's library yet. */
interface Timing extends PerformanceResourceTiming {
  readonly renderBlockingStatus: 'blocking' | 'non-blocking';
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
});

test('it loads from the site alone, and nothing holds it up', async ({ app, page }) => {
  await app.open('stake');
  const loaded = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as Timing[]).map((entry) => ({
      host: new URL(entry.name).hostname,
      name: entry.name,
      isBlocking: entry.renderBlockingStatus === 'blocking',
      bytes: entry.encodedBodySize,
    })),
  );
  expect(loaded.length).toBeGreaterThan(0);
  const { hostname } = new URL(app.url);
  // The local network's server has the same name, so this holds for its calls too.
  expect(loaded.filter(({ host }) => host !== hostname)).toEqual([]);
  const blocking = loaded.filter(({ isBlocking }) => isBlocking);
  const bytes = blocking.reduce((sum, entry) => sum + entry.bytes, 0);
  expect(bytes, JSON.stringify(blocking)).toBeLessThan(MOST_BLOCKING_BYTES);
});

test('every page has its title and one heading', async ({ app, page }) => {
  await app.open('stake');
  const titles = new Set<string>();
  for (const route of ROUTES) {
    await app.go(route);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    titles.add(await page.title());
  }
  expect(titles.size).toBe(ROUTES.length);
});

test('an address that leads nowhere says so', async ({ page, site }) => {
  await page.goto(`${site.url}#/nowhere`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No such page');
});
