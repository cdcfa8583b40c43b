//! What the crank did.

use crate::prelude::*;

use super::{Bookings, Totals};

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
