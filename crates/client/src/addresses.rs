//! The addresses of one pool.

use anchor_lang::prelude::Pubkey;
use thaw::{constants::SLOTS, pda};

/// Every fixed address of a pool, from its share mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolAddresses {
    /// The share mint.
    pub mint: Pubkey,
    /// The pool.
    pub pool: Pubkey,
    /// Holds liquid SOL.
    pub reserve: Pubkey,
    /// Signs for stake, mint and escrow.
    pub authority: Pubkey,
    /// The validator list.
    pub validators: Pubkey,
    /// Token account for shares in open batches.
    pub escrow: Pubkey,
    /// Token account for shares that never leave.
    pub bootstrap: Pubkey,
}

impl PoolAddresses {
    /// The addresses of the pool of `mint`.
    pub fn of(mint: Pubkey) -> Self {
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
    pub fn slots(&self, vote: &Pubkey) -> [Pubkey; SLOTS] {
        [0, 1, 2].map(|slot| pda::slot(&self.pool, vote, slot).0)
    }

    /// The marker of a listed vote account.
    pub fn marker(&self, vote: &Pubkey) -> Pubkey {
        pda::marker(&self.pool, vote).0
    }

    /// The view in the layout of an SPL stake pool; not every pool has one.
    pub fn spl_view(&self) -> Pubkey {
        pda::spl_view(&self.pool).0
    }

    /// The share mint's metadata.
    pub fn metadata(&self) -> Pubkey {
        pda::metadata(&self.mint).0
    }

    /// A withdrawal batch.
    pub fn batch(&self, serial: u64) -> Pubkey {
        pda::batch(&self.pool, serial).0
    }

    /// A ticket.
    pub fn ticket(&self, first_owner: &Pubkey, nonce: u64) -> Pubkey {
        pda::ticket(&self.pool, first_owner, nonce).0
    }
}
