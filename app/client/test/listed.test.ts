import { type Address, getAddressDecoder } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { type RawAccount, readAccounts } from '../src/accounts.js';
import { poolAddresses } from '../src/addresses.js';
import { getValidatorListDecoder, getValidatorListEncoder } from '../src/generated/index.js';
import { type ReadBooks, readListed, type ReadProgress } from '../src/listed.js';
import { RECORD_BYTES } from '../src/records.js';
import { fetchSnapshot } from '../src/validators.js';
import { accountsOf, server, type Stored, vectors } from './vectors.js';

type Told = { mint: Address; accounts: Record<string, Stored> };

const HEADER_BYTES = 64;
const warm = vectors<Record<string, Told>>('pools')['warm'] as Told;
const stored = accountsOf(warm.accounts);
/** Where a record has the lamports of its first slot. */
const LAMPORTS_AT = 32;

/** A validator list of so many, each with the first record of the pool `warm`. */
function listOf(list: RawAccount, count: number, at = 0): RawAccount {
  const data = new Uint8Array(HEADER_BYTES + count * RECORD_BYTES);
  data.set(
    getValidatorListEncoder().encode({ ...getValidatorListDecoder().decode(list.data), count }),
  );
  const first = list.data.slice(HEADER_BYTES, HEADER_BYTES + RECORD_BYTES);
  for (let index = 0; index < count; index += 1) {
    data.set(first, HEADER_BYTES + index * RECORD_BYTES);
    data.set(vote(index + at), HEADER_BYTES + index * RECORD_BYTES);
  }
  return { ...list, data };
}

const vote = (index: number) =>
  Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 + index : 7));

/** A list with one lamport more in the records at these places, `times` over. */
function richer(list: RawAccount, places: readonly number[], times: number): RawAccount {
  const data = Uint8Array.from(list.data);
  for (const place of places) data[HEADER_BYTES + place * RECORD_BYTES + LAMPORTS_AT] = times;
  return { ...list, data };
}

/** A pool whose list is another at each reading, and what was asked of its server. */
async function moving(listAt: (reading: number, list: RawAccount) => RawAccount) {
  const addresses = await poolAddresses(warm.mint);
  const list = stored.get(addresses.validators);
  if (list === undefined) throw new Error('no list');
  const accounts = new Map(stored);
  let readings = 0;
  accounts.get = (key) =>
    key === addresses.validators ? listAt((readings += 1), list) : stored.get(key);
  const asked: (readonly Address[])[] = [];
  const rpc = server(accounts);
  const watched = {
    getMultipleAccounts: (...args: Parameters<typeof rpc.getMultipleAccounts>) => {
      asked.push(args[0]);
      return rpc.getMultipleAccounts(...args);
    },
  } as unknown as typeof rpc;
  const progress: ReadProgress[] = [];
  const read = () => {
    const readBooks: ReadBooks<null> = async (more) => {
      const found = await readAccounts(watched, [addresses.validators, ...more]);
      const [books, ...accounts] = found.accounts;
      if (!books) throw new Error('no list');
      return { books: null, list: books, more: accounts };
    };
    const onProgress = (one: ReadProgress) => progress.push(one);
    return readListed(watched, addresses, readBooks, { onProgress });
  };
  return { addresses, rpc: watched, read, asked, progress };
}

describe('a pool that changes while it is read', () => {
  it('has its slots read once where no record does', async () => {
    const { read, asked, progress } = await moving((_, list) => list);
    const { validators } = await read();
    expect(asked.map(({ length }) => length)).toEqual([1, validators.length * 3, 1]);
    expect(validators.some(({ isOlder }) => isOlder)).toBe(false);
    const all = validators.length * 3;
    expect(progress).toEqual([
      { done: 0, all, again: 0 },
      { done: all, all, again: 0 },
    ]);
  });

  it('has those read again whose records did, with the books', async () => {
    const { read, asked, progress } = await moving((time, list) =>
      richer(listOf(list, 40), [3, 4], time),
    );
    const { validators } = await read();
    expect(asked.map(({ length }) => length)).toEqual([1, 100, 20, 1, 7]);
    expect(validators).toHaveLength(40);
    expect(validators.every(({ isOlder }) => !isOlder)).toBe(true);
    expect(asked[4]?.slice(1)).toEqual([3, 4].flatMap((place) => validators[place]?.slotKeys));
    expect(validators[3]?.record.slots[0]?.lamports).not.toBe(
      validators[0]?.record.slots[0]?.lamports,
    );
    expect(progress.at(-1)).toEqual({ done: 114, all: 120, again: 6 });
  });

  it('is read in spite of records that never stand still, and says which are older', async () => {
    const every = Array.from({ length: 40 }, (_, place) => place);
    const { read, asked } = await moving((time, list) => richer(listOf(list, 40), every, time));
    const { validators } = await read();
    // Too many for the call of the books: read before it, five times.
    expect(asked.filter(({ length }) => length === 100)).toHaveLength(5);
    expect(validators.every(({ isOlder }) => isOlder)).toBe(true);
  });

  it('is read anew where others are listed, and given up where that does not end', async () => {
    const once = await moving((time, list) => listOf(list, 5, time < 2 ? 0 : 1));
    const { validators } = await once.read();
    expect(validators[0]?.vote).toBe(getAddressDecoder().decode(vote(1)));
    expect(once.asked.map(({ length }) => length)).toEqual([1, 15, 1, 15, 1]);
    const { read, addresses } = await moving((time, list) => listOf(list, 5, time));
    await expect(read()).rejects.toMatchObject({ fault: 'moving', address: addresses.validators });
    const grows = await moving((time, list) => listOf(list, time));
    await expect(grows.read()).rejects.toMatchObject({ fault: 'moving' });
  });

  it('gives a snapshot of one moment', async () => {
    const { rpc, addresses } = await moving((time, list) => richer(list, [0], time));
    const { validators } = await fetchSnapshot(rpc, addresses);
    // The list was read for the third time with the slots of the one that changed.
    expect((validators[0]?.record.slots[0]?.lamports ?? 0n) & 0xffn).toBe(3n);
  });
});
