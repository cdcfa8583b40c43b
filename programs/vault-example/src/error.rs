//! Every way an instruction can refuse.

use anchor_lang::prelude::*;

/// The rule that was broken. The codes begin above Thaw's: a refusal of Thaw reaches the caller as
/// it is, and must not be taken for one of these.
#[error_code(offset = 7000)]
pub enum VaultError {
    /// A result does not fit 64 bits.
    #[msg("Arithmetic overflow: an amount does not fit 64 bits")]
    Overflow,
    /// An amount of 0 was given.
    #[msg("The amount must be greater than 0")]
    ZeroAmount,
    /// An account is not the one that vault or position name.
    #[msg("This is not the account that the vault or the position names for this place")]
    WrongAccount,
    /// The pool has no shares or no value.
    #[msg("The pool has no value: there is no rate")]
    NoRate,
    /// The rate is too old to lend or liquidate by.
    #[msg(
        "The pool was not finalized in this epoch or the last, or not for 2 days: crank it first"
    )]
    StaleRate,
    /// The pot holds less.
    #[msg("The pot holds less than that")]
    PotTooLow,
    /// The debt would exceed what the shares allow.
    #[msg("The debt would exceed 70 % of what the position's shares are worth")]
    NotCovered,
    /// The position is sound.
    #[msg("The debt is at most 80 % of what the position's shares are worth: no liquidation")]
    Covered,
    /// Nothing is owed.
    #[msg("The position has no debt")]
    NoDebt,
    /// A liquidation would give fewer shares than the caller accepts.
    #[msg("Slippage: the shares are fewer than the minimum the caller set")]
    TooFewShares,
    /// The pool winds down, or has lost much in one epoch.
    #[msg("The pool winds down or its circuit breaker holds: no new loans")]
    NoNewLoans,
}
