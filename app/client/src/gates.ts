import { MAX_MISSED_EPOCHS, MAX_STALE_SECONDS } from './constants.js';
import type { Pool } from './generated/index.js';
import { bpsUp, minusOrZero } from './math/amounts.js';
import { ThawRefusal } from './refusals.js';
import { type Clock, type EpochSchedule, firstSlotOf, slotsOf } from './sysvars.js';

/** A path that the guardian can pause. */
export type Path = 'deposit' | 'instant' | 'stake' | 'rebalance';

/** The moment a gate is asked at. */
export type Now = Pick<Clock, 'epoch' | 'unixTimestamp'>;

const PLACES: Record<Path, number> = { deposit: 0, instant: 1, stake: 2, rebalance: 3 };
const WINDING_DOWN = 1;

/** True once the wind-down has begun. */
export function isWindingDown(pool: Pool): boolean {
  return pool.status === WINDING_DOWN;
}

/**
 * True in the last part of an epoch's slots, in which stake moves, and all the time while the pool winds
 * down.
 */
export function isMoveWindow(pool: Pool, clock: Clock, schedule: EpochSchedule): boolean {
  if (isWindingDown(pool)) return true;
  const slots = slotsOf(schedule, clock.epoch);
  const before = minusOrZero(slots, bpsUp(slots, pool.config.moveWindowBps));
  return clock.slot >= firstSlotOf(schedule, clock.epoch) + before;
}

/** True while the circuit breaker holds: deposits, delegating and rebalancing wait. */
export function isBroken(pool: Pool, now: bigint): boolean {
  return now < pool.circuitUntil;
}

/** Until when the guardian's pause of a path holds, unix seconds; in the past where none does. */
export function pausedUntil(pool: Pool, path: Path): bigint {
  return pool.pausedUntil[PLACES[path]] ?? 0n;
}

/** True where a path is closed by the guardian's pause or the circuit breaker. */
export function isPathClosed(pool: Pool, path: Path, now: bigint): boolean {
  if (path === 'rebalance' && isWindingDown(pool)) return false;
  const breaks = path === 'deposit' || path === 'rebalance';
  return now < pausedUntil(pool, path) || (breaks && isBroken(pool, now));
}

/** Epochs since the last finalize. */
export function missedEpochs(pool: Pool, now: Now): bigint {
  return minusOrZero(now.epoch, pool.epoch);
}

/** True where nobody finalized for too long: deposits and instant exits are closed. */
export function isStale(pool: Pool, now: Now): boolean {
  const age = now.unixTimestamp - pool.finalizedAt;
  return missedEpochs(pool, now) > MAX_MISSED_EPOCHS || age > MAX_STALE_SECONDS;
}

/** @throws {@link ThawRefusal} `WindingDown`. */
export function requireLive(pool: Pool): void {
  if (isWindingDown(pool)) throw ThawRefusal.ofRule('WindingDown');
}

/** @throws {@link ThawRefusal} `Paused`. */
export function requireOpen(pool: Pool, path: Path, now: bigint): void {
  if (isPathClosed(pool, path, now)) throw ThawRefusal.ofRule('Paused');
}

/** @throws {@link ThawRefusal} `PoolStale`. */
export function requireFresh(pool: Pool, now: Now): void {
  if (isStale(pool, now)) throw ThawRefusal.ofRule('PoolStale');
}

/** @throws {@link ThawRefusal} `NotFinalized`. */
export function requireFinalized(pool: Pool, now: Now): void {
  if (pool.epoch !== now.epoch) throw ThawRefusal.ofRule('NotFinalized');
}

/** @throws {@link ThawRefusal} `WindingDown`, `Paused`, `PoolStale`. */
export function requireDepositsOpen(pool: Pool, now: Now): void {
  requireLive(pool);
  requireOpen(pool, 'deposit', now.unixTimestamp);
  requireFresh(pool, now);
}
