import type { EpochRate } from '@thaw/client';
import { describe as group, expect, it } from 'vitest';
import { describe, domainOf, figureOf, pointsOf, ticksOf } from './chartPoints.js';

const rate = (epoch: bigint, rateLamports: bigint, apyPpb: bigint | null): EpochRate => ({
  epoch,
  unixTime: epoch * 86_400n,
  assetsLamports: rateLamports,
  shares: 1_000_000_000n,
  rateLamports,
  growthPpb: null,
  apyPpb,
});
const RATES = [
  rate(5n, 1_000_000_000n, null),
  rate(6n, 1_000_200_000n, 75_000_000n),
  rate(7n, 1_000_100_000n, -35_000_000n),
];

group('the chart', () => {
  it('leaves out what is not known', () => {
    expect(pointsOf(RATES, 'rate').map((it) => [it.epoch, it.value])).toEqual([
      [5, 1],
      [6, 1.0002],
      [7, 1.0001],
    ]);
    expect(pointsOf(RATES, 'apy').map((it) => it.value)).toEqual([7.5, -3.5]);
  });

  it('is told in words', () => {
    expect(describe(RATES, 'rate', 'en')).toBe(
      'Rate, all gain included, 3 epochs: 1 SOL per share in epoch 5, ' +
        '1.0001 SOL per share in epoch 7. Lowest in epoch 5 with 1 SOL per share, ' +
        'highest in epoch 6 with 1.0002 SOL per share.',
    );
    expect(describe(RATES.slice(0, 1), 'rate', 'en')).toContain('1 SOL per share in epoch 5.');
    expect(describe(RATES.slice(0, 1), 'apy')).toBe('Nothing to draw yet.');
    expect(figureOf(rate(1n, 1n, null), 'apy')).toBe('not known');
    expect(figureOf(rate(1n, 1n, 68_000_000n), 'apy', 'en')).toBe('6.80% a year');
  });

  it('has an axis around its values', () => {
    const [low, high] = domainOf(pointsOf(RATES, 'rate'));
    expect(low).toBeCloseTo(0.99998, 9);
    expect(high).toBeCloseTo(1.00022, 9);
    const flat = domainOf(pointsOf(RATES.slice(0, 1), 'rate'));
    expect(flat[0]).toBeLessThan(1);
    expect(flat[1]).toBeGreaterThan(1);
    expect(domainOf([])).toEqual([0, 1]);
  });

  it('has round ticks within its axis', () => {
    expect(ticksOf([0.99994, 1.00064])).toEqual({
      ticks: [1, 1.0002, 1.0004, 1.0006],
      places: 4,
    });
    expect(ticksOf([-3.9, 8.1])).toEqual({ ticks: [-2, 0, 2, 4, 6, 8], places: 0 });
    expect(ticksOf([6.51, 6.59])).toEqual({ ticks: [6.52, 6.54, 6.56, 6.58], places: 2 });
    expect(ticksOf([0, 1_000]).ticks).toEqual([0, 200, 400, 600, 800, 1_000]);
  });
});
