import { audit } from '../audit.js';
import { expect, test } from '../fixtures.js';
import { SOL } from '../stage/stage.js';
import { thaw } from '../stage/thaw.js';

/** Fee and rent that a first deposit costs at most. */
const COSTS = SOL / 200n;

test('a holder stakes SOL', async ({ app, chain, page, stage, wallet }) => {
  await chain.fund(wallet.address, 5n * SOL);
  await app.openConnected('stake');
  await app.amount.fill('1.5');
  const line = page.getByRole('main').locator('dl').first();
  await expect(line).toContainText('You receive');
  const quoted = BigInt(
    (await thaw<{ shares: number }>(stage, 'admin', ['quote', 'deposit', '1.5'])).shares,
  );

  await app.button('Stake').click();
  await app.done();

  const shares = await chain.tokens(wallet.address, stage.mint);
  expect(shares).toBeGreaterThan((quoted * 999n) / 1_000n);
  expect(shares).toBeLessThan((quoted * 1_001n) / 1_000n);
  const left = await chain.lamports(wallet.address);
  expect(left).toBeLessThan((35n * SOL) / 10n);
  expect(left).toBeGreaterThan((35n * SOL) / 10n - COSTS);
  // The field is empty again and shows what is left.
  await expect(app.amount).toHaveValue('');
  await expect(page.getByRole('main')).toContainText(/Balance 3\.49\d*/);
});

test('Max leaves what fees and rent need', async ({ app, chain, stage, wallet }) => {
  await chain.fund(wallet.address, 2n * SOL);
  await app.openConnected('stake');
  await app.button('Max').click();
  await expect(app.amount).toHaveValue(/^1\.99/);
  await app.button('Stake').click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((19n * SOL) / 10n);
  const left = await chain.lamports(wallet.address);
  expect(left).toBeGreaterThan(0n);
  expect(left).toBeLessThan(COSTS);
});

test('a rejected signature sends nothing, and can be given after all', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  await wallet.rejectNext(page);
  await app.amount.fill('1');
  await app.button('Stake').click();
  await expect(app.outcome).toContainText('The transaction was not approved');
  expect(await chain.lamports(wallet.address)).toBe(3n * SOL);
  expect(await wallet.signed(page)).toBe(0);
  expect(await audit(page)).toEqual([]);

  await app.dialog.getByRole('button', { name: 'Try again' }).click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((9n * SOL) / 10n);
});

test('too little SOL is said before anything is signed', async ({
  app,
  chain,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, SOL / 2n);
  await app.openConnected('stake');
  await app.amount.fill('1');
  await expect(app.amount).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('main')).toContainText('Too little SOL');
  await expect(app.button('Stake')).toBeDisabled();
  await app.amount.press('Enter');
  expect(await wallet.signed(page)).toBe(0);
  expect(await chain.lamports(wallet.address)).toBe(SOL / 2n);
  expect(await chain.tokens(wallet.address, stage.mint)).toBe(0n);
});

test('what is no amount is said at once', async ({ app, chain, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  for (const [typed, words] of [
    ['1,5,', 'Write digits'],
    ['-1', 'Write digits'],
    ['abc', 'Write digits'],
    ['0.0000000001', 'At most 9 places'],
  ] as const) {
    await app.amount.fill(typed);
    await expect(app.amount).toHaveAccessibleDescription(new RegExp(words));
    await expect(app.amount).toHaveAttribute('aria-invalid', 'true');
    await expect(app.button('Stake')).toBeDisabled();
  }
  await app.amount.fill('1.5');
  await expect(app.button('Stake')).toBeEnabled();
});

test('a deposit needs no mouse', async ({ app, chain, page, stage, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.open('stake');
  const { keyboard } = page;
  /** Moves on by Tab until the focused element is called so. */
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let step = 0; step < 60; step += 1) {
      await keyboard.press('Tab');
      const label = await page.evaluate(() => {
        const { activeElement: at } = document;
        if (at instanceof HTMLInputElement) return at.labels?.[0]?.textContent ?? '';
        return at?.matches('a, button') ? (at.getAttribute('aria-label') ?? at.textContent) : '';
      });
      if (name.test(label)) return;
    }
    throw new Error(`Tab does not reach ${String(name)}`);
  };
  await keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await tabTo(/Connect wallet/);
  await keyboard.press('Enter');
  await tabTo(/Test Wallet/);
  await keyboard.press('Enter');
  await expect(app.walletButton).toBeFocused();
  await tabTo(/^Amount$/);
  await keyboard.type('0.75');
  await keyboard.press('Enter');
  await expect(app.outcome).toContainText('Done.', { timeout: 30_000 });
  await keyboard.press('Escape');
  await expect(app.dialog).toHaveCount(0);
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((7n * SOL) / 10n);
});

test.describe('on the narrowest phone', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

  test('a deposit fits the screen at every step', async ({ app, chain, page, stage, wallet }) => {
    await chain.fund(wallet.address, 3n * SOL);
    await app.open('risks');
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('navigation').getByRole('link', { name: 'Stake', exact: true }).tap();
    await app.settled();
    await app.connect();
    await app.amount.fill('0.123456789');
    expect(await app.overflow()).toBe(0);
    await wallet.think(page, 2_000);
    await app.button('Stake').tap();
    await expect(app.outcome).toContainText('Approve the transaction');
    expect(await app.overflow()).toBe(0);
    const box = await app.dialog.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    await app.done();
    expect(await app.overflow()).toBe(0);
    expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((12n * SOL) / 100n);
  });
});

test('the app follows the wallet', async ({ app, chain, page, site, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  await expect(page.getByRole('main')).toContainText('Balance 3');
  // It connects by itself the next time.
  await page.goto('about:blank');
  await page.goto(site.url);
  await expect(app.walletButton).toBeVisible();
  // The user takes another account, which is empty.
  await wallet.use(page, 1);
  await expect(page.getByRole('main')).toContainText('Balance 0');
  await expect(app.walletButton).toHaveCount(0);
  // The user takes all accounts back.
  await wallet.use(page, null);
  await expect(
    page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }),
  ).toBeVisible();
});
