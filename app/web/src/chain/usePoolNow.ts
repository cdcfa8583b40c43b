import { poolStatus, type PoolState, type PoolStatus } from '@thaw/client';
import { useNow } from './useNow.js';
import { usePoolState } from './queries/usePoolState.js';

/** The pool with the chain's time, which goes on between readings. */
export interface PoolNow {
  state: PoolState;
  /** Unix seconds. */
  now: bigint;
  status: PoolStatus;
}

/** The pool as of this second; `undefined` until it is read. */
export function usePoolNow(): PoolNow | undefined {
  const { data } = usePoolState();
  const now = useNow();
  if (!data || now === undefined) return undefined;
  return { state: data, now, status: poolStatus(data, now) };
}
