//! Seeds, limits and the caps no authority can pass.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use anchor_lang::prelude::*;

/// Lamports of one SOL.
pub const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Owner of every vote account.
pub const VOTE_PROGRAM: Pubkey = pubkey!("Vote111111111111111111111111111111111111111");
/// Bytes of a vote account, whose rent must stay after an admission ticket is taken.
pub const VOTE_ACCOUNT_BYTES: usize = 3_762;
/// What a seat in an epoch costs, lamports, taken from the vote account one epoch ahead (SIMD-0357; 0.8
/// SOL since slots last 200 ms, SIMD-0525).
#[constant]
pub const ADMISSION_TICKET_LAMPORTS: u64 = 800_000_000;
/// Clients warn where a vote account holds fewer tickets than this.
pub const FEW_TICKETS: u64 = 3;

/// The Metaplex token metadata program.
pub const METADATA_PROGRAM: Pubkey = pubkey!("metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s");
/// Longest name, symbol and link that it takes, bytes.
pub const METADATA_BYTES: (usize, usize, usize) = (32, 10, 200);

/// Seed of a pool: `["pool", share_mint]`.
pub const POOL_SEED: &[u8] = b"pool";
/// Seed of the account that holds liquid SOL: `["reserve", pool]`.
pub const RESERVE_SEED: &[u8] = b"reserve";
/// Seed of the signer over stake, mint and escrow: `["authority", pool]`.
pub const AUTHORITY_SEED: &[u8] = b"authority";
/// Seed of the validator list: `["validators", pool]`.
pub const VALIDATORS_SEED: &[u8] = b"validators";
/// Seed of the marker that makes a vote account unique in a list: `["validator", pool, vote]`.
pub const MARKER_SEED: &[u8] = b"validator";
/// Seed of a stake slot: `["stake", pool, vote, 0..2]`.
pub const SLOT_SEED: &[u8] = b"stake";
/// Seed of a withdrawal batch: `["batch", pool, serial]`.
pub const BATCH_SEED: &[u8] = b"batch";
/// Seed of a ticket: `["ticket", pool, first owner, nonce]`.
pub const TICKET_SEED: &[u8] = b"ticket";
/// Seed of the token account for shares in open batches: `["escrow", pool]`.
pub const ESCROW_SEED: &[u8] = b"escrow";
/// Seed of the token account for the shares that can never leave: `["bootstrap", pool]`.
pub const BOOTSTRAP_SEED: &[u8] = b"bootstrap";
/// Seed of a pool's view in the layout of an SPL stake pool: `["spl-view", pool]`.
pub const SPL_VIEW_SEED: &[u8] = b"spl-view";

/// Seed of the share mint's metadata, of the metadata program: `["metadata", program, mint]`.
pub const METADATA_SEED: &[u8] = b"metadata";

/// Layout version of every account.
pub const VERSION: u8 = 1;
/// Stake slots per validator: one main, one activating, one cooling.
pub const SLOTS: usize = 3;
/// Epochs whose yields are kept, of validators and of the pool.
pub const YIELDS: usize = 3;
/// Entries of the history ring.
pub const RING: usize = 64;
/// Bytes of a stake account, whose live rent a slot keeps.
pub const STAKE_ACCOUNT_BYTES: usize = 200;
/// The float, in live rents of a stake account.
pub const FLOAT_RENTS: u64 = 8;
/// A list grows by at most this many bytes per instruction, the runtime's limit.
pub const LIST_STEP_BYTES: usize = 10_240;
/// Largest list, the runtime's limit for an account.
pub const LIST_MAX_BYTES: usize = 10 * 1024 * 1024;

/// Smallest first deposit, lamports. Its shares are locked for ever.
#[constant]
pub const MIN_BOOTSTRAP_LAMPORTS: u64 = 1_000_000_000;
/// Decimals of the share mint.
#[constant]
pub const SHARE_DECIMALS: u8 = 9;
/// Deposits and instant exits close when this many epochs have passed without a finalize.
#[constant]
pub const MAX_MISSED_EPOCHS: u64 = 3;
/// Deposits and instant exits close this long after the last finalize, seconds: 4 days.
#[constant]
pub const MAX_STALE_SECONDS: i64 = 4 * 86_400;
/// A batch this many epochs old may take stake from any validator.
pub const OVERDUE_EPOCHS: u64 = 2;
/// The compliant epochs that bring weight back double with each relapse up to this one: 64.
pub const MAX_RELAPSES: u8 = 6;
/// A relapse is forgotten after so many epochs without another review that changed something.
pub const RELAPSE_EPOCHS: u64 = 32;

/// Highest reward fee, basis points.
pub const MAX_REWARD_FEE_BPS: u16 = 1_000;
/// Highest deposit fee and stake withdrawal fee, basis points.
pub const MAX_DEPOSIT_FEE_BPS: u16 = 50;
/// Lowest stake withdrawal fee, basis points: about one epoch's yield. Stake that leaves takes along
/// what it earns in the running epoch; for less, stake could be moved between validators, or warmed
/// up, at the holders' expense.
pub const MIN_STAKE_WITHDRAWAL_FEE_BPS: u16 = 2;
/// Highest instant exit fee, basis points.
pub const MAX_INSTANT_FEE_BPS: u16 = 300;
/// Highest haircut per missed epoch on instant exits, basis points.
pub const MAX_STALE_HAIRCUT_BPS: u16 = 100;
/// Most of the assets that may leave instantly between a boundary and finalize, basis points.
pub const MAX_STALE_EXIT_BPS: u16 = 25;
/// Shortest and longest release of a gain, seconds: half a day to 3 days.
pub const RELEASE_SECONDS: (u32, u32) = (43_200, 259_200);
/// Smallest and largest move window, basis points of an epoch's slots.
pub const MOVE_WINDOW_BPS: (u16, u16) = (1_000, 10_000);
/// Highest liquidity target, basis points of assets.
pub const MAX_LIQUIDITY_TARGET_BPS: u16 = 2_000;
/// Largest piece, basis points of assets.
pub const MAX_PIECE_BPS: u16 = 100;
/// Smallest and largest rebalancing per epoch, basis points of assets.
pub const REBALANCE_BPS: (u16, u16) = (100, 2_000);
/// Most weight that reviews may set aside per epoch, basis points of all weight.
pub const MAX_ASIDE_BPS: u16 = 2_000;
/// Most sensitive circuit breaker, basis points of assets lost in one finalize.
pub const MIN_CIRCUIT_LOSS_BPS: u16 = 50;
/// Shortest and longest wait before a config change applies, seconds: 48 hours to 30 days.
pub const CONFIG_DELAY_SECONDS: (u32, u32) = (172_800, 2_592_000);
/// Longest pause, seconds: 72 hours.
pub const MAX_PAUSE_SECONDS: u32 = 259_200;
/// From the end of a pause until the guardian may pause again, seconds: 24 hours.
pub const PAUSE_COOL_DOWN_SECONDS: i64 = 86_400;
/// How long a proposal may be applied once its delay is over, seconds: 7 days.
pub const PROPOSAL_LIFE_SECONDS: i64 = 604_800;
/// Without a finalize for this long anyone may wind the pool down, seconds: 30 days.
pub const ABANDONED_SECONDS: i64 = 2_592_000;
