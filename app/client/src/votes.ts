import { type Address, getAddressDecoder, getU16Decoder, getU32Decoder } from '@solana/kit';
import type { RawAccount } from './accounts.js';
import { ADMISSION_TICKET_LAMPORTS, VOTE_ACCOUNT_BYTES, VOTE_PROGRAM } from './constants.js';
import { isMoveWindow } from './gates.js';
import type { Pool } from './generated/index.js';
import { minusOrZero } from './math/amounts.js';
import { DEFICIT_LIMIT_PPM } from './math/standing.js';
import type { PoolState } from './pool.js';
import { deficitWithNewest, type ValidatorRecord, weightIn } from './records.js';
import type { Rent } from './sysvars.js';

/** Bytes of a vote account that {@link decodeVote} reads: the rest is 3.6 KB of votes. */
export const VOTE_HEAD_BYTES = 145;

/**
 * What admission to the next epoch asks of a vote account, apart from its stake: a BLS key, and the
 * lamports of a ticket beyond its rent. A validator that is left out earns nothing.
 */
export type Seat = {
  /** True where it can be delegated to; false where it was closed. */
  hasVote: boolean;
  /** It is known that no BLS key is registered. A later layout may hold one in another place. */
  lacksBlsKey: boolean;
  /** The account's lamports. */
  lamports: bigint;
};

/** What a vote account's head shows. */
export type VoteHead = {
  /** What it offers. */
  seat: Seat;
  /** The validator's node; `null` in a layout that is not known. */
  identity: Address | null;
  /** Part of the inflation rewards that it keeps, basis points; `null` in a layout that is not known. */
  commissionBps: number | null;
};

/** A rule that a validator breaks. */
export type ShownViolation = 'lowYield' | 'closed' | 'commission' | 'noBlsKey' | 'cannotBeAdmitted';

const NODE_AT = 4;
/** Offset of the commission by layout: in per cent before layout 4, in basis points since. */
const COMMISSION_AT = 68;
const COMMISSION_BPS_AT = 132;
const BLS_FLAG_AT = 144;
const LAYOUT_4 = 3;

/** Decodes the head of a vote account. */
export function decodeVote(account: RawAccount | null): VoteHead {
  const { data, lamports = 0n } = account ?? {};
  const tag = data !== undefined && data.length >= 4 ? getU32Decoder().decode(data) : 0;
  const flag = data?.[BLS_FLAG_AT];
  const seat: Seat = {
    hasVote: tag !== 0 && account?.owner === VOTE_PROGRAM,
    lacksBlsKey: tag < LAYOUT_4 || (tag === LAYOUT_4 && flag !== 1),
    lamports,
  };
  const isKnown = tag < LAYOUT_4 || (tag === LAYOUT_4 && (flag === 0 || flag === 1));
  if (!seat.hasVote || !isKnown || data === undefined || data.length < VOTE_HEAD_BYTES) {
    return { seat, identity: null, commissionBps: null };
  }
  return {
    seat,
    identity: getAddressDecoder().decode(data, NODE_AT),
    commissionBps:
      tag === LAYOUT_4
        ? getU16Decoder().decode(data, COMMISSION_BPS_AT)
        : (data[COMMISSION_AT] ?? 0) * 100,
  };
}

/** The least lamports that a vote account must hold to be admitted. */
export function leastSeatLamports(rent: Rent): bigint {
  return rent.minimumBalance(VOTE_ACCOUNT_BYTES) + ADMISSION_TICKET_LAMPORTS;
}

/** True where nothing but the stakes of others can keep the validator out of the next epoch. */
export function canBeAdmitted(seat: Seat, rent: Rent): boolean {
  return seat.hasVote && !seat.lacksBlsKey && seat.lamports >= leastSeatLamports(rent);
}

/** How many admission tickets the vote account can still pay, one an epoch. */
export function ticketsOf({ lamports }: Seat, rent: Rent): bigint {
  const spare = minusOrZero(lamports, rent.minimumBalance(VOTE_ACCOUNT_BYTES));
  return spare / ADMISSION_TICKET_LAMPORTS;
}

/**
 * The rule that a validator breaks, as a review finds it: the first of low yield, closed vote account,
 * commission, BLS key, admission. A missing admission ticket breaks it in the move window only: before,
 * the vote account may still take it in.
 */
export function violationOf(
  { pool, rent, clock, schedule }: Pick<PoolState, 'pool' | 'rent' | 'clock' | 'schedule'>,
  {
    record,
    seat,
    commissionBps,
  }: Pick<VoteHead, 'seat' | 'commissionBps'> & { record: ValidatorRecord },
): ShownViolation | null {
  if (deficitWithNewest(record, pool) >= DEFICIT_LIMIT_PPM) return 'lowYield';
  if (!seat.hasVote) return 'closed';
  if ((commissionBps ?? 0) > pool.config.maxCommissionBps) return 'commission';
  if (pool.config.requireBls !== 1) return null;
  if (commissionBps !== null && seat.lacksBlsKey) return 'noBlsKey';
  const lacksTicket = seat.lamports < leastSeatLamports(rent);
  return lacksTicket && isMoveWindow(pool, clock, schedule) ? 'cannotBeAdmitted' : null;
}

/** What a validator does for the pool, in a word; as `thaw validators` tells it. */
export type ValidatorStatus =
  | 'leaving'
  | 'setAside'
  | 'noVoteAccount'
  | 'noSeat'
  | 'odd'
  | 'active'
  | 'warming'
  | 'cooling'
  | 'empty';

/** What a validator does for the pool. */
export function statusOf(
  { pool, rent }: Pick<PoolState, 'pool' | 'rent'>,
  record: ValidatorRecord,
  seat: Seat,
): ValidatorStatus {
  const has = (state: string) => record.slots.some((slot) => slot.state === state);
  if (record.isLeaving) return 'leaving';
  if (record.isSetAside) return 'setAside';
  if (!seat.hasVote) return 'noVoteAccount';
  if (pool.config.requireBls === 1 && !canBeAdmitted(seat, rent)) return 'noSeat';
  if (has('odd')) return 'odd';
  if (record.main !== null) return 'active';
  if (has('activating')) return 'warming';
  return has('cooling') ? 'cooling' : 'empty';
}

/** True where a validator's weight counts, and still will after the next finalize. */
export function hasWeight(pool: Pool, record: ValidatorRecord): boolean {
  return weightIn(record, pool) > 0 && record.nextWeight > 0 && !record.isSetAside;
}
