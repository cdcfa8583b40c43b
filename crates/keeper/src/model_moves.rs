//! Moves of stake on the model: what `undelegate` and `delegate` would do.

use thaw::{
    constants::OVERDUE_EPOCHS,
    instructions::way::{Slots, Way},
    state::{Path, Pool, SlotState, StakeView},
};
use thaw_math::{Lamports, MIN_DELEGATION, Move};

use crate::{
    action::OnValidator,
    model::{DUST_LAMPORTS, Model},
};

impl Model<'_> {
    /// Places by how far the stake is above its target, the farthest first.
    pub fn by_excess(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let value = self.pool.value_at(self.snapshot.clock.unix_timestamp);
        let Ok(value) = value else { return order };
        let Ok(flow) = self.pool.flow(&value, &self.snapshot.rent, false) else { return order };
        let rent = self.rent();
        order.sort_by_cached_key(|place| {
            let validator = self.desks[*place].validator(&self.pool, rent);
            let target = i128::from(flow.target(&validator).0);
            target.saturating_sub(i128::from(validator.staked.0))
        });
        order
    }

    /// Takes stake from a validator; `None` where the program would refuse.
    pub fn undelegate(&mut self, place: usize) -> Option<OnValidator> {
        self.gift = 0;
        self.book(place)?;
        let now = self.snapshot.clock.unix_timestamp;
        let value = self.pool.value_at(now).ok()?;
        let is_violator = self.desks[place].is_violator();
        let flow = self.pool.flow(&value, &self.snapshot.rent, is_violator).ok()?;
        let validator = self.desks[place].validator(&self.pool, self.rent());
        let (amount, most) = match flow.undelegate_amount(&validator, self.is_overdue())? {
            Move::Withdrawal(amount) => (amount, None),
            Move::Rebalance(amount) => {
                self.pool.require_open(Path::Moves, now).ok()?;
                (amount, Some(flow.rebalance_left))
            }
        };
        let desk = &self.desks[place];
        let slots = Slots {
            record: &desk.record,
            seen: desk.slots,
            epoch: self.epoch(),
            rent: self.rent(),
            has_vote: desk.has_vote,
            effective: |view: &StakeView| self.snapshot.effective(&desk.record.vote, view),
        };
        let lamports = match slots.way(amount, most).ok()? {
            Way::Whole { slot, .. } => self.deactivate(place, slot)?,
            Way::TopUp { main, slot, lamports } | Way::Part { main, slot, lamports } => {
                if self.open_slot(place, slot)? {
                    self.split_off(place, main, slot, lamports.0)?;
                }
                lamports.0
            }
        };
        if most.is_some() {
            let counters = &mut self.pool.counters;
            let moved = if is_violator {
                &mut counters.violator_lamports
            } else {
                &mut counters.rebalanced_lamports
            };
            *moved = moved.checked_add(lamports)?;
        }
        self.book(place)?;
        Some(self.on(place, lamports))
    }

    /// Gives stake to a validator; `None` where the program would refuse.
    pub fn delegate(&mut self, place: usize) -> Option<OnValidator> {
        self.gift = 0;
        let now = self.snapshot.clock.unix_timestamp;
        if self.pool.is_winding_down() || !self.desks[place].has_vote {
            return None;
        }
        self.pool.require_open(Path::Moves, now).ok()?;
        self.book(place)?;
        let topped_up = self.desks[place].record.find_since(SlotState::Activating, self.epoch());
        let slot = topped_up.or_else(|| self.desks[place].record.find_free())?;
        // A refusal undoes the opening as well, so it is tried on copies.
        let (pool, record, slots) =
            (self.pool.clone(), self.desks[place].record, self.desks[place].slots);
        let done = self.delegate_into(place, slot, topped_up.is_some());
        if done.is_none() {
            self.pool = pool;
            (self.desks[place].record, self.desks[place].slots) = (record, slots);
        }
        done
    }

    fn delegate_into(
        &mut self,
        place: usize,
        slot: usize,
        is_topped_up: bool,
    ) -> Option<OnValidator> {
        if !is_topped_up && !self.open_slot(place, slot)? {
            return Some(self.on(place, 0));
        }
        let value = self.pool.value_at(self.snapshot.clock.unix_timestamp).ok()?;
        let flow = self.pool.flow(&value, &self.snapshot.rent, false).ok()?;
        let validator = self.desks[place].validator(&self.pool, self.rent());
        let lamports = flow.delegate_amount(&validator)?;
        let least = if is_topped_up { Lamports(DUST_LAMPORTS) } else { MIN_DELEGATION };
        if lamports < least {
            return None;
        }
        let (epoch, rent) = (self.epoch(), self.rent());
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        desk.record.credit(pool, slot, lamports.0).ok()?;
        desk.slots[slot].0 = desk.slots[slot].0.saturating_add(lamports.0);
        let stake = desk.slots[slot].0.saturating_sub(rent);
        desk.slots[slot].1 =
            StakeView::Delegated { stake, activated: epoch, deactivated: u64::MAX };
        if pool.reserve_lamports < flow.float.0 {
            return None;
        }
        self.book(place)?;
        Some(self.on(place, lamports.0))
    }

    fn deactivate(&mut self, place: usize, slot: usize) -> Option<u64> {
        let epoch = self.epoch();
        let StakeView::Delegated { stake, activated, .. } = self.desks[place].slots[slot].1 else {
            return None;
        };
        self.desks[place].slots[slot].1 =
            StakeView::Delegated { stake, activated, deactivated: epoch };
        Some(stake)
    }

    fn split_off(&mut self, place: usize, main: usize, slot: usize, lamports: u64) -> Option<()> {
        let epoch = self.epoch();
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        let is_cooling = desk.record.slots[slot].state() == SlotState::Cooling;
        if let StakeView::Delegated { deactivated, .. } = &mut desk.slots[slot].1
            && is_cooling
        {
            *deactivated = u64::MAX;
        }
        desk.move_stake(main, slot, lamports, StakeView::Initialized);
        desk.record.shift(pool, main, slot, lamports).ok()?;
        let recorded = desk.record.slots[slot].lamports;
        desk.record.set_slot(pool, slot, SlotState::Cooling, recorded, epoch).ok()?;
        self.deactivate(place, slot).map(drop)
    }

    /// Makes a slot ready, its missing rent from the reserve or from the payer; false where the
    /// transaction only clears a stranger's remains.
    fn open_slot(&mut self, place: usize, slot: usize) -> Option<bool> {
        let (rent, snapshot) = (self.rent(), self.snapshot);
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        match desk.slots[slot].1 {
            StakeView::Odd => return None,
            StakeView::Empty => return Some(false),
            StakeView::Foreign | StakeView::Initialized | StakeView::Delegated { .. } => {}
        }
        let missing = rent.saturating_sub(desk.slots[slot].0);
        if missing > 0 {
            let slots = u64::from(pool.open_slots).saturating_add(1);
            let spent = rent.saturating_mul(slots).saturating_add(Pool::float(&snapshot.rent).0);
            if spent < pool.bootstrap_lamports >> 1 && pool.reserve_lamports >= missing {
                desk.record.credit(pool, slot, missing).ok()?;
            } else {
                self.gift = missing;
            }
            desk.slots[slot].0 = rent;
        }
        if desk.slots[slot].1 == StakeView::Foreign {
            desk.slots[slot].1 = StakeView::Initialized;
        }
        self.book(place)?;
        Some(true)
    }

    /// True when the oldest open batch has waited two epochs.
    fn is_overdue(&self) -> bool {
        self.oldest().is_some_and(|batch| {
            self.epoch().saturating_sub(batch.epoch) >= OVERDUE_EPOCHS && batch.open_shares() > 0
        })
    }
}
