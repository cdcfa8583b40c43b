//! Stake is deactivated: for withdrawals, for liquidity, or to leave a validator.

use crate::prelude::*;
use thaw_math::{Lamports, MIN_DELEGATION, Move};

use super::{
    accounts::{Desk, MoveStake},
    delegate::validator,
    open_slot::Opened,
};
use crate::{
    constants::{OVERDUE_EPOCHS, VOTE_LAYOUTS, VOTE_PROGRAM},
    error::ThawError,
    events::StakeMove,
    state::{Path, Pool, Record, Records, SlotState, StakeView},
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

    let has_vote = is_vote_account(&accounts.vote);
    let moved = match desk.plan(pool, record, amount, most, has_vote)? {
        Plan::Whole { slot, lamports } => {
            desk.stake.deactivate(desk.slots[slot])?;
            lamports
        }
        Plan::TopUp { main, slot, lamports } => {
            desk.stake.delegate(desk.slots[slot], &accounts.vote)?;
            desk.split_off(pool, record, main, slot, lamports)?;
            lamports
        }
        Plan::Part { main, slot, lamports } => {
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

/// How stake leaves.
enum Plan {
    /// Deactivate `slot` whole.
    Whole { slot: usize, lamports: Lamports },
    /// Reactivate the slot that was deactivated in this epoch, move more into it, deactivate it.
    TopUp { main: usize, slot: usize, lamports: Lamports },
    /// Move into a free slot, deactivate it.
    Part { main: usize, slot: usize, lamports: Lamports },
}

impl Desk<'_, '_> {
    /// Chooses the cheapest way to take about `amount`, and never more than `most`.
    fn plan(
        &self,
        pool: &Pool,
        record: &Record,
        amount: Lamports,
        most: Option<Lamports>,
        has_vote: bool,
    ) -> Result<Plan> {
        let fits = |lamports: Lamports| most.is_none_or(|most| lamports <= most);
        let whole = |slot: usize| {
            let lamports = self.stake_of(pool, record, slot).0;
            if fits(lamports) {
                Ok(Plan::Whole { slot, lamports })
            } else {
                err!(ThawError::NoFreeSlot)
            }
        };
        // What was delegated in this epoch is not active yet: taking it back costs nothing.
        let fresh = record.find_since(SlotState::Activating, self.clock.epoch);
        // Stake that has warmed up serves as main before anyone has merged it: else a small shortage
        // could take it down whole.
        let warm = || self.find_warm(pool, record);
        let Some(main) = record.main().or_else(warm) else {
            let activating = fresh.or_else(|| record.find(SlotState::Activating));
            return whole(activating.ok_or(ThawError::NothingToUndelegate)?);
        };
        if let Some(slot) = fresh {
            let lamports = self.stake_of(pool, record, slot).0;
            if lamports <= amount && fits(lamports) {
                return Ok(Plan::Whole { slot, lamports });
            }
        }

        let (stake, is_fully_active) = self.stake_of(pool, record, main);
        let most_in_part = stake.minus_or_zero(MIN_DELEGATION);
        if amount >= stake || !is_fully_active || most_in_part < MIN_DELEGATION {
            return whole(main);
        }
        let lamports = amount.max(MIN_DELEGATION).min(most_in_part);
        // Taking a deactivation back is a delegation: it needs the vote account.
        let rescindable = if has_vote { self.find_rescindable(pool, record) } else { None };
        if let Some(slot) = rescindable {
            return Ok(Plan::TopUp { main, slot, lamports });
        }
        match record.find_free() {
            Some(slot) => Ok(Plan::Part { main, slot, lamports }),
            // One call of `collect_cooled` or `merge_activated`, open to anyone, makes room: a small
            // shortage must not take a whole stake down.
            None if self.can_be_freed(pool, record) => err!(ThawError::NoFreeSlot),
            None => whole(fresh.unwrap_or(main)),
        }
    }

    /// Delegation of a slot, and whether all of it is active.
    fn stake_of(&self, pool: &Pool, record: &Record, slot: usize) -> (Lamports, bool) {
        let view = StakeView::read(self.slots[slot], &pool.authority, &record.vote);
        let StakeView::Delegated { stake, .. } = view else { return (Lamports::ZERO, false) };
        let effective = view.effective(&record.vote, self.clock.epoch);
        (Lamports(stake), effective.is_fully_active())
    }

    /// An activating slot whose warm-up is over.
    fn find_warm(&self, pool: &Pool, record: &Record) -> Option<usize> {
        (0..self.slots.len()).find(|slot| {
            record.slots[*slot].state() == SlotState::Activating
                && self.stake_of(pool, record, *slot).1
        })
    }

    /// A slot that was fully active when it was deactivated in this epoch: only such a one is fully
    /// active again once the deactivation is taken back.
    fn find_rescindable(&self, pool: &Pool, record: &Record) -> Option<usize> {
        let epoch = self.clock.epoch;
        (0..self.slots.len()).find(|slot| {
            let recorded = &record.slots[*slot];
            if recorded.state() != SlotState::Cooling || recorded.epoch != epoch {
                return false;
            }
            let view = StakeView::read(self.slots[*slot], &pool.authority, &record.vote);
            let StakeView::Delegated { stake, activated, .. } = view else { return false };
            let restored = StakeView::Delegated { stake, activated, deactivated: u64::MAX };
            let backing = stake.saturating_add(self.slot_rent());
            restored.effective(&record.vote, epoch).is_fully_active()
                && self.slots[*slot].lamports() >= backing
        })
    }

    /// True where a slot could be collected or merged right now.
    fn can_be_freed(&self, pool: &Pool, record: &Record) -> bool {
        (0..self.slots.len()).any(|slot| {
            let view = StakeView::read(self.slots[slot], &pool.authority, &record.vote);
            let effective = view.effective(&record.vote, self.clock.epoch);
            match record.slots[slot].state() {
                SlotState::Cooling => effective.effective == 0,
                SlotState::Activating => effective.is_fully_active(),
                _ => false,
            }
        })
    }

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

/// True for a vote account in a layout that the stake program delegates to: a closed one can be kept
/// alive, zeroed, by a stranger's lamports.
fn is_vote_account(vote: &AccountInfo) -> bool {
    let Ok(data) = vote.try_borrow_data() else { return false };
    let tag = data.first_chunk().map_or(0, |tag| u32::from_le_bytes(*tag));
    *vote.owner == VOTE_PROGRAM && VOTE_LAYOUTS.contains(&tag)
}

/// True when the oldest open batch was passed and has waited two epochs.
fn is_overdue(accounts: &MoveStake, pool: &Pool, desk: &Desk) -> Result<bool> {
    let Some(batch) = &accounts.batch else { return Ok(false) };
    let is_oldest = batch.pool == desk.pool_key && batch.serial == pool.oldest_batch;
    require!(is_oldest, ThawError::WrongBatch);
    Ok(desk.clock.epoch.saturating_sub(batch.epoch) >= OVERDUE_EPOCHS && batch.open_shares() > 0)
}
