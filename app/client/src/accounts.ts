import {
  type Address,
  type Commitment,
  getBase64Encoder,
  type GetMultipleAccountsApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import { COMMITMENT } from './pace.js';

/** Addresses that one call takes. */
const CHUNK = 100;
/** Calls under way at once. */
const WIDTH = 8;
/** Tries of one call of many: so that a server that fails now and then does not fail all. */
const TRIES = 3;

/** How an account is read. */
export type ReadOptions = {
  /** Stops the reading. */
  abortSignal?: AbortSignal | undefined;
  /** How final what is read must be; by default {@link COMMITMENT}. */
  commitment?: Commitment | undefined;
};

/** An account as the server has it. */
export type RawAccount = {
  /** Its address. */
  readonly address: Address;
  /** The program that owns it. */
  readonly owner: Address;
  /** Its lamports. */
  readonly lamports: bigint;
  /** Its data. */
  readonly data: ReadonlyUint8Array;
};

/** Accounts with the slot at which the server read them. */
export type RawAccounts = {
  /** The slot; of several calls, the oldest. */
  readonly slot: bigint;
  /** The accounts in the order asked for, `null` where there is none. */
  readonly accounts: readonly (RawAccount | null)[];
};

/** Why accounts could not be read as what they should be. */
export type FetchFault = 'missing' | 'wrongType' | 'noPool' | 'otherPool' | 'incomplete' | 'moving';

/** Accounts that are missing, or not what they should be. Errors of the server are kit's. */
export class FetchError extends Error {
  override readonly name = 'FetchError';

  constructor(
    /** What is wrong. */
    readonly fault: FetchFault,
    message: string,
    /** The account. */
    readonly address: Address | null = null,
  ) {
    super(message);
  }
}

/** How accounts are read, and which part of their data. */
type SliceOptions = ReadOptions & {
  dataSlice?: { offset: number; length: number } | undefined;
};

/**
 * Reads accounts: a hundred per call, eight calls at once. Where it takes several calls, one that
 * fails is made again, three times in all.
 *
 * @throws kit's errors of the server; {@link FetchError} where it leaves accounts out.
 */
export async function readAccounts(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: readonly Address[],
  options: SliceOptions = {},
): Promise<RawAccounts> {
  const count = Math.ceil(addresses.length / CHUNK);
  const answers: RawAccounts[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const place = next;
      next += 1;
      const chunk = addresses.slice(place * CHUNK, (place + 1) * CHUNK);
      answers[place] = await readPatiently(rpc, chunk, options, count > 1 ? TRIES : 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, count) }, work));
  const slots = answers.map(({ slot }) => slot);
  return {
    slot: slots.reduce((oldest, slot) => (slot < oldest ? slot : oldest), slots[0] ?? 0n),
    accounts: answers.flatMap(({ accounts }) => accounts),
  };
}

async function readPatiently(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: readonly Address[],
  options: SliceOptions,
  tries: number,
): Promise<RawAccounts> {
  for (let left = tries; ; left -= 1) {
    try {
      return await readChunk(rpc, addresses, options);
    } catch (error) {
      options.abortSignal?.throwIfAborted();
      if (left <= 1) throw error;
    }
  }
}

async function readChunk(
  rpc: Rpc<GetMultipleAccountsApi>,
  addresses: readonly Address[],
  options: SliceOptions,
): Promise<RawAccounts> {
  const { abortSignal, commitment, dataSlice } = options;
  const answer = await rpc
    .getMultipleAccounts(addresses, {
      commitment: commitment ?? COMMITMENT,
      encoding: 'base64',
      ...(dataSlice === undefined ? {} : { dataSlice }),
    })
    .send(abortSignal === undefined ? {} : { abortSignal });
  const { value } = answer;
  if (value.length !== addresses.length) {
    throw new FetchError(
      'incomplete',
      `the RPC server was asked for ${addresses.length} accounts and answered ${value.length}`,
    );
  }
  const accounts = addresses.map((address, place) => {
    const found = value[place];
    if (found === null || found === undefined) return null;
    const data = getBase64Encoder().encode(found.data[0]);
    return { address, owner: found.owner, lamports: BigInt(found.lamports), data };
  });
  return { slot: BigInt(answer.context.slot), accounts };
}

/** True where `data` starts with `bytes`. */
export function startsWith(data: ReadonlyUint8Array, bytes: ReadonlyUint8Array): boolean {
  return data.length >= bytes.length && bytes.every((byte, place) => data[place] === byte);
}

/**
 * The account, which must be there.
 *
 * @throws {@link FetchError} where it is not.
 */
export function mustExist(account: RawAccount | null | undefined, address: Address): RawAccount {
  if (account === null || account === undefined) {
    throw new FetchError('missing', `there is no account at ${address}`, address);
  }
  return account;
}
