import { readFileSync } from 'node:fs';
import {
  type Address,
  getBase58Encoder,
  getBase64Decoder,
  getBase64Encoder,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import type { RawAccount } from '../src/accounts.js';
import type { Seat } from '../src/votes.js';

/** An amount as text, or nothing. */
export type Text = string | null;
/** Code, and what was found and allowed. */
export type Brief = [code: number, found?: string, allowed?: string];
/** Owner, lamports, length of the data, data without zeros at its end. */
export type Stored = [owner: Address, lamports: string, length: number, data: string];

/** What a vote account offers. */
export type ToldSeat = { hasVote: boolean; lacksBlsKey: boolean; lamports: string };

/** Reads a file that `tests/view/vectors.rs` wrote. */
export function vectors<T>(name: string): T {
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** The amounts of texts. */
export function big(text: string): bigint;
export function big(text: Text): bigint | null;
export function big(text: Text): bigint | null {
  return text === null ? null : BigInt(text);
}

/** A seat as the client reads it. */
export function seatOf({ lamports, ...seat }: ToldSeat): Seat {
  return { ...seat, lamports: BigInt(lamports) };
}

/** Bytes of base64. */
export function bytesOf(text: string): ReadonlyUint8Array {
  return getBase64Encoder().encode(text);
}

/** Accounts as the vectors hold them. */
export function accountsOf(stored: Record<string, Stored>): Map<Address, RawAccount> {
  const entries = Object.entries(stored).map(([key, [owner, lamports, length, text]]) => {
    const data = new Uint8Array(length);
    data.set(bytesOf(text));
    const address = key as Address;
    return [address, { address, owner, lamports: BigInt(lamports), data }] as const;
  });
  return new Map(entries);
}

type Sliced = { dataSlice?: { offset: number; length: number } };
type Filter =
  { dataSize: bigint } | { memcmp: { offset: bigint; bytes: string; encoding: string } };

/** A server that has these accounts and answers as a real one does. */
export function server(
  accounts: ReadonlyMap<Address, RawAccount>,
): Rpc<GetMultipleAccountsApi & GetProgramAccountsApi> {
  const show = ({ owner, lamports, data }: RawAccount, { dataSlice }: Sliced) => {
    const part =
      dataSlice === undefined
        ? data
        : data.slice(dataSlice.offset, dataSlice.offset + dataSlice.length);
    return { owner, lamports, data: [getBase64Decoder().decode(part), 'base64'] };
  };
  const rpc = {
    getMultipleAccounts: (keys: Address[], config: Sliced) => ({
      send: async () => {
        if (keys.length > 100) throw new Error('Too many inputs provided; max 100');
        const value = keys.map((key) => {
          const found = accounts.get(key);
          return found === undefined ? null : show(found, config);
        });
        return { context: { slot: 77n }, value };
      },
    }),
    getProgramAccounts: (program: Address, config: Sliced & { filters: Filter[] }) => ({
      send: async () =>
        [...accounts.values()]
          .filter(({ owner }) => owner === program)
          .filter(({ data }) => config.filters.every((filter) => passes(filter, data)))
          .map((account) => ({ pubkey: account.address, account: show(account, config) })),
    }),
  };
  return rpc as unknown as Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>;
}

function passes(filter: Filter, data: ReadonlyUint8Array): boolean {
  if ('dataSize' in filter) return BigInt(data.length) === filter.dataSize;
  const { offset, bytes, encoding } = filter.memcmp;
  const wanted = encoding === 'base58' ? getBase58Encoder().encode(bytes) : bytesOf(bytes);
  return wanted.every((byte, place) => data[Number(offset) + place] === byte);
}
