//! Activated stake joins the main slot.

use crate::prelude::*;

use super::accounts::TendStake;
use crate::{
    error::ThawError,
    events::StakeMove,
    state::{Effective, Records, SlotState, StakeView},
};

/// Moves a slot whose warm-up is over into the validator's main slot, or makes it the main slot
/// where there is none. The emptied slot keeps its rent and stays open; what it held beyond that
/// goes to the reserve.
///
/// May be called by anyone at any time outside the rewards window.
///
/// # Errors
/// `RewardsWindow`, `NoSuchValidator`, `NothingToMerge`, `ReserveTooLow`, the stake program's.
///
/// # Events
/// [`crate::events::StakeMoved`].
pub fn merge_activated(ctx: Context<TendStake>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    desk.book(pool, record)?;

    let epoch = desk.clock.epoch;
    let (authority, vote) = (pool.authority, record.vote);
    let view = |slot: usize| StakeView::read(desk.slots[slot], &authority, &vote);
    let is_active = |slot: usize| {
        let effective: Effective = view(slot).effective(&vote, epoch);
        effective.is_fully_active()
    };
    let slot = (0..desk.slots.len())
        .find(|slot| record.slots[*slot].state() == SlotState::Activating && is_active(*slot))
        .ok_or(ThawError::NothingToMerge)?;
    let StakeView::Delegated { stake, .. } = view(slot) else {
        return err!(ThawError::NothingToMerge);
    };

    match record.main() {
        None => {
            let recorded = record.slots[slot];
            record.set_slot(pool, slot, SlotState::Active, recorded.lamports, recorded.epoch)?;
        }
        Some(main) => {
            require!(is_active(main), ThawError::NothingToMerge);
            desk.keep_rent(pool, record, slot, stake)?;
            desk.stake.move_stake(desk.slots[slot], desk.slots[main], stake)?;
            record.shift(pool, slot, main, stake)?;
            let excess = desk.slots[slot].lamports().saturating_sub(desk.slot_rent());
            if excess > 0 {
                desk.stake.withdraw(desk.slots[slot], excess)?;
                record.debit(pool, slot, excess)?;
            }
        }
    }
    desk.finish(pool, record, StakeMove::Merged, stake)
}
