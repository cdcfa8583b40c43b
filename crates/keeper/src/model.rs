//! The books and the slots as they will be after the actions planned so far.
//!
//! It changes a copy of the pool and its records by the program's own methods, so that a plan of
//! many actions computes each amount as the program will when its turn comes.

use anchor_lang::prelude::Pubkey;
use thaw::{
    constants::SLOTS,
    instructions::crank::{taker, validator},
    rent::Rent,
    state::{Batch, NO_MAIN, Pool, Record, Seat, SlotState, StakeView, flags, slot_rent},
};
use thaw_client::Snapshot;
use thaw_math::{Lamports, Shares, Validator, settle_down};

use crate::action::OnValidator;

/// Less than this is not worth a transaction: a stranger could send a lamport at a time.
pub const DUST_LAMPORTS: u64 = 1_000_000;

/// The model.
#[derive(Clone)]
pub struct Model<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) pool: Box<Pool>,
    pub(crate) desks: Vec<Desk>,
    batches: Vec<Batch>,
    /// Rent of a new slot that the payer would give with the move at hand, lamports.
    pub(crate) gift: u64,
}

/// A validator's record and what the chain holds in its slots.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) index: u16,
    pub(crate) record: Record,
    pub(crate) slots: [(u64, StakeView); SLOTS],
    pub(crate) seat: Seat,
}

impl<'a> Model<'a> {
    /// The pool as `snapshot` has it.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let desks = snapshot.validators.iter().map(|view| Desk {
            index: view.index,
            record: view.record,
            slots: view.slots,
            seat: view.seat,
        });
        Self {
            snapshot,
            pool: snapshot.pool.clone(),
            desks: desks.collect(),
            batches: snapshot.batches.clone(),
            gift: 0,
        }
    }

    /// Listed validators; places count from 0 to here.
    pub fn len(&self) -> usize {
        self.desks.len()
    }

    /// True for a pool without validators.
    pub fn is_empty(&self) -> bool {
        self.desks.is_empty()
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.snapshot.clock.epoch
    }

    pub(crate) fn rent(&self) -> u64 {
        slot_rent(&self.snapshot.rent)
    }

    pub(crate) fn on(&self, place: usize, lamports: u64) -> OnValidator {
        let desk = &self.desks[place];
        let rent_lamports = self.gift;
        let (index, vote) = (desk.index, desk.record.vote);
        OnValidator { index, vote, lamports, rent_lamports, pays_tickets: false }
    }

    pub(crate) fn is_fully_active(&self, vote: &Pubkey, view: &StakeView) -> bool {
        self.snapshot.effective(vote, view).is_fully_active()
    }

    /// Serial of the oldest open batch, if there is one.
    pub fn oldest_batch(&self) -> Option<u64> {
        let oldest = self.pool.oldest_batch;
        self.batches.iter().any(|batch| batch.serial == oldest).then_some(oldest)
    }

    pub(crate) fn oldest(&self) -> Option<&Batch> {
        self.batches.iter().find(|batch| batch.serial == self.pool.oldest_batch)
    }

    /// Books a validator as every handler does first: the record becomes what the chain holds.
    pub(crate) fn book(&mut self, place: usize) -> Option<()> {
        let epoch = self.epoch();
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        pool.roll_counters(epoch);
        if desk.record.booked_epoch != epoch {
            let held = u32::from(desk.record.is_held());
            pool.synced_validators = pool.synced_validators.checked_add(held)?;
            desk.record.booked_epoch = epoch;
        }
        let before = desk.record.lamports();
        for slot in 0..SLOTS {
            let (lamports, view) = desk.slots[slot];
            let (state, lamports, since) = desk.record.slots[slot].observe(lamports, view);
            desk.record.set_slot(pool, slot, state, lamports, since).ok()?;
        }
        let main = desk.record.main().map(|main| desk.record.slots[main].state());
        if main != Some(SlotState::Active) {
            let found = desk.record.find(SlotState::Active);
            desk.record.main = found.map_or(NO_MAIN, |index| index as u8);
        }
        let after = desk.record.lamports();
        let (gain, loss) = (after.saturating_sub(before), before.saturating_sub(after));
        pool.staked_lamports = pool.staked_lamports.checked_add(gain)?.checked_sub(loss)?;
        pool.pending_gain_lamports = pool.pending_gain_lamports.checked_add(gain)?;
        pool.pending_loss_lamports = pool.pending_loss_lamports.checked_add(loss)?;
        Some(())
    }

    /// Moves an activated slot into the main one, or makes it the main one; `None` where there is
    /// none.
    pub fn merge(&mut self, place: usize) -> Option<OnValidator> {
        self.book(place)?;
        let (rent, vote) = (self.rent(), self.desks[place].record.vote);
        let slots = self.desks[place].slots;
        let is_active = |slot: usize| self.is_fully_active(&vote, &slots[slot].1);
        let record = &self.desks[place].record;
        let slot = (0..SLOTS).find(|slot| {
            record.slots[*slot].state() == SlotState::Activating && is_active(*slot)
        })?;
        let StakeView::Delegated { stake, .. } = slots[slot].1 else { return None };
        let main = record.main();
        if main.is_some_and(|main| !is_active(main)) {
            return None;
        }
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        match main {
            None => {
                let old = desk.record.slots[slot];
                let active = SlotState::Active;
                desk.record.set_slot(pool, slot, active, old.lamports, old.epoch).ok()?;
            }
            Some(main) => {
                let kept = desk.slots[slot].0.saturating_sub(stake);
                let missing = rent.saturating_sub(kept);
                desk.record.credit(pool, slot, missing).ok()?;
                desk.slots[slot].0 = desk.slots[slot].0.saturating_add(missing);
                desk.move_stake(slot, main, stake, StakeView::Initialized);
                desk.record.shift(pool, slot, main, stake).ok()?;
                desk.withdraw(pool, slot, rent)?;
            }
        }
        self.book(place)?;
        Some(self.on(place, stake))
    }

    /// Withdraws what is inactive in cooling slots, and what a stranger left in open ones; clears what
    /// keeps a closed one alive; `None` where there is nothing.
    pub fn collect(&mut self, place: usize) -> Option<OnValidator> {
        self.book(place)?;
        let (rent, vote) = (self.rent(), self.desks[place].record.vote);
        let (mut collected, mut has_freed) = (0u64, false);
        for slot in 0..SLOTS {
            let state = self.desks[place].record.slots[slot].state();
            if state == SlotState::Closed && self.desks[place].slots[slot].1 == StakeView::Empty {
                self.desks[place].slots[slot] = (0, StakeView::Foreign);
                has_freed = true;
                continue;
            }
            if !matches!(state, SlotState::Cooling | SlotState::Open) {
                continue;
            }
            let view = self.desks[place].slots[slot].1;
            let active = self.snapshot.effective(&vote, &view).effective;
            let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
            let lamports = desk.withdraw(pool, slot, active.saturating_add(rent))?;
            collected = collected.saturating_add(lamports);
            if active == 0 && state == SlotState::Cooling {
                let kept = desk.record.slots[slot].lamports;
                desk.record.set_slot(pool, slot, SlotState::Open, kept, 0).ok()?;
                has_freed = true;
            }
        }
        // Part of a cool-down is worth a transaction only where it is not dust.
        (has_freed || collected >= DUST_LAMPORTS).then(|| self.on(place, collected))
    }

    /// Withdraws undelegated lamports of active and activating slots; `None` where there are none
    /// worth a transaction.
    pub fn sweep(&mut self, place: usize) -> Option<OnValidator> {
        self.book(place)?;
        let rent = self.rent();
        let excess = |desk: &Desk, slot: usize| {
            let state = desk.record.slots[slot].state();
            let works = matches!(state, SlotState::Active | SlotState::Activating);
            match desk.slots[slot] {
                (lamports, StakeView::Delegated { stake, .. }) if works => {
                    lamports.saturating_sub(stake.saturating_add(rent))
                }
                _ => 0,
            }
        };
        let (pool, desk) = (&mut *self.pool, &mut self.desks[place]);
        let all = (0..SLOTS).fold(0u64, |sum, slot| sum.saturating_add(excess(desk, slot)));
        if all < DUST_LAMPORTS {
            return None;
        }
        for slot in 0..SLOTS {
            let kept = desk.slots[slot].0.saturating_sub(excess(desk, slot));
            desk.withdraw(pool, slot, kept)?;
        }
        Some(self.on(place, all))
    }

    /// Pays the oldest batch what the reserve holds above the float; `None` when nothing can be
    /// paid. Returns the batch's serial and the lamports.
    pub fn settle(&mut self) -> Option<(u64, u64)> {
        let float = Pool::float(&self.snapshot.rent);
        let pool = &mut *self.pool;
        let batch = self.batches.iter_mut().find(|batch| batch.serial == pool.oldest_batch)?;
        if batch.epoch >= pool.epoch {
            return None;
        }
        let value = pool.value_at(self.snapshot.clock.unix_timestamp).ok()?;
        let available = Lamports(pool.reserve_lamports).minus_or_zero(float);
        let open = Shares(batch.open_shares());
        let paid = settle_down(value.exit_rate().ok()?, open, available)?;
        let is_worth_it = paid.shares == open || paid.lamports.0 >= DUST_LAMPORTS;
        if paid.shares == Shares::ZERO || !is_worth_it {
            return None;
        }
        batch.shares_settled = batch.shares_settled.checked_add(paid.shares.0)?;
        batch.lamports_settled = batch.lamports_settled.checked_add(paid.lamports.0)?;
        pool.shares = pool.shares.checked_sub(paid.shares.0)?;
        pool.pending_shares = pool.pending_shares.checked_sub(paid.shares.0)?;
        pool.reserve_lamports = pool.reserve_lamports.checked_sub(paid.lamports.0)?;
        if batch.is_settled() {
            pool.oldest_batch = pool.oldest_batch.checked_add(1)?;
        }
        Some((batch.serial, paid.lamports.0))
    }
}

impl Desk {
    /// Moves active stake between two slots on chain; `rest` is the source's view when nothing
    /// stays in it.
    pub(crate) fn move_stake(&mut self, from: usize, to: usize, lamports: u64, rest: StakeView) {
        let source = self.slots[from].1;
        if let StakeView::Delegated { stake, activated, deactivated } = source {
            let left = stake.saturating_sub(lamports);
            self.slots[from].1 = match left {
                0 => rest,
                stake => StakeView::Delegated { stake, activated, deactivated },
            };
            self.slots[to].1 = match self.slots[to].1 {
                StakeView::Delegated { stake, activated, deactivated: u64::MAX } => {
                    let stake = stake.saturating_add(lamports);
                    StakeView::Delegated { stake, activated, deactivated: u64::MAX }
                }
                _ => StakeView::Delegated { stake: lamports, activated, deactivated },
            };
        }
        self.slots[from].0 = self.slots[from].0.saturating_sub(lamports);
        self.slots[to].0 = self.slots[to].0.saturating_add(lamports);
    }

    /// Withdraws all of `slot` but `kept` to the reserve; returns the lamports.
    fn withdraw(&mut self, pool: &mut Pool, slot: usize, kept: u64) -> Option<u64> {
        let lamports = self.slots[slot].0.saturating_sub(kept);
        if lamports > 0 {
            self.slots[slot].0 = kept;
            self.record.debit(pool, slot, lamports).ok()?;
        }
        Some(lamports)
    }

    /// The record as moves see it that bring stake, by the program's own rule.
    pub(crate) fn taker(&self, pool: &Pool, rent: u64) -> Validator {
        taker(pool, &self.record, rent)
    }

    /// True where the program lets stake be delegated.
    pub(crate) fn can_take(&self, pool: &Pool, rent: &Rent) -> bool {
        let needs_seat = pool.config.require_bls == 1;
        if needs_seat { self.seat.can_be_admitted(rent) } else { self.seat.has_vote }
    }

    /// The record as moves see it that take stake, by the program's own rule.
    pub(crate) fn validator(&self, pool: &Pool, rent: u64) -> Validator {
        validator(pool, &self.record, rent)
    }

    /// True for a validator that a review set aside: the larger cap applies.
    pub(crate) fn is_violator(&self) -> bool {
        self.record.flags & flags::SET_ASIDE != 0
    }
}
