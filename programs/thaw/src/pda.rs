//! Every address the program derives: one function each, for the program, the clients and the
//! tests.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use anchor_lang::prelude::*;

use crate::{ID, constants::*};

/// The pool of a share mint.
pub fn pool(mint: &Pubkey) -> (Pubkey, u8) {
    find(&[POOL_SEED, mint.as_ref()])
}

/// The account that holds a pool's liquid SOL.
pub fn reserve(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[RESERVE_SEED, pool.as_ref()])
}

/// The signer over a pool's stake, mint and escrow.
pub fn authority(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[AUTHORITY_SEED, pool.as_ref()])
}

/// A pool's validator list.
pub fn validators(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[VALIDATORS_SEED, pool.as_ref()])
}

/// The token account for shares in open batches.
pub fn escrow(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[ESCROW_SEED, pool.as_ref()])
}

/// The token account for the shares that can never leave.
pub fn bootstrap(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[BOOTSTRAP_SEED, pool.as_ref()])
}

/// The marker of a listed vote account.
pub fn marker(pool: &Pubkey, vote: &Pubkey) -> (Pubkey, u8) {
    find(&[MARKER_SEED, pool.as_ref(), vote.as_ref()])
}

/// Stake slot `slot`, 0 to 2, of a validator.
pub fn slot(pool: &Pubkey, vote: &Pubkey, slot: u8) -> (Pubkey, u8) {
    find(&[SLOT_SEED, pool.as_ref(), vote.as_ref(), &[slot]])
}

/// A withdrawal batch.
pub fn batch(pool: &Pubkey, serial: u64) -> (Pubkey, u8) {
    find(&[BATCH_SEED, pool.as_ref(), &serial.to_le_bytes()])
}

/// A ticket, by who requested it first and the nonce it chose.
pub fn ticket(pool: &Pubkey, first_owner: &Pubkey, nonce: u64) -> (Pubkey, u8) {
    find(&[TICKET_SEED, pool.as_ref(), first_owner.as_ref(), &nonce.to_le_bytes()])
}

/// A pool's view in the layout of an SPL stake pool.
pub fn spl_view(pool: &Pubkey) -> (Pubkey, u8) {
    find(&[SPL_VIEW_SEED, pool.as_ref()])
}

/// The metadata of a share mint, of the metadata program.
pub fn metadata(mint: &Pubkey) -> (Pubkey, u8) {
    let seeds = &[METADATA_SEED, METADATA_PROGRAM.as_ref(), mint.as_ref()];
    Pubkey::find_program_address(seeds, &METADATA_PROGRAM)
}

fn find(seeds: &[&[u8]]) -> (Pubkey, u8) {
    Pubkey::find_program_address(seeds, &ID)
}
