import { max, minusOrZero, mulDivDown, mulDivUp, plus } from './amounts.js';
import { U64_MAX } from '../constants.js';

/** The lamports a pool owns and what of them the rate does not show yet. */
export type Books = {
  /** Liquid lamports, without what settled tickets may claim. */
  reserve: bigint;
  /** Recorded lamports of all stake slots, their rent included. */
  staked: bigint;
  /** Gain booked since the last finalize. */
  pendingGain: bigint;
  /** Loss booked since the last finalize. */
  pendingLoss: bigint;
  /** Fees, haircuts and dust that join the unreleased gain at the next finalize. */
  pendingFees: bigint;
  /** Gain of earlier epochs that is not released yet. */
  unreleased: bigint;
  /** Share tokens in existence, fee shares owed included. */
  shares: bigint;
};

/** A rate as the exact fraction `lamports / shares`, both positive. */
export type Rate = {
  /** The lamports. */
  readonly lamports: bigint;
  /** The shares, base units. */
  readonly shares: bigint;
};

/** `null` where either side is 0: such a pool has no price. */
export function rateOf(lamports: bigint | null, shares: bigint): Rate | null {
  return lamports === null || lamports === 0n || shares === 0n ? null : { lamports, shares };
}

/** Shares that `lamports` buy, rounded down; `null` beyond 64 bits. */
export function sharesDown(rate: Rate, lamports: bigint): bigint | null {
  return mulDivDown(lamports, rate.shares, rate.lamports);
}

/** Lamports that `shares` are worth, rounded down; `null` beyond 64 bits. */
export function lamportsDown(rate: Rate, shares: bigint): bigint | null {
  return mulDivDown(shares, rate.lamports, rate.shares);
}

/** Lamports that `shares` are worth, rounded up; `null` beyond 64 bits. */
export function lamportsUp(rate: Rate, shares: bigint): bigint | null {
  return mulDivUp(shares, rate.lamports, rate.shares);
}

/** `reserve + staked`: everything the pool owns. */
export function assetsOf(books: Books): bigint | null {
  return plus(books.reserve, books.staked);
}

/** `max(0, unreleased + pending gain - pending loss)`: gain the rate does not show yet. */
export function hiddenOf(books: Books): bigint | null {
  const gain = plus(books.unreleased, books.pendingGain);
  return gain === null ? null : minusOrZero(gain, books.pendingLoss);
}

/** `assets - pending fees - hidden`: the lamports behind the exit rate. */
export function navOf(books: Books): bigint | null {
  const [assets, hidden] = [assetsOf(books), hiddenOf(books)];
  if (assets === null || hidden === null) return null;
  return minusOrZero(minusOrZero(assets, books.pendingFees), hidden);
}

/**
 * The lamports behind the entry rate: whoever enters pays for all that the rate does not show yet.
 * `missed`: epochs since the last finalize. `epochGain`: what one is expected to earn, lamports.
 */
export function entryNavOf(books: Books, missed: bigint, epochGain: bigint): bigint | null {
  const expected = missed * epochGain > U64_MAX ? null : missed * epochGain;
  if (expected === null) return null;
  const unshown = plus(books.unreleased, max(expected, books.pendingGain), books.pendingFees);
  const hidden = plus(books.unreleased, books.pendingGain);
  if (unshown === null || hidden === null) return null;
  const mayBeMadeUp = minusOrZero(books.pendingLoss, hidden);
  return plus(navOf(books), max(max(unshown, epochGain), mayBeMadeUp));
}

/** The rate at which SOL comes in; `null` where the pool is worth nothing. */
export function entryRateOf(books: Books, missed: bigint, epochGain: bigint): Rate | null {
  if (rateOf(navOf(books), books.shares) === null) return null;
  return rateOf(entryNavOf(books, missed, epochGain), books.shares);
}

/** A gain that is released into the rate linearly. */
export type Release = {
  /** What was locked at `start`, lamports. */
  locked: bigint;
  /** When the release began, unix seconds. */
  start: bigint;
  /** When all is released, unix seconds. */
  end: bigint;
};

/** `ceil(locked * (end - now) / (end - start))`: what is not released yet. */
export function unreleasedUp({ locked, start, end }: Release, now: bigint): bigint {
  if (locked === 0n || now >= end) return 0n;
  if (now <= start) return locked;
  return mulDivUp(locked, end - now, end - start) ?? locked;
}

/** What a ticket may have received in all: `floor(ticket * settled / requested)`. */
export function entitlementDown(
  ticketShares: bigint,
  settledLamports: bigint,
  requestedShares: bigint,
): bigint | null {
  return mulDivDown(settledLamports, ticketShares, requestedShares);
}
