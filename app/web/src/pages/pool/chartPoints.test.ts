import type { EpochRate } from '@thaw/client';
import { describe as group, expect, it } from 'vitest';
import { describe, domainOf, figureOf, placesOf, pointsOf } from './chartPoints.js';

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
    expect(placesOf([low, high])).toBe(6);
    const flat = domainOf(pointsOf(RATES.slice(0, 1), 'rate'));
    expect(flat[0]).toBeLessThan(1);
    expect(flat[1]).toBeGreaterThan(1);
    expect(domainOf([])).toEqual([0, 1]);
    expect(placesOf([0, 10])).toBe(2);
  });
});
