import type { EpochRate } from '@thaw/client';
import { isoTime, toCsv, toDecimal } from '../../format/index.js';

/** What the shares held now were worth when an epoch was closed. */
export interface PastWorth {
  epoch: bigint;
  /** Unix seconds. */
  unixTime: bigint;
  /** Lamports per 10^9 base units of shares. */
  rateLamports: bigint;
  /** Lamports. */
  worthLamports: bigint;
  /** What that was more than an epoch before, lamports; `null` for the first one known. */
  gainLamports: bigint | null;
}

/**
 * What `shares` were worth when each of the pool's last epochs was closed, newest first; rounded down.
 * Integers from assets and shares, because the rate alone is rounded already.
 */
export function pastWorth(rates: readonly EpochRate[], shares: bigint): PastWorth[] {
  const worth = ({ assetsLamports, shares: all }: EpochRate) =>
    all === 0n ? 0n : (shares * assetsLamports) / all;
  return rates
    .map((rate, place) => {
      const before = rates[place - 1];
      const worthLamports = worth(rate);
      return {
        epoch: rate.epoch,
        unixTime: rate.unixTime,
        rateLamports: rate.rateLamports,
        worthLamports,
        gainLamports: before ? worthLamports - worth(before) : null,
      };
    })
    .reverse();
}

/** The same as CSV, in SOL with all places. */
export function pastWorthCsv(rows: readonly PastWorth[], shares: bigint): string {
  const head = ['epoch', 'time', 'rate_sol', 'shares', 'worth_sol', 'gain_sol'];
  return toCsv([
    head,
    ...rows.map((row) => [
      row.epoch.toString(),
      isoTime(row.unixTime),
      toDecimal(row.rateLamports),
      toDecimal(shares),
      toDecimal(row.worthLamports),
      row.gainLamports === null ? '' : toDecimal(row.gainLamports),
    ]),
  ]);
}
