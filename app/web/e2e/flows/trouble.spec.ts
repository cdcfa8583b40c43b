import { expect, test } from '../fixtures.js';
import { ChainProxy } from '../stage/proxy.js';
import { SOL } from '../stage/stage.js';

test('an expired transaction says so, did nothing, and is sent again', async ({
  app,
  chain,
  line,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  line.swallowsSends = true;
  await app.amount.fill('1');
  await app.button('Stake').click();
  // A blockhash lives for 150 blocks.
  const patience = 150 * stage.blockMs + 30_000;
  await expect(app.outcome).toContainText('expired', { timeout: patience });
  expect(line.calls.get('sendTransaction')).toBeGreaterThan(1);
  expect(await chain.lamports(wallet.address)).toBe(3n * SOL);

  line.swallowsSends = false;
  await app.dialog.getByRole('button', { name: 'Try again' }).click();
  await app.done();
  expect(await wallet.signed(page)).toBe(2);
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((9n * SOL) / 10n);
  expect(await chain.lamports(wallet.address)).toBeGreaterThan((19n * SOL) / 10n);
});

test('the RPC server goes away and comes back', async ({ app, chain, line, page, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  const banner = page.getByRole('main').getByRole('alert').or(page.getByRole('status'));
  const away = banner.filter({ hasText: 'The RPC server does not answer' });
  await line.down();
  await expect(away).toBeVisible({ timeout: 30_000 });
  // What was read before is still there, and so is the way to another server.
  await expect(page.getByRole('main')).toContainText('Balance 3');
  await page.getByRole('button', { name: 'Use another server' }).click();
  await expect(app.dialog).toContainText('RPC');
  await page.keyboard.press('Escape');

  await line.up();
  await expect(away).toHaveCount(0, { timeout: 30_000 });
  await chain.fund(wallet.address, 4n * SOL);
  await expect(page.getByRole('main'), 'updates come again').toContainText('Balance 7', {
    timeout: 30_000,
  });
});

test('another RPC server can be set, and is kept', async ({
  app,
  chain,
  line,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  const other = await ChainProxy.start(stage);
  try {
    await line.down();
    await page.getByRole('button', { name: 'Use another server' }).click({ timeout: 30_000 });
    await app.dialog.getByRole('textbox', { name: 'RPC server' }).fill('server');
    await expect(app.dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await app.dialog.getByRole('textbox', { name: 'RPC server' }).fill(other.rpcUrl);
    await app.dialog.getByRole('textbox', { name: 'WebSocket' }).fill(other.wsUrl);
    await app.dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The RPC server does not answer')).toHaveCount(0);
    await page.reload();
    await app.settled();
    await app.amount.fill('1');
    await app.button('Stake').click();
    await app.done();
    expect(other.calls.get('sendTransaction')).toBeGreaterThanOrEqual(1);
    expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((9n * SOL) / 10n);
  } finally {
    await other.close();
  }
});

test('a transaction outlives an outage', async ({ app, chain, line, page, stage, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  await wallet.think(page, 1_500);
  await app.amount.fill('1');
  await app.button('Stake').click();
  await expect(app.outcome).toContainText('Approve the transaction in your wallet');
  await line.down();
  await expect(app.outcome).toContainText('Still trying', { timeout: 20_000 });
  await line.up();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((9n * SOL) / 10n);
});

test('a slow RPC server is only slow', async ({ app, chain, line, stage, wallet }) => {
  await chain.fund(wallet.address, 3n * SOL);
  line.delayMs = 400;
  await app.openConnected('stake');
  await app.amount.fill('1');
  await app.button('Stake').click();
  await app.done();
  expect(await chain.tokens(wallet.address, stage.mint)).toBeGreaterThan((9n * SOL) / 10n);
});

test('a transaction under way is not forgotten by a reload', async ({
  app,
  chain,
  line,
  page,
  stage,
  wallet,
}) => {
  await chain.fund(wallet.address, 3n * SOL);
  await app.openConnected('stake');
  line.swallowsSends = true;
  await app.amount.fill('1');
  await app.button('Stake').click();
  await expect(app.outcome).toContainText('Sent. Waiting');
  await page.reload();
  await expect(app.outcome).toContainText('Sent. Waiting');
  const patience = 150 * stage.blockMs + 30_000;
  await expect(app.outcome).toContainText('expired', { timeout: patience });
  await expect(app.dialog.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  expect(await wallet.signed(page), 'nothing since the reload').toBe(0);
  expect(await chain.lamports(wallet.address)).toBe(3n * SOL);
  await page.reload();
  await app.settled();
  await expect(app.dialog, 'what has ended is not told again').toHaveCount(0);
});

test('a server of another network gets nothing signed', async ({
  app,
  chain,
  page,
  site,
  wallet,
}) => {
  await chain.fund(wallet.address, 3n * SOL);
  const genesis = 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG';
  const config = (await (await fetch(`${site.url}config.json`)).json()) as { rpc: string };
  const ours = { ...config, genesis: wallet.address };
  await page.route('**/config.json', (route) => route.fulfill({ json: ours }));
  await page.route(`${config.rpc}**`, async (route) => {
    const asked = route.request().postDataJSON() as { id?: unknown; method?: string } | null;
    if (asked?.method !== 'getGenesisHash') return route.fallback();
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill({ headers, json: { jsonrpc: '2.0', id: asked.id, result: genesis } });
  });
  await app.openConnected('stake');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This site is for Local network. The RPC server is of Devnet.');
  await app.amount.fill('1');
  await app.button('Stake').click();
  await expect(app.outcome).toContainText('The RPC server is of Devnet.');
  expect(await wallet.signed(page)).toBe(0);
});

test('without an RPC server the page says so from the start', async ({ app, line, page, site }) => {
  await line.down();
  await page.goto(site.url);
  await expect(page.getByRole('alert')).toContainText('The RPC server does not answer');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await line.up();
  await app.settled();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a site that is set up wrongly says so', async ({ page, site }) => {
  await page.route('**/config.json', (route) => route.fulfill({ json: { cluster: 'moon' } }));
  await page.goto(site.url);
  await expect(page.getByRole('alert')).toContainText('config.json cannot be used');
});
