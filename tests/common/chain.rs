//! The virtual machine: programs, sysvars, vote accounts.

use std::{env, fs, path::PathBuf};

use anchor_lang::prelude::Pubkey;
use litesvm::LiteSVM;
use solana_account::{Account, ReadableAccount};
use solana_clock::Clock;
use solana_epoch_rewards::EpochRewards;
use solana_epoch_schedule::EpochSchedule;
use solana_program_binaries::by_id;
use solana_rent::Rent;
use thaw_client::thaw::state::STAKE_PROGRAM;

use crate::{SOL, votes::VoteSpec};

/// Mainnet's rent since September 2026, lamports per byte.
pub const LAMPORTS_PER_BYTE: u64 = 5_080;
/// Every level that rent has or is to have, lamports per byte; after the last it may return to the
/// first.
pub const RENT_LEVELS: [u64; 6] = [6_960, 6_333, LAMPORTS_PER_BYTE, 2_575, 1_322, 696];
/// The stake program of mainnet.
pub const STAKE_VERSION: &str = "5.1.0";
/// Every version of the stake program that a crate carries.
pub const STAKE_VERSIONS: [&str; 3] = ["1.0.1", "5.0.0", STAKE_VERSION];
/// Slots of an epoch.
pub const SLOTS_PER_EPOCH: u64 = 432_000;
/// The epoch a world starts in.
pub const FIRST_EPOCH: u64 = 100;
/// Unix time a world starts at, seconds.
const START: i64 = 1_790_000_000;
/// Bytes of the upgradeable loader's state before the ELF.
const PROGRAM_DATA_HEADER: usize = 45;

/// Path of the program's bytecode, as `make build` leaves it, or as `THAW_PROGRAM` names it.
pub fn program_path() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/deploy/thaw.so");
    env::var_os("THAW_PROGRAM").map_or_else(|| built.into(), PathBuf::from)
}

/// A machine with Thaw, mainnet's stake program and mainnet's rent, at the start of an epoch. The
/// environment may name another version (`THAW_STAKE_PROGRAM`) and level (`THAW_RENT`), and turn on all
/// features of the release (`THAW_FEATURES=all`).
///
/// # Panics
/// When `make build` has not been run, or the environment names what is not there.
pub fn machine() -> LiteSVM {
    machine_with(&stake_version(), lamports_per_byte())
}

pub(crate) fn stake_version() -> String {
    env::var("THAW_STAKE_PROGRAM").unwrap_or_else(|_| STAKE_VERSION.into())
}

/// Rent that a machine starts with, lamports per byte.
///
/// # Panics
/// When `THAW_RENT` is no number.
pub fn lamports_per_byte() -> u64 {
    env::var("THAW_RENT").map_or(LAMPORTS_PER_BYTE, |level| level.parse().unwrap())
}

/// The same with this version of the stake program, and this rent.
///
/// # Panics
/// When `make build` has not been run, or there is no such version.
pub fn machine_with(stake_version: &str, lamports_per_byte: u64) -> LiteSVM {
    equip(bare_machine(), &program(), stake_version, lamports_per_byte)
}

/// A machine with mainnet's features, or all that there are.
fn bare_machine() -> LiteSVM {
    match env::var("THAW_FEATURES").as_deref() {
        Err(_) => LiteSVM::new(),
        Ok("all") => with_all_features(),
        Ok(other) => panic!("THAW_FEATURES is {other}, not all"),
    }
}

/// As `LiteSVM::new`, whose features are fixed.
fn with_all_features() -> LiteSVM {
    const FAUCET: u64 = 1_000_000 * SOL;
    let mut features = LiteSVM::mainnet_feature_set();
    for feature in features.inactive().clone() {
        features.activate(&feature, 0);
    }
    LiteSVM::default()
        .with_feature_set(features)
        .with_builtins()
        .with_lamports(FAUCET)
        .with_sysvars()
        .with_feature_accounts()
        .with_default_programs()
        .with_sigverify(true)
        .with_blockhash_check(true)
}

pub(crate) fn program() -> Vec<u8> {
    fs::read(program_path()).expect("target/deploy/thaw.so is missing: run `make build` first")
}

pub(crate) fn equip(
    svm: LiteSVM,
    program: &[u8],
    stake_version: &str,
    lamports_per_byte: u64,
) -> LiteSVM {
    let mut svm = svm.with_log_bytes_limit(None);
    svm.add_program(STAKE_PROGRAM, &stake_program(stake_version)).unwrap();
    svm.add_program(thaw_client::thaw::ID, program).unwrap();
    svm.set_sysvar(&Rent { lamports_per_byte, ..Rent::default() });
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

/// The stake program's ELF.
///
/// # Panics
/// When there is no such version, or `make setup` has not fetched it.
pub fn stake_program(version: &str) -> Vec<u8> {
    assert!(STAKE_VERSIONS.contains(&version), "no stake program {version}");
    if version == STAKE_VERSION {
        let accounts = by_id(&STAKE_PROGRAM, &Rent::default()).unwrap();
        return accounts[1].1.data()[PROGRAM_DATA_HEADER..].to_vec();
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fixtures");
    let path = format!("{folder}/core_bpf_stake-{version}.so");
    fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}: run `make setup` first"))
}

/// Mainnet's stake program with another minimum delegation, lamports: every instruction that compares
/// with 1 SOL or loads it takes this.
///
/// # Panics
/// When none does.
pub fn stake_program_with_minimum(lamports: u32) -> Vec<u8> {
    /// `jge`, `jlt`, `mov` and `st`, each with a constant.
    const USES: [u8; 4] = [0x35, 0xa5, 0xb7, 0x7a];
    const SOL: [u8; 4] = 1_000_000_000_u32.to_le_bytes();
    let mut program = stake_program(STAKE_VERSION);
    let (words, _) = program.as_chunks_mut::<8>();
    let is_use = |word: &&mut [u8; 8]| USES.contains(&word[0]) && word[4..] == SOL;
    let found: Vec<_> = words.iter_mut().filter(is_use).collect();
    assert!(!found.is_empty(), "no instruction uses 1 SOL");
    found.into_iter().for_each(|word| word[4..].copy_from_slice(&lamports.to_le_bytes()));
    program
}

/// A vote account in the current layout, with a BLS key and three tickets, without credits.
pub fn vote_account(vote: &Pubkey, rent: &Rent) -> Account {
    VoteSpec::default().account(vote, rent)
}
