//! One event per state change: what moved on both sides, the fee, and the totals after.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use anchor_lang::{Discriminator, solana_program::log::sol_log_data};
use bytemuck::{NoUninit, bytes_of};

use crate::prelude::*;

use crate::state::{Pool, Record};

mod admin;
mod crank;
mod operate;
mod user;

pub use admin::*;
pub use crank::*;
pub use operate::*;
pub use user::*;

/// Logs an event of holders' paths. Its fields are keys and 64-bit words without a gap, so what lies in
/// memory is what Borsh would write; writing it field by field costs hundreds of compute units.
#[inline(always)]
pub(crate) fn log<E: NoUninit + Discriminator>(event: &E) {
    const { assert!(E::DISCRIMINATOR.len() == TYPE_BYTES && size_of::<E>() <= MOST_BYTES) };
    let mut line = [0; TYPE_BYTES + MOST_BYTES];
    let (kind, rest) = line.split_at_mut(TYPE_BYTES);
    kind.copy_from_slice(E::DISCRIMINATOR);
    let (fields, _) = rest.split_at_mut(size_of::<E>());
    fields.copy_from_slice(bytes_of(event));
    sol_log_data(&[&line[..TYPE_BYTES.saturating_add(size_of::<E>())]]);
}

/// Bytes that tell an event's type.
const TYPE_BYTES: usize = 8;
/// Bytes of the longest event that [`log`] takes.
const MOST_BYTES: usize = 232;

/// A pool's totals after an instruction, in every event that changes them.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, NoUninit,
)]
pub struct Totals {
    /// Lamports behind the exit rate.
    pub nav_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
    /// Liquid lamports.
    pub reserve_lamports: u64,
    /// Lamports in stake slots.
    pub staked_lamports: u64,
    /// Lamports that belong to settled tickets.
    pub claimable_lamports: u64,
}

impl From<&Pool> for Totals {
    fn from(pool: &Pool) -> Self {
        Self {
            nav_lamports: pool.nav_lamports,
            shares: pool.shares,
            reserve_lamports: pool.reserve_lamports,
            staked_lamports: pool.staked_lamports,
            claimable_lamports: pool.claimable_lamports,
        }
    }
}

/// What is booked after an instruction that books one validator. With the totals before it this tells
/// that validator's stake and every booking apart.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, NoUninit,
)]
pub struct Bookings {
    /// Lamports in the validator's slots, rent included.
    pub validator_lamports: u64,
    /// Gain of the whole pool since the last finalize, lamports.
    pub pending_gain_lamports: u64,
    /// Loss of the whole pool since the last finalize, lamports.
    pub pending_loss_lamports: u64,
}

impl Bookings {
    /// Of a pool and one of its validators.
    pub fn of(pool: &Pool, record: &Record) -> Self {
        Self {
            validator_lamports: record.lamports(),
            pending_gain_lamports: pool.pending_gain_lamports,
            pending_loss_lamports: pool.pending_loss_lamports,
        }
    }
}
