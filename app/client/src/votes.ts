import { type Address, getAddressDecoder, getU16Decoder, getU32Decoder } from '@solana/kit';
import type { RawAccount } from './accounts.js';
import { SYSTEM_PROGRAM, VOTE_PROGRAM } from './constants.js';
import type { Pool } from './generated/index.js';
import { weightIn, type ValidatorRecord } from './records.js';

/** Bytes of a vote account that {@link decodeVote} reads: the rest is 3.6 KB of votes. */
export const VOTE_HEAD_BYTES = 145;

/** What a vote account's head shows. */
export type VoteHead = {
  /** True where it can be delegated to. */
  hasVote: boolean;
  /** True where it was closed. */
  isClosed: boolean;
  /** The validator's node. */
  identity: Address | null;
  /** Part of the inflation rewards that it keeps, basis points. */
  commissionBps: number | null;
  /** True where a BLS key is registered; `null` where that is not known. */
  hasBlsKey: boolean | null;
};

/**
 * A rule that a validator breaks. `notVoting` takes whole vote accounts, which `fetchVotes`
 * reads; all others show in a record and the head of a vote account.
 */
export type ShownViolation = 'lowYield' | 'commission' | 'noBlsKey' | 'closed' | 'notVoting';

/** A validator's yield is low below this part of the pool's mean, per cent. */
const LEAST_YIELD_PERCENT = 80;
/** In so many of the last three epochs a low yield is a violation. */
const LOW_EPOCHS = 2;
const NODE_AT = 4;
/** Offset of the commission by layout: in per cent before layout 4, in basis points since. */
const COMMISSION_AT = 68;
const COMMISSION_BPS_AT = 132;
const BLS_AT = 144;
const LAYOUT_4 = 3;

/** Decodes the head of a vote account. */
export function decodeVote(account: RawAccount | null): VoteHead {
  const none = { identity: null, commissionBps: null, hasBlsKey: null };
  if (account === null || account.lamports === 0n || account.owner === SYSTEM_PROGRAM) {
    return { hasVote: false, isClosed: true, ...none };
  }
  const { data } = account;
  const isVote = account.owner === VOTE_PROGRAM && data.length >= VOTE_HEAD_BYTES;
  const tag = isVote ? getU32Decoder().decode(data) : 0;
  if (tag < 1 || tag > LAYOUT_4) return { hasVote: false, isClosed: false, ...none };
  const isNew = tag === LAYOUT_4;
  return {
    hasVote: true,
    isClosed: false,
    identity: getAddressDecoder().decode(data, NODE_AT),
    commissionBps: isNew
      ? getU16Decoder().decode(data, COMMISSION_BPS_AT)
      : (data[COMMISSION_AT] ?? 0) * 100,
    hasBlsKey: isNew && data[BLS_AT] === 1,
  };
}

/**
 * The rule that a validator breaks, as a review would find it: the first of low yield, closed vote
 * account, commission, BLS key.
 */
export function violationOf(
  pool: Pool,
  record: ValidatorRecord,
  vote: VoteHead,
): Exclude<ShownViolation, 'notVoting'> | null {
  if (hasLowYield(pool, record)) return 'lowYield';
  if (vote.isClosed) return 'closed';
  if ((vote.commissionBps ?? 0) > pool.config.maxCommissionBps) return 'commission';
  if (pool.config.requireBls === 1 && vote.hasBlsKey === false) return 'noBlsKey';
  return null;
}

/** What a validator does for the pool, in a word; as `thaw validators` tells it. */
export type ValidatorStatus =
  'leaving' | 'setAside' | 'noVoteAccount' | 'odd' | 'active' | 'warming' | 'cooling' | 'empty';

/** What a validator does for the pool. */
export function statusOf(record: ValidatorRecord, hasVote: boolean): ValidatorStatus {
  const has = (state: string) => record.slots.some((slot) => slot.state === state);
  if (record.isLeaving) return 'leaving';
  if (record.isSetAside) return 'setAside';
  if (!hasVote) return 'noVoteAccount';
  if (has('odd')) return 'odd';
  if (record.main !== null) return 'active';
  if (has('activating')) return 'warming';
  return has('cooling') ? 'cooling' : 'empty';
}

/** True where a validator's weight counts, and still will after the next finalize. */
export function hasWeight(pool: Pool, record: ValidatorRecord): boolean {
  return weightIn(record, pool) > 0 && record.nextWeight > 0 && !record.isSetAside;
}

/** Record and pool speak of the same epochs only if both are of the same one. */
function hasLowYield(pool: Pool, record: ValidatorRecord): boolean {
  const low = record.yieldsPpb.filter((own, place) => {
    const mean = pool.meanYieldsPpb[place] ?? 0;
    return own !== null && own * 100 < mean * LEAST_YIELD_PERCENT;
  });
  return record.bookedEpoch === pool.epoch && low.length >= LOW_EPOCHS;
}
