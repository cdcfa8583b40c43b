//! Every address the program derives, with the seeds.

use solana_address::Address;

use crate::{ID, METADATA_PROGRAM};

/// Seed of a pool: `["pool", share mint]`.
pub const POOL_SEED: &[u8] = b"pool";
/// Seed of the account that holds liquid SOL: `["reserve", pool]`.
pub const RESERVE_SEED: &[u8] = b"reserve";
/// Seed of the signer over stake, mint and escrow: `["authority", pool]`.
pub const AUTHORITY_SEED: &[u8] = b"authority";
/// Seed of the validator list: `["validators", pool]`.
pub const VALIDATORS_SEED: &[u8] = b"validators";
/// Seed of the marker of a listed vote account: `["validator", pool, vote]`.
pub const MARKER_SEED: &[u8] = b"validator";
/// Seed of a stake slot: `["stake", pool, vote, 0..2]`.
pub const SLOT_SEED: &[u8] = b"stake";
/// Seed of a withdrawal batch: `["batch", pool, serial]`.
pub const BATCH_SEED: &[u8] = b"batch";
/// Seed of a ticket: `["ticket", pool, first owner, nonce]`.
pub const TICKET_SEED: &[u8] = b"ticket";
/// Seed of the token account for shares in open batches: `["escrow", pool]`.
pub const ESCROW_SEED: &[u8] = b"escrow";
/// Seed of the token account for the shares that can never leave: `["bootstrap", pool]`.
pub const BOOTSTRAP_SEED: &[u8] = b"bootstrap";
/// Seed of the share mint's metadata, of the metadata program: `["metadata", program, mint]`.
pub const METADATA_SEED: &[u8] = b"metadata";

/// The pool of a share mint.
pub fn pool(mint: &Address) -> (Address, u8) {
    find(&[POOL_SEED, mint.as_ref()])
}

/// The account that holds a pool's liquid SOL.
pub fn reserve(pool: &Address) -> (Address, u8) {
    find(&[RESERVE_SEED, pool.as_ref()])
}

/// The signer over a pool's stake, mint and escrow.
pub fn authority(pool: &Address) -> (Address, u8) {
    find(&[AUTHORITY_SEED, pool.as_ref()])
}

/// A pool's validator list.
pub fn validators(pool: &Address) -> (Address, u8) {
    find(&[VALIDATORS_SEED, pool.as_ref()])
}

/// The token account for shares in open batches.
pub fn escrow(pool: &Address) -> (Address, u8) {
    find(&[ESCROW_SEED, pool.as_ref()])
}

/// The token account for the shares that can never leave.
pub fn bootstrap(pool: &Address) -> (Address, u8) {
    find(&[BOOTSTRAP_SEED, pool.as_ref()])
}

/// The marker of a listed vote account.
pub fn marker(pool: &Address, vote: &Address) -> (Address, u8) {
    find(&[MARKER_SEED, pool.as_ref(), vote.as_ref()])
}

/// Stake slot `slot`, 0 to 2, of a validator.
pub fn slot(pool: &Address, vote: &Address, slot: u8) -> (Address, u8) {
    find(&[SLOT_SEED, pool.as_ref(), vote.as_ref(), &[slot]])
}

/// A withdrawal batch.
pub fn batch(pool: &Address, serial: u64) -> (Address, u8) {
    find(&[BATCH_SEED, pool.as_ref(), &serial.to_le_bytes()])
}

/// A ticket, by who requested it first and the nonce it chose.
pub fn ticket(pool: &Address, first_owner: &Address, nonce: u64) -> (Address, u8) {
    find(&[TICKET_SEED, pool.as_ref(), first_owner.as_ref(), &nonce.to_le_bytes()])
}

/// The metadata of a share mint, of the metadata program.
pub fn metadata(mint: &Address) -> (Address, u8) {
    let seeds = [METADATA_SEED, METADATA_PROGRAM.as_ref(), mint.as_ref()];
    Address::find_program_address(&seeds, &METADATA_PROGRAM)
}

fn find(seeds: &[&[u8]]) -> (Address, u8) {
    Address::find_program_address(seeds, &ID)
}
