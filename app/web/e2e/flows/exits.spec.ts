import { expect, test } from '../fixtures.js';
import type { TicketsReport, WithdrawQuoteReport } from '../reports.js';
import { giveShares } from '../stage/resident.js';
import { SOL } from '../stage/stage.js';
import { thaw } from '../stage/thaw.js';

/** Fees of a few transactions, lamports. */
const FEES = SOL / 10_000n;
/** An epoch, and time for the keeper: the machine may be busy. */
const EPOCH_MS = 45_000;

test.beforeEach(async ({ chain, stage, wallet }) => {
  await chain.fund(wallet.address, SOL);
  await giveShares(stage, wallet.address, '3');
});

test('a holder leaves at once', async ({ app, chain, stage, wallet }) => {
  const shares = await chain.tokens(wallet.address, stage.mint);
  await app.openConnected('unstake');
  await app.amount.fill('1');
  await expect(app.page.getByRole('radio', { name: 'Instant' })).toBeChecked();
  const arguments_ = ['quote', 'withdraw', '1'];
  const quote = await thaw<WithdrawQuoteReport>(stage, 'admin', arguments_);
  await app.button('Unstake').click();
  await app.done();

  expect(await chain.tokens(wallet.address, stage.mint)).toBe(shares - SOL);
  const gained = (await chain.lamports(wallet.address)) - SOL;
  // The reserve may have changed since the quote, and with it the fee, within the slippage.
  const quoted = BigInt(quote.instant.lamports);
  expect(gained).toBeGreaterThan((quoted * 998n) / 1_000n - FEES);
  expect(gained).toBeLessThan((quoted * 1_002n) / 1_000n);
  await expect(app.page.getByRole('main')).toContainText(/Balance (2|1\.9\d*) /);
});

test('a holder requests a ticket, waits and claims', async ({ app, chain, stage, wallet }) => {
  test.setTimeout(120_000);
  const tickets = async (): Promise<TicketsReport['tickets']> => {
    const args = ['tickets', '--owner', wallet.address];
    return (await thaw<TicketsReport>(stage, 'admin', args)).tickets;
  };
  const shares = await chain.tokens(wallet.address, stage.mint);
  await app.openConnected('unstake');
  await app.choose('Ticket');
  await app.amount.fill('1.2');
  // Early in an epoch, so that the wait is still to be seen.
  await chain.epochBetween(0, 40);
  await app.button('Request ticket').click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBe(shares - (12n * SOL) / 10n);
  const [ticket] = await tickets();
  expect(ticket).toMatchObject({ state: 'waiting', shares: 1_200_000_000, claimable_lamports: 0 });

  await app.go('tickets');
  const card = app.page.getByRole('listitem').filter({ hasText: '1.2 thSOL' });
  await expect(card).toContainText('Queued');
  await expect(card.getByRole('button', { name: 'Claim' })).toBeDisabled();
  // Nobody reloads: the page learns of it by itself.
  await expect(card).toContainText('Claimable', { timeout: 2 * EPOCH_MS });
  await expect(card.getByRole('button', { name: 'Claim' })).toBeEnabled({ timeout: 2 * EPOCH_MS });
  const [paid] = await tickets();
  expect(paid?.claimable_lamports).toBeGreaterThanOrEqual(1_200_000_000);

  const before = await chain.lamports(wallet.address);
  await card.getByRole('button', { name: 'Claim' }).click();
  await app.done();
  const claimed = (await chain.lamports(wallet.address)) - before;
  expect(claimed).toBeGreaterThan(BigInt(paid?.claimable_lamports ?? 0) - FEES);
  expect(claimed, 'and the rent').toBeLessThan(BigInt(paid?.claimable_lamports ?? 0) + SOL / 100n);
  expect(await tickets()).toEqual([]);
  expect(await chain.exists(ticket?.address ?? '')).toBe(false);
  await expect(app.page.getByRole('main')).toContainText('You have no tickets');
});

test('several tickets are claimed at once', async ({ app, chain, stage, wallet }) => {
  test.setTimeout(120_000);
  await app.openConnected('unstake');
  for (const amount of ['0.25', '0.5']) {
    await app.choose('Ticket');
    await app.amount.fill(amount);
    await app.button('Request ticket').click();
    await app.done();
  }
  await app.go('tickets');
  const main = app.page.getByRole('main');
  await expect(main).toContainText('from 2 of 2 tickets', { timeout: 2 * EPOCH_MS });
  const before = await chain.lamports(wallet.address);
  await app.button('Claim all').click();
  await app.done();
  expect((await chain.lamports(wallet.address)) - before).toBeGreaterThan(
    (75n * SOL) / 100n - FEES,
  );
  const args = ['tickets', '--owner', wallet.address];
  expect((await thaw<TicketsReport>(stage, 'admin', args)).tickets).toEqual([]);
});

test('a ticket is given away', async ({ app, stage, wallet }) => {
  await app.openConnected('unstake');
  await app.choose('Ticket');
  await app.amount.fill('0.3');
  await app.button('Request ticket').click();
  await app.done();
  await app.go('tickets');
  const [, friend] = wallet.keys;
  await app.button('Give away').click();
  await app.dialog.getByRole('textbox', { name: 'New owner' }).fill(friend?.address ?? '');
  await app.dialog.getByRole('button', { name: 'Give away' }).click();
  await app.done();
  const args = ['tickets', '--owner', friend?.address ?? ''];
  const { tickets } = await thaw<TicketsReport>(stage, 'admin', args);
  expect(tickets).toMatchObject([{ shares: 300_000_000 }]);
  await expect(app.page.getByRole('main')).toContainText('You have no tickets');
});

test('more shares than there are cannot be unstaked', async ({ app, chain, page, wallet }) => {
  const before = await chain.lamports(wallet.address);
  await app.openConnected('unstake');
  await app.amount.fill('100');
  await expect(app.amount).toHaveAccessibleDescription(/which is less/);
  await expect(app.button('Unstake')).toBeDisabled();
  expect(await wallet.signed(page)).toBe(0);
  expect(await chain.lamports(wallet.address)).toBe(before);
});
