import {
  address,
  type Blockhash,
  getBase64Encoder,
  getCompiledTransactionMessageDecoder,
  getSolanaErrorFromJsonRpcError,
  getTransactionDecoder,
  type Rpc,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
  SolanaError,
} from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { type PrepareApi, prepareTransaction, priceOf, SimulationError } from '../src/compute.js';
import { refusalOf, ThawRefusal } from '../src/refusals.js';
import { depositSol } from '../src/transactions.js';
import { poolAddresses } from '../src/addresses.js';

const OWNER = address('4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi');
const MINT = address('8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR');
const PROGRAM = 'DoFqSeVLGkDqnq6iMfKYUmGRceVxEPcZbLqsW83xhVGZ';

type Answer = { err: unknown; logs?: string[]; unitsConsumed?: bigint };

function rpcWith(answer: Answer, fees: bigint[] | Error = []) {
  const sent: string[] = [];
  const send = <T>(value: T) => ({ send: async () => value });
  const rpc = {
    getLatestBlockhash: () =>
      send({ value: { blockhash: MINT as string as Blockhash, lastValidBlockHeight: 99n } }),
    getRecentPrioritizationFees: () => ({
      send: async () => {
        if (fees instanceof Error) throw fees;
        return fees.map((prioritizationFee) => ({ prioritizationFee, slot: 1n }));
      },
    }),
    simulateTransaction: (wire: string) => {
      sent.push(wire);
      return send({ value: { logs: [], ...answer } });
    },
  };
  return { rpc: rpc as unknown as Rpc<PrepareApi>, sent };
}

async function deposit() {
  const state = { addresses: await poolAddresses(MINT) };
  return depositSol({ state, owner: OWNER, lamports: 5n, minOut: 4n });
}

describe('preparing a transaction', () => {
  it('sets the limit to what it used and a tenth, and the price to what others paid', async () => {
    const fees = [5n, 9n, 1n, 7n];
    const { rpc, sent } = rpcWith({ err: null, unitsConsumed: 60_001n }, fees);
    const ready = await prepareTransaction(rpc, { feePayer: OWNER, instructions: await deposit() });
    expect([ready.units, ready.price, ready.feeLamports]).toEqual([66_002, 9n, 5_001n]);
    expect(ready.lastValidBlockHeight).toBe(99n);
    expect(ready.message.version).toBe(0);
    expect(ready.message.instructions).toHaveLength(4);
    expect(ready.message.feePayer.address).toBe(OWNER);
    // What was tried asks for the most.
    const tried = getTransactionDecoder().decode(getBase64Encoder().encode(sent[0] ?? ''));
    const message = getCompiledTransactionMessageDecoder().decode(tried.messageBytes);
    expect(message.version).toBe(0);
    expect(sent).toHaveLength(1);
  });

  it('bounds the price, and goes without where the server cannot tell', async () => {
    const instructions = await deposit();
    expect(await priceOf(rpcWith({ err: null }, [9_999_999n]).rpc, instructions)).toBe(200_000n);
    expect(await priceOf(rpcWith({ err: null }, []).rpc, instructions)).toBe(0n);
    expect(await priceOf(rpcWith({ err: null }, new Error('no')).rpc, instructions)).toBe(0n);
    const { rpc } = rpcWith({ err: null, unitsConsumed: 1n }, new Error('no'));
    const free = await prepareTransaction(rpc, { feePayer: OWNER, instructions });
    expect([free.message.instructions.length, free.feeLamports]).toEqual([3, 5_000n]);
    const dear = await prepareTransaction(rpc, { feePayer: OWNER, instructions, price: 7n });
    expect(dear.price).toBe(7n);
  });

  it('tells a refusal before anybody signs', async () => {
    const err = { InstructionError: [1n, { Custom: 6_008n }] };
    const logs = ['Program log: Left: 3', 'Program log: Right: 4'];
    const { rpc } = rpcWith({ err, logs });
    const refused = prepareTransaction(rpc, { feePayer: OWNER, instructions: await deposit() });
    await expect(refused).rejects.toMatchObject({
      name: 'ThawRefusal',
      rule: 'SlippageExceeded',
      found: 3n,
      allowed: 4n,
    });
  });

  it('tells what else would fail', async () => {
    const { rpc } = rpcWith({ err: 'AccountNotFound', logs: ['one'] });
    const failed = prepareTransaction(rpc, { feePayer: OWNER, instructions: await deposit() });
    const expected = { err: 'AccountNotFound', message: expect.stringContaining('no SOL') };
    await expect(failed).rejects.toMatchObject(expected);
    expect(
      new SimulationError({ InsufficientFundsForRent: { account_index: 1n } }, []).message,
    ).toBe('the transaction would fail: {"InsufficientFundsForRent":{"account_index":"1"}}');
  });
});

describe('refusals', () => {
  const custom = new SolanaError(SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM, {
    code: 6_009,
    index: 1,
  });

  it('are found in kit errors, with their logs', () => {
    expect(refusalOf(custom)?.rule).toBe('PoolStale');
    const logs = [
      'Program log: Left: 1000000000',
      'Program log: Right: 2000000000',
      `Program ${PROGRAM} failed: custom program error: 0x1778`,
    ];
    const preflight = getSolanaErrorFromJsonRpcError({
      code: -32_002,
      message: 'Transaction simulation failed',
      data: { err: { InstructionError: [1, { Custom: 6_008 }] }, logs },
    });
    const found = refusalOf(preflight);
    expect(found?.measured).toBe('1 is 1 less than 2');
    expect(found?.program).toBe(PROGRAM);
    expect(found?.cause).toBe(preflight);
    expect(refusalOf(new Error('wrapped', { cause: preflight }))?.rule).toBe('SlippageExceeded');
  });

  it('are found in the errors of servers and wallets', () => {
    const raw = { InstructionError: [0, { Custom: 6_010 }] };
    expect(refusalOf(raw)?.rule).toBe('Paused');
    expect(refusalOf({ err: raw, logs: [] })?.rule).toBe('Paused');
    expect(refusalOf({ value: { err: raw } })?.rule).toBe('Paused');
    const wallet = new Error('failed to send: Error processing: custom program error: 0x177A');
    expect(refusalOf(wallet)?.rule).toBe('Paused');
    const known = ThawRefusal.ofRule('NoValue');
    expect(refusalOf(known)).toBe(known);
  });

  it('have words where the runtime refuses an instruction', () => {
    const short = refusalOf({ InstructionError: [0, 'InsufficientFunds'] });
    expect(short?.words).toBe('an account holds too few lamports for this');
    expect(refusalOf({ InstructionError: [0, 'Immutable'] })?.message).toBe(
      'the runtime refuses with Immutable (no rule of Thaw)',
    );
  });

  it('are none where no instruction was refused', () => {
    const expired = new SolanaError(SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND);
    for (const error of [expired, 'BlockhashNotFound', new Error('rejected'), null, undefined, 7]) {
      expect(refusalOf(error)).toBeNull();
    }
  });
});
