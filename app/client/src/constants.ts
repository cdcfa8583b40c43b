import { address } from '@solana/kit';

/** The stake program. */
export const STAKE_PROGRAM = address('Stake11111111111111111111111111111111111111');
/** The vote program. */
export const VOTE_PROGRAM = address('Vote111111111111111111111111111111111111111');
/** The Metaplex token metadata program. */
export const METADATA_PROGRAM = address('metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s');
/** The token program of share mints. */
export const TOKEN_PROGRAM = address('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA');
/** Token-2022, which some SPL stake pools use. */
export const TOKEN_2022_PROGRAM = address('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb');
/** The system program. */
export const SYSTEM_PROGRAM = address('11111111111111111111111111111111');
/** The Clock sysvar. */
export const CLOCK_SYSVAR = address('SysvarC1ock11111111111111111111111111111111');
/** The EpochSchedule sysvar. */
export const SCHEDULE_SYSVAR = address('SysvarEpochSchedu1e111111111111111111111111');
/** The Rent sysvar. */
export const RENT_SYSVAR = address('SysvarRent111111111111111111111111111111111');
/** The EpochRewards sysvar. */
export const REWARDS_SYSVAR = address('SysvarEpochRewards1111111111111111111111111');
/** The StakeHistory sysvar. */
export const HISTORY_SYSVAR = address('SysvarStakeHistory1111111111111111111111111');

/** Lamports of one SOL, and base units of one share. */
export const UNIT = 1_000_000_000n;
/** Parts of the whole in which rates and yields are given. */
export const PPB = 1_000_000_000n;
/** The largest 64-bit amount. */
export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** Stake slots per validator. */
export const SLOTS = 3;
/** Entries of the pool's history. */
export const RING = 64;
/** Bytes of a stake account. */
export const STAKE_ACCOUNT_BYTES = 200;
/** Bytes of a vote account, whose rent must stay after an admission ticket is taken. */
export const VOTE_ACCOUNT_BYTES = 3_762;
/** What a seat in an epoch costs a validator, lamports, taken from its vote account one epoch ahead. */
export const ADMISSION_TICKET_LAMPORTS = 800_000_000n;
/** Pages warn where a vote account holds fewer tickets than this. */
export const FEW_TICKETS = 3n;
/** Bytes of a token account. */
export const TOKEN_ACCOUNT_BYTES = 165;
/** The reserve's float, in rents of a stake account. */
export const FLOAT_RENTS = 8n;
/** The smallest sensible delegation, and the stake program's minimum until a pool asked it, lamports. */
export const MIN_DELEGATION = 1_000_000_000n;
/** Deposits and instant exits close after this many epochs without a finalize. */
export const MAX_MISSED_EPOCHS = 3n;
/** Deposits and instant exits close this long after the last finalize, seconds. */
export const MAX_STALE_SECONDS = 345_600n;
/** Without a finalize for this long anyone may wind the pool down, seconds. */
export const ABANDONED_SECONDS = 2_592_000n;
/** How long a proposal may be applied once its delay is over, seconds. */
export const PROPOSAL_LIFE_SECONDS = 604_800n;
