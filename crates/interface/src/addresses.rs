//! The addresses of one pool.

use solana_address::Address;

use crate::{pda, record::SLOTS};

/// Every fixed address of a pool, from its share mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolAddresses {
    /// The share mint.
    pub mint: Address,
    /// The pool.
    pub pool: Address,
    /// Holds liquid SOL.
    pub reserve: Address,
    /// Signs for stake, mint and escrow.
    pub authority: Address,
    /// The validator list.
    pub validators: Address,
    /// Token account for shares in open batches.
    pub escrow: Address,
    /// Token account for shares that never leave.
    pub bootstrap: Address,
}

impl PoolAddresses {
    /// The addresses of the pool of `mint`.
    pub fn of(mint: Address) -> Self {
        let pool = pda::pool(&mint).0;
        Self {
            mint,
            pool,
            reserve: pda::reserve(&pool).0,
            authority: pda::authority(&pool).0,
            validators: pda::validators(&pool).0,
            escrow: pda::escrow(&pool).0,
            bootstrap: pda::bootstrap(&pool).0,
        }
    }

    /// The three stake slots of a validator.
    pub fn slots(&self, vote: &Address) -> [Address; SLOTS] {
        [0, 1, 2].map(|slot| pda::slot(&self.pool, vote, slot).0)
    }

    /// The marker of a listed vote account.
    pub fn marker(&self, vote: &Address) -> Address {
        pda::marker(&self.pool, vote).0
    }

    /// The share mint's metadata.
    pub fn metadata(&self) -> Address {
        pda::metadata(&self.mint).0
    }

    /// A withdrawal batch.
    pub fn batch(&self, serial: u64) -> Address {
        pda::batch(&self.pool, serial).0
    }

    /// A ticket.
    pub fn ticket(&self, first_owner: &Address, nonce: u64) -> Address {
        pda::ticket(&self.pool, first_owner, nonce).0
    }
}
