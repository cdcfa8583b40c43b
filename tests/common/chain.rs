//! The virtual machine: programs, sysvars, vote accounts.

use std::path::PathBuf;

use anchor_lang::prelude::Pubkey;
use litesvm::LiteSVM;
use solana_account::{Account, ReadableAccount};
use solana_clock::Clock;
use solana_epoch_rewards::EpochRewards;
use solana_epoch_schedule::EpochSchedule;
use solana_program_binaries::by_id;
use solana_rent::Rent;
use thaw_client::thaw::state::STAKE_PROGRAM;

use crate::votes::VoteSpec;

/// Mainnet's rent since September 2026, lamports per byte.
pub const LAMPORTS_PER_BYTE: u64 = 5_080;
/// Slots of an epoch.
pub const SLOTS_PER_EPOCH: u64 = 432_000;
/// The epoch a world starts in.
pub const FIRST_EPOCH: u64 = 100;
/// Unix time a world starts at, seconds.
const START: i64 = 1_790_000_000;
/// Bytes of the upgradeable loader's state before the ELF.
const PROGRAM_DATA_HEADER: usize = 45;

/// Path of the program's bytecode, as `make build` leaves it.
pub fn program_path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/deploy/thaw.so"))
}

/// A machine with Thaw and the stake program of mainnet (5.1.0), at the start of an epoch.
///
/// # Panics
/// When `make build` has not been run.
pub fn machine() -> LiteSVM {
    let mut svm = LiteSVM::new().with_log_bytes_limit(None);
    svm.add_program(STAKE_PROGRAM, &stake_program()).unwrap();
    svm.add_program_from_file(thaw_client::thaw::ID, program_path())
        .expect("target/deploy/thaw.so is missing: run `make build` first");
    svm.set_sysvar(&Rent { lamports_per_byte: LAMPORTS_PER_BYTE, ..Rent::default() });
    let schedule = EpochSchedule::custom(SLOTS_PER_EPOCH, SLOTS_PER_EPOCH, false);
    svm.set_sysvar(&schedule);
    svm.set_sysvar(&EpochRewards::default());
    let slot = schedule.get_first_slot_in_epoch(FIRST_EPOCH);
    svm.set_sysvar(&Clock {
        slot,
        epoch: FIRST_EPOCH,
        unix_timestamp: START,
        epoch_start_timestamp: START,
        leader_schedule_epoch: FIRST_EPOCH + 1,
    });
    svm
}

/// The stake program's ELF, version 5.1.0.
pub fn stake_program() -> Vec<u8> {
    let accounts = by_id(&STAKE_PROGRAM, &solana_rent::Rent::default()).unwrap();
    accounts[1].1.data()[PROGRAM_DATA_HEADER..].to_vec()
}

/// A vote account in the current layout, without a BLS key and without votes.
pub fn vote_account(vote: &Pubkey, rent: &Rent) -> Account {
    VoteSpec { has_bls_key: false, ..VoteSpec::default() }.account(vote, rent)
}
