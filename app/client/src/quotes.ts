import type { Now } from './gates.js';
import {
  isBroken,
  requireDepositsOpen,
  requireFinalized,
  requireLive,
  requireOpen,
} from './gates.js';
import { minusOrZero, plus } from './math/amounts.js';
import { lamportsDown, type Rate } from './math/books.js';
import { shortageOf } from './math/flow.js';
import type { PoolState } from './pool.js';
import {
  type DepositPrice,
  type ExitPrice,
  exitRateOf,
  flowOf,
  instantLiquidityOf,
  priceDeposit,
  priceInstant,
  priceStakeExit,
  valueAt,
  valueUp,
  worthDown,
} from './price.js';
import { isRefusal, ThawRefusal } from './refusals.js';
import { epochProgress } from './status.js';

/** The part of a pool's state that quotes depend on. */
export type QuoteState = Pick<
  PoolState,
  'pool' | 'clock' | 'schedule' | 'rent' | 'isRewardsWindow'
>;

/** What a deposit buys. All amounts are lamports or base units of shares. */
export type DepositQuote = {
  /** Lamports that go in. */
  lamports: bigint;
  /** Shares that come out. */
  shares: bigint;
  /** Deposit fee, the referrer's part included. */
  feeLamports: bigint;
  /** Shares that a referrer gets, if the deposit names one. */
  referralShares: bigint;
  /** What the shares are worth at the exit rate now. */
  worthLamports: bigint;
  /** What is paid for gain that is earned and not released yet: it comes back within a day or so. */
  premiumLamports: bigint;
  /** The exit rate. */
  rate: Rate;
};

/** An exit that is open. */
export type ExitQuote = {
  /** Lamports that come out, fee taken off. */
  lamports: bigint;
  /** What stays with the holders, lamports. */
  feeLamports: bigint;
};

/** A ticket, requested now. It has no fee. */
export type TicketQuote = {
  /** Value now, lamports; it keeps sharing gains and losses until it is settled. */
  lamports: bigint;
  /** First epoch in which it can be settled. */
  payableEpoch: bigint;
  /** Seconds until then, estimated by the pace of the running epoch. */
  seconds: bigint;
  /** When that is, unix seconds: a little after the epoch's start, once the crank ran. */
  readyUnix: bigint;
  /** True if what is liquid or cooling covers all that waits, this ticket included. */
  isCovered: boolean;
};

/** The three exits side by side. A {@link ThawRefusal} stands for an exit that is closed. */
export type WithdrawQuote = {
  /** Shares that go in. */
  shares: bigint;
  /** What they are worth at the exit rate, lamports. */
  worthLamports: bigint;
  /** At once from the reserve. */
  instant: ExitQuote | ThawRefusal;
  /** By a ticket: never closed. */
  ticket: TicketQuote;
  /** As active stake; which validator gives it is told by `stakeSource`. */
  stake: ExitQuote | ThawRefusal;
};

/**
 * What a deposit of `lamports` buys, as the program's `quote_deposit` tells it. `nowUnix`: unix
 * seconds, by default the chain's time of the reading. `hasReferrer`: whether one gets its part of
 * the fee; the depositor's shares are the same.
 *
 * @throws {@link ThawRefusal} `ZeroAmount`, `WindingDown`, `Paused`, `PoolStale`, `NoValue`,
 * `AmountTooSmall`, `Overflow`.
 */
export function quoteDeposit(
  state: QuoteState,
  lamports: bigint,
  nowUnix = state.clock.unixTimestamp,
  hasReferrer = true,
): DepositQuote {
  if (lamports === 0n) throw ThawRefusal.ofRule('ZeroAmount');
  const { pool } = state;
  const now = nowOf(state, nowUnix);
  requireDepositsOpen(pool, now);
  const value = valueAt(pool, nowUnix);
  const price = priceDeposit(pool, value, now, lamports, hasReferrer);
  return depositQuote(price, lamports, exitRateOf(value));
}

/**
 * What a stake account of `lamports` in all buys: as `deposit_stake` prices it, where its validator
 * is booked in this epoch.
 *
 * @throws {@link ThawRefusal} `WindingDown`, `Paused`, `NotFinalized`, `RewardsWindow`, `NoValue`,
 * `AmountTooSmall`, `Overflow`. What stake account and validator refuse, `stakeEligibility` tells.
 */
export function quoteStakeDeposit(
  state: QuoteState,
  lamports: bigint,
  nowUnix = state.clock.unixTimestamp,
): DepositQuote {
  const { pool } = state;
  const now = nowOf(state, nowUnix);
  requireLive(pool);
  requireOpen(pool, 'stake', nowUnix);
  if (isBroken(pool, nowUnix)) throw ThawRefusal.ofRule('Paused');
  requireFinalized(pool, now);
  if (state.isRewardsWindow) throw ThawRefusal.ofRule('RewardsWindow');
  const value = valueAt(pool, nowUnix);
  const price = priceDeposit(pool, value, now, lamports, false);
  return depositQuote(price, lamports, exitRateOf(value));
}

/**
 * What `shares` pay by each of the three exits, as the program's `quote_withdraw` tells it. An exit
 * that is closed is told by its refusal, not by an error.
 *
 * @throws {@link ThawRefusal} `ZeroAmount`, `NoValue`, `Overflow`.
 */
export function quoteWithdraw(
  state: QuoteState,
  shares: bigint,
  nowUnix = state.clock.unixTimestamp,
): WithdrawQuote {
  const { pool, rent } = state;
  const value = valueAt(pool, nowUnix);
  const worthLamports = worthDown(value, shares);
  const pending = plus(pool.pendingShares, shares);
  if (pending === null) throw ThawRefusal.ofRule('Overflow');
  const flow = { ...flowOf(pool, value, rent), open: valueUp(value, pending) };
  const { secondsLeft } = epochProgress(state);
  return {
    shares,
    worthLamports,
    instant: exit(() => quoteInstant(state, shares, nowUnix)),
    ticket: {
      lamports: worthLamports,
      payableEpoch: state.clock.epoch + 1n,
      seconds: secondsLeft,
      readyUnix: state.clock.unixTimestamp + secondsLeft,
      isCovered: shortageOf(flow) === 0n,
    },
    stake: exit(() => quoteStakeExit(state, shares, nowUnix)),
  };
}

/**
 * What an instant exit of `shares` pays.
 *
 * @throws {@link ThawRefusal} as `withdraw_instant` refuses, with its values.
 */
export function quoteInstant(
  state: QuoteState,
  shares: bigint,
  nowUnix = state.clock.unixTimestamp,
): ExitPrice {
  const value = valueAt(state.pool, nowUnix);
  return priceInstant(state.pool, value, nowOf(state, nowUnix), state.rent, shares);
}

/**
 * What `shares` pay in active stake.
 *
 * @throws {@link ThawRefusal} as `withdraw_stake` refuses, but for what its validator refuses.
 */
export function quoteStakeExit(
  state: QuoteState,
  shares: bigint,
  nowUnix = state.clock.unixTimestamp,
): ExitPrice {
  if (state.isRewardsWindow) throw ThawRefusal.ofRule('RewardsWindow');
  const value = valueAt(state.pool, nowUnix);
  return priceStakeExit(state.pool, value, nowOf(state, nowUnix), shares);
}

/**
 * The rate at which shares leave: `lamports / shares`, an exact fraction.
 *
 * @throws {@link ThawRefusal} `NoValue`, `Overflow`.
 */
export function exitRate(
  state: Pick<PoolState, 'pool' | 'clock'>,
  nowUnix = state.clock.unixTimestamp,
): Rate {
  return exitRateOf(valueAt(state.pool, nowUnix));
}

/**
 * The lamports behind the exit rate.
 *
 * @throws {@link ThawRefusal} `Overflow`.
 */
export function nav(
  state: Pick<PoolState, 'pool' | 'clock'>,
  nowUnix = state.clock.unixTimestamp,
): bigint {
  return valueAt(state.pool, nowUnix).nav;
}

/**
 * What `shares` are worth at the exit rate, lamports, rounded down; 0 for 0.
 *
 * @throws {@link ThawRefusal} `NoValue`, `Overflow`.
 */
export function worth(
  state: Pick<PoolState, 'pool' | 'clock'>,
  shares: bigint,
  nowUnix = state.clock.unixTimestamp,
): bigint {
  const lamports = lamportsDown(exitRate(state, nowUnix), shares);
  if (lamports === null) throw ThawRefusal.ofRule('Overflow');
  return lamports;
}

/**
 * Lamports that instant exits may take now: a gross amount.
 *
 * @throws {@link ThawRefusal} `Overflow`.
 */
export function instantLiquidity(
  state: Pick<PoolState, 'pool' | 'clock' | 'rent'>,
  nowUnix = state.clock.unixTimestamp,
): bigint {
  return instantLiquidityOf(state.pool, valueAt(state.pool, nowUnix), state.rent);
}

function depositQuote(
  { shares, fee, referralShares }: DepositPrice,
  lamports: bigint,
  rate: Rate,
): DepositQuote {
  const worthLamports = lamportsDown(rate, shares) ?? 0n;
  return {
    lamports,
    shares,
    feeLamports: fee,
    referralShares,
    worthLamports,
    premiumLamports: minusOrZero(minusOrZero(lamports, fee), worthLamports),
    rate,
  };
}

function exit(price: () => ExitPrice): ExitQuote | ThawRefusal {
  try {
    const { net, fee } = price();
    return { lamports: net, feeLamports: fee };
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}

function nowOf({ clock }: Pick<PoolState, 'clock'>, unixTimestamp: bigint): Now {
  return { epoch: clock.epoch, unixTimestamp };
}
