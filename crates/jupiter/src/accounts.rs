//! Cached bytes to a pool and to live rent.

use anchor_lang::{Discriminator, prelude::Pubkey};
use anyhow::{Context, Result, ensure};
use thaw::{
    ID,
    constants::{POOL_SEED, VERSION},
    rent::Rent,
    state::Pool,
};

/// The pool in an account: owner, type, layout and address are its.
pub fn pool(key: &Pubkey, owner: &Pubkey, data: &[u8]) -> Result<Box<Pool>> {
    ensure!(*owner == ID, "{key} belongs to {owner}, not to Thaw");
    ensure!(data.starts_with(Pool::DISCRIMINATOR), "{key} is no pool");
    let fields = data.get(Pool::DISCRIMINATOR.len()..Pool::BYTES);
    let fields = fields.with_context(|| format!("{key} holds only {} bytes", data.len()))?;
    let pool: Pool = bytemuck::pod_read_unaligned(fields);
    let version = pool.version;
    ensure!(version == VERSION, "{key} has layout {version}, this crate knows {VERSION}");
    let seeds: [&[u8]; 3] = [POOL_SEED, pool.mint.as_ref(), &[pool.bump]];
    let address = Pubkey::create_program_address(&seeds, &ID).ok();
    ensure!(address == Some(*key), "{key} is not the address of its pool");
    Ok(Box::new(pool))
}

/// Live rent, from the first field of the sysvar, as the program reads it.
pub fn rent(data: &[u8]) -> Result<Rent> {
    let bytes = data.first_chunk().context("the Rent sysvar is too short")?;
    Ok(Rent { lamports_per_byte: u64::from_le_bytes(*bytes), ..Rent::default() })
}
