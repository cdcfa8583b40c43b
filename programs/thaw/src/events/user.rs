//! What holders did.

use bytemuck::NoUninit;

use crate::prelude::*;

use super::{Bookings, Totals};

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
