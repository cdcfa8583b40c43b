//! Booking: the one place where what the chain holds becomes what the books say.

use crate::prelude::*;
use solana_sysvar::epoch_rewards::EpochRewards;

use super::{
    pool::Pool,
    record::{NO_MAIN, Record, flags},
    slot::{SlotState, StakeView},
};
use crate::{constants::SLOTS, error::ThawError};

/// What one booking found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Booked {
    /// More lamports than recorded.
    pub gain: u64,
    /// Fewer lamports than recorded.
    pub loss: u64,
}

/// Refuses while epoch rewards are paid: lamports change block by block then.
///
/// # Errors
/// [`ThawError::RewardsWindow`].
pub fn require_no_rewards_window() -> Result<()> {
    require!(!EpochRewards::get()?.active, ThawError::RewardsWindow);
    Ok(())
}

/// Compares the lamports of a record's slots with the record and books the difference as pending
/// gain or loss (INV-2). Notes activation and deactivation, which strangers can cause. Every
/// handler that touches a slot starts with this, so bookings and moves commute (INV-10).
///
/// `accounts` holds at least the slots that are held, addresses checked by the caller. No state of
/// an account makes it fail: an odd one is worth 0 and flagged.
///
/// # Errors
/// [`ThawError::Overflow`].
pub fn book(
    pool: &mut Pool,
    record: &mut Record,
    accounts: &[Option<&AccountInfo>; SLOTS],
    epoch: u64,
) -> Result<Booked> {
    pool.roll_counters(epoch);
    let before = record.lamports();
    if record.booked_epoch != epoch {
        let held = u32::from(record.is_held());
        pool.synced_validators =
            pool.synced_validators.checked_add(held).ok_or(ThawError::Overflow)?;
        record.booked_epoch = epoch;
        record.gain_lamports = 0;
        record.loss_lamports = 0;
    }

    for (index, account) in accounts.iter().enumerate() {
        if let Some(account) = account {
            let view = StakeView::read(account, &pool.authority, &record.vote);
            let (state, lamports, since) = record.slots[index].observe(account.lamports(), view);
            if state == SlotState::Odd {
                record.flags |= flags::ODD_SLOT;
            }
            record.set_slot(pool, index, state, lamports, since)?;
        }
    }
    if !record.main().is_some_and(|main| record.slots[main].state() == SlotState::Active) {
        record.main = record.find(SlotState::Active).map_or(NO_MAIN, |index| index as u8);
    }

    let after = record.lamports();
    let booked = Booked { gain: after.saturating_sub(before), loss: before.saturating_sub(after) };
    record.gain_lamports = record.gain_lamports.saturating_add(booked.gain);
    record.loss_lamports = record.loss_lamports.saturating_add(booked.loss);
    add_to_pool(pool, booked).ok_or_else(|| error!(ThawError::Overflow))?;
    Ok(booked)
}

fn add_to_pool(pool: &mut Pool, booked: Booked) -> Option<()> {
    pool.staked_lamports =
        pool.staked_lamports.checked_add(booked.gain)?.checked_sub(booked.loss)?;
    pool.pending_gain_lamports = pool.pending_gain_lamports.checked_add(booked.gain)?;
    pool.pending_loss_lamports = pool.pending_loss_lamports.checked_add(booked.loss)?;
    Some(())
}
