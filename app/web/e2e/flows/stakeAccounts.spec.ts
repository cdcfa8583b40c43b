import { expect, test } from '../fixtures.js';
import { stakeNatively } from '../stage/native.js';
import { SOL } from '../stage/stage.js';

/** An epoch until stake is active, and time for the keeper: the machine may be busy. */
const PATIENCE_MS = 60_000;

test('a stake account comes in, and stake goes out again', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  test.setTimeout(150_000);
  await chain.fund(wallet.address, 8n * SOL);
  // The pool gives this validator the least, so what comes in is above its target.
  const vote = stage.votes[4] ?? '';
  const stake = await stakeNatively(stage.rpcUrl, wallet.key, vote, 5n * SOL);

  await app.openConnected('stake');
  await page.getByRole('tab', { name: 'Stake accounts' }).click();
  const row = page.getByRole('row').filter({ hasText: stake.slice(0, 4) });
  const deposit = row.getByRole('button', { name: 'Deposit' });
  await expect(deposit).toBeEnabled({ timeout: PATIENCE_MS });
  await deposit.click();
  await app.done();
  expect(await chain.exists(stake)).toBe(false);
  const shares = await chain.tokens(wallet.address, stage.mint);
  expect(shares).toBeGreaterThan((49n * SOL) / 10n);
  expect(shares).toBeLessThan((502n * SOL) / 100n);

  await app.go('unstake');
  await app.choose('Stake account');
  await app.amount.fill('1.5');
  await app.button('Take stake account').click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBe(shares - (15n * SOL) / 10n);
  const [taken, ...others] = await chain.stakeAccounts(wallet.address);
  expect(others).toEqual([]);
  expect(taken?.delegated).toBeGreaterThan((149n * SOL) / 100n);
  expect(taken?.delegated).toBeLessThan((151n * SOL) / 100n);
});

test('stake that does not fit says why', async ({ app, chain, page, stage, wallet }) => {
  await chain.fund(wallet.address, 4n * SOL);
  // The last validator of the cluster is not in the pool.
  const stake = await stakeNatively(stage.rpcUrl, wallet.key, stage.votes.at(-1) ?? '', 2n * SOL);
  await app.openConnected('stake');
  await page.getByRole('tab', { name: 'Stake accounts' }).click();
  const row = page.getByRole('row').filter({ hasText: stake.slice(0, 4) });
  await expect(row).toContainText('this pool does not list');
  await expect(row.getByRole('button', { name: 'Deposit' })).toBeDisabled();
  expect(await chain.exists(stake)).toBe(true);
});
