//! The withdrawals that were requested in one epoch.

use crate::prelude::*;

/// A batch: settled as a whole, so that settlement and claims cost the same for any number of
/// tickets. Requests join in `epoch` alone and settlement starts after it, so a batch never has
/// both (INV-6).
#[account]
#[derive(Debug, PartialEq, Eq, InitSpace)]
pub struct Batch {
    /// The pool.
    pub pool: Pubkey,
    /// Its number; batches are paid in this order.
    pub serial: u64,
    /// The epoch in which requests join it.
    pub epoch: u64,
    /// Shares of all its tickets.
    pub shares_requested: u64,
    /// Shares burned so far.
    pub shares_settled: u64,
    /// Lamports set aside for them so far.
    pub lamports_settled: u64,
    /// Lamports claimed so far.
    pub lamports_claimed: u64,
    /// Tickets that are not closed.
    pub tickets: u32,
    /// Who opened the batch and gets its rent back.
    pub opener: Pubkey,
    /// Bump of this account.
    pub bump: u8,
}

impl Batch {
    /// True when all its shares are burned.
    pub fn is_settled(&self) -> bool {
        self.shares_settled == self.shares_requested
    }

    /// Shares that still wait.
    pub fn open_shares(&self) -> u64 {
        self.shares_requested.saturating_sub(self.shares_settled)
    }
}
