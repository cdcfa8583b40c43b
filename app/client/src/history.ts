import { PPB, RING } from './constants.js';
import { mulDivDown } from './math/amounts.js';
import type { Pool, RingEntry } from './generated/index.js';

/** Seconds of a year of 365.25 days. */
export const YEAR_SECONDS = 31_557_600n;

/** Fixed point of the arithmetic here. */
const ONE = 1_000_000_000_000_000_000n;
/** Bits of a denominator that the Rust client leaves, so that both round alike. */
const ROOM_BITS = 66;
const I64_MAX = 0x7fff_ffff_ffff_ffffn;
/** Beyond this the Rust client tells no growth: it is absurd. */
const I128_MAX = (1n << 127n) - 1n;

/** One finalized epoch. */
export type EpochRate = {
  /** The epoch. */
  epoch: bigint;
  /** When it was finalized, unix seconds. */
  unixTime: bigint;
  /** Everything the pool owned, lamports. */
  assetsLamports: bigint;
  /** Shares in existence, base units. */
  shares: bigint;
  /** Lamports per 10^9 base units of shares, all gain included, rounded down. */
  rateLamports: bigint;
  /** Growth of the rate since the entry before, parts per billion; `null` for the first. */
  growthPpb: bigint | null;
  /** The same for a year, compounded, parts per billion. */
  apyPpb: bigint | null;
};

/** The part of a pool that holds its history. */
export type History = Pick<Pool, 'ring' | 'ringNext'>;

/** The epochs in a pool's history, oldest first, with rates and yields; 64 at most. */
export function rates(pool: History): EpochRate[] {
  const entries = entriesOf(pool);
  return entries.map((entry, place) => {
    const before = entries[place - 1];
    const grown = before === undefined ? null : growth(before, entry);
    return {
      epoch: entry.epoch,
      unixTime: entry.unixTime,
      assetsLamports: entry.assetsLamports,
      shares: entry.shares,
      rateLamports: mulDivDown(entry.assetsLamports, PPB, entry.shares) ?? 0n,
      growthPpb: grown === null ? null : toPpb(grown),
      apyPpb: before === undefined ? null : apyPpb(before, entry),
    };
  });
}

/**
 * What a year yields, compounded, parts per billion, if the rate keeps growing as it did in the last
 * `epochs` epochs of the history, or in as many as there are. `null` where less than two epochs are
 * known, or the growth is absurd.
 */
export function recentApyPpb(pool: History, epochs: number): bigint | null {
  const entries = entriesOf(pool);
  const last = entries.at(-1);
  const first = entries[Math.max(entries.length - 1 - epochs, 0)];
  if (last === undefined || first === undefined || first.epoch >= last.epoch) return null;
  return apyPpb(first, last);
}

/** What a year yields, compounded, parts per billion, if the rate grows as between two entries. */
export function apyPpb(from: RingEntry, to: RingEntry): bigint | null {
  const seconds = to.unixTime - from.unixTime;
  const grown = growth(from, to);
  if (seconds <= 0n || grown === null) return null;
  const log = ln1p(grown);
  const yearly = log === null ? null : expM1((log * YEAR_SECONDS) / seconds);
  return yearly === null ? null : toPpb(yearly);
}

/** The entries of a pool's ring, oldest first. */
export function entriesOf(pool: History): RingEntry[] {
  const start = Number(pool.ringNext % BigInt(RING));
  const inOrder = [...pool.ring.slice(start), ...pool.ring.slice(0, start)];
  return inOrder.filter((entry) => entry.shares > 0n);
}

/** How much the rate grew, as a part of {@link ONE}. */
function growth(from: RingEntry, to: RingEntry): bigint | null {
  const before = from.assetsLamports * to.shares;
  const after = to.assetsLamports * from.shares;
  const shift = BigInt(Math.max(bits(before) - ROOM_BITS, 0));
  const whole = before >> shift;
  const gain = ((after - before) >> shift) * ONE;
  const isAbsurd = after > I128_MAX || abs(gain) > I128_MAX;
  return whole === 0n || isAbsurd ? null : gain / whole;
}

function bits(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** `ln(1 + x)` by its series; `null` at and below half of a loss, and from 1.5 times on. */
function ln1p(x: bigint): bigint | null {
  if (abs(x) > ONE / 2n) return null;
  let [power, sum] = [x, 0n];
  for (let place = 1n; ; place += 1n) {
    const term = power / place;
    if (term === 0n) return sum;
    sum = place % 2n === 1n ? sum + term : sum - term;
    power = (power * x) / ONE;
  }
}

/** `exp(x) - 1` by its series; `null` beyond 50 times. */
function expM1(x: bigint): bigint | null {
  if (abs(x) > ONE * 4n) return null;
  let [term, sum] = [ONE, 0n];
  for (let place = 1n; ; place += 1n) {
    term = (term * x) / ONE / place;
    if (term === 0n) return sum;
    sum += term;
  }
}

function toPpb(part: bigint): bigint | null {
  const ppb = (part * PPB) / ONE;
  return abs(ppb) > I64_MAX ? null : ppb;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
