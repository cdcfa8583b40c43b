import { createSolanaRpcFromTransport, type RpcTransport, type Signature } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { Chain } from '../context.js';
import { portsOf } from './ports.js';

/** The shape of a record of version 1, with rewards of the types that came with Alpenglow. */
const RECORD = {
  slot: 475_900_123,
  blockTime: 1_796_000_000,
  version: 1,
  transaction: ['AQ==', 'base64'],
  meta: {
    err: null,
    fee: 5_000,
    preBalances: [5_000_000_000],
    postBalances: [3_999_995_000],
    logMessages: ['Program log: hello'],
    rewards: [
      {
        pubkey: 'Vote',
        lamports: -800_000_000,
        postBalance: 1_219_761_200,
        rewardType: 'VATDebit',
      },
      { pubkey: 'Stake', lamports: 0, postBalance: 1_666_240, rewardType: 'DeactivatedStake' },
    ],
  },
};

describe('the record of a transaction', () => {
  it('may be of version 1 and tell of rewards of any type', async () => {
    const asked: unknown[] = [];
    const transport = (async ({ payload }: Parameters<RpcTransport>[0]) => {
      const { id, method, params } = payload as { id: string; method: string; params: unknown[] };
      if (method === 'getTransaction') asked.push(params[1]);
      const result = method === 'getGenesisHash' ? 'genesis' : RECORD;
      return { jsonrpc: '2.0', id, result };
    }) as RpcTransport;
    const rpc = createSolanaRpcFromTransport(transport);
    const chain = {
      rpc,
      rpcUrl: 'https://rpc.test',
      site: { cluster: 'localnet', genesis: 'genesis' },
    };
    const ports = portsOf(() => chain as unknown as Chain);
    expect(await ports.logs('1'.repeat(64) as Signature)).toEqual(['Program log: hello']);
    expect(asked).toMatchObject([{ encoding: 'base64', maxSupportedTransactionVersion: 1 }]);
  });
});
