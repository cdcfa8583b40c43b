import { expect, test } from '../fixtures.js';
import type { HistoryReport, PoolReport } from '../reports.js';
import { thaw } from '../stage/thaw.js';

test('the rate rises after an epoch, in front of the holder', async ({ app, page, stage }) => {
  test.setTimeout(120_000);
  await app.open('pool');
  const figure = page.locator('dl > div').filter({ hasText: 'Exit rate' }).locator('data').first();
  const shown = async (): Promise<number> => Number(await figure.getAttribute('value'));
  const history = async (): Promise<HistoryReport['epochs']> =>
    (await thaw<HistoryReport>(stage, 'admin', ['history'])).epochs;
  const [first, start] = [await shown(), (await history()).length];
  await expect
    .poll(
      async () => {
        const epochs = await history();
        return epochs.length > start && (epochs.at(-1)?.growth_ppb ?? 0) > 0;
      },
      { message: 'an epoch is finalized with a gain', timeout: 90_000 },
    )
    .toBe(true);
  await expect.poll(shown, { timeout: 30_000 }).toBeGreaterThan(first);
  // What is shown is what the chain has: the command line reads it by itself.
  const read = async (): Promise<number> => {
    const before = await thaw<PoolReport>(stage, 'admin', ['show']);
    const value = Math.round((await shown()) * 1e9);
    const after = await thaw<PoolReport>(stage, 'admin', ['show']);
    const [low, high] = [before.rate.exit_lamports, after.rate.exit_lamports];
    return value < low ? value - low : value > high ? value - high : 0;
  };
  // A page is some blocks behind, and a block here is chain time of more than ten minutes.
  await expect.poll(async () => Math.abs(await read())).toBeLessThan(20_000);
});

test('the rate is a chart, and a table behind it', async ({ app, page, stage }) => {
  test.setTimeout(120_000);
  const rows = async (): Promise<number> =>
    (await thaw<HistoryReport>(stage, 'admin', ['history'])).epochs.length;
  await expect.poll(rows, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await app.open('pool');
  await expect(page.locator('figure svg').first()).toBeVisible();
  await app.button('Show as a table').click();
  const table = page.getByRole('table').filter({ hasText: 'Epoch' }).first();
  const [latest] = (await thaw<HistoryReport>(stage, 'admin', ['history'])).epochs.slice(-1);
  await expect(table).toContainText(String(latest?.epoch));
});

test('the powers are those of the chain', async ({ app, page, stage }) => {
  const { powers } = await thaw<PoolReport>(stage, 'admin', ['show']);
  await app.open('pool');
  for (const power of [powers.admin, powers.operator, powers.guardian]) {
    await expect(page.getByRole('main')).toContainText(
      new RegExp(`${power.slice(0, 4)}.{1,3}${power.slice(-4)}`),
    );
  }
});

test('validators are sorted, searched and counted', async ({ app, page, stage }) => {
  await app.open('validators');
  const listed = stage.votes.slice(0, 5);
  const rows = page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
  for (const vote of listed) {
    await expect(rows.filter({ hasText: vote.slice(0, 4) })).toHaveCount(1);
  }
  await page.getByRole('searchbox', { name: 'Search' }).fill(listed[2] ?? '');
  await expect(page.getByRole('main')).toContainText('1 of 5 found');
  await expect(rows.filter({ hasText: (listed[0] ?? '').slice(0, 4) })).toHaveCount(0);
});

test('the rate is checked against every stake account', async ({ app, page }) => {
  await app.open('verify');
  await app.button('Count now').click();
  await expect(app.button('Count again')).toBeVisible({ timeout: 30_000 });
  const verdict = page.getByRole('main').getByRole('status').or(page.getByRole('alert'));
  await expect(verdict.filter({ hasText: 'Read at slot' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
