//! Every way an instruction can refuse. Append only: codes are part of the interface.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use anchor_lang::prelude::*;

/// The error of a broken rule, built in one place.
#[cold]
#[inline(never)]
pub fn refuse(error: ThawError) -> Error {
    error.into()
}

/// The error of a broken rule, with what was found and what would have been allowed. Written out at
/// every place this would take 3 KB each.
#[cold]
#[inline(never)]
pub fn refuse_with(error: ThawError, found: impl Into<u64>, allowed: impl Into<u64>) -> Error {
    with_values(error, found.into(), allowed.into())
}

#[cold]
#[inline(never)]
fn with_values(error: ThawError, found: u64, allowed: u64) -> Error {
    refuse(error).with_values((found, allowed))
}

/// The rule that was broken.
#[error_code]
pub enum ThawError {
    /// A result does not fit 64 bits.
    #[msg("Arithmetic overflow: an amount does not fit 64 bits")]
    Overflow,
    /// An amount of 0 was given.
    #[msg("The amount must be greater than 0")]
    ZeroAmount,
    /// An account is not the one the pool or the seeds name.
    #[msg("This is not the account that the pool names for this place")]
    WrongAccount,
    /// The signer is not the authority.
    #[msg("The signer does not hold the authority this instruction needs")]
    WrongAuthority,
    /// The share mint is not fresh.
    #[msg(
        "The mint must have 9 decimals, supply 0, no freeze authority, and be the pool's to mint"
    )]
    WrongMint,
    /// First deposit below the minimum.
    #[msg("The bootstrap deposit is below 1 SOL")]
    BootstrapTooSmall,
    /// A config value is beyond its cap.
    #[msg("A config value is outside the limits written in the program")]
    ConfigOutOfBounds,
    /// The amount buys less than one base unit.
    #[msg("The amount is too small: it rounds to 0")]
    AmountTooSmall,
    /// Less comes out than the caller accepts.
    #[msg("Slippage: the net amount is below the minimum the caller set")]
    SlippageExceeded,
    /// Nobody finalized for too long.
    #[msg("The pool has not been finalized for more than 3 epochs or 4 days: run the crank first")]
    PoolStale,
    /// The path is paused.
    #[msg("This path is paused for now; withdrawal tickets are never paused")]
    Paused,
    /// The pool is being wound down.
    #[msg("The pool is winding down: only withdrawals are open")]
    WindingDown,
    /// The pool is worth nothing.
    #[msg("The pool has no value left: there is no rate")]
    NoValue,
    /// The pool must be finalized in the current epoch.
    #[msg("The pool must be finalized in the current epoch first")]
    NotFinalized,
    /// Finalize ran in this epoch already.
    #[msg("The pool is finalized for the current epoch already")]
    AlreadyFinalized,
    /// Not every record that holds stake is booked.
    #[msg("Not every validator that holds stake is synced in the current epoch")]
    SyncIncomplete,
    /// Rewards are being paid.
    #[msg("Epoch rewards are being paid out: stake cannot be read or moved until that ends")]
    RewardsWindow,
    /// Too early in the epoch.
    #[msg("Stake moves only in the last part of an epoch, the move window")]
    OutsideMoveWindow,
    /// The vote account is listed already.
    #[msg("This vote account is listed already")]
    AlreadyListed,
    /// Not a vote account.
    #[msg("This account is not owned by the vote program")]
    NotAVoteAccount,
    /// No free record.
    #[msg("The validator list is full: extend it first")]
    ListFull,
    /// The list cannot grow.
    #[msg("The validator list has its largest size already")]
    ListAtLimit,
    /// No such record.
    #[msg("There is no validator at this index")]
    NoSuchValidator,
    /// A weight beyond the cap.
    #[msg("A validator's weight exceeds its allowed part of all weight")]
    WeightAboveCap,
    /// Too few validators with weight.
    #[msg("Fewer validators have weight than the config demands")]
    TooFewValidators,
    /// Nothing to delegate.
    #[msg("Nothing to delegate: the validator is at its target or no SOL is spare")]
    NothingToDelegate,
    /// Nothing to undelegate.
    #[msg("Nothing to undelegate: no shortage and no excess here, or this epoch's cap is used up")]
    NothingToUndelegate,
    /// Below the minimum delegation.
    #[msg("The stake would be below 1 SOL, the minimum delegation")]
    BelowMinimumDelegation,
    /// All three slots are in use.
    #[msg("This validator has no free stake slot in this epoch")]
    NoFreeSlot,
    /// No slot is ripe.
    #[msg("No slot of this validator has finished activating")]
    NothingToMerge,
    /// No slot is ripe.
    #[msg("No slot of this validator holds inactive lamports")]
    NothingToCollect,
    /// No undelegated lamports.
    #[msg("No active slot of this validator holds undelegated lamports")]
    NothingToSweep,
    /// The batch is not the one that is due.
    #[msg("This batch cannot be used here: it is not the oldest open one, or not the current one")]
    WrongBatch,
    /// Nothing can be paid.
    #[msg("Nothing to settle: the reserve holds nothing above the float")]
    NothingToSettle,
    /// The ticket has nothing to get now.
    #[msg("Nothing to claim yet: the ticket's batch has settled nothing beyond what was paid")]
    NothingToClaim,
    /// The ticket is not the caller's.
    #[msg("Only the ticket's owner may do this")]
    NotTicketOwner,
    /// The owner switched pushing off.
    #[msg("The owner wants to claim in person: this ticket cannot be pushed")]
    PushRefused,
    /// Tickets or shares are left.
    #[msg("The batch still has open shares or unclaimed tickets")]
    BatchNotFinished,
    /// A slot's account is not in a state the program can use.
    #[msg("A stake slot is not in a usable state")]
    SlotUnusable,
    /// Lamports went where they should not.
    #[msg("Balances after the instruction do not match the books")]
    BalanceMismatch,
    /// The reserve would fall below what it owes.
    #[msg("The reserve would fall below its float or what tickets may claim")]
    ReserveTooLow,
    /// The ticket's address is in use.
    #[msg("A ticket with this nonce exists already: choose another nonce")]
    TicketExists,
    /// No config change waits.
    #[msg("No config change and no wind-down is waiting")]
    NothingProposed,
    /// A delay is not over.
    #[msg("The delay of this change is not over yet")]
    TooEarly,
    /// A proposal was not used in time.
    #[msg("The proposal lapsed: it was not applied within 7 days after its delay")]
    ProposalLapsed,
    /// The signer was not nominated.
    #[msg("The signer is not nominated for this authority")]
    NotNominated,
    /// A pause beyond the cap.
    #[msg("A pause must name a path and last from 1 second to 72 hours")]
    PauseOutOfBounds,
    /// The guardian paused not long ago.
    #[msg("The guardian may pause again only 24 hours after the end of the last pause")]
    PauseCoolDown,
    /// No fee shares wait.
    #[msg("No fee shares are owed to the treasury")]
    NoFeesOwed,
    /// A vote account that the program cannot read.
    #[msg("The layout of the vote account is unknown: nothing is changed")]
    VoteLayoutUnknown,
    /// Nothing to change.
    #[msg("The review changes nothing: the validator keeps the rules, or was reviewed already")]
    NothingToReview,
    /// The epoch's cap on set-aside weight is used up.
    #[msg("This epoch's cap on weight that reviews may set aside is used up")]
    AsideCapReached,
    /// Nobody else has weight.
    #[msg("The last validator with weight is never set aside")]
    LastValidator,
    /// The validator is on its way out.
    #[msg("This validator is being removed: its weight cannot be set any more")]
    ValidatorLeaving,
    /// The validator still holds stake or weight.
    #[msg("This validator still holds stake, or its weight still counts: it leaves step by step")]
    ValidatorNotEmpty,
    /// The stake account cannot be taken.
    #[msg("The stake must be with this validator, fully active, not locked, and the signers' own")]
    StakeNotAcceptable,
    /// Lamports that do not fit the delegation.
    #[msg("The stake account must hold its delegation plus at least one and at most two rents")]
    StakeLamportsOff,
    /// The deposit would take the validator too far above its target.
    #[msg("The deposit would take this validator above its target and band")]
    ValidatorAboveTarget,
    /// The exit would take the validator below its target.
    #[msg("The exit would take this validator below its target: use another one, or a ticket")]
    ValidatorBelowTarget,
    /// The account brought for the stake is not usable.
    #[msg("The stake account to fill must be a fresh, uninitialised one of 200 bytes")]
    StakeDestinationOff,
    /// The reserve has less to give instantly.
    #[msg("The reserve holds less for instant exits: take less, or a ticket")]
    NotEnoughLiquidity,
    /// The cap on exits before finalize is used up.
    #[msg("The cap on instant exits before finalize is used up: run the crank first")]
    StaleExitCapReached,
    /// A text of the metadata is longer than its place.
    #[msg("The name has more than 32 bytes, the symbol more than 10, or the link more than 200")]
    MetadataTooLong,
    /// The validator would have no seat in the next epoch, and its stake no rewards.
    #[msg("The vote account lacks a BLS key, or the lamports of its rent and an admission ticket")]
    CannotBeAdmitted,
}
