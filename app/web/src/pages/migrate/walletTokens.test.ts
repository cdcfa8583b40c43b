import { address, getAddressEncoder } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { canBePoolMint, readToken } from './walletTokens.js';

const KEY = address('SysvarC1ock11111111111111111111111111111111');

describe('tokens in a wallet', () => {
  it('are read from their accounts', () => {
    const data = new Uint8Array(165);
    data.set(getAddressEncoder().encode(KEY));
    data[65] = 1;
    expect(readToken(data)).toEqual({ mint: KEY, amount: 256n });
    expect(readToken(data.subarray(0, 71))).toBeNull();
  });

  it('may be a stake pool’s by the look of their mint', () => {
    const mint = (authority: number, decimals: number, freeze: number) => {
      const data = new Uint8Array(82);
      [data[0], data[44], data[46]] = [authority, decimals, freeze];
      return data;
    };
    expect(canBePoolMint(mint(1, 9, 0))).toBe(true);
    expect(canBePoolMint(mint(0, 9, 0))).toBe(false);
    expect(canBePoolMint(mint(1, 6, 0))).toBe(false);
    expect(canBePoolMint(mint(1, 9, 1))).toBe(false);
    expect(canBePoolMint(new Uint8Array(40))).toBe(false);
  });
});
