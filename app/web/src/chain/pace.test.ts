import type { PoolState } from '@thaw/client';
import { describe, expect, it } from 'vitest';
import { chainTime, epochNow } from './pace.js';

/** An epoch of 1,000 slots that takes 400 seconds, read after 250 slots. */
const state = {
  clock: { slot: 10_250n, epoch: 10n, epochStartTimestamp: 1_000n, unixTimestamp: 1_100n },
  schedule: {
    slotsPerEpoch: 1_000n,
    leaderScheduleSlotOffset: 1_000n,
    warmup: false,
    firstNormalEpoch: 0n,
    firstNormalSlot: 0n,
  },
} as unknown as PoolState;

describe('the chain’s time', () => {
  it('goes on by the seconds that pass here', () => {
    expect(chainTime(state, { slot: null, seconds: 7n })).toBe(1_107n);
  });

  it('goes on by slots where they are told, at the pace of the epoch', () => {
    expect(chainTime(state, { slot: 10_500n, seconds: 1n })).toBe(1_200n);
    expect(chainTime(state, { slot: 10_000n, seconds: 1n }), 'an older slot').toBe(1_101n);
  });

  it('moves the epoch on, not beyond its end', () => {
    expect(epochNow(state, { slot: null, seconds: 0n })).toMatchObject({
      goneSlots: 250n,
      secondsLeft: 300n,
    });
    expect(epochNow(state, { slot: 10_500n, seconds: 1n })).toMatchObject({
      goneSlots: 500n,
      secondsLeft: 200n,
    });
    expect(epochNow(state, { slot: null, seconds: 900n })).toMatchObject({
      goneSlots: 1_000n,
      secondsLeft: 0n,
    });
  });
});
