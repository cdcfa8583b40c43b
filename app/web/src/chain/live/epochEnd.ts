import { epochProgress, type PoolState } from '@thaw/client';

/** The last slot of the epoch that a reading is of. */
export function epochEnd(state: PoolState): bigint {
  const { firstSlot, totalSlots } = epochProgress(state);
  return firstSlot + totalSlots - 1n;
}
