import { flowAt, type FlowState, flowTaker, flowValidator, targetAfter } from './flowTargets.js';
import { minus, plus } from './math/amounts.js';
import { bandOf, targetOf } from './math/flow.js';
import { minDelegationOf } from './price.js';
import { hasRoomForStake } from './records.js';
import type { ValidatorView } from './validators.js';
import { hasWeight } from './votes.js';

/**
 * The validator to take `lamports` of stake from: of those that `withdraw_stake` would let give
 * them, the one that is farthest above its target; `null` where there is none.
 */
export function stakeSource(
  state: FlowState,
  validators: readonly ValidatorView[],
  lamports: bigint,
): ValidatorView | null {
  let best: { room: bigint; view: ValidatorView } | null = null;
  for (const view of validators) {
    const room = roomAboveTarget(state, view, lamports);
    if (room !== null && (best === null || room >= best.room)) best = { room, view };
  }
  return best?.view ?? null;
}

/**
 * Lamports that a validator would keep above its target after giving `lamports` of stake; `null`
 * where it must not give them.
 */
export function roomAboveTarget(
  state: FlowState,
  view: ValidatorView,
  lamports: bigint,
): bigint | null {
  const main = view.record.main === null ? undefined : view.slots[view.record.main];
  if (main?.kind !== 'delegated') return null;
  const left = minus(main.delegation, lamports);
  const after = minus(flowValidator(state, view.record).staked, lamports);
  const target = targetAfter(state, view.record, lamports);
  if (left === null || left < minDelegationOf(state.pool)) return null;
  return after === null || target === null ? null : minus(after, target);
}

/** The most stake that a validator can give at once, lamports; 0 where it can give none. */
export function mostStakeOf(state: FlowState, view: ValidatorView, wanted: bigint): bigint {
  return most(wanted, (lamports) => roomAboveTarget(state, view, lamports) !== null);
}

/**
 * The most lamports of stake that `deposit_stake` takes for a validator, up to `wanted`: so far that
 * it ends at most its band above its target.
 */
export function stakeRoom(state: FlowState, view: ValidatorView, wanted: bigint): bigint {
  if (!hasRoomForStake(view.record) || !hasWeight(state.pool, view.record)) return 0n;
  return most(wanted, (lamports) => fits(state, view, lamports));
}

/** The largest amount up to `wanted` for which all smaller ones hold too. */
function most(wanted: bigint, holds: (lamports: bigint) => boolean): bigint {
  let [low, high] = [0n, wanted];
  while (low < high) {
    // Rounded up, so that the search ends.
    const middle = high - (high - low) / 2n;
    if (holds(middle)) low = middle;
    else high = middle - 1n;
  }
  return low;
}

function fits(state: FlowState, view: ValidatorView, lamports: bigint): boolean {
  const flow = flowAt(state);
  const assets = plus(flow?.assets ?? null, lamports);
  if (flow === null || assets === null) return false;
  const validator = flowTaker(state, view.record);
  const grown = { ...flow, assets };
  const target = targetOf(grown, validator);
  const [after, limit] = [plus(validator.staked, lamports), plus(target, bandOf(grown, target))];
  return after !== null && limit !== null && after <= limit;
}
