//! Moves of stake on the model: what `undelegate` and `delegate` would do.

use thaw::{
    constants::OVERDUE_EPOCHS,
    instructions::way::{Slots, Way},
    state::{Path, Pool, SlotState, StakeView},
};
use thaw_math::{Lamports, Move};

use crate::{
    action::OnValidator,
    model::{DUST_LAMPORTS, Desk, Model},
};

/// What a move at one place can change.
pub(crate) struct Before {
    pool: Box<Pool>,
    desk: Desk,
}

impl Model<'_> {
    /// Index of the record at a place.
    pub(crate) fn index(&self, place: usize) -> u16 {
        self.desks[place].index
    }

    /// What [`Model::restore`] needs to undo a move at `place`.
    pub(crate) fn keep(&self, place: usize) -> Before {
        Before { pool: self.pool.clone(), desk: self.desks[place].clone() }
    }

    /// Undoes what has happened at `place` and in the books since then.
    pub(crate) fn restore(&mut self, place: usize, before: Before) {
        (self.pool, self.desks[place]) = (before.pool, before.desk);
    }

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

    /// Takes stake from a validator; `None` where the program would refuse: then the model is to be
    /// restored. Without `has_room` for it elsewhere, only what tickets and liquidity need, and what
    /// is to be left.
    pub fn undelegate(&mut self, place: usize, has_room: bool) -> Option<OnValidator> {
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
                // A weight that is gone is left in any case.
                if validator.weight > 0 && !has_room {
                    return None;
                }
                (amount, Some(flow.rebalance_left))
            }
        };
        let desk = &self.desks[place];
        let slots = Slots {
            record: &desk.record,
            seen: desk.slots,
            epoch: self.epoch(),
            rent: self.rent(),
            min_delegation: flow.min_delegation,
            has_vote: desk.seat.has_vote,
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
        Some(OnValidator { pays_tickets: most.is_none(), ..self.on(place, lamports) })
    }

    /// True where validators below their targets can take more than all that is not delegated yet, or
    /// where that is too little, while the payer gives `rent_left` lamports for a new slot: stake that
    /// is moved without need would else lie idle.
    pub fn has_room(&self, rent_left: u64) -> bool {
        let value = self.pool.value_at(self.snapshot.clock.unix_timestamp);
        let flow = value.and_then(|value| self.pool.flow(&value, &self.snapshot.rent, false));
        let Ok(flow) = flow else { return false };
        let rent = self.rent();
        let (mut room, mut spare) = (0i128, i128::from(flow.goal().0));
        for desk in &self.desks {
            spare = spare.saturating_sub(desk.record.staked_lamports(rent).into());
            if self.can_take(desk, rent_left) {
                let taker = desk.taker(&self.pool, rent);
                let gap = flow.target(&taker).minus_or_zero(taker.staked);
                room = room.saturating_add(gap.0.into());
            }
        }
        room > spare
    }

    /// True where stake can be delegated with so much rent of the payer.
    fn can_take(&self, desk: &Desk, rent_left: u64) -> bool {
        let free = || {
            let slot = desk.record.find_free()?;
            Some(self.missing_rent(desk, slot))
        };
        let is_open = desk.record.find_since(SlotState::Activating, self.epoch()).is_some()
            || free().is_some_and(|(missing, is_given)| !is_given || missing <= rent_left);
        is_open && desk.can_take(&self.pool, &self.snapshot.rent)
    }

    /// Rent that a slot lacks, lamports, and whether the payer must give it because the pool does not.
    fn missing_rent(&self, desk: &Desk, slot: usize) -> (u64, bool) {
        let (rent, pool) = (self.rent(), &self.pool);
        let missing = rent.saturating_sub(desk.slots[slot].0);
        let slots = u64::from(pool.open_slots).saturating_add(1);
        let float = Pool::float(&self.snapshot.rent).0;
        let spent = rent.saturating_mul(slots).saturating_add(float);
        let pays = spent < pool.bootstrap_lamports >> 1 && pool.reserve_lamports >= missing;
        (missing, missing > 0 && !pays)
    }

    /// Gives stake to a validator; `None` where the program would refuse: then the model is to be
    /// restored.
    pub fn delegate(&mut self, place: usize) -> Option<OnValidator> {
        self.gift = 0;
        let now = self.snapshot.clock.unix_timestamp;
        if self.pool.is_winding_down()
            || !self.desks[place].can_take(&self.pool, &self.snapshot.rent)
        {
            return None;
        }
        self.pool.require_open(Path::Moves, now).ok()?;
        self.book(place)?;
        let topped_up = self.desks[place].record.find_since(SlotState::Activating, self.epoch());
        let slot = topped_up.or_else(|| self.desks[place].record.find_free())?;
        self.delegate_into(place, slot, topped_up.is_some())
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
        let validator = self.desks[place].taker(&self.pool, self.rent());
        let lamports = flow.delegate_amount(&validator)?;
        let least = if is_topped_up { Lamports(DUST_LAMPORTS) } else { flow.min_delegation };
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
        match self.desks[place].slots[slot].1 {
            StakeView::Odd => return None,
            StakeView::Empty => return Some(false),
            StakeView::Foreign | StakeView::Initialized | StakeView::Delegated { .. } => {}
        }
        let (missing, is_given) = self.missing_rent(&self.desks[place], slot);
        let rent = self.rent();
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        if is_given {
            self.gift = missing;
        } else if missing > 0 {
            desk.record.credit(pool, slot, missing).ok()?;
        }
        desk.slots[slot].0 = desk.slots[slot].0.max(rent);
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
