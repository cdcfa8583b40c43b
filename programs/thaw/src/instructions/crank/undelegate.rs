//! Stake is deactivated: for withdrawals, for liquidity, or to leave a validator.

use crate::prelude::*;
use thaw_math::{Lamports, Move};

use super::{
    accounts::{Desk, MoveStake},
    delegate::validator,
    open_slot::Opened,
    way::{Slots, Way},
};
use crate::{
    constants::OVERDUE_EPOCHS,
    error::ThawError,
    events::StakeMove,
    state::{Path, Pool, Record, Records, SlotState, StakeView, is_vote_account},
};

/// Takes stake from the validator at `index`.
///
/// For open batches: from a validator at or above its target, or from any once the oldest batch
/// (passed as `batch`) is two epochs old; no pause and no cap holds it. For liquidity, balance and
/// weight 0: within this epoch's rebalancing cap, which holds the whole pool. Once the pool winds
/// down all stake leaves from any validator; no window, no pause and no cap holds it.
///
/// A part leaves by MoveStake into a slot that is then deactivated; the slot of this epoch is
/// topped up. Where that cannot be, a slot is deactivated whole, and what is too much is delegated
/// again later.
///
/// May be called by anyone in the move window. The program computes the amount.
///
/// # Errors
/// `OutsideMoveWindow`, `RewardsWindow`, `Paused` for rebalancing, `NoSuchValidator`,
/// `WrongBatch`, `NothingToUndelegate`, `NoFreeSlot`, the stake program's.
///
/// # Events
/// [`crate::events::StakeMoved`].
pub fn undelegate(ctx: Context<MoveStake>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let now = desk.clock.unix_timestamp;
    pool.require_move_window(&desk.clock)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    accounts.check_vote(record)?;
    desk.book(pool, record)?;

    let value = pool.value_at(now)?;
    let flow = pool.flow(&value, &desk.rent, record.is_set_aside())?;
    let wanted = flow
        .undelegate_amount(
            &validator(pool, record, desk.slot_rent()),
            is_overdue(accounts, pool, &desk)?,
        )
        .ok_or(ThawError::NothingToUndelegate)?;
    let (amount, most, kind) = match wanted {
        Move::Withdrawal(amount) => (amount, None, StakeMove::UndelegatedForWithdrawals),
        Move::Rebalance(amount) => {
            pool.require_open(Path::Moves, now)?;
            (amount, Some(flow.rebalance_left), StakeMove::UndelegatedToRebalance)
        }
    };

    let slots = Slots {
        record,
        seen: desk
            .slots
            .map(|slot| (slot.lamports(), StakeView::read(slot, &pool.authority, &record.vote))),
        epoch: desk.clock.epoch,
        rent: desk.slot_rent(),
        min_delegation: flow.min_delegation,
        has_vote: has_vote(&accounts.vote),
        effective: |view: &StakeView| view.effective(&record.vote, desk.clock.epoch),
    };
    let moved = match slots.way(amount, most)? {
        Way::Whole { slot, lamports } => {
            desk.stake.deactivate(desk.slots[slot])?;
            lamports
        }
        Way::TopUp { main, slot, lamports } => {
            desk.stake.delegate(desk.slots[slot], &accounts.vote)?;
            desk.split_off(pool, record, main, slot, lamports)?;
            lamports
        }
        Way::Part { main, slot, lamports } => {
            if desk.open_slot(pool, record, slot, &accounts.payer)? == Opened::Cleared {
                return desk.finish(pool, record, StakeMove::Cleared, 0);
            }
            desk.split_off(pool, record, main, slot, lamports)?;
            lamports
        }
    };
    if kind == StakeMove::UndelegatedToRebalance {
        let counters = &mut pool.counters;
        let moved_before = if record.is_set_aside() {
            &mut counters.violator_lamports
        } else {
            &mut counters.rebalanced_lamports
        };
        *moved_before = moved_before.checked_add(moved.0).ok_or(ThawError::Overflow)?;
    }
    desk.finish(pool, record, kind, moved.0)
}

impl Desk<'_, '_> {
    /// Moves active stake from `main` into `slot` and deactivates it there.
    fn split_off(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        main: usize,
        slot: usize,
        lamports: Lamports,
    ) -> Result<()> {
        self.stake.move_stake(self.slots[main], self.slots[slot], lamports.0)?;
        self.stake.deactivate(self.slots[slot])?;
        record.shift(pool, main, slot, lamports.0)?;
        let recorded = record.slots[slot].lamports;
        record.set_slot(pool, slot, SlotState::Cooling, recorded, self.clock.epoch)
    }
}

/// True where stake can be delegated to the vote account.
fn has_vote(vote: &AccountInfo) -> bool {
    vote.try_borrow_data().is_ok_and(|data| is_vote_account(vote.owner, &data))
}

/// True when the oldest open batch was passed and has waited two epochs.
fn is_overdue(accounts: &MoveStake, pool: &Pool, desk: &Desk) -> Result<bool> {
    let Some(batch) = &accounts.batch else { return Ok(false) };
    let is_oldest = batch.pool == desk.pool_key && batch.serial == pool.oldest_batch;
    require!(is_oldest, ThawError::WrongBatch);
    Ok(desk.clock.epoch.saturating_sub(batch.epoch) >= OVERDUE_EPOCHS && batch.open_shares() > 0)
}
