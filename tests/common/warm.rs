//! A pool at work, and what the cluster and strangers can do to it.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_stake_history::{StakeHistory, StakeHistoryEntry};
use thaw_client::thaw::state::{Slot, SlotState};

use crate::{Holder, SOL, Setup, World};

impl World {
    /// A pool with a holder's deposit of `lamports` shared out among the validators, all of it
    /// active in their first slots: in the move window, nothing left to do.
    ///
    /// # Panics
    /// When a step is refused.
    pub fn warm(setup: Setup, lamports: u64) -> (Self, Holder) {
        Self::warm_in(crate::chain::machine(), setup, lamports)
    }

    /// The same in this machine.
    ///
    /// # Panics
    /// When a step is refused.
    pub fn warm_in(svm: litesvm::LiteSVM, setup: Setup, lamports: u64) -> (Self, Holder) {
        let mut world = Self::with_in(svm, setup);
        let holder = world.holder(10 * lamports);
        world.deposit(&holder, lamports).unwrap();
        world.crank_epoch();
        world.crank_epoch();
        (world, holder)
    }

    /// Moves to the next epoch, synced and finalized.
    ///
    /// # Panics
    /// When a step is refused.
    pub fn begin_epoch(&mut self) {
        self.begin_epoch_after(&[]);
    }

    /// The same with a history, see [`World::next_epoch_after`].
    ///
    /// # Panics
    /// When a step is refused.
    pub fn begin_epoch_after(&mut self, epochs: &[(u64, StakeHistoryEntry)]) {
        self.next_epoch_after(epochs);
        self.sync().unwrap();
        self.finalize().unwrap();
    }

    /// The slot at `place` of a validator, as recorded.
    pub fn recorded(&self, index: u16, place: usize) -> Slot {
        self.record(index).slots[place]
    }

    /// The states of a validator's slots, as recorded.
    pub fn states(&self, index: u16) -> [SlotState; 3] {
        self.record(index).slots.map(|slot| slot.state())
    }

    /// Moves to the next epoch and writes the cluster's stake of past epochs, which limits warm-up
    /// and cool-down after each to 9 % of what is effective. In the epochs that are not given
    /// all that waits gets through. The runtime's history has no gaps, nor has this.
    pub fn next_epoch_after(&mut self, epochs: &[(u64, StakeHistoryEntry)]) {
        self.next_epoch();
        let now = self.clock().epoch;
        let open = StakeHistoryEntry { effective: 1_000_000 * SOL, activating: 1, deactivating: 1 };
        let first = epochs.iter().map(|(epoch, _)| *epoch).min().unwrap_or(now);
        let mut history = StakeHistory::default();
        for epoch in first..now {
            let given = epochs.iter().find(|(given, _)| *given == epoch);
            history.add(epoch, given.map_or(&open, |(_, entry)| entry).clone());
        }
        self.svm.set_sysvar(&history);
    }

    /// Sets the liquid lamports of the pool, in its books and on chain; the difference comes from
    /// nowhere.
    ///
    /// # Panics
    /// When there is no pool.
    pub fn set_reserve(&mut self, lamports: u64) {
        let old = self.pool().reserve_lamports;
        let mut account = self.svm.get_account(&self.pool.reserve).unwrap();
        account.lamports = account.lamports - old + lamports;
        self.svm.set_account(self.pool.reserve, account).unwrap();
        self.change_pool(|pool| pool.reserve_lamports = lamports);
    }

    /// Puts any account at an address.
    ///
    /// # Panics
    /// When the machine does not take it.
    pub fn put(&mut self, address: &Pubkey, owner: &Pubkey, lamports: u64, data: Vec<u8>) {
        let owner = *owner;
        let account = Account { lamports, data, owner, executable: false, rent_epoch: u64::MAX };
        self.svm.set_account(*address, account).unwrap();
    }

    /// Puts a copy of an account of the pool at `address`, with another pool written in.
    ///
    /// # Panics
    /// When there is no such account, or it does not name the pool.
    pub fn put_copy(&mut self, own: &Pubkey, address: &Pubkey, pool: &Pubkey) {
        let mut copy = self.svm.get_account(own).unwrap();
        let is_ours = |bytes: &[u8]| bytes == self.pool.pool.as_ref();
        let at = copy.data.windows(32).position(is_ours).unwrap();
        copy.data[at..at + 32].copy_from_slice(pool.as_ref());
        self.svm.set_account(*address, copy).unwrap();
    }
}
