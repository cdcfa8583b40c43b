//! Makes a slot ready to take stake, whatever a stranger may have done to its address.

use crate::prelude::*;
use anchor_lang::solana_program::system_program;

use super::accounts::Desk;
use crate::{
    constants::STAKE_ACCOUNT_BYTES,
    cpi::system,
    error::ThawError,
    state::{Pool, Record, STAKE_PROGRAM, StakeView},
};

/// What `open_slot` found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The slot is ours, initialised, inactive and rent-exempt.
    Ready,
    /// A stranger had kept the emptied address alive; it is cleared and can be opened by the next
    /// transaction.
    Cleared,
}

impl<'info> Desk<'_, 'info> {
    /// Opens slot `slot`, or tops it up to live rent where it is open.
    ///
    /// The reserve pays while the rent of all slots plus the float stays below half the bootstrap
    /// deposit, so that a pool cannot spend its holders' SOL on slots; beyond that `payer` pays, as
    /// a gift. Lamports that a stranger sent to the address become a gain at the next booking.
    ///
    /// # Errors
    /// `SlotUnusable`, those of the system and stake programs.
    pub fn open_slot(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        slot: usize,
        payer: &AccountInfo<'info>,
    ) -> Result<Opened> {
        if self.clear_remains(pool, record, slot)? {
            return Ok(Opened::Cleared);
        }
        let account = self.slots[slot];
        match StakeView::read(account, &pool.authority, &record.vote) {
            StakeView::Initialized | StakeView::Delegated { .. } => {
                self.fund(pool, record, slot, payer)?;
            }
            StakeView::Empty => {
                self.fund(pool, record, slot, payer)?;
                self.stake.initialize(account)?;
            }
            StakeView::Foreign => {
                let is_fresh = account.owner == &system_program::ID && account.data_is_empty();
                require!(is_fresh, ThawError::SlotUnusable);
                self.fund(pool, record, slot, payer)?;
                self.with_seeds(record, slot, |seeds| {
                    let space = STAKE_ACCOUNT_BYTES as u64;
                    system::allocate(account, self.stake.reserve, space, &STAKE_PROGRAM, seeds)
                })?;
                self.stake.initialize(account)?;
            }
            StakeView::Odd => return err!(ThawError::SlotUnusable),
        }
        self.rebook(pool, record)?;
        Ok(Opened::Ready)
    }

    /// Sends to the reserve what a stranger left at the address of an emptied slot, which keeps it
    /// alive without data; true where there was something.
    ///
    /// # Errors
    /// The stake program's.
    pub fn clear_remains(&self, pool: &Pool, record: &Record, slot: usize) -> Result<bool> {
        let account = self.slots[slot];
        let view = StakeView::read(account, &pool.authority, &record.vote);
        if view != StakeView::Empty || account.data_len() == STAKE_ACCOUNT_BYTES {
            return Ok(false);
        }
        self.with_seeds(record, slot, |seeds| self.stake.clear(account, seeds))?;
        Ok(true)
    }

    /// Tops a slot that holds `stake` delegated lamports up to live rent, from the reserve: rent may
    /// have risen since it was funded, and the stake program wants it beside the delegation.
    ///
    /// # Errors
    /// `ReserveTooLow`, `Overflow`.
    pub fn keep_rent(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        slot: usize,
        stake: u64,
    ) -> Result<()> {
        let kept = self.slots[slot].lamports().saturating_sub(stake);
        let missing = self.slot_rent().saturating_sub(kept);
        if missing > 0 {
            record.credit(pool, slot, missing)?;
            system::move_lamports(self.stake.reserve, self.slots[slot], missing)?;
        }
        Ok(())
    }

    /// Tops the slot up to live rent.
    fn fund(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        slot: usize,
        payer: &AccountInfo<'info>,
    ) -> Result<()> {
        let account = self.slots[slot];
        let missing = self.slot_rent().saturating_sub(account.lamports());
        if missing == 0 {
            return Ok(());
        }
        let rent_of_all =
            self.slot_rent().saturating_mul(u64::from(pool.open_slots).saturating_add(1));
        let bound = pool.bootstrap_lamports >> 1;
        let is_within = rent_of_all.saturating_add(Pool::float(&self.rent).0) < bound;
        if is_within && pool.reserve_lamports >= missing {
            system::move_lamports(self.stake.reserve, account, missing)?;
            record.credit(pool, slot, missing)
        } else {
            system::transfer(payer, account, missing)
        }
    }
}
