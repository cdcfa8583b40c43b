//! The last line.

use serde::Serialize;

/// What the story came to, in lamports and exact rates.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// All deposits, the first one of the pool included.
    pub deposited_lamports: u64,
    /// SOL per share right after the deposits, nine digits.
    pub rate_start: String,
    /// SOL per share at the end, nine digits.
    pub rate_end: String,
    /// Epochs with a reward that the pool has booked.
    pub epochs: u64,
    /// Rewards that the chain paid into the pool's stake.
    pub rewards_lamports: u64,
    /// What the slash took from it.
    pub slashed_lamports: u64,
    /// What holders were paid for their tickets.
    pub tickets_paid_lamports: u64,
    /// What holders were paid who left at once.
    pub instant_paid_lamports: u64,
    /// What a lending program was paid for the shares it held.
    pub program_paid_lamports: u64,
    /// Lamports of the stake account that came in.
    pub stake_deposited_lamports: u64,
    /// Active stake that went out.
    pub stake_withdrawn_lamports: u64,
    /// Lamports in the pool's accounts, read back from the network.
    pub pool_lamports_on_chain: u64,
    /// Lamports in its books.
    pub pool_lamports_in_books: u64,
    /// True when every lamport is accounted for.
    pub conserved: bool,
}
