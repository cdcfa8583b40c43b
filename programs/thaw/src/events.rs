//! One event per state change: what moved on both sides, the fee, and the totals after.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use anchor_lang::{Discriminator, solana_program::log::sol_log_data};
use bytemuck::{NoUninit, bytes_of};

use crate::prelude::*;

use crate::state::{Config, Pool, Record, Violation};

mod admin;

pub use admin::*;

/// Logs an event of holders' paths. Its fields are keys and 64-bit words without a gap, so what lies in
/// memory is what Borsh would write; writing it field by field costs hundreds of compute units.
#[inline(always)]
pub(crate) fn log<E: NoUninit + Discriminator>(event: &E) {
    const { assert!(E::DISCRIMINATOR.len() == TYPE_BYTES && size_of::<E>() <= MOST_BYTES) };
    let mut line = [0; TYPE_BYTES + MOST_BYTES];
    let (kind, rest) = line.split_at_mut(TYPE_BYTES);
    kind.copy_from_slice(E::DISCRIMINATOR);
    let (fields, _) = rest.split_at_mut(size_of::<E>());
    fields.copy_from_slice(bytes_of(event));
    sol_log_data(&[&line[..TYPE_BYTES.saturating_add(size_of::<E>())]]);
}

/// Bytes that tell an event's type.
const TYPE_BYTES: usize = 8;
/// Bytes of the longest event that [`log`] takes.
const MOST_BYTES: usize = 232;

/// A pool's totals after an instruction, in every event that changes them.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, NoUninit,
)]
pub struct Totals {
    /// Lamports behind the exit rate.
    pub nav_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
    /// Liquid lamports.
    pub reserve_lamports: u64,
    /// Lamports in stake slots.
    pub staked_lamports: u64,
    /// Lamports that belong to settled tickets.
    pub claimable_lamports: u64,
}

impl From<&Pool> for Totals {
    fn from(pool: &Pool) -> Self {
        Self {
            nav_lamports: pool.nav_lamports,
            shares: pool.shares,
            reserve_lamports: pool.reserve_lamports,
            staked_lamports: pool.staked_lamports,
            claimable_lamports: pool.claimable_lamports,
        }
    }
}

/// What is booked after an instruction that books one validator. With the totals before it this tells
/// that validator's stake and every booking apart.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, NoUninit,
)]
pub struct Bookings {
    /// Lamports in the validator's slots, rent included.
    pub validator_lamports: u64,
    /// Gain of the whole pool since the last finalize, lamports.
    pub pending_gain_lamports: u64,
    /// Loss of the whole pool since the last finalize, lamports.
    pub pending_loss_lamports: u64,
}

impl Bookings {
    /// Of a pool and one of its validators.
    pub fn of(pool: &Pool, record: &Record) -> Self {
        Self {
            validator_lamports: record.lamports(),
            pending_gain_lamports: pool.pending_gain_lamports,
            pending_loss_lamports: pool.pending_loss_lamports,
        }
    }
}

/// A pool was opened.
#[event]
pub struct PoolInitialized {
    /// The pool.
    pub pool: Pubkey,
    /// Its share mint.
    pub mint: Pubkey,
    /// Admin.
    pub admin: Pubkey,
    /// Operator.
    pub operator: Pubkey,
    /// Guardian.
    pub guardian: Pubkey,
    /// Token account for fee shares.
    pub treasury: Pubkey,
    /// Its parameters.
    pub config: Config,
    /// First deposit, shares of it locked for ever.
    pub bootstrap_lamports: u64,
    /// Current epoch.
    pub epoch: u64,
    /// Now, unix seconds.
    pub unix_time: i64,
}

/// SOL came in.
#[event]
#[repr(C)]
#[derive(Clone, Copy, NoUninit)]
pub struct SolDeposited {
    /// The pool.
    pub pool: Pubkey,
    /// Token account that got the shares.
    pub recipient: Pubkey,
    /// Lamports paid, fee included.
    pub lamports: u64,
    /// Deposit fee, lamports.
    pub fee_lamports: u64,
    /// Shares minted to the recipient.
    pub shares: u64,
    /// Shares minted to the referrer.
    pub referral_shares: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
}

/// Stake came in.
#[event]
#[repr(C)]
#[derive(Clone, Copy, NoUninit)]
pub struct StakeDeposited {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account it is delegated to.
    pub vote: Pubkey,
    /// The stake account that was taken.
    pub stake: Pubkey,
    /// Token account that got the shares.
    pub recipient: Pubkey,
    /// Lamports taken, fee included.
    pub lamports: u64,
    /// Deposit fee, lamports.
    pub fee_lamports: u64,
    /// Shares minted to the recipient.
    pub shares: u64,
    /// Shares minted to the referrer.
    pub referral_shares: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
    /// After it.
    pub bookings: Bookings,
}

/// Shares left for SOL at once.
#[event]
#[repr(C)]
#[derive(Clone, Copy, NoUninit)]
pub struct WithdrawnInstantly {
    /// The pool.
    pub pool: Pubkey,
    /// Who owned the shares.
    pub owner: Pubkey,
    /// Who got the lamports.
    pub recipient: Pubkey,
    /// Shares burned.
    pub shares: u64,
    /// Lamports paid.
    pub lamports: u64,
    /// Fee and haircut, lamports.
    pub fee_lamports: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
}

/// Shares left for active stake.
#[event]
#[repr(C)]
#[derive(Clone, Copy, NoUninit)]
pub struct StakeWithdrawn {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account it is delegated to.
    pub vote: Pubkey,
    /// Who owned the shares.
    pub owner: Pubkey,
    /// The stake account that was filled.
    pub stake: Pubkey,
    /// Shares burned.
    pub shares: u64,
    /// Lamports of active stake given.
    pub lamports: u64,
    /// Fee, lamports.
    pub fee_lamports: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
    /// After it.
    pub bookings: Bookings,
}

/// A ticket has a new owner.
#[event]
pub struct TicketTransferred {
    /// The pool.
    pub pool: Pubkey,
    /// The ticket.
    pub ticket: Pubkey,
    /// Who owned it.
    pub owner: Pubkey,
    /// Who owns it now.
    pub new_owner: Pubkey,
    /// True if anyone may push the claim to the new owner.
    pub is_pushable: bool,
}

/// A holder asked for SOL.
#[event]
pub struct WithdrawalRequested {
    /// The pool.
    pub pool: Pubkey,
    /// The ticket.
    pub ticket: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
    /// Serial of its batch.
    pub batch: u64,
    /// Shares moved to escrow.
    pub shares: u64,
    /// Shares in open batches after it.
    pub pending_shares: u64,
    /// Current epoch.
    pub epoch: u64,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
}

/// The view in the layout of an SPL stake pool was brought up to date.
#[event]
pub struct SplViewRefreshed {
    /// The pool.
    pub pool: Pubkey,
    /// The view.
    pub view: Pubkey,
    /// Lamports behind the exit rate that it shows.
    pub nav_lamports: u64,
    /// Shares that it shows.
    pub shares: u64,
    /// Epoch that the pool was finalized in.
    pub epoch: u64,
}

/// A batch was paid, in full or in part.
#[event]
pub struct WithdrawalsSettled {
    /// The pool.
    pub pool: Pubkey,
    /// Serial of the batch.
    pub batch: u64,
    /// Shares burned.
    pub shares: u64,
    /// Lamports set aside for its tickets.
    pub lamports: u64,
    /// Shares of the batch that still wait.
    pub open_shares: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
}

/// A ticket was paid.
#[event]
pub struct WithdrawalClaimed {
    /// The pool.
    pub pool: Pubkey,
    /// The ticket.
    pub ticket: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
    /// Who got the lamports.
    pub recipient: Pubkey,
    /// Serial of its batch.
    pub batch: u64,
    /// Lamports paid now.
    pub lamports: u64,
    /// True if the ticket is finished and closed.
    pub is_closed: bool,
    /// Lamports that belong to settled tickets after it.
    pub claimable_lamports: u64,
}

/// A batch is done and gone.
#[event]
pub struct BatchClosed {
    /// The pool.
    pub pool: Pubkey,
    /// Serial of the batch.
    pub batch: u64,
    /// Lamports that rounding left over, now the holders'.
    pub dust_lamports: u64,
    /// After it.
    pub totals: Totals,
}

/// A validator was listed.
#[event]
pub struct ValidatorAdded {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
}

/// Weights were set; they count from the next finalize.
#[event]
pub struct WeightsSet {
    /// The pool.
    pub pool: Pubkey,
    /// Indices and weights, as given.
    pub weights: Vec<crate::instructions::Weight>,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
}

/// A validator's stake after a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct ValidatorLamports {
    /// Index of its record.
    pub index: u16,
    /// Lamports in its slots, rent included.
    pub lamports: u64,
}

/// Validators were booked.
#[event]
pub struct ValidatorsSynced {
    /// The pool.
    pub pool: Pubkey,
    /// Records booked now.
    pub booked: u16,
    /// Gain found now, lamports.
    pub gain_lamports: u64,
    /// Loss found now, lamports.
    pub loss_lamports: u64,
    /// Records that hold stake and are booked in this epoch.
    pub synced_validators: u32,
    /// Records that hold stake.
    pub holding_validators: u32,
    /// Current epoch.
    pub epoch: u64,
    /// The records that were booked now.
    pub validators: Vec<ValidatorLamports>,
    /// After it.
    pub totals: Totals,
}

/// An epoch was folded into the rate.
#[event]
pub struct EpochFinalized {
    /// The pool.
    pub pool: Pubkey,
    /// The epoch.
    pub epoch: u64,
    /// Epochs since the last one.
    pub epochs: u64,
    /// When, unix seconds: the release of the locked gain starts here.
    pub unix_time: i64,
    /// Net gain, lamports.
    pub gain_lamports: u64,
    /// Net loss, lamports.
    pub loss_lamports: u64,
    /// Reward fee, lamports.
    pub fee_lamports: u64,
    /// Fee shares owed for it.
    pub fee_shares: u64,
    /// Gain locked now and released from now on, lamports.
    pub locked_gain_lamports: u64,
    /// Losses no gain has made up yet, lamports.
    pub loss_carry_lamports: u64,
    /// Sum of the weights in effect from now on.
    pub weight_sum: u64,
    /// The circuit breaker holds until, unix seconds; in the past or 0 where it does not.
    pub circuit_until: i64,
    /// After it.
    pub totals: Totals,
}

/// What happened to a validator's stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub enum StakeMove {
    /// SOL of the reserve was delegated.
    Delegated,
    /// Stake was deactivated to pay withdrawals.
    UndelegatedForWithdrawals,
    /// Stake was deactivated for liquidity, balance, or to leave the validator.
    UndelegatedToRebalance,
    /// Activated stake joined the main slot, or became it.
    Merged,
    /// Inactive lamports came back to the reserve.
    Collected,
    /// Undelegated lamports came back to the reserve.
    Swept,
    /// A slot kept alive without state was cleared; send the instruction again.
    Cleared,
}

/// A validator's stake moved.
#[event]
pub struct StakeMoved {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// What happened.
    pub kind: StakeMove,
    /// Lamports moved.
    pub lamports: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
    /// After it.
    pub bookings: Bookings,
}

/// The validator list grew.
#[event]
pub struct ValidatorListExtended {
    /// The pool.
    pub pool: Pubkey,
    /// Validators that fit now.
    pub capacity: u32,
}
/// A validator was reviewed, and that changed something. Weights count from the next finalize.
#[event]
pub struct ValidatorReviewed {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// The rule it breaks, if it breaks one.
    pub violation: Option<Violation>,
    /// Weight set aside now.
    pub taken_weight: u32,
    /// Weight given back now.
    pub returned_weight: u32,
    /// Its weight from the next finalize.
    pub next_weight: u32,
    /// What is set aside of it.
    pub aside_weight: u32,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
    /// Current epoch.
    pub epoch: u64,
}

/// A validator is being removed, or is gone.
#[event]
pub struct ValidatorRemoved {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// False while its stake leaves, true once its record is free.
    pub is_gone: bool,
    /// Lamports of its slots that came back to the reserve.
    pub slot_lamports: u64,
    /// Lamports of its marker that did; a gain.
    pub marker_lamports: u64,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
    /// After it.
    pub bookings: Bookings,
}
