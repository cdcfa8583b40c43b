import type { EpochRate } from '@thaw/client';
import { formatExact, formatPpb } from '../../format/index.js';

/** What the chart draws. */
export type Metric = 'rate' | 'apy';

/** A point of the chart: floats, since it is only drawn. */
export type Point = {
  readonly epoch: number;
  /** SOL per share, or per cent a year. */
  readonly value: number;
  readonly rate: EpochRate;
};

/** The points of a metric, oldest first; epochs without one are left out. */
export function pointsOf(rates: readonly EpochRate[], metric: Metric): Point[] {
  return rates.flatMap((rate) => {
    const value = metric === 'rate' ? rate.rateLamports : rate.apyPpb;
    if (value === null) return [];
    const scale = metric === 'rate' ? 1e9 : 1e7;
    return [{ epoch: Number(rate.epoch), value: Number(value) / scale, rate }];
  });
}

/** A point's figure in words, in full. `locale`: for tests. */
export function figureOf(rate: EpochRate, metric: Metric, locale?: string): string {
  if (metric === 'rate') return `${formatExact(rate.rateLamports, locale)} SOL per share`;
  return rate.apyPpb === null ? 'not known' : `${formatPpb(rate.apyPpb, 2, locale)} a year`;
}

/** The chart in a sentence, for who does not see it. `locale`: for tests. */
export function describe(rates: readonly EpochRate[], metric: Metric, locale?: string): string {
  const points = pointsOf(rates, metric);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return 'Nothing to draw yet.';
  const name = metric === 'rate' ? 'Rate, all gain included' : 'APY of each epoch';
  const figure = (point: Point) => figureOf(point.rate, metric, locale);
  if (first === last) return `${name}: ${figure(first)} in epoch ${first.epoch}.`;
  const extreme = (isBetter: (a: number, b: number) => boolean) =>
    points.reduce((best, point) => (isBetter(point.value, best.value) ? point : best), first);
  const [low, high] = [extreme((a, b) => a < b), extreme((a, b) => a > b)];
  return (
    `${name}, ${points.length} epochs: ${figure(first)} in epoch ${first.epoch}, ` +
    `${figure(last)} in epoch ${last.epoch}. Lowest in epoch ${low.epoch} with ${figure(low)}, ` +
    `highest in epoch ${high.epoch} with ${figure(high)}.`
  );
}

/** Where an axis begins and ends: the values with a tenth of their range around them. */
export function domainOf(points: readonly Point[]): [number, number] {
  const values = points.map((point) => point.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low)) return [0, 1];
  // A flat line stands in the middle.
  const room = (high - low || Math.abs(high) * 0.01 || 1) / 10;
  return [low - room, high + room];
}

/** Round figures within a range, about five of them, and the places behind the point they need. */
export function ticksOf([low, high]: readonly [number, number]): {
  ticks: number[];
  places: number;
} {
  const rough = (high - low) / 6;
  const power = Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((it) => it * 10 ** power >= rough) ?? 10;
  // By whole steps, since sums of fractions drift.
  const exponent = factor === 10 ? power + 1 : power;
  const step = factor === 10 ? 1 : factor;
  const scale = 10 ** Math.abs(exponent);
  const unit = (count: number) => (exponent < 0 ? (count * step) / scale : count * step * scale);
  // The sum makes 0 of what would be written as -0.
  const first = Math.ceil(exponent < 0 ? (low * scale) / step : low / (step * scale)) + 0;
  const ticks: number[] = [];
  for (let count = first; unit(count) <= high; count += 1) ticks.push(unit(count));
  return { ticks, places: Math.max(0, -exponent) };
}
