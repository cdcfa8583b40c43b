//! Fixed addresses, and the programs that are measured.
//!
//! Searching a derived address costs 1,500 units per bump tried, so random keys would make some
//! figures differ from run to run.

use std::path::PathBuf;

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, anyhow};
use litesvm::LiteSVM;
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::instructions::TOKEN_PROGRAM;
use thaw_tests::{SOL, World};

/// A program that `make bench` builds.
pub fn built(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/deploy")).join(name)
}

/// The key of somebody or something, always the same.
pub fn key(name: &str) -> Keypair {
    let seed = solana_sha256_hasher::hash(name.as_bytes());
    Keypair::new_from_array(seed.to_bytes())
}

/// The address of the vote account at `index`.
pub fn vote(index: usize) -> Pubkey {
    let mut bytes = [0x76; 32];
    bytes[..2].copy_from_slice(&(index as u16).to_le_bytes());
    Pubkey::new_from_array(bytes)
}

/// A machine with wallets at fixed addresses and no pool.
///
/// # Errors
/// When the machine refuses a wallet.
pub fn world() -> Result<World> {
    let mut world = World::empty();
    world.payer = wallet(&mut world.svm, "payer", 10_000_000 * SOL)?;
    world.admin = wallet(&mut world.svm, "admin", 1_000 * SOL)?;
    world.operator = wallet(&mut world.svm, "operator", 1_000 * SOL)?;
    world.guardian = wallet(&mut world.svm, "guardian", 1_000 * SOL)?;
    Ok(world)
}

/// Somebody with SOL.
///
/// # Errors
/// When the machine refuses the account.
pub fn wallet(svm: &mut LiteSVM, name: &str, lamports: u64) -> Result<Keypair> {
    let key = key(name);
    let account = Account { lamports, rent_epoch: u64::MAX, ..Account::default() };
    put(svm, key.pubkey(), account)?;
    Ok(key)
}

/// An empty token account of `mint`.
///
/// # Errors
/// When the machine refuses the account.
pub fn tokens(svm: &mut LiteSVM, name: &str, mint: &Pubkey, owner: &Pubkey) -> Result<Pubkey> {
    let address = key(name).pubkey();
    let mut data = vec![0u8; 165];
    data[..32].copy_from_slice(mint.as_ref());
    data[32..64].copy_from_slice(owner.as_ref());
    data[108] = 1; // initialised
    let lamports = svm.minimum_balance_for_rent_exemption(data.len());
    let account = Account { lamports, data, owner: TOKEN_PROGRAM, ..Account::default() };
    put(svm, address, account)?;
    Ok(address)
}

/// Writes an account.
///
/// # Errors
/// When the machine refuses it.
pub fn put(svm: &mut LiteSVM, address: Pubkey, account: Account) -> Result<()> {
    svm.set_account(address, account).map_err(|error| anyhow!("{error:?}"))
}
