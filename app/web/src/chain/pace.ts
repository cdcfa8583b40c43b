import { epochProgress, type EpochProgress, type PoolState } from '@thaw/client';

/** Slots before an epoch's pace means something. */
const MEASURED = 100n;

/** What a reading is brought forward by. */
export interface Elapsed {
  /** The newest slot known, if any. */
  slot: bigint | null;
  /** Seconds that passed here since the reading. */
  seconds: bigint;
}

const atLeast0 = (value: bigint) => (value > 0n ? value : 0n);

/**
 * The chain's time, unix seconds: by the slots since the reading and the pace of the epoch so far,
 * which is right also where a day takes seconds; without slots by the seconds that passed here.
 */
export function chainTime(state: PoolState, { slot, seconds }: Elapsed): bigint {
  const { clock } = state;
  const { goneSlots } = epochProgress(state);
  const inEpoch = clock.unixTimestamp - clock.epochStartTimestamp;
  if (slot === null || slot < clock.slot || goneSlots < MEASURED || inEpoch <= 0n) {
    return clock.unixTimestamp + seconds;
  }
  return clock.unixTimestamp + ((slot - clock.slot) * inEpoch) / goneSlots;
}

/** The epoch's progress, brought forward in the same way. Never beyond its end. */
export function epochNow(state: PoolState, elapsed: Elapsed): EpochProgress {
  const read = epochProgress(state);
  const left = atLeast0(read.totalSlots - read.goneSlots);
  const passed = atLeast0(chainTime(state, elapsed) - state.clock.unixTimestamp);
  const isOver = passed >= read.secondsLeft || read.secondsLeft === 0n;
  const gone = isOver ? left : (left * passed) / read.secondsLeft;
  return {
    ...read,
    goneSlots: read.goneSlots + gone,
    secondsLeft: isOver ? 0n : read.secondsLeft - passed,
  };
}
