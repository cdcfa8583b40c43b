import { expect, test } from '../fixtures.js';
import type { PoolReport, TicketsReport } from '../reports.js';
import { giveShares } from '../stage/resident.js';
import { remoteKeeper } from '../stage/remote.js';
import { SOL } from '../stage/stage.js';
import { thaw } from '../stage/thaw.js';

test('a paused pool takes no deposits, says until when, and lets everybody leave', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, 4n * SOL);
  await giveShares(stage, wallet.address, '2');
  await app.openConnected('stake');
  const banner = page.getByText('The guardian paused a part of the pool');
  await expect(banner).toHaveCount(0);
  const paths = ['deposit', 'instant-exit'];
  await thaw(stage, 'guardian', ['pause', ...paths, '--for', '72h', '--yes']);
  try {
    await expect(banner).toBeVisible();
    await app.amount.fill('1');
    await expect(page.getByRole('main')).toContainText('No deposit now');
    await expect(page.getByRole('main')).toContainText('Paused');
    await expect(app.button('Stake')).toBeDisabled();

    await app.go('unstake');
    await app.amount.fill('0.5');
    await expect(page.getByRole('main')).toContainText('Closed');
    await expect(app.button('Unstake')).toBeDisabled();
    await app.choose('Ticket');
    await app.button('Request ticket').click();
    await app.done();
    const args = ['tickets', '--owner', wallet.address];
    const { tickets } = await thaw<TicketsReport>(stage, 'admin', args);
    expect(tickets).toMatchObject([{ shares: 500_000_000 }]);
  } finally {
    await thaw(stage, 'admin', ['unpause', ...paths, '--yes']);
  }
  await expect(banner).toHaveCount(0);
  await app.go('stake');
  const before = await chain.tokens(wallet.address, stage.mint);
  await app.amount.fill('1');
  await app.button('Stake').click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan(before);
});

test('a stale pool closes, and anyone can bring it up to date', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  test.setTimeout(180_000);
  await chain.fund(wallet.address, 4n * SOL);
  await giveShares(stage, wallet.address, '2');
  const report = (): Promise<PoolReport> => thaw<PoolReport>(stage, 'admin', ['show']);
  await app.openConnected('stake');
  const keeper = remoteKeeper(stage.keeperUrl);
  await keeper.stop();
  try {
    await expect(page.getByText('rewards are not counted yet')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('books are out of date')).toBeVisible({ timeout: 90_000 });
    expect((await report()).epoch).toMatchObject({ is_stale: true });
    await app.amount.fill('1');
    await expect(page.getByRole('main')).toContainText('No deposit now');
    await expect(page.getByRole('main')).toContainText('PoolStale');
    await expect(app.button('Stake')).toBeDisabled();
    expect(await wallet.signed(page)).toBe(0);

    // Anyone may do what the keepers did not.
    await app.button('Bring up to date').first().click();
    await app.done();
    await expect(page.getByText('books are out of date')).toHaveCount(0);
    expect((await report()).epoch.missed).toBeLessThanOrEqual(1);
    const before = await chain.tokens(wallet.address, stage.mint);
    await app.amount.fill('1');
    await app.button('Stake').click();
    await app.done();
    expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan(before);
  } finally {
    await keeper.start();
  }
});
