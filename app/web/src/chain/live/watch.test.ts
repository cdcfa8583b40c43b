import { expect, it } from 'vitest';
import { keepWatching } from './watch.js';

it('opens again after each failure, waits longer, and tells that something may be missed', async () => {
  const stop = new AbortController();
  const waits: number[] = [];
  const seen: string[] = [];
  let opened = 0;
  async function* notifications() {
    yield 'first';
    throw new Error('the connection broke');
  }
  await keepWatching<string>({
    open: async () => {
      opened += 1;
      if (opened === 2 || opened === 3) throw new Error('refused');
      return notifications();
    },
    onNotification: (notification) => seen.push(notification),
    onReopen: () => seen.push('reopened'),
    signal: stop.signal,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      if (waits.length === 4) stop.abort();
    },
  });
  expect(seen).toEqual(['first', 'reopened', 'first']);
  // The first break comes after a notification, the next two after none.
  expect(waits).toEqual([1_000, 2_000, 4_000, 1_000]);
});
