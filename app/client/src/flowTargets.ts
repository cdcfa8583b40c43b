import { minusOrZero } from './math/amounts.js';
import { type Flow, type FlowValidator, targetOf } from './math/flow.js';
import type { PoolState } from './pool.js';
import { flowOf, slotRentOf, valueAt } from './price.js';
import {
  attractingPartIn,
  keepingPartIn,
  stakedLamports,
  type ValidatorRecord,
  type WeightPart,
} from './records.js';
import { isRefusal } from './refusals.js';

/** The part of a state that targets depend on. */
export type FlowState = Pick<PoolState, 'pool' | 'rent' | 'clock'>;

/** A record as those see it that take stake from it or leave it there. */
export function flowValidator(state: FlowState, record: ValidatorRecord): FlowValidator {
  return ofPart(keepingPartIn(record, state.pool), state, record);
}

/** A record as those see it that bring stake: a weight that is about to go counts no more. */
export function flowTaker(state: FlowState, record: ValidatorRecord): FlowValidator {
  return ofPart(attractingPartIn(record, state.pool), state, record);
}

function ofPart(part: WeightPart, { rent }: FlowState, record: ValidatorRecord): FlowValidator {
  return { staked: stakedLamports(record, slotRentOf(rent)), ...part };
}

/** The pool's flow at the state's time; `null` where the books do not fit 64 bits. */
export function flowAt(state: FlowState): Flow | null {
  const { pool, rent, clock } = state;
  try {
    return flowOf(pool, valueAt(pool, clock.unixTimestamp), rent);
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** A validator's target once `leaving` lamports have left the pool. */
export function targetAfter(
  state: FlowState,
  record: ValidatorRecord,
  leaving: bigint,
): bigint | null {
  const flow = flowAt(state);
  if (flow === null) return null;
  const after = { ...flow, assets: minusOrZero(flow.assets, leaving) };
  return targetOf(after, flowValidator(state, record));
}
