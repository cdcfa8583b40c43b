import { address } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { KEPT_FOR_FEES, shareAccountRent, spendable } from './spendable.js';

const state = {
  rent: {
    lamportsPerByte: 3_480n,
    minimumBalance: (bytes: number) => BigInt(bytes + 128) * 6_960n,
  },
};
const wallet = (lamports: bigint, hasShareAccount: boolean) => ({
  lamports,
  shares: 0n,
  shareAccount: address('11111111111111111111111111111111'),
  hasShareAccount,
});

describe('what can be staked', () => {
  it('keeps fees and rent', () => {
    expect(spendable(state, wallet(10_000_000_000n, true))).toBe(
      10_000_000_000n - 890_880n - KEPT_FOR_FEES,
    );
    expect(shareAccountRent(state, wallet(0n, false))).toBe(2_039_280n);
    expect(spendable(state, wallet(10_000_000_000n, false))).toBe(
      10_000_000_000n - 890_880n - 2_039_280n - KEPT_FOR_FEES,
    );
  });

  it('is nothing where the wallet holds less than that', () => {
    expect(spendable(state, wallet(1_000_000n, true))).toBe(0n);
  });
});
