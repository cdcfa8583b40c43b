//! One holder's part of a batch.

use crate::prelude::*;

/// A ticket for SOL. It keeps earning, and keeps sharing losses, until its batch is settled.
#[account]
#[derive(Debug, PartialEq, Eq, InitSpace)]
pub struct Ticket {
    /// The pool.
    pub pool: Pubkey,
    /// Who may claim.
    pub owner: Pubkey,
    /// Who requested it first: part of the address.
    pub first_owner: Pubkey,
    /// Chosen by the client so that no two requests collide: part of the address.
    pub nonce: u64,
    /// Serial of its batch.
    pub batch: u64,
    /// Shares that went to escrow.
    pub shares: u64,
    /// Lamports claimed so far.
    pub lamports_claimed: u64,
    /// Who paid this account's rent and gets it back.
    pub payer: Pubkey,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
    /// Bump of this account.
    pub bump: u8,
}
