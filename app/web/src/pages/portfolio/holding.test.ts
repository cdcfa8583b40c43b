import type { EpochRate } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { pastWorth, pastWorthCsv } from './holding.js';

const rate = (epoch: bigint, assetsLamports: bigint, shares: bigint): EpochRate => ({
  epoch,
  unixTime: 1_700_000_000n + epoch * 86_400n,
  assetsLamports,
  shares,
  rateLamports: (assetsLamports * 1_000_000_000n) / shares,
  growthPpb: null,
  apyPpb: null,
});

describe('what a holding was worth', () => {
  const rates = [rate(5n, 1_000n, 1_000n), rate(6n, 2_100n, 2_000n), rate(7n, 2_000n, 2_000n)];

  it('is computed from the pool’s books, newest first', () => {
    expect(pastWorth(rates, 333n)).toMatchObject([
      { epoch: 7n, worthLamports: 333n, gainLamports: -16n },
      { epoch: 6n, worthLamports: 349n, gainLamports: 16n },
      { epoch: 5n, worthLamports: 333n, gainLamports: null },
    ]);
    expect(pastWorth([], 1n)).toEqual([]);
  });

  it('is exported with all places', () => {
    const lines = pastWorthCsv(pastWorth(rates, 1_500_000_000n), 1_500_000_000n).split('\r\n');
    expect(lines[0]).toBe('epoch,time,rate_sol,shares,worth_sol,gain_sol');
    expect(lines[2]).toBe('6,2023-11-20T22:13:20Z,1.050000000,1.500000000,1.575000000,0.075000000');
    expect(lines[3]).toBe('5,2023-11-19T22:13:20Z,1.000000000,1.500000000,1.500000000,');
  });
});
