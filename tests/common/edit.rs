//! Accounts rewritten behind the program's back: states that no instruction of a test would reach.

use anchor_lang::{AccountDeserialize, AccountSerialize, prelude::Pubkey};
use bytemuck::{Pod, bytes_of, pod_read_unaligned};
use solana_account::Account;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_rent::Rent;
use thaw_client::{
    decode,
    thaw::{
        constants::YIELDS,
        state::{LIST_HEADER_BYTES, NO_YIELD, Pool, Record, ValidatorList},
    },
};

use crate::World;

/// Bytes of a discriminator.
const START: usize = 8;

impl World {
    /// Rewrites the pool.
    ///
    /// # Panics
    /// When there is none.
    pub fn change_pool(&mut self, change: impl FnOnce(&mut Pool)) {
        let address = self.pool.pool;
        self.change_pod(&address, START, change);
    }

    /// Rewrites the record at `index`.
    ///
    /// # Panics
    /// When there is no list.
    pub fn change_record(&mut self, index: u16, change: impl FnOnce(&mut Record)) {
        let at = LIST_HEADER_BYTES + usize::from(index) * size_of::<Record>();
        let address = self.pool.validators;
        self.change_pod(&address, at, change);
    }

    /// Takes all stake for paid, in tests that pay no rewards: what is owed a reward may not leave.
    pub fn take_for_paid(&mut self) {
        for index in self.listed() {
            self.change_record(index, |record| record.yields_ppb = [NO_YIELD; YIELDS]);
        }
    }

    /// Rewrites the list's header.
    ///
    /// # Panics
    /// When there is no list.
    pub fn change_list(&mut self, change: impl FnOnce(&mut ValidatorList)) {
        let address = self.pool.validators;
        self.change_pod(&address, START, change);
    }

    /// Rewrites a batch, ticket or marker.
    ///
    /// # Panics
    /// When there is none at `address`.
    pub fn change_typed<T: AccountSerialize + AccountDeserialize>(
        &mut self,
        address: &Pubkey,
        change: impl FnOnce(&mut T),
    ) {
        let mut account = self.svm.get_account(address).unwrap();
        let mut value: T = decode::account(&account.data).unwrap();
        change(&mut value);
        value.try_serialize(&mut &mut account.data[..]).unwrap();
        self.svm.set_account(*address, account).unwrap();
    }

    /// Lamports that somebody sends to an address, used or not. The world compares it from now on.
    ///
    /// # Panics
    /// When the machine does not take it.
    pub fn send_lamports(&mut self, address: &Pubkey, lamports: u64) {
        let fresh = Account { rent_epoch: u64::MAX, ..Account::default() };
        let mut account = self.svm.get_account(address).unwrap_or(fresh);
        account.lamports += lamports;
        self.svm.set_account(*address, account).unwrap();
        self.known.insert(*address);
    }

    /// Rewrites an account's bytes.
    ///
    /// # Panics
    /// When there is none.
    pub fn change_account(&mut self, address: &Pubkey, change: impl FnOnce(&mut [u8])) {
        let mut account = self.svm.get_account(address).unwrap();
        change(&mut account.data);
        self.svm.set_account(*address, account).unwrap();
    }

    /// Changes rent.
    pub fn set_rent(&mut self, lamports_per_byte: u64) {
        self.svm.set_sysvar(&Rent { lamports_per_byte, ..Rent::default() });
    }

    /// Lets seconds pass within the epoch.
    pub fn wait(&mut self, seconds: i64) {
        let clock = self.clock();
        let unix_timestamp = clock.unix_timestamp + seconds;
        self.svm.set_sysvar(&Clock { unix_timestamp, ..clock });
    }

    fn change_pod<T: Pod>(&mut self, address: &Pubkey, at: usize, change: impl FnOnce(&mut T)) {
        let mut account = self.svm.get_account(address).unwrap();
        let place = &mut account.data[at..at + size_of::<T>()];
        let mut value: T = pod_read_unaligned(place);
        change(&mut value);
        place.copy_from_slice(bytes_of(&value));
        self.svm.set_account(*address, account).unwrap();
    }
}

/// `instruction` without the signature of `signer`.
pub fn unsigned(instruction: &Instruction, signer: &Pubkey) -> Instruction {
    let mut instruction = instruction.clone();
    for account in instruction.accounts.iter_mut().filter(|account| account.pubkey == *signer) {
        account.is_signer = false;
    }
    instruction
}
