import type { EpochProgress } from '@thaw/client';
import { useEffect, useState } from 'react';
import { newestSlot } from './live/slot.js';
import { chainTime, epochNow, type Elapsed } from './pace.js';
import { usePoolState } from './queries/usePoolState.js';

/** This computer's time, unix milliseconds, again every second. */
export function useWallClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function useElapsed(): Elapsed {
  const { dataUpdatedAt } = usePoolState();
  const passed = Math.max(0, Math.floor((useWallClock() - dataUpdatedAt) / 1_000));
  return { slot: newestSlot(), seconds: BigInt(passed) };
}

/**
 * The chain's time, unix seconds, again every second, from the clock that was read last. Quotes and
 * rates at this time show the gain that is released per second. `undefined` until the pool is read.
 */
export function useNow(): bigint | undefined {
  const { data } = usePoolState();
  const elapsed = useElapsed();
  return data && chainTime(data, elapsed);
}

/** How far the running epoch is, again every second. `undefined` until the pool is read. */
export function useEpoch(): EpochProgress | undefined {
  const { data } = usePoolState();
  const elapsed = useElapsed();
  return data && epochNow(data, elapsed);
}
