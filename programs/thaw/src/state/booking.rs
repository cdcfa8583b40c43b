//! Booking: the one place where what the chain holds becomes what the books say.

use crate::prelude::*;
use solana_sysvar::epoch_rewards::EpochRewards;
use thaw_math::LeaderLottery;

use super::{
    epoch_stake::epoch_stake_sol,
    pool::Pool,
    record::{NO_MAIN, NO_YIELD, Record, flags},
    slot::{SlotState, StakeView},
};
use crate::{
    constants::{LAMPORTS_PER_SOL, SLOTS, YIELDS},
    error::ThawError,
};

/// Beyond ten times the stake that made an epoch's credits, its share in them tells nothing of a validator
/// that is new here.
const MOST_DILUTION_PERCENT: u16 = 1_000;

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
/// gain or loss (INV-2). Notes activation and deactivation, which strangers can cause. The first
/// booking of an epoch samples the yield of the main slot. Every handler that touches a slot starts
/// with this, so bookings and moves commute (INV-10).
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
    let old_main = record.main;
    let passed = epoch.wrapping_sub(record.booked_epoch);
    if passed != 0 {
        record.deficit_ppm = record.deficit_with_newest(pool);
        let held = u32::from(record.is_held());
        pool.synced_validators =
            pool.synced_validators.checked_add(held).ok_or(ThawError::Overflow)?;
        record.booked_epoch = epoch;
        record.gain_lamports = 0;
        record.loss_lamports = 0;
    }

    let mut delegations = [0; SLOTS];
    for (index, account) in accounts.iter().enumerate() {
        if let Some(account) = account {
            let view = StakeView::read(account, &pool.authority, &record.vote);
            if let StakeView::Delegated { stake, .. } = view {
                delegations[index] = stake;
            }
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
    let delegation = record.main().map_or(0, |main| delegations[main]);
    if passed != 0 {
        let has_stayed = passed == 1 && record.main == old_main && record.sampled_lamports > 0;
        let is_sampled = has_stayed && !is_first_stake(record);
        sample(pool, record, passed, is_sampled.then_some(delegation));
        let before = if passed == 1 { record.epoch_stake_sol } else { 0 };
        record.epoch_stake_sol = epoch_stake_sol(&record.vote);
        record.dilution_percent = dilution_percent(before, record.epoch_stake_sol);
    }
    record.sampled_lamports = delegation;

    add(pool, record, before).ok_or_else(|| error!(ThawError::Overflow))
}

/// Adds to the books what a record holds more or less than `before`. Most have gained: one branch
/// each spares the other's arithmetic.
fn add(pool: &mut Pool, record: &mut Record, before: u64) -> Option<Booked> {
    let after = record.lamports();
    if after >= before {
        let gain = after.wrapping_sub(before);
        record.gain_lamports = record.gain_lamports.checked_add(gain)?;
        pool.staked_lamports = pool.staked_lamports.checked_add(gain)?;
        pool.pending_gain_lamports = pool.pending_gain_lamports.checked_add(gain)?;
        return Some(Booked { gain, loss: 0 });
    }
    let loss = before.wrapping_sub(after);
    record.loss_lamports = record.loss_lamports.checked_add(loss)?;
    pool.staked_lamports = pool.staked_lamports.checked_sub(loss)?;
    pool.pending_loss_lamports = pool.pending_loss_lamports.checked_add(loss)?;
    Some(Booked { gain: 0, loss })
}

/// How much an epoch's yield is diluted, per cent rounded up, by a validator's stake that was effective in
/// the epoch `before` and is in this one, `now`, whole SOL; 0 if no stake makes credits in it.
///
/// The first makes the epoch's credits: seats are given an epoch ahead. The second shares them out
/// (SIMD-0326). So stake that has just become effective dilutes one epoch's yield, and stake that has left
/// concentrates it, whoever's it is and through no fault of the validator. Where the runtime tells no stake,
/// nothing is diluted.
fn dilution_percent(before: u32, now: u32) -> u16 {
    if now == 0 {
        return 100;
    }
    if before == 0 {
        return 0;
    }
    // cannot overflow: below 2^39.
    let percent = u64::from(now).wrapping_mul(100).div_ceil(before.into());
    percent.min(u16::MAX.into()) as u16
}

/// True where the validator had no seat in the epoch to be sampled, or next to no stake, which earns
/// nothing for its votes: its first stake has just come. Only where no yield is known of the two epochs
/// before: who keeps losing its seat is not excused.
fn is_first_stake(record: &Record) -> bool {
    let [newest, before, _] = record.yields_ppb;
    let is_new = newest == NO_YIELD && before == NO_YIELD;
    is_new && (record.dilution_percent == 0 || record.dilution_percent > MOST_DILUTION_PERCENT)
}

/// Notes what the epoch before this one paid on the delegation that was in main at its last booking,
/// given what that has become, or that it is not known.
///
/// What is in main at the end of an epoch was active all that epoch, since stake gets there only
/// when it is fully active, and its reward is paid to it; what moved out took its own along. The
/// delegation grows by rewards alone: tips and donations do not touch it.
fn sample(pool: &mut Pool, record: &mut Record, passed: u64, delegation: Option<u64>) {
    let [newest, before, _] = record.yields_ppb;
    let Some(delegation) = delegation else {
        let is_next = passed == 1;
        record.yields_ppb = if is_next { [NO_YIELD, newest, before] } else { [NO_YIELD; YIELDS] };
        return;
    };
    let sampled = record.sampled_lamports;
    let growth = delegation.saturating_sub(sampled);
    let dilution = record.dilution_percent;
    record.yields_ppb = [undiluted(yield_ppb(growth, sampled), dilution), newest, before];
    record.windows_16 = windows_16(pool, record.epoch_stake_sol, dilution, sampled);
    // cannot overflow: lamports are below the supply of SOL.
    pool.counters.sampled_lamports = pool.counters.sampled_lamports.wrapping_add(sampled);
    pool.counters.growth_lamports = pool.counters.growth_lamports.wrapping_add(growth);
}

/// Leader windows that the sampled epoch was to have, sixteenths rounded down, by the stake that made its
/// credits; where that is not known, by the pool's own, `sampled` lamports.
fn windows_16(pool: &Pool, shared_sol: u32, dilution_percent: u16, sampled: u64) -> u8 {
    // cannot overflow: below 2^39.
    let made = u64::from(shared_sol).wrapping_mul(100).checked_div(dilution_percent.into());
    let stake_sol = match made {
        None | Some(0) => sampled / LAMPORTS_PER_SOL,
        Some(made) => made,
    };
    let lottery = LeaderLottery { sol_per_window: pool.sol_per_window };
    lottery.windows_16(stake_sol.min(u32::MAX.into()) as u32)
}

/// `ppb` of the stake that made the credits, rounded down; as it is where none made any.
fn undiluted(ppb: u32, dilution_percent: u16) -> u32 {
    if ppb == NO_YIELD || dilution_percent == 0 {
        return ppb;
    }
    // cannot overflow: below 2^48.
    let scaled = u64::from(ppb).wrapping_mul(dilution_percent.into()) / 100;
    scaled.min((NO_YIELD - 1).into()) as u32
}

/// `growth / sampled` in parts per billion, rounded down, in 64 bits.
fn yield_ppb(growth: u64, sampled: u64) -> u32 {
    const MILLION: u64 = 1_000_000;
    let millionth = growth.min(u64::MAX / MILLION).wrapping_mul(MILLION);
    let ppb = millionth.checked_div(sampled / 1_000);
    ppb.map_or(NO_YIELD, |ppb| ppb.min((NO_YIELD - 1).into()) as u32)
}
