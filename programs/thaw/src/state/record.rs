//! One validator of a pool.

use crate::prelude::*;
use solana_sha256_hasher::hashv;
use thaw_math::deficit_after;

use super::{
    pool::Pool,
    slot::{Slot, SlotState},
};
use crate::{constants::*, error::ThawError};

/// What the runtime appends to the seeds of a derived address.
const PDA_MARKER: &[u8; 21] = b"ProgramDerivedAddress";
/// Bytes that a slot's address is the hash of: seed, pool, vote, index, bump, program, marker.
const SLOT_SEEDS: usize = 5 + 32 + 32 + 1 + 1 + 32 + 21;

/// `Record::main` where no slot is the main one.
pub const NO_MAIN: u8 = u8::MAX;
/// `Record::yields_ppb` where an epoch was not sampled.
pub const NO_YIELD: u32 = u32::MAX;

/// Bits of `Record::flags`.
pub mod flags {
    /// A slot held an account the program cannot account for.
    pub const ODD_SLOT: u8 = 1;
    /// A review set the weight aside.
    pub const SET_ASIDE: u8 = 2;
    /// The operator removes it: its stake leaves, then its record.
    pub const LEAVING: u8 = 4;
}

/// A validator: its slots, what was booked, its weight. 192 bytes at a fixed place in the list; a
/// removed record keeps its place with a zero vote key and is reused.
#[zero_copy]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Vote account; zeros for a free record.
    pub vote: Pubkey,
    /// The three stake slots.
    pub slots: [Slot; SLOTS],
    /// Epoch of the last booking.
    pub booked_epoch: u64,
    /// Gain booked in `booked_epoch`, lamports.
    pub gain_lamports: u64,
    /// Loss booked in `booked_epoch`, lamports.
    pub loss_lamports: u64,
    /// Pool epoch at which `next_weight` was set: it counts once the pool's epoch is beyond.
    pub weight_epoch: u64,
    /// Delegation of the main slot at the last booking, lamports; 0 without one. Its growth until
    /// the next epoch's first booking is what the epoch paid.
    pub sampled_lamports: u64,
    /// Weight in effect while the pool's epoch is `weight_epoch`.
    pub weight: u32,
    /// Weight in effect from the finalize after `weight_epoch`.
    pub next_weight: u32,
    /// Weight that a review set aside.
    pub aside_weight: u32,
    /// What the main slot earned, parts per billion, as sampled in epoch `booked_epoch` and the two
    /// before it, newest first; [`NO_YIELD`] where an epoch was not sampled. Of the stake that the
    /// epoch's credits were made with, see [`book`](super::book).
    pub yields_ppb: [u32; YIELDS],
    /// Epoch of the last review that changed something.
    pub reviewed_epoch: u64,
    /// See [`flags`].
    pub flags: u8,
    /// Index of the main slot, or [`NO_MAIN`].
    pub main: u8,
    /// Times the validator was set aside, less one for every 32 epochs without a review.
    pub relapses: u8,
    /// Compliant epochs in a row.
    pub compliant: u8,
    /// Bump of the marker.
    pub marker_bump: u8,
    /// Leader windows that the validator could expect in the epoch of the newest sample, sixteenths, see
    /// [`thaw_math::LeaderLottery`].
    pub windows_16: u8,
    /// How much the running epoch's yield is diluted, per cent rounded up: the stake that shares the
    /// epoch's credits over the stake that makes them, as of the first booking in `booked_epoch`. 0 if
    /// that epoch is not to be sampled, since no stake makes any or it is not known.
    pub dilution_percent: u16,
    /// What the stake earned less than it should, summed up over the epochs before the newest sample,
    /// millionths of a leader window's yield, see [`thaw_math::deficit_after`].
    pub deficit_ppm: u32,
    /// The validator's stake that is effective in `booked_epoch`, whole SOL; 0 where it is not known.
    pub epoch_stake_sol: u32,
}

impl Record {
    /// True for a free place.
    pub fn is_free(&self) -> bool {
        self.vote == Pubkey::default()
    }

    /// The weight in effect: `next_weight` counts from the first finalize after it was set.
    pub fn weight_at(&self, pool_epoch: u64) -> u32 {
        if pool_epoch > self.weight_epoch { self.next_weight } else { self.weight }
    }

    /// The weight that keeps stake here: the one in effect; none once the pool winds down. The list
    /// keeps its weights then; nothing reads it whole.
    pub fn weight_in(&self, pool: &Pool) -> u32 {
        if pool.is_winding_down() { 0 } else { self.weight_at(pool.epoch) }
    }

    /// The weight that attracts stake, and the sum it is a part of: those in effect or those to come,
    /// whichever part is smaller. A weight that was just set aside or lowered draws nothing any more,
    /// one that was raised not yet.
    pub fn attracting_weight_in(&self, pool: &Pool) -> (u64, u64) {
        let now = (u64::from(self.weight_in(pool)), pool.weight_sum);
        let next = (u64::from(self.next_weight), pool.next_weight_sum);
        let is_smaller = |(weight, sum): (u64, u64), (other, other_sum): (u64, u64)| {
            // cannot overflow: both are below 2^64.
            let product = u128::from(weight).wrapping_mul(other_sum.into());
            product < u128::from(other).wrapping_mul(sum.into())
        };
        let has_sum = pool.weight_sum > 0;
        if self.next_weight == 0 || has_sum && is_smaller(next, now) { next } else { now }
    }

    /// Sets the weight that counts from the next finalize.
    pub fn set_next_weight(&mut self, pool_epoch: u64, weight: u32) {
        self.weight = self.weight_at(pool_epoch);
        self.weight_epoch = pool_epoch;
        self.next_weight = weight;
    }

    /// Sets the weight that counts from the next finalize, and carries it over to the pool's sum.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    pub fn change_next_weight(&mut self, pool: &mut Pool, weight: u32) -> Result<()> {
        pool.next_weight_sum =
            replace(pool.next_weight_sum, self.next_weight.into(), weight.into())?;
        self.set_next_weight(pool.epoch, weight);
        Ok(())
    }

    /// True for a validator that a review set aside.
    pub fn is_set_aside(&self) -> bool {
        self.flags & flags::SET_ASIDE != 0
    }

    /// True for a validator that is being removed.
    pub fn is_leaving(&self) -> bool {
        self.flags & flags::LEAVING != 0
    }

    /// True where a sync must read at least one slot.
    #[inline(always)]
    pub fn is_held(&self) -> bool {
        self.slots.iter().any(Slot::is_held)
    }

    /// Recorded lamports of all slots, rent included.
    #[inline(always)]
    pub fn lamports(&self) -> u64 {
        // cannot overflow: lamports are below the supply of SOL.
        self.slots.iter().map(|slot| slot.lamports).fold(0, u64::wrapping_add)
    }

    /// Main and activating lamports without rent: what a target is compared with.
    pub fn staked_lamports(&self, slot_rent: u64) -> u64 {
        self.slots
            .iter()
            .filter(|slot| matches!(slot.state(), SlotState::Active | SlotState::Activating))
            .map(|slot| slot.lamports.saturating_sub(slot_rent))
            .fold(0, u64::wrapping_add)
    }

    /// The deficit with the newest sample, which counts once the pool knows that epoch's mean;
    /// millionths of a leader window's yield.
    #[inline(always)]
    pub fn deficit_with_newest(&self, pool: &Pool) -> u32 {
        let (own, mean) = (self.yields_ppb[0], pool.mean_yield_of(self.booked_epoch));
        if own == NO_YIELD {
            return self.deficit_ppm;
        }
        deficit_after(self.deficit_ppm, own, mean, self.windows_16)
    }

    /// The main slot's index, if there is one.
    #[inline(always)]
    pub fn main(&self) -> Option<usize> {
        Some(usize::from(self.main)).filter(|index| *index < SLOTS)
    }

    /// The first slot in `state`.
    pub fn find(&self, state: SlotState) -> Option<usize> {
        self.slots.iter().position(|slot| slot.state() == state)
    }

    /// The first slot in `state` since `epoch`.
    pub fn find_since(&self, state: SlotState, epoch: u64) -> Option<usize> {
        self.slots.iter().position(|slot| slot.state() == state && slot.epoch == epoch)
    }

    /// A slot that can take stake: an open one, else one that must be opened first.
    pub fn find_free(&self) -> Option<usize> {
        self.find(SlotState::Open).or_else(|| self.find(SlotState::Closed))
    }

    /// Checks that `accounts` are this record's three slots.
    ///
    /// # Errors
    /// [`ThawError::WrongAccount`].
    pub fn check_slots(&self, pool: &Pubkey, accounts: &[&AccountInfo; SLOTS]) -> Result<()> {
        let mut addresses = SlotAddresses::new(pool);
        for (index, account) in accounts.iter().enumerate() {
            require!(addresses.is_slot(self, index, account.key), ThawError::WrongAccount);
        }
        Ok(())
    }

    /// Writes a slot and carries the change over to the pool's sums, all but `staked_lamports`.
    /// The record must be booked in the current epoch.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    #[inline(always)]
    pub fn set_slot(
        &mut self,
        pool: &mut Pool,
        index: usize,
        state: SlotState,
        lamports: u64,
        epoch: u64,
    ) -> Result<()> {
        let slot = &mut self.slots[index];
        if slot.state() == state && state != SlotState::Cooling {
            (slot.lamports, slot.epoch) = (lamports, epoch);
            return Ok(());
        }
        self.change_slot(pool, index, state, lamports, epoch)
    }

    /// The part of `set_slot` beyond the case that nothing but the lamports has changed.
    fn change_slot(
        &mut self,
        pool: &mut Pool,
        index: usize,
        state: SlotState,
        lamports: u64,
        epoch: u64,
    ) -> Result<()> {
        let old = self.slots[index];
        let was_held = self.is_held();
        let slot = &mut self.slots[index];
        (slot.state, slot.lamports, slot.epoch) = (state as u8, lamports, epoch);
        let new = *slot;
        let is_held = self.is_held();

        let cooling = |slot: &Slot| slot.state() == SlotState::Cooling;
        let cooling_lamports = |slot: &Slot| if cooling(slot) { slot.lamports } else { 0 };
        pool.cooling_lamports =
            replace(pool.cooling_lamports, cooling_lamports(&old), cooling_lamports(&new))?;
        pool.cooling_slots = replace32(pool.cooling_slots, cooling(&old), cooling(&new))?;
        pool.open_slots = replace32(pool.open_slots, old.is_open(), new.is_open())?;
        pool.holding_validators = replace32(pool.holding_validators, was_held, is_held)?;
        pool.synced_validators = replace32(pool.synced_validators, was_held, is_held)?;
        Ok(())
    }

    /// Moves lamports from the reserve's books to a slot's; the caller moves the real ones.
    ///
    /// # Errors
    /// [`ThawError::ReserveTooLow`], [`ThawError::Overflow`].
    pub fn credit(&mut self, pool: &mut Pool, index: usize, lamports: u64) -> Result<()> {
        pool.reserve_lamports =
            pool.reserve_lamports.checked_sub(lamports).ok_or(ThawError::ReserveTooLow)?;
        pool.staked_lamports =
            pool.staked_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        let slot = self.slots[index];
        let after = slot.lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        self.set_slot(pool, index, slot.state(), after, slot.epoch)
    }

    /// Moves lamports from a slot's books to the reserve's; the caller moves the real ones.
    ///
    /// # Errors
    /// [`ThawError::BalanceMismatch`], [`ThawError::Overflow`].
    pub fn debit(&mut self, pool: &mut Pool, index: usize, lamports: u64) -> Result<()> {
        pool.staked_lamports =
            pool.staked_lamports.checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
        pool.reserve_lamports =
            pool.reserve_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        let slot = self.slots[index];
        let after = slot.lamports.checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
        self.set_slot(pool, index, slot.state(), after, slot.epoch)
    }

    /// Adds to a slot's books lamports that came from outside the pool.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    pub fn receive(&mut self, pool: &mut Pool, index: usize, lamports: u64) -> Result<()> {
        pool.staked_lamports =
            pool.staked_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        let slot = self.slots[index];
        let after = slot.lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        self.set_slot(pool, index, slot.state(), after, slot.epoch)
    }

    /// Takes from a slot's books lamports that leave the pool.
    ///
    /// # Errors
    /// [`ThawError::BalanceMismatch`].
    pub fn give(&mut self, pool: &mut Pool, index: usize, lamports: u64) -> Result<()> {
        pool.staked_lamports =
            pool.staked_lamports.checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
        let slot = self.slots[index];
        let after = slot.lamports.checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
        self.set_slot(pool, index, slot.state(), after, slot.epoch)
    }

    /// Moves lamports between two slots' books; the caller moves the real ones.
    ///
    /// # Errors
    /// [`ThawError::BalanceMismatch`], [`ThawError::Overflow`].
    pub fn shift(&mut self, pool: &mut Pool, from: usize, to: usize, lamports: u64) -> Result<()> {
        self.debit(pool, from, lamports)?;
        self.credit(pool, to, lamports)
    }
}

/// Tells the slots of a pool by their addresses. Hashes the seeds with the stored bump, which was
/// found off the curve when the validator was added: a tenth of the cost of
/// `create_program_address`. What all slots of the pool share is written once.
pub struct SlotAddresses([u8; SLOT_SEEDS]);

impl SlotAddresses {
    /// For the slots of `pool`.
    pub fn new(pool: &Pubkey) -> Self {
        // One buffer: the hash syscall charges for each slice.
        let mut seeds = [0u8; SLOT_SEEDS];
        seeds[..5].copy_from_slice(SLOT_SEED);
        seeds[5..37].copy_from_slice(pool.as_array());
        seeds[71..103].copy_from_slice(crate::ID.as_array());
        seeds[103..].copy_from_slice(PDA_MARKER);
        Self(seeds)
    }

    /// True where `key` is slot `index` of `record`.
    #[inline(always)]
    pub fn is_slot(&mut self, record: &Record, index: usize, key: &Pubkey) -> bool {
        let Some(slot) = record.slots.get(index) else { return false };
        self.0[37..69].copy_from_slice(record.vote.as_array());
        self.0[69] = index as u8;
        self.0[70] = slot.bump;
        hashv(&[&self.0]).as_ref() == key.as_ref()
    }
}

fn replace(sum: u64, old: u64, new: u64) -> Result<u64> {
    let sum = sum.checked_add(new).and_then(|sum| sum.checked_sub(old));
    sum.ok_or_else(|| error!(ThawError::Overflow))
}

fn replace32(count: u32, old: bool, new: bool) -> Result<u32> {
    let count = count.checked_add(new.into()).and_then(|count| count.checked_sub(old.into()));
    count.ok_or_else(|| error!(ThawError::Overflow))
}
