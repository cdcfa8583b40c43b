import {
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
  SolanaError,
} from '@solana/kit';
import { THAW_PROGRAM_ADDRESS } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { failureOf, isDefinite, isUnreachable } from './failure.js';
import { unitsWithSpare, WouldFail } from './prepare.js';

describe('an error in words', () => {
  it('names the rule, its code, by how much it was broken, and what to do', () => {
    const logs = [
      'Program log: Left: 900000000',
      'Program log: Right: 1000000000',
      `Program ${THAW_PROGRAM_ADDRESS} failed: custom program error: 0x1778`,
    ];
    const failure = failureOf({ InstructionError: [1, { Custom: 6008 }] }, logs);
    expect(failure).toMatchObject({ rule: 'SlippageExceeded', code: 6008, logs });
    expect(failure.title).toMatch(/^Slippage: .*\.$/);
    expect(failure.detail).toMatch(/0\.9 is 0\.1 less than 1\. .*new price/);
  });

  it('tells what is no program’s rule', () => {
    expect(failureOf(new WouldFail('InsufficientFundsForFee', [])).title).toMatch(/too little SOL/);
    expect(failureOf({ InsufficientFundsForRent: { account_index: 0 } }).title).toMatch(
      /stay open/,
    );
    expect(failureOf(new Error('odd'))).toMatchObject({ detail: 'odd', rule: null, code: null });
    expect(failureOf({ amount: 5n }).detail).toBe('{"amount":"5"}');
    expect(failureOf(undefined).detail).toBe('undefined');
  });

  it('keeps what the programs logged in a simulation', () => {
    const refused = new WouldFail({ InstructionError: [1, { Custom: 6010 }] }, ['a log']);
    expect(failureOf(refused)).toMatchObject({ rule: 'Paused', code: 6010, logs: ['a log'] });
  });

  it('leaves units to spare, within what a transaction may use', () => {
    expect(unitsWithSpare(30_000n)).toBe(43_000);
    expect(unitsWithSpare(1_399_000n)).toBe(1_400_000);
    expect(unitsWithSpare(undefined)).toBe(1_400_000);
  });

  it('knows a server that is away', () => {
    const http = new SolanaError(SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR, {
      statusCode: 502,
      message: 'Bad gateway',
      headers: new Headers(),
    });
    for (const error of [
      new TypeError('Failed to fetch'),
      new DOMException('late', 'TimeoutError'),
      http,
      new Error('wrapped', { cause: http }),
    ]) {
      expect(isUnreachable(error)).toBe(true);
      expect(failureOf(error).title).toMatch(/cannot be reached/);
    }
    expect(isUnreachable(new TypeError('x is not a function'))).toBe(false);
  });

  it('knows a clear no from what a transaction may outlive', () => {
    const gone = new SolanaError(SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND);
    const open = [
      new Error('preflight', { cause: gone }),
      new Error('Blockhash not found'),
      'BlockhashNotFound',
      new Error('This transaction has already been processed'),
      new TypeError('Failed to fetch'),
      new Error('else'),
    ];
    expect(open.filter(isDefinite)).toEqual([]);
    expect(isDefinite({ InstructionError: [0, { Custom: 6010 }] })).toBe(true);
  });

  it('survives whatever a wallet throws', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(failureOf(cycle).title).toBe('That did not work.');
  });
});
