import { FLOAT_RENTS, MIN_DELEGATION, STAKE_ACCOUNT_BYTES, U64_MAX } from './constants.js';
import { missedEpochs, type Now, requireFinalized, requireFresh, requireOpen } from './gates.js';
import type { Pool } from './generated/index.js';
import { bpsDown, bpsUp, max, minusOrZero, plus } from './math/amounts.js';
import {
  assetsOf,
  type Books,
  entryRateOf,
  lamportsDown,
  lamportsUp,
  navOf,
  type Rate,
  rateOf,
  sharesDown,
  unreleasedUp,
} from './math/books.js';
import { type Flow, owedUp } from './math/flow.js';
import { instantFeeUp } from './math/instantFee.js';
import { ThawRefusal } from './refusals.js';
import type { Rent } from './sysvars.js';

/** A pool's value at one instant. */
export type Valuation = {
  /** The books. */
  books: Books;
  /** Lamports behind the exit rate. */
  nav: bigint;
};

/** What a deposit buys. */
export type DepositPrice = {
  /** Deposit fee, lamports, the referrer's part included. */
  fee: bigint;
  /** Shares for the depositor. */
  shares: bigint;
  /** Shares for a referrer. */
  referralShares: bigint;
};

/** What an exit pays. */
export type ExitPrice = {
  /** Value of the shares at the exit rate, lamports. */
  gross: bigint;
  /** What stays with the holders, lamports: fee and haircut. */
  fee: bigint;
  /** What leaves, lamports. */
  net: bigint;
};

/** Live rent of a stake account, lamports. */
export function slotRentOf(rent: Rent): bigint {
  return rent.minimumBalance(STAKE_ACCOUNT_BYTES);
}

/** Lamports of the reserve that only pay for slots. */
export function floatOf(rent: Rent): bigint {
  return slotRentOf(rent) * FLOAT_RENTS;
}

/** The least that is delegated and that stays delegated, lamports: the stake program's, at least 1 SOL. */
export function minDelegationOf({
  minDelegationLamports,
}: Pick<Pool, 'minDelegationLamports'>): bigint {
  return max(minDelegationLamports, MIN_DELEGATION);
}

/**
 * The pool's value at `now`, unix seconds.
 *
 * @throws {@link ThawRefusal} `Overflow`.
 */
export function valueAt(pool: Pool, now: bigint): Valuation {
  const { lockedGainLamports: locked, releaseStart: start, releaseEnd: end } = pool;
  const books: Books = {
    reserve: pool.reserveLamports,
    staked: pool.stakedLamports,
    pendingGain: pool.pendingGainLamports,
    pendingLoss: pool.pendingLossLamports,
    pendingFees: pool.pendingFeesLamports,
    unreleased: unreleasedUp({ locked, start, end }, now),
    shares: pool.shares,
  };
  return { books, nav: fits(navOf(books)) };
}

/**
 * The rate at which shares leave.
 *
 * @throws {@link ThawRefusal} `NoValue`.
 */
export function exitRateOf({ nav, books }: Valuation): Rate {
  const rate = rateOf(nav, books.shares);
  if (rate === null) throw ThawRefusal.ofRule('NoValue');
  return rate;
}

/** Value of `shares` at the exit rate, rounded up; 0 where the pool is worth nothing. */
export function valueUp({ nav, books }: Valuation, shares: bigint): bigint {
  const rate = rateOf(nav, books.shares);
  return rate === null ? 0n : (lamportsUp(rate, shares) ?? 0n);
}

/**
 * Value of `shares` at the exit rate, rounded down.
 *
 * @throws {@link ThawRefusal} `ZeroAmount`, `NoValue`, `Overflow`.
 */
export function worthDown(value: Valuation, shares: bigint): bigint {
  if (shares === 0n) throw ThawRefusal.ofRule('ZeroAmount');
  return fits(lamportsDown(exitRateOf(value), shares));
}

/**
 * Shares that `lamports` buy at the entry rate. Fee rounded up, shares down, the referrer's part of
 * the fee down.
 *
 * @throws {@link ThawRefusal} `NoValue`, `AmountTooSmall`, `Overflow`.
 */
export function priceDeposit(
  pool: Pool,
  value: Valuation,
  now: Now,
  lamports: bigint,
  hasReferrer: boolean,
): DepositPrice {
  const rate = entryRateOf(value.books, missedEpochs(pool, now), pool.epochGainLamports);
  if (rate === null) throw ThawRefusal.ofRule('NoValue');
  const fee = bpsUp(lamports, pool.config.depositFeeBps);
  const shares = fits(sharesDown(rate, minusOrZero(lamports, fee)));
  if (shares === 0n) throw ThawRefusal.ofRule('AmountTooSmall');
  const part = hasReferrer ? bpsDown(fee, pool.config.referralBps) : 0n;
  return { fee, shares, referralShares: fits(sharesDown(rate, part)) };
}

/**
 * What `shares` pay at once from the reserve, with all that can refuse it.
 *
 * @throws {@link ThawRefusal} `ZeroAmount`, `Paused`, `PoolStale`, `NoValue`, `AmountTooSmall`,
 * `NotEnoughLiquidity`, `StaleExitCapReached`, `Overflow`.
 */
export function priceInstant(
  pool: Pool,
  value: Valuation,
  now: Now,
  rent: Rent,
  shares: bigint,
): ExitPrice {
  requireOpen(pool, 'instant', now.unixTimestamp);
  requireFresh(pool, now);
  const gross = worthDown(value, shares);
  const liquid = instantLiquidityOf(pool, value, rent);
  if (gross > liquid) {
    throw ThawRefusal.ofRule('NotEnoughLiquidity', { found: gross, allowed: liquid });
  }
  const { instantFeeMinBps: minBps, instantFeeMaxBps: maxBps, staleHaircutBps } = pool.config;
  const curve = { minBps, maxBps, target: pool.liquidityTargetLamports };
  let fee = fits(instantFeeUp(curve, liquid, gross));

  const missed = missedEpochs(pool, now);
  if (missed > 0n) {
    const haircut = Math.min(staleHaircutBps * Number(missed), 0xffff);
    fee = fits(plus(fee, bpsUp(gross, haircut)));
    const left = staleExitLeft(pool, value, now);
    if (gross > left) {
      throw ThawRefusal.ofRule('StaleExitCapReached', { found: gross, allowed: left });
    }
  }
  const net = minusOrZero(gross, fee);
  if (net === 0n) throw ThawRefusal.ofRule('AmountTooSmall');
  return { gross, fee, net };
}

/**
 * What `shares` pay in active stake, with all that can refuse it but the validator's own.
 *
 * @throws {@link ThawRefusal} `ZeroAmount`, `Paused`, `NotFinalized`, `NoValue`,
 * `BelowMinimumDelegation`, `Overflow`.
 */
export function priceStakeExit(pool: Pool, value: Valuation, now: Now, shares: bigint): ExitPrice {
  requireOpen(pool, 'stake', now.unixTimestamp);
  requireFinalized(pool, now);
  const gross = worthDown(value, shares);
  const fee = bpsUp(gross, pool.config.stakeWithdrawalFeeBps);
  const net = minusOrZero(gross, fee);
  const allowed = minDelegationOf(pool);
  if (net < allowed) {
    throw ThawRefusal.ofRule('BelowMinimumDelegation', { found: net, allowed });
  }
  return { gross, fee, net };
}

/**
 * Lamports that instant exits may take: above the float and what open batches are owed, and without
 * the fees of this epoch.
 */
export function instantLiquidityOf(pool: Pool, value: Valuation, rent: Rent): bigint {
  const owed = owedUp(valueUp(value, pool.pendingShares));
  const kept = [floatOf(rent), owed, pool.pendingFeesLamports];
  return kept.reduce(minusOrZero, pool.reserveLamports);
}

/** What may still leave instantly in this epoch before it is finalized, lamports. */
function staleExitLeft(pool: Pool, value: Valuation, now: Now): bigint {
  const assets = fits(assetsOf(value.books));
  const isCounted = pool.counters.epoch === now.epoch;
  const left = isCounted ? pool.counters.staleExitLamports : 0n;
  return minusOrZero(bpsDown(assets, pool.config.staleExitBps), left);
}

/**
 * The pool's lamports as its moves see them.
 *
 * @throws {@link ThawRefusal} `Overflow`.
 */
export function flowOf(pool: Pool, value: Valuation, rent: Rent): Flow {
  const slotRent = slotRentOf(rent);
  return {
    assets: fits(assetsOf(value.books)),
    reserve: value.books.reserve,
    cooling: minusOrZero(pool.coolingLamports, slotRent * BigInt(pool.coolingSlots)),
    slotRent: slotRent * BigInt(pool.openSlots),
    liquidityTarget: pool.liquidityTargetLamports,
    float: floatOf(rent),
    open: valueUp(value, pool.pendingShares),
    pieceBps: pool.config.pieceBps,
    minDelegation: minDelegationOf(pool),
  };
}

/** What is left of a quote after the slippage that is accepted, basis points, rounded down. */
export function leastOf(quoted: bigint, slippageBps: number): bigint {
  return (quoted * BigInt(max(10_000n - BigInt(slippageBps), 0n))) / 10_000n;
}

/** The value, or the refusal that it does not fit 64 bits. */
function fits(value: bigint | null): bigint {
  if (value === null || value > U64_MAX) throw ThawRefusal.ofRule('Overflow');
  return value;
}
