import { address } from '@solana/kit';
import { splWithdrawal, type MigrationPlan } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { termsOf, tokensFor, withdrawalFeePpb, worthOf } from './terms.js';

const SOL = 1_000_000_000n;
const KEY = address('SysvarC1ock11111111111111111111111111111111');
const FROM = {
  totalLamports: 1_100n * SOL,
  tokenSupply: 1_000n * SOL,
  withdrawalFee: { numerator: 1n, denominator: 1_000n },
  takesFee: true,
  managerFeeAccount: KEY,
};

describe('the terms of a migration', () => {
  it('tell both fees and what is left', () => {
    const plan = {
      from: FROM,
      withdrawal: { tokens: 10n * SOL, feeTokens: SOL / 100n, lamports: 10_989_000_000n },
      rentLamports: 2_000_000n,
      quote: {
        shares: 10n * SOL,
        feeLamports: 11_000_000n,
        premiumLamports: 5n,
        worthLamports: 10_979_999_995n,
      },
    } as unknown as MigrationPlan;
    expect(termsOf(plan, 10)).toEqual({
      worthThere: 11n * SOL,
      feeThere: 11_000_000n,
      stake: 10_989_000_000n,
      rent: 2_000_000n,
      feeHere: 11_000_000n,
      premium: 5n,
      shares: 10n * SOL,
      least: 9_990_000_000n,
      worthHere: 10_979_999_995n,
      costPpb: 1_999_636n,
    });
  });

  it('know what tokens are worth', () => {
    expect(worthOf(FROM, 3n)).toBe(3n);
    expect(worthOf({ totalLamports: 5n, tokenSupply: 0n }, 3n)).toBe(0n);
    expect(withdrawalFeePpb(FROM)).toBe(1_000_000n);
    expect(withdrawalFeePpb({ ...FROM, takesFee: false })).toBe(0n);
    expect(withdrawalFeePpb({ ...FROM, withdrawalFee: { numerator: 0n, denominator: 0n } })).toBe(
      0n,
    );
  });

  it('find the tokens that pay no more than fits', () => {
    const other = address('Vote111111111111111111111111111111111111111');
    for (const fits of [SOL, 123_456_789_012n, 7n]) {
      const tokens = tokensFor(FROM, fits);
      const paid = splWithdrawal(FROM, tokens, other)?.lamports ?? 0n;
      expect(paid <= fits && fits - paid < 5n, `${fits}: ${paid}`).toBe(true);
    }
    expect(tokensFor({ ...FROM, totalLamports: 0n }, SOL)).toBe(0n);
    expect(tokensFor({ ...FROM, takesFee: false }, 11n)).toBe(10n);
  });
});
