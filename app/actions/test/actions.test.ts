import type { ActionGetResponse, ActionsJson } from '@solana/actions-spec';
import {
  createSolanaRpc,
  getBase64EncodedWireTransaction,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  partiallySignTransaction,
} from '@solana/kit';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { Chain } from '../../web/e2e/stage/chain.js';
import { type Key, newKey } from '../../web/e2e/stage/key.js';
import { ChainProxy } from '../../web/e2e/stage/proxy.js';
import { SOL, type Stage, startStage } from '../../web/e2e/stage/stage.js';
import { thaw } from '../../web/e2e/stage/thaw.js';
import { createApp } from '../src/app.js';
import { readSettings } from '../src/settings.js';

const ORIGIN = 'https://stake.example';
/** More than any deposit here costs beyond its amount: fee, and rent of the share account. */
const COSTS = SOL / 100n;

let stage: Stage;
let chain: Chain;
let proxy: ChainProxy;
let app: Hono;

beforeAll(async () => {
  stage = await startStage({ epochSeconds: 60 });
  chain = new Chain(stage.info.rpcUrl);
  proxy = await ChainProxy.start(stage.info);
  app = createApp(
    readSettings({
      RPC: proxy.rpcUrl,
      MINT: stage.info.mint,
      SYMBOL: 'thSOL',
      PUBLIC_URL: ORIGIN,
    }),
  );
});

afterAll(async () => {
  await proxy.close();
  await stage.stop();
});

/** Asks for a deposit. */
function post(query: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return Promise.resolve(app.request(`/api/stake${query}`, init));
}

/** The words of an error answer. */
async function words(answer: Response, status: number): Promise<string> {
  const body = (await answer.json()) as { message?: unknown };
  expect(answer.status, JSON.stringify(body)).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  return String(body.message);
}

/** A wallet with so much SOL. */
async function holder(lamports: bigint): Promise<Key> {
  const key = await newKey();
  await chain.fund(key.address, lamports);
  return key;
}

describe('what an action client reads first', () => {
  it('maps the site to the action', async () => {
    const answer = await app.request('/actions.json');
    const { rules } = (await answer.json()) as ActionsJson;
    expect(rules).toContainEqual({ pathPattern: '/', apiPath: '/api/stake' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each(['/actions.json', '/api/stake'])('lets every page ask for %s', async (path) => {
    const answer = await app.request(path, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    const header = (name: string) => answer.headers.get(`access-control-${name}`) ?? '';
    expect(header('allow-origin')).toBe('*');
    expect(header('allow-methods').split(',')).toEqual(['GET', 'POST', 'PUT', 'OPTIONS']);
    for (const name of ['Content-Type', 'Authorization', 'Content-Encoding', 'Accept-Encoding']) {
      expect(header('allow-headers')).toContain(name);
    }
    expect(header('expose-headers')).toBe('X-Action-Version, X-Blockchain-Ids');
  });

  it('describes the action, with the price of the chain', async () => {
    const answer = await app.request('/api/stake');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-action-version')).toMatch(/^2\.\d$/);
    expect(answer.headers.get('x-blockchain-ids')).toMatch(/^solana:\w{32}$/);
    const action = (await answer.json()) as ActionGetResponse;
    expect(action).toMatchObject({ type: 'action', icon: `${ORIGIN}/icon.svg` });
    expect(action.disabled).toBeUndefined();
    expect(action.description).toMatch(/^1 SOL buys (1|0\.99\d+) thSOL now\./);
    const hrefs = action.links?.actions.map(({ href }) => href);
    expect(hrefs).toEqual([1, 5, 10, '{amount}'].map((amount) => `/api/stake?amount=${amount}`));
    const [input] = action.links?.actions.at(-1)?.parameters ?? [];
    const pattern = new RegExp(input && 'pattern' in input ? (input.pattern ?? '') : '');
    for (const fine of ['1', '1.5', '.5', '0.000000001']) expect(fine).toMatch(pattern);
    for (const odd of ['', '.', '1,5', '-1', '1e3', '0.0000000001'])
      expect(odd).not.toMatch(pattern);
  });

  it('serves its icon', async () => {
    const answer = await app.request('/icon.svg');
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
    expect(await answer.text()).toContain('<svg');
  });
});

describe('a deposit', () => {
  it('is a transaction that the wallet signs and the chain takes', async () => {
    const wallet = await holder(3n * SOL);
    const answer = await post('?amount=1.5', { account: wallet.address });
    const body = (await answer.json()) as { type: string; transaction: string; message: string };
    expect(answer.status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ type: 'transaction', links: { next: { type: 'inline' } } });
    expect(body.message).toMatch(/^Stake 1\.5 SOL for about 1\.\d+ thSOL$/);

    const unsigned = getTransactionDecoder().decode(getBase64Encoder().encode(body.transaction));
    expect(unsigned.signatures).toEqual({ [wallet.address]: null });
    const message = getCompiledTransactionMessageDecoder().decode(unsigned.messageBytes);
    expect(message).toMatchObject({ version: 0 });
    expect(message.staticAccounts[0]).toBe(wallet.address);

    const signed = await partiallySignTransaction([wallet.signer.keyPair], unsigned);
    const wire = getBase64EncodedWireTransaction(signed);
    await createSolanaRpc(stage.info.rpcUrl).sendTransaction(wire, { encoding: 'base64' }).send();
    const shares = () => chain.tokens(wallet.address, stage.info.mint);
    await expect.poll(shares, { timeout: 20_000 }).toBeGreaterThan((14n * SOL) / 10n);
    expect(await shares()).toBeLessThanOrEqual((15n * SOL) / 10n);
    const left = await chain.lamports(wallet.address);
    expect(left).toBeLessThan((15n * SOL) / 10n);
    expect(left).toBeGreaterThan((15n * SOL) / 10n - COSTS);
  });

  it('takes the amount from the body as well', async () => {
    const { address } = await holder(3n * SOL);
    const answer = await post('', { account: address, type: 'transaction', data: { amount: '1' } });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['?amount=1', {}, 'name your account'],
    ['?amount=1', { account: 'nobody' }, 'name your account'],
    ['?amount=1', null, 'name your account'],
    ['', { account: '11111111111111111111111111111111' }, 'amount is missing'],
    ['?amount=much', { account: '11111111111111111111111111111111' }, 'not an amount'],
    ['?amount=-1', { account: '11111111111111111111111111111111' }, 'not an amount'],
    ['?amount=0', { account: '11111111111111111111111111111111' }, 'more than 0'],
    ['?amount=0.0000000001', { account: '11111111111111111111111111111111' }, '9 places'],
  ])('refuses %s with %j in words', async (query, body, expected) => {
    expect(await words(await post(query, body), 400)).toContain(expected);
  });

  it('refuses what is no JSON, and bodies without end', async () => {
    const init = { method: 'POST', body: 'account=me' };
    const answer = await app.request('/api/stake?amount=1', init);
    expect(await words(answer, 400)).toContain('name your account');
    expect(await words(await post('?amount=1', { account: 'x'.repeat(10_000) }), 413)).toContain(
      'large',
    );
  });

  it('says so when the wallet holds too little', async () => {
    const some = await holder(SOL / 2n);
    expect(await words(await post('?amount=1', { account: some.address }), 422)).toContain(
      'too little SOL',
    );
    const none = await newKey();
    expect(await words(await post('?amount=1', { account: none.address }), 422)).toContain(
      'too little SOL',
    );
  });

  it('is closed while the guardian pauses deposits', async () => {
    const { address } = await holder(3n * SOL);
    await thaw(stage.info, 'guardian', ['pause', 'deposit', '--for', '6h', '--yes']);
    const action = (await (await app.request('/api/stake')).json()) as ActionGetResponse;
    expect(action).toMatchObject({ disabled: true });
    expect(action.error?.message).toContain('Paused');
    expect(await words(await post('?amount=1', { account: address }), 422)).toContain('Paused');
    await thaw(stage.info, 'admin', ['unpause', 'deposit', '--yes']);
    expect((await post('?amount=1', { account: address })).status).toBe(200);
  });
});

describe('trouble', () => {
  it('answers 503 while the RPC server is away, and recovers', async () => {
    const { address } = await holder(3n * SOL);
    await proxy.down();
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const words503 = 'RPC server does not answer';
    expect(await words(await app.request('/api/stake'), 503)).toContain(words503);
    expect(await words(await post('?amount=1', { account: address }), 503)).toContain(words503);
    expect((await app.request('/actions.json')).status).toBe(200);
    expect(log.mock.calls[0]?.[0]).toMatch(/^GET \/api\/stake: fetch failed: .*ECONNREFUSED/);
    log.mockRestore();
    await proxy.up();
    expect((await app.request('/api/stake')).status).toBe(200);
  });

  it('knows no other paths', async () => {
    expect(await words(await app.request('/api/unstake'), 404)).toContain('nothing here');
  });
});

describe('settings', () => {
  it('come from the environment, with defaults', () => {
    const { mint } = stage.info;
    expect(readSettings({ MINT: mint })).toEqual({
      rpc: 'http://127.0.0.1:8899',
      mint,
      host: '127.0.0.1',
      port: 8787,
      name: 'Thaw',
      symbol: 'shares',
      publicUrl: null,
    });
    expect(readSettings({ MINT: mint, PUBLIC_URL: `${ORIGIN}/x` }).publicUrl).toBe(ORIGIN);
  });

  it('that do not fit are all named', () => {
    const odd = { RPC: 'localhost:8899', MINT: 'mint', PORT: '99999', PUBLIC_URL: 'ftp://x' };
    expect(() => readSettings(odd)).toThrow(/RPC is[^]*MINT is[^]*PORT is[^]*PUBLIC_URL is/);
  });
});
