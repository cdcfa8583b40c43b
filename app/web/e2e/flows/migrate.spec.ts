import { existsSync } from 'node:fs';

import { address } from '@solana/kit';

import { expect, test } from '../fixtures.js';
import { newKey } from '../stage/key.js';
import { SPL_POOL_BYTECODE } from '../stage/paths.js';
import { SplPool } from '../stage/splPool.js';
import { SOL } from '../stage/stage.js';

test('tokens of another stake pool come over as stake', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  expect(existsSync(SPL_POOL_BYTECODE), 'toolchain/fetch-peers builds it').toBe(true);
  test.setTimeout(150_000);
  const manager = await newKey();
  await chain.fund(manager.address, 20n * SOL);
  await chain.fund(wallet.address, 4n * SOL);
  const vote = address(stage.votes[0] ?? '');
  const old = await SplPool.open(stage.rpcUrl, manager.signer);
  await old.depositSol(manager.signer, 6n * SOL);
  await old.depositSol(wallet.key.signer, 2n * SOL);
  await old.delegate(vote, 5n * SOL);

  // Its crank; without an update in the epoch it pays nothing out.
  const crank = setInterval(() => {
    void old.update().catch(() => undefined);
  }, 1_000);
  try {
    await app.openConnected('migrate');
    await app.button('Look for them in my wallet').click();
    await expect(page.getByRole('button', { name: /2 tokens/ })).toBeVisible();
    const migrate = app.button('Migrate');
    // Its stake is active from the next epoch on, and each epoch both pools must be cranked first.
    // An epoch takes seconds here, so what the page read of the other pool is soon old.
    await expect(async () => {
      await page.reload();
      await page.getByRole('textbox', { name: 'Stake pool to leave' }).fill(old.mint);
      await page.getByRole('textbox', { name: 'Tokens to move' }).fill('1.5');
      await expect(migrate).toBeEnabled({ timeout: 3_000 });
    }).toPass({ timeout: 90_000 });
    await expect(page.getByRole('main')).toContainText('You get about');
    await migrate.click();
    await app.done();
  } finally {
    clearInterval(crank);
  }
  expect(await chain.tokens(wallet.address, old.mint)).toBe(SOL / 2n);
  const shares = await chain.tokens(wallet.address, stage.mint);
  expect(shares).toBeGreaterThan((149n * SOL) / 100n);
  expect(shares).toBeLessThan((152n * SOL) / 100n);
});

test('what is no stake pool is said to be none', async ({ app, page, stage }) => {
  await app.open('migrate');
  const field = page.getByRole('textbox', { name: 'Stake pool to leave' });
  await field.fill('nonsense');
  await expect(field).toHaveAccessibleDescription(/not an address/);
  await field.fill(stage.mint);
  await expect(page.getByText('No stake pool was found')).toBeVisible();
});
