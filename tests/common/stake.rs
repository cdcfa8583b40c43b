//! What happens to stake without the program: rewards, slashes, tips, strangers.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use thaw_client::thaw::state::{STAKE_PROGRAM, SlotState};

use crate::World;

/// Offset of `delegation.stake`.
const STAKE: usize = 156;
/// Offset of the deactivation epoch.
const DEACTIVATED: usize = 172;

impl World {
    /// The address of a validator's slot.
    pub fn slot(&self, index: u16, slot: usize) -> Pubkey {
        self.pool.slots(&self.votes[usize::from(index)])[slot]
    }

    /// The address of a validator's active slot.
    ///
    /// # Panics
    /// When it has none.
    pub fn main_slot(&self, index: u16) -> Pubkey {
        let record = self.record(index);
        let held = record
            .find(SlotState::Active)
            .or_else(|| record.find(SlotState::Activating))
            .expect("a validator with stake");
        self.slot(index, held)
    }

    /// Pays an epoch reward the way the runtime does: lamports and delegation alike.
    pub fn reward(&mut self, index: u16, lamports: u64) {
        let slot = self.main_slot(index);
        self.reward_slot(&slot, lamports);
    }

    /// Pays an epoch reward to one slot.
    pub fn reward_slot(&mut self, slot: &Pubkey, lamports: u64) {
        self.change_stake(slot, |account| {
            account.lamports += lamports;
            put(account, STAKE, get(account, STAKE) + lamports);
        });
    }

    /// Takes lamports and delegation alike.
    pub fn slash(&mut self, index: u16, lamports: u64) {
        let slot = self.main_slot(index);
        self.change_stake(&slot, |account| {
            account.lamports -= lamports;
            put(account, STAKE, get(account, STAKE) - lamports);
        });
    }

    /// Lamports that are not delegated: tips, block revenue, donations.
    pub fn tip(&mut self, slot: &Pubkey, lamports: u64) {
        self.change_stake(slot, |account| account.lamports += lamports);
    }

    /// What `DeactivateDelinquent` does, which anyone may send.
    pub fn deactivate_by_stranger(&mut self, slot: &Pubkey) {
        let epoch = self.clock().epoch;
        self.change_stake(slot, |account| put(account, DEACTIVATED, epoch));
    }

    /// Delegated lamports of a stake account.
    ///
    /// # Panics
    /// When there is none.
    pub fn delegation(&self, slot: &Pubkey) -> u64 {
        get(&self.svm.get_account(slot).unwrap(), STAKE)
    }

    /// Rewrites a stake account.
    ///
    /// # Panics
    /// When it is not one.
    pub fn change_stake(&mut self, slot: &Pubkey, change: impl FnOnce(&mut Account)) {
        let mut account = self.svm.get_account(slot).unwrap();
        assert_eq!(account.owner, STAKE_PROGRAM);
        change(&mut account);
        self.svm.set_account(*slot, account).unwrap();
    }
}

fn get(account: &Account, at: usize) -> u64 {
    u64::from_le_bytes(account.data[at..at + 8].try_into().unwrap())
}

fn put(account: &mut Account, at: usize, value: u64) {
    account.data[at..at + 8].copy_from_slice(&value.to_le_bytes());
}
