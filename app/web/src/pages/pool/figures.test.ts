import { priceDeposit, rentOf, valueAt, type Pool, type PoolState } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { figuresOf, holdingsOf, liquidityOf } from './figures.js';

const SOL = 1_000_000_000n;
const RENT = rentOf(6_960n);
const SLOT_RENT = RENT.minimumBalance(200);

function state(over: Partial<Pool> = {}, epoch = 7n) {
  const pool = {
    epoch: 7n,
    reserveLamports: 20n * SOL,
    stakedLamports: 81n * SOL,
    claimableLamports: 3n * SOL,
    pendingGainLamports: 0n,
    pendingLossLamports: 0n,
    pendingFeesLamports: 0n,
    lockedGainLamports: SOL,
    releaseStart: 0n,
    releaseEnd: 100n,
    shares: 90n * SOL,
    pendingShares: 9n * SOL,
    epochGainLamports: 500_000_000n,
    liquidityTargetLamports: SOL,
    coolingLamports: 0n,
    config: { depositFeeBps: 0, referralBps: 0 },
    ...over,
  } as Pool;
  const clock = { epoch, unixTimestamp: 0n } as PoolState['clock'];
  return { pool, clock, rent: RENT };
}

describe('figures', () => {
  it('have an exit rate rounded down and an entry rate rounded up', () => {
    const figures = figuresOf(state(), 0n);
    expect(figures).toMatchObject({ nav: 100n * SOL, assets: 101n * SOL, unreleased: SOL });
    expect(figures.exitRate).toBe(1_111_111_111n);
    expect(figures.entryRate).toBe(1_122_222_223n);
    expect(figures.spreadPpb).toBe(10_000_000n);
  });

  it('price deposits as the client and the program do', () => {
    const cases = [
      state(),
      state({ pendingFeesLamports: 7n * SOL }),
      state({ pendingGainLamports: 2n * SOL }, 8n),
      state({ pendingLossLamports: 5n * SOL }, 8n),
      state({ pendingLossLamports: 30n * SOL, pendingGainLamports: SOL }, 9n),
      state({ lockedGainLamports: 0n }, 9n),
    ];
    for (const [place, at] of cases.entries()) {
      const now = { epoch: at.clock.epoch, unixTimestamp: 40n };
      const lamports = 10n ** 18n;
      const { shares } = priceDeposit(at.pool, valueAt(at.pool, 40n), now, lamports, false);
      const { entryRate } = figuresOf(at, 40n);
      // What so many shares cost by the rate that is shown: within its last digit.
      const cost = (shares * (entryRate ?? 0n)) / SOL;
      const last = shares / SOL + (entryRate ?? 0n) / SOL + 2n;
      const off = cost - lamports;
      expect(off >= -last && off <= last, `case ${place}: off by ${off}`).toBe(true);
    }
  });

  it('have no price where nothing is left', () => {
    const none = figuresOf(state({ reserveLamports: 0n, stakedLamports: 0n }), 100n);
    expect(none).toMatchObject({ nav: 0n, exitRate: null, entryRate: null, spreadPpb: null });
  });
});

describe('holdings', () => {
  it('add up to the assets', () => {
    const at = state();
    const slot = (kind: 'active' | 'activating' | 'cooling' | 'open', lamports: bigint) => ({
      state: kind,
      lamports: lamports + SLOT_RENT,
      epoch: 0n,
      bump: 0,
    });
    const rents = 4n * SLOT_RENT;
    const validators = [
      { record: { slots: [slot('active', 50n * SOL), slot('activating', 20n * SOL)] } },
      { record: { slots: [slot('cooling', 11n * SOL - rents), slot('open', 0n)] } },
    ] as unknown as Parameters<typeof holdingsOf>[1];
    const parts = holdingsOf(at, validators);
    expect(Object.fromEntries(parts.map((part) => [part.id, part.lamports]))).toEqual({
      active: 50n * SOL,
      activating: 20n * SOL,
      cooling: 11n * SOL - rents,
      liquid: 20n * SOL,
      rent: rents,
    });
    expect(parts.reduce((sum, part) => sum + part.lamports, 0n)).toBe(101n * SOL);
  });

  it('tell the queue’s worth beside what is set aside', () => {
    const liquidity = liquidityOf(state(), 100n);
    expect(liquidity.queued).toBe(10_100_000_000n);
    expect(liquidity.claimable).toBe(3n * SOL);
    expect(liquidity.instant < 10n * SOL && liquidity.instant > 9n * SOL).toBe(true);
  });
});
