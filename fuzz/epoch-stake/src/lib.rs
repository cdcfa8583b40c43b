//! Stands in for solana-epoch-stake 3.0.1, which tells of no stake off chain: here it is what the fuzz
//! target has set.

use std::cell::Cell;

use solana_pubkey::Pubkey;

thread_local! {
    static STAKES: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// Sets the stake of every vote account and that of all, lamports.
pub fn set_stakes(each: u64, total: u64) {
    STAKES.set((each, total));
}

/// All stake of the epoch, lamports.
#[must_use]
pub fn get_epoch_total_stake() -> u64 {
    STAKES.get().1
}

/// The stake of a vote account, lamports.
#[must_use]
pub fn get_epoch_stake_for_vote_account(_vote: &Pubkey) -> u64 {
    STAKES.get().0
}
