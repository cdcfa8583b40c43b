import { ABANDONED_SECONDS, PROPOSAL_LIFE_SECONDS } from './constants.js';
import {
  isBroken,
  isPathClosed,
  isStale,
  isWindingDown,
  missedEpochs,
  type Path,
  pausedUntil,
} from './gates.js';
import { max } from './math/amounts.js';
import type { PoolState } from './pool.js';
import { firstSlotOf, slotsOf } from './sysvars.js';

/** Slots before an epoch's pace means something. */
const MEASURED = 100n;
/** A slot as it should be, milliseconds. */
const SLOT_MS = 400n;

/** Whether a path is closed, and until when. */
export type PauseState = {
  /** True where the guardian's pause or the circuit breaker closes it now. */
  isPaused: boolean;
  /** When it opens by itself, unix seconds; `null` where it is open. */
  untilUnix: bigint | null;
};

/** What of a pool is open, and what waits. */
export type PoolStatus = {
  /** SOL deposits, instant exits, stake in and out, delegating and rebalancing. */
  paused: Record<Path, PauseState>;
  /** Nobody finalized for too long: deposits and instant exits are closed. */
  isStale: boolean;
  /** Epochs since the last finalize. */
  missedEpochs: bigint;
  /** True where the pool is finalized in the running epoch: stake may come and go. */
  isFinalized: boolean;
  /** Only exits are open, for ever. */
  isWindingDown: boolean;
  /** When a scheduled wind-down may start, unix seconds; `null` where none is. */
  windDownAtUnix: bigint | null;
  /** The circuit breaker holds: SOL and stake deposits, delegating and rebalancing wait. */
  isBroken: boolean;
  /** Until when, unix seconds; `null` where it does not hold. */
  brokenUntilUnix: bigint | null;
  /** Epoch rewards are being paid: stake cannot come, go or be booked. */
  isRewardsWindow: boolean;
  /** When the proposed config may be applied, unix seconds; `null` where none waits. */
  configReadyAtUnix: bigint | null;
  /** Until when it may be applied, unix seconds; `null` where none waits. */
  configLapsesAtUnix: bigint | null;
  /** Nobody finalized for so long that anyone may wind the pool down. */
  isAbandoned: boolean;
};

/** How far the running epoch is. */
export type EpochProgress = {
  /** The epoch. */
  epoch: bigint;
  /** Its first slot. */
  firstSlot: bigint;
  /** Its slots. */
  totalSlots: bigint;
  /** Slots that are gone. */
  goneSlots: bigint;
  /** Seconds until it ends, by the pace of its slots so far. */
  secondsLeft: bigint;
  /** When it ends, by the same estimate, unix seconds. */
  endsAtUnix: bigint;
};

/** What of a pool is open at `nowUnix`, seconds; by default the chain's time of the reading. */
export function poolStatus(state: PoolState, nowUnix = state.clock.unixTimestamp): PoolStatus {
  const { pool, clock } = state;
  const now = { epoch: clock.epoch, unixTimestamp: nowUnix };
  const isCircuitOpen = isBroken(pool, nowUnix);
  const or = (time: bigint) => (time === 0n ? null : time);
  const paused = (path: Path): PauseState => {
    const isPaused = isPathClosed(pool, path, nowUnix);
    const breaks = path === 'deposit' || path === 'rebalance';
    const until = max(pausedUntil(pool, path), breaks ? pool.circuitUntil : 0n);
    return { isPaused, untilUnix: isPaused ? until : null };
  };
  return {
    paused: {
      deposit: paused('deposit'),
      instant: paused('instant'),
      stake: paused('stake'),
      rebalance: paused('rebalance'),
    },
    isStale: isStale(pool, now),
    missedEpochs: missedEpochs(pool, now),
    isFinalized: pool.epoch === clock.epoch,
    isWindingDown: isWindingDown(pool),
    windDownAtUnix: or(pool.windDownAt),
    isBroken: isCircuitOpen,
    brokenUntilUnix: isCircuitOpen ? pool.circuitUntil : null,
    isRewardsWindow: state.isRewardsWindow,
    configReadyAtUnix: or(pool.configReadyAt),
    configLapsesAtUnix:
      pool.configReadyAt === 0n ? null : pool.configReadyAt + PROPOSAL_LIFE_SECONDS,
    isAbandoned: nowUnix - pool.finalizedAt > ABANDONED_SECONDS,
  };
}

/** How far the running epoch is, and when it ends. */
export function epochProgress({
  clock,
  schedule,
}: Pick<PoolState, 'clock' | 'schedule'>): EpochProgress {
  const firstSlot = firstSlotOf(schedule, clock.epoch);
  const totalSlots = slotsOf(schedule, clock.epoch);
  const goneSlots = max(clock.slot - firstSlot, 0n);
  const left = max(totalSlots - goneSlots, 0n);
  const seconds = max(clock.unixTimestamp - clock.epochStartTimestamp, 0n);
  const secondsLeft =
    goneSlots >= MEASURED ? (left * seconds) / goneSlots : (left * SLOT_MS) / 1_000n;
  return {
    epoch: clock.epoch,
    firstSlot,
    totalSlots,
    goneSlots,
    secondsLeft,
    endsAtUnix: clock.unixTimestamp + secondsLeft,
  };
}
