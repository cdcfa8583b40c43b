import { signature } from '@solana/kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepPending, parsePending, readPending, type Pending } from './pending.js';

const one = signature('1'.repeat(64));
const PENDING: Pending = {
  task: { title: 'Stake 1 SOL', done: 'Yours.' },
  sent: [
    { signature: one, lastBlock: 2n ** 60n, slot: 7n },
    { signature: one, lastBlock: null, slot: 0n },
  ],
};

/** Storage of a tab. */
function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

afterEach(() => {
  keepPending(null);
  vi.unstubAllGlobals();
});

describe('what is under way', () => {
  it('is kept exactly, without the bytes, until it has ended', () => {
    vi.stubGlobal('sessionStorage', storage());
    expect(readPending()).toBeNull();
    const sent = PENDING.sent.map((each) => ({ ...each, wire: 'bytes' }));
    keepPending({ ...PENDING, sent });
    expect(readPending()).toEqual(PENDING);
    keepPending(null);
    expect(readPending()).toBeNull();
  });

  it('lasts as long as the page where storage is forbidden', () => {
    const no = () => {
      throw new Error('forbidden');
    };
    vi.stubGlobal('sessionStorage', { getItem: no, setItem: no, removeItem: no });
    keepPending(PENDING);
    expect(readPending()).toEqual(PENDING);
  });

  it('is nothing where the text is none of it', () => {
    const text = (change: object) => JSON.stringify({ task: PENDING.task, sent: [], ...change });
    expect(parsePending(text({}))).toEqual({ task: PENDING.task, sent: [] });
    for (const odd of [
      null,
      '',
      '[]',
      '{}',
      'null',
      text({ task: { title: 1, done: '' } }),
      text({ sent: 5 }),
      text({ sent: [{ signature: 'short', lastBlock: '1', slot: '1' }] }),
      text({ sent: [{ signature: one, lastBlock: 'x', slot: '1' }] }),
    ]) {
      expect(parsePending(odd), String(odd)).toBeNull();
    }
  });
});
