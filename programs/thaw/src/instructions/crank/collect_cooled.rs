//! Inactive lamports come back to the reserve.

use crate::prelude::*;

use super::accounts::TendStake;
use crate::{
    error::ThawError,
    events::StakeMove,
    state::{Records, SlotState, StakeView},
};

/// Withdraws from the validator's cooling slots what is inactive, also the released part of a
/// partial cool-down, down to live rent. A slot that is inactive in full is free again. Lamports
/// that reached an open slot, or rent that a rule change has freed there, come along. A closed slot's
/// address that a stranger has kept alive is cleared, so that it can be opened by the next
/// transaction; what was there is a gain of the next finalize.
///
/// May be called by anyone at any time outside the rewards window; nothing can pause it (INV-11).
///
/// # Errors
/// `RewardsWindow`, `NoSuchValidator`, `NothingToCollect`, the stake program's.
///
/// # Events
/// [`crate::events::StakeMoved`].
pub fn collect_cooled(ctx: Context<TendStake>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    desk.book(pool, record)?;

    let mut collected = 0u64;
    let (mut has_freed, mut has_cleared) = (false, false);
    for slot in 0..desk.slots.len() {
        let state = record.slots[slot].state();
        if state == SlotState::Closed {
            has_cleared |= desk.clear_remains(pool, record, slot)?;
            continue;
        }
        if !matches!(state, SlotState::Cooling | SlotState::Open) {
            continue;
        }
        let view = StakeView::read(desk.slots[slot], &pool.authority, &record.vote);
        let active = view.effective(&record.vote, desk.clock.epoch).effective;
        let kept = active.saturating_add(desk.slot_rent());
        let lamports = desk.slots[slot].lamports().saturating_sub(kept);
        if lamports > 0 {
            desk.stake.withdraw(desk.slots[slot], lamports)?;
            record.debit(pool, slot, lamports)?;
            collected = collected.saturating_add(lamports);
        }
        if active == 0 && state == SlotState::Cooling {
            let recorded = record.slots[slot].lamports;
            record.set_slot(pool, slot, SlotState::Open, recorded, 0)?;
            has_freed = true;
        }
    }
    let kind = match (collected > 0 || has_freed, has_cleared) {
        (true, _) => StakeMove::Collected,
        (false, true) => StakeMove::Cleared,
        (false, false) => return err!(ThawError::NothingToCollect),
    };
    desk.finish(pool, record, kind, collected)
}
