import type { Address, GetMultipleAccountsApi, ReadonlyUint8Array, Rpc } from '@solana/kit';
import {
  FetchError,
  mustExist,
  type RawAccount,
  readAccounts,
  type ReadOptions,
} from './accounts.js';
import { type PoolAddresses, slotAddressesByBump } from './addresses.js';
import { SLOTS } from './constants.js';
import { decodeValidators, recordBytes } from './decode.js';
import type { ValidatorRecord } from './records.js';

/** Reads of a pool whose records change meanwhile. */
const ATTEMPTS = 5;
/** Slots that are read in the same call as the books: a call takes a hundred accounts. */
const ROOM = 90;
/** Validators whose slots are read between two words of progress: four calls. */
const STEP = 132;

/** A listed validator and its slots' accounts. */
export type ListedValidator = {
  /** Index of its record. */
  readonly index: number;
  /** Its vote account. */
  readonly vote: Address;
  /** Its record. */
  readonly record: ValidatorRecord;
  /** Addresses of its slots. */
  readonly slotKeys: readonly Address[];
  /** The accounts there, `null` where there is none. */
  readonly slots: readonly (RawAccount | null)[];
  /** True where the record has changed since the slots were read. */
  readonly isOlder: boolean;
};

/** How far a reading is. */
export type ReadProgress = {
  /** Stake accounts that were read. */
  readonly done: number;
  /** Of so many. */
  readonly all: number;
  /** Stake accounts whose records changed meanwhile, which are read again. */
  readonly again: number;
};

/** Reads the books of a pool and `more` accounts, of one slot where they are no more than 90. */
export type ReadBooks<Books> = (more: readonly Address[]) => Promise<{
  books: Books;
  /** The validator list. */
  list: RawAccount;
  /** The accounts that were asked for. */
  more: readonly (RawAccount | null)[];
}>;

/**
 * Reads every stake slot of a pool, then its books in one call and so of one slot. A validator whose
 * record has changed since its slots were read is read again, in that same call where they are few.
 * Anyone can change records by a lamport, as often as they like: after five tries slots are taken
 * that may be moments older than their records, which `isOlder` says.
 *
 * @throws {@link FetchError}, with the fault `moving` where other validators are listed five times
 * meanwhile; kit's errors of the server.
 */
export async function readListed<Books>(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  readBooks: ReadBooks<Books>,
  options: ReadOptions & { onProgress?: (progress: ReadProgress) => void } = {},
): Promise<{ books: Books; validators: readonly ListedValidator[] }> {
  const { onProgress = () => undefined } = options;
  const { accounts } = await readAccounts(rpc, [addresses.validators], options);
  let list = mustExist(accounts[0], addresses.validators);
  let validators = await readAll(rpc, addresses, list, options, onProgress);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    options.abortSignal?.throwIfAborted();
    const older = validators.filter(({ isOlder }) => isOlder);
    const keys = older.flatMap(({ slotKeys }) => slotKeys);
    const all = validators.length * SLOTS;
    if (keys.length > 0) onProgress({ done: all - keys.length, all, again: keys.length });
    const fits = keys.length <= ROOM;
    if (!fits)
      validators = withSlots(validators, (await readAccounts(rpc, keys, options)).accounts);
    const { books, list: newest, more } = await readBooks(fits ? keys : []);
    if (fits) validators = withSlots(validators, more);
    const current = new Set(fits ? older.map(({ vote }) => vote) : []);
    const updated = withRecords(validators, list, newest, current);
    list = newest;
    if (updated === null) {
      validators = await readAll(rpc, addresses, list, options, onProgress);
      continue;
    }
    validators = updated;
    const isFresh = validators.every(({ isOlder }) => !isOlder);
    if (isFresh || attempt === ATTEMPTS) return { books, validators };
  }
  throw new FetchError(
    'moving',
    `${addresses.validators} gets other validators faster than the pool can be read; try again`,
    addresses.validators,
  );
}

type Live = { readonly index: number; readonly vote: Address; readonly record: ValidatorRecord };

function liveIn(list: RawAccount): Live[] {
  return decodeValidators(list).records.flatMap((record, index) =>
    record.vote === null ? [] : [{ index, vote: record.vote, record }],
  );
}

async function readAll(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: PoolAddresses,
  list: RawAccount,
  options: ReadOptions,
  onProgress: (progress: ReadProgress) => void,
): Promise<readonly ListedValidator[]> {
  const live = liveIn(list);
  const all = live.length * SLOTS;
  const validators: ListedValidator[] = [];
  onProgress({ done: 0, all, again: 0 });
  for (let at = 0; at < live.length; at += STEP) {
    options.abortSignal?.throwIfAborted();
    const step = await Promise.all(
      live.slice(at, at + STEP).map(async (one) => {
        const bumps = one.record.slots.map(({ bump }) => bump);
        const slotKeys = await slotAddressesByBump(addresses, one.vote, bumps);
        return { ...one, slotKeys, slots: [], isOlder: true };
      }),
    );
    const keys = step.flatMap(({ slotKeys }) => slotKeys);
    validators.push(...withSlots(step, (await readAccounts(rpc, keys, options)).accounts));
    onProgress({ done: validators.length * SLOTS, all, again: 0 });
  }
  return validators;
}

/** Takes in what the slots hold of those that were older than their records, in their order. */
function withSlots(
  validators: readonly ListedValidator[],
  accounts: readonly (RawAccount | null)[],
): readonly ListedValidator[] {
  let next = 0;
  return validators.map((one) => {
    if (!one.isOlder) return one;
    const slots = accounts.slice(next, (next += SLOTS));
    return { ...one, slots, isOlder: false };
  });
}

/**
 * Takes in the records of `newest`, newer than the slots of all but those in `current`; `null` where
 * other validators are listed there than in `list`.
 */
function withRecords(
  validators: readonly ListedValidator[],
  list: RawAccount,
  newest: RawAccount,
  current: ReadonlySet<Address>,
): readonly ListedValidator[] | null {
  const live = liveIn(newest);
  const isSame = ({ index, vote }: Live, place: number) =>
    validators[place]?.index === index && validators[place].vote === vote;
  if (live.length !== validators.length || !live.every(isSame)) return null;
  return validators.map((one, place) => {
    const { index, vote } = one;
    const hasChanged = !isEqual(recordBytes(list, index), recordBytes(newest, index));
    const record = live[place]?.record ?? one.record;
    return { ...one, record, isOlder: hasChanged && !current.has(vote) };
  });
}

function isEqual(a: ReadonlyUint8Array, b: ReadonlyUint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
