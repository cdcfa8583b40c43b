import type { Decoder, ReadonlyUint8Array } from '@solana/kit';
import { FetchError, type RawAccount, startsWith } from './accounts.js';
import {
  type Batch,
  BATCH_DISCRIMINATOR,
  getBatchDecoder,
  getPoolDecoder,
  getTicketDecoder,
  getValidatorListDecoder,
  type Pool,
  POOL_DISCRIMINATOR,
  THAW_PROGRAM_ADDRESS,
  type Ticket,
  TICKET_DISCRIMINATOR,
  VALIDATOR_LIST_DISCRIMINATOR,
  type ValidatorList,
} from './generated/index.js';
import { decodeRecord, RECORD_BYTES, type ValidatorRecord } from './records.js';

/** Bytes before the first record of a validator list. */
const LIST_HEADER_BYTES = 64;

/** An account to decode: its bytes, and whose they are where that is to be checked. */
export type Encoded = Pick<RawAccount, 'data'> & Partial<Pick<RawAccount, 'owner' | 'address'>>;

/**
 * A pool.
 *
 * @throws {@link FetchError} where it is none.
 */
export function decodePoolAccount(account: Encoded): Pool {
  return decodeAs(account, POOL_DISCRIMINATOR, getPoolDecoder(), 'pool');
}

/**
 * A withdrawal batch.
 *
 * @throws {@link FetchError} where it is none.
 */
export function decodeBatchAccount(account: Encoded): Batch {
  return decodeAs(account, BATCH_DISCRIMINATOR, getBatchDecoder(), 'batch');
}

/**
 * A ticket.
 *
 * @throws {@link FetchError} where it is none.
 */
export function decodeTicketAccount(account: Encoded): Ticket {
  return decodeAs(account, TICKET_DISCRIMINATOR, getTicketDecoder(), 'ticket');
}

/**
 * A validator list: its header and all records in use, free ones among them. A record's place is its
 * index.
 *
 * @throws {@link FetchError} where it is none.
 */
export function decodeValidators(account: Encoded): {
  header: ValidatorList;
  records: ValidatorRecord[];
} {
  const decoder = getValidatorListDecoder();
  const header = decodeAs(account, VALIDATOR_LIST_DISCRIMINATOR, decoder, 'validator list');
  const room = Math.floor((account.data.length - LIST_HEADER_BYTES) / RECORD_BYTES);
  const records = Array.from({ length: Math.min(header.count, room) }, (_, index) =>
    decodeRecord(account.data, LIST_HEADER_BYTES + index * RECORD_BYTES),
  );
  return { header, records };
}

/** The bytes of the record at `index`. */
export function recordBytes({ data }: Encoded, index: number): ReadonlyUint8Array {
  const at = LIST_HEADER_BYTES + index * RECORD_BYTES;
  return data.slice(at, at + RECORD_BYTES);
}

function decodeAs<T>(
  { data, owner, address }: Encoded,
  discriminator: ReadonlyUint8Array,
  decoder: Decoder<T>,
  what: string,
): T {
  const isOurs = owner === undefined || owner === THAW_PROGRAM_ADDRESS;
  try {
    if (isOurs && startsWith(data, discriminator)) return decoder.decode(data);
  } catch {
    // The data ends early.
  }
  const where = address === undefined ? 'the account' : `the account at ${address}`;
  throw new FetchError('wrongType', `${where} is no ${what} of Thaw`, address ?? null);
}
