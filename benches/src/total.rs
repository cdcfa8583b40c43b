//! What several transactions took together.

use serde::{Deserialize, Serialize};

use crate::send::Cost;

/// A sum over transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Transactions.
    pub transactions: usize,
    /// Compute units.
    pub cu: u64,
    /// What blocks count for them.
    pub block_cu: u64,
    /// Signatures.
    pub signatures: usize,
    /// Fees without priority, lamports.
    pub fee_lamports: u64,
}

impl Total {
    /// Adds a transaction.
    pub fn add(&mut self, cost: &Cost) {
        self.transactions += 1;
        self.cu += cost.units;
        self.block_cu += cost.block_units;
        self.signatures += cost.signatures;
        self.fee_lamports += cost.fee_lamports;
    }

    /// The sum of both.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            transactions: self.transactions + other.transactions,
            cu: self.cu + other.cu,
            block_cu: self.block_cu + other.block_cu,
            signatures: self.signatures + other.signatures,
            fee_lamports: self.fee_lamports + other.fee_lamports,
        }
    }
}
