//! Undelegated lamports of working stake come back to the reserve.

use crate::prelude::*;

use super::accounts::TendStake;
use crate::{
    error::ThawError,
    events::StakeMove,
    state::{Records, SlotState, StakeView},
};

/// Withdraws from the validator's active and activating slots what is not delegated: tips, block
/// revenue, donations, rent that a rule change has freed. It earns nothing where it lies.
///
/// May be called by anyone at any time outside the rewards window.
///
/// # Errors
/// `RewardsWindow`, `NoSuchValidator`, `NothingToSweep`, the stake program's.
///
/// # Events
/// [`crate::events::StakeMoved`].
pub fn sweep_excess(ctx: Context<TendStake>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    desk.book(pool, record)?;

    let mut swept = 0u64;
    for slot in 0..desk.slots.len() {
        let state = record.slots[slot].state();
        if !matches!(state, SlotState::Active | SlotState::Activating) {
            continue;
        }
        let view = StakeView::read(desk.slots[slot], &pool.authority, &record.vote);
        let StakeView::Delegated { stake, .. } = view else { continue };
        let kept = stake.saturating_add(desk.slot_rent());
        let lamports = desk.slots[slot].lamports().saturating_sub(kept);
        if lamports > 0 {
            desk.stake.withdraw(desk.slots[slot], lamports)?;
            record.debit(pool, slot, lamports)?;
            swept = swept.saturating_add(lamports);
        }
    }
    require!(swept > 0, ThawError::NothingToSweep);
    desk.finish(pool, record, StakeMove::Swept, swept)
}
