import {
  type Address,
  type GetMultipleAccountsApi,
  getU32Decoder,
  getU64Decoder,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';
import { type RawAccount, readAccounts, type ReadOptions } from './accounts.js';
import { VOTE_PROGRAM } from './constants.js';
import type { Pool } from './generated/index.js';
import type { ValidatorRecord } from './records.js';
import type { ValidatorView } from './validators.js';

/** Tags of the layouts that are in use. */
const V1_14_11 = 1;
const V3 = 2;
const V4 = 3;
/** Bytes before the votes: tag, keys, commission. Layout 4 has an optional BLS key after them. */
const HEAD_BYTES = 4 + 32 + 32 + 1;
const HEAD_4_BYTES = 4 + 4 * 32 + 2 + 2 + 8;
const BLS_BYTES = 48;
const VOTER_BYTES = 8 + 32;
/** The ring of prior voters in layouts before 4, without its last byte, a flag. */
const PRIOR_VOTERS_BYTES = 32 * 48 + 8;
/** An entry of the credit history: epoch, credits, credits before. */
const CREDITS_BYTES = 24;
const TIMESTAMP_BYTES = 8 + 8;

/** Epochs in which a vote account earned credits; `null` where it cannot be read. */
export function votedEpochs(account: RawAccount | null): ReadonlySet<bigint> | null {
  if (account === null || account.owner !== VOTE_PROGRAM) return null;
  try {
    return readCredits(new Cursor(account.data));
  } catch {
    // The data ends early, or a flag is none.
    return null;
  }
}

/** As `VoteView::parse` in `state/vote.rs`. Throws where it finds `None`. */
function readCredits(rest: Cursor): ReadonlySet<bigint> | null {
  const tag = getU32Decoder().decode(rest.take(4));
  if (tag === V1_14_11 || tag === V3) {
    rest.take(HEAD_BYTES - 4);
  } else if (tag === V4) {
    rest.take(HEAD_4_BYTES - 4);
    rest.option(BLS_BYTES);
  } else {
    return null;
  }
  rest.list(tag === V1_14_11 ? 12 : 13);
  rest.option(8);
  const voters = rest.list(VOTER_BYTES);
  if (tag !== V4) {
    rest.take(PRIOR_VOTERS_BYTES);
    rest.flag();
  }
  const credits = rest.list(CREDITS_BYTES);
  rest.take(TIMESTAMP_BYTES);
  // Without an authorised voter it is not in use.
  if (voters.length === 0) return null;
  const epochs = new Set<bigint>();
  for (let at = 0; at < credits.length; at += CREDITS_BYTES) {
    const [epoch, earned, before] = [0, 8, 16].map((part) =>
      getU64Decoder().decode(credits, at + part),
    ) as [bigint, bigint, bigint];
    if (earned > before) epochs.add(epoch);
  }
  return epochs;
}

/** Epochs in which vote accounts earned credits, by their addresses; `null` for what is unreadable. */
export type Votes = ReadonlyMap<Address, ReadonlySet<bigint> | null>;

/**
 * Reads in which epochs validators voted: their vote accounts whole, 3.7 KB each. Past epochs do not
 * change, so once per epoch is enough.
 *
 * @throws {@link FetchError}; kit's errors of the server.
 */
export async function fetchVotes(
  rpc: Rpc<GetMultipleAccountsApi>,
  votes: readonly Address[],
  options: ReadOptions = {},
): Promise<Votes> {
  const { accounts } = await readAccounts(rpc, votes, options);
  return new Map(votes.map((vote, place) => [vote, votedEpochs(accounts[place] ?? null)]));
}

/**
 * The validators with the rule `notVoting` for those that missed their votes, as a review would find
 * it: in neither of the two epochs before the pool's did they vote, in both of which the pool's stake
 * was active with them, and in both of which another listed validator did. It is the last rule that
 * a review looks at.
 */
export function withMissedVotes<View extends Judged>(
  pool: Pick<Pool, 'epoch'>,
  validators: readonly View[],
  votes: Votes,
): View[] {
  const epochs = [pool.epoch - 1n, pool.epoch - 2n];
  const voted = validators.map(({ vote }) => votes.get(vote));
  // Only beside one that voted is a vote missed: at times nobody can.
  const couldAnyone = voted.some((own) => epochs.every((epoch) => own?.has(epoch)));
  return validators.map((view, place) => {
    const own = voted[place];
    const hasMissed = !!own && !epochs.some((epoch) => own.has(epoch));
    const isMissed = couldAnyone && hasMissed && couldVote(pool, view.record);
    return isMissed && view.violation === null ? { ...view, violation: 'notVoting' } : view;
  });
}

/** What of a validator the judgement takes. */
type Judged = Pick<ValidatorView, 'vote' | 'record' | 'violation'>;

/**
 * True where the pool's stake was active with the validator in all of the last two epochs, as the
 * samples of both show: without stake nobody is asked to vote.
 */
function couldVote(pool: Pick<Pool, 'epoch'>, record: ValidatorRecord): boolean {
  const isSampled = record.yieldsPpb.slice(0, 2).every((ppb) => ppb !== null);
  return isSampled && record.bookedEpoch === pool.epoch;
}

/** Bytes from which parts are taken, as long as they last. */
class Cursor {
  #at = 0;

  constructor(private readonly data: ReadonlyUint8Array) {}

  take(bytes: number): ReadonlyUint8Array {
    const end = this.#at + bytes;
    if (end > this.data.length) throw new RangeError('the data ends early');
    const taken = this.data.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** A byte that is 0 or 1. */
  flag(): boolean {
    const [byte] = this.take(1);
    if (byte !== 0 && byte !== 1) throw new RangeError('a flag is 0 or 1');
    return byte === 1;
  }

  /** A flag, then `bytes` where it is set. */
  option(bytes: number): void {
    if (this.flag()) this.take(bytes);
  }

  /** A count, then so many times `bytes`. */
  list(bytes: number): ReadonlyUint8Array {
    const count = getU64Decoder().decode(this.take(8));
    if (count > BigInt(this.data.length)) throw new RangeError('the data ends early');
    return this.take(Number(count) * bytes);
  }
}
