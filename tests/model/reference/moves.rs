//! Delegate and undelegate, and opening a slot.

use thaw_client::thaw::{error::ThawError, events::StakeMove};

use super::{
    Amount, Reference, Refusal, Role, SOL, Said, Stake, Validator, flow::Taken, less,
    powers::MOVES, refuse,
};

/// How stake leaves a validator.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// A slot is deactivated whole.
    Whole(usize),
    /// A part goes into the slot that was deactivated in this epoch.
    TopUp { main: usize, slot: usize, lamports: Amount },
    /// A part goes into a free slot.
    Part { main: usize, slot: usize, lamports: Amount },
}

impl Reference {
    /// Makes a slot ready, or tops it up to live rent; false where a stranger had kept it alive and
    /// it was only cleared. The reserve pays while slots and float stay below half the bootstrap.
    pub fn open_slot(&mut self, v: usize, slot: usize) -> Result<bool, Refusal> {
        let it = self.validators[v].slots[slot];
        if it.stake == Stake::Bricked {
            self.reserve_account += it.lamports;
            let slot = &mut self.validators[v].slots[slot];
            (slot.lamports, slot.stake) = (0, Stake::Nothing);
            return Ok(false);
        }
        let rent = self.network.slot_rent();
        let missing = less(rent, it.lamports);
        let bound = Amount::from(self.start.bootstrap_sol) * SOL / 2;
        let is_within = rent * (self.open_slots() + 1) + self.network.float() < bound;
        if is_within && self.reserve >= missing {
            self.credit(v, slot, missing);
        } else {
            self.payer -= missing;
            self.validators[v].slots[slot].lamports += missing;
        }
        if it.stake == Stake::Nothing {
            self.validators[v].slots[slot].stake = Stake::Ready;
        }
        self.book(v, false);
        Ok(true)
    }

    pub fn delegate(&mut self, v: usize) -> Result<Said, Refusal> {
        self.require_live()?;
        self.require_open(MOVES)?;
        if !self.may_move() {
            return refuse(ThawError::OutsideMoveWindow);
        }
        self.require_seat(v)?;
        self.begin(v)?;
        let top_up = self.validators[v].find_since(Role::Activating, self.network.epoch);
        let Some(slot) = top_up.or_else(|| self.validators[v].find_free()) else {
            return refuse(ThawError::NoFreeSlot);
        };
        if top_up.is_none() && !self.open_slot(v, slot)? {
            return self.end(v, StakeMove::Cleared, 0);
        }
        let Some(lamports) = self.to_delegate(v) else {
            return refuse(ThawError::NothingToDelegate);
        };
        if top_up.is_none() && lamports < self.minimum() {
            return refuse(ThawError::BelowMinimumDelegation);
        }
        let note =
            self.draws_less(v, ["Delegated by the next weight", "Delegated by the next sum"]);
        self.credit(v, slot, lamports);
        self.delegate_stake(v, slot)?;
        if self.reserve < self.network.float() {
            return refuse(ThawError::ReserveTooLow);
        }
        self.notes.extend(note);
        self.end(v, StakeMove::Delegated, lamports)
    }

    /// Where keys are demanded, stake goes only where it can earn in the next epoch.
    fn require_seat(&self, v: usize) -> Result<(), Refusal> {
        let listed = self.validators.get(v).filter(|it| !it.is_free);
        let has_seat = |it: &Validator| it.ballot.can_be_admitted(&self.network);
        match listed {
            None => refuse(ThawError::NoSuchValidator),
            Some(it) if self.start.rules.require_bls && !has_seat(it) => {
                refuse(ThawError::CannotBeAdmitted)
            }
            Some(_) => Ok(()),
        }
    }

    /// `batch`: the batch whose age is to count.
    pub fn undelegate(&mut self, v: usize, batch: Option<u64>) -> Result<Said, Refusal> {
        let is_overdue = match batch {
            None => false,
            Some(serial) => {
                let batch = self.batch_account(serial)?;
                let age = self.network.epoch - batch.epoch;
                age >= 2 && batch.settled < batch.requested
            }
        };
        if !self.may_move() {
            return refuse(ThawError::OutsideMoveWindow);
        }
        self.begin(v)?;
        if batch.is_some_and(|serial| serial != self.oldest_batch()) {
            return refuse(ThawError::WrongBatch);
        }
        let Some(taken) = self.to_undelegate(v, is_overdue) else {
            return refuse(ThawError::NothingToUndelegate);
        };
        let (amount, most, kind) = match taken {
            Taken::Withdrawal(amount) => {
                (amount, Amount::MAX, StakeMove::UndelegatedForWithdrawals)
            }
            Taken::Rebalance(amount) => {
                self.require_open(MOVES)?;
                (amount, self.rebalance_left(v), StakeMove::UndelegatedToRebalance)
            }
        };
        let moved = match self.way(v, amount, most)? {
            Way::Whole(slot) => {
                let stake = self.validators[v].slots[slot].stake.delegated();
                self.deactivate(v, slot)?;
                stake
            }
            Way::TopUp { main, slot, lamports } => {
                self.delegate_stake(v, slot)?;
                self.split_off(v, main, slot, lamports)?
            }
            Way::Part { main, slot, lamports } => {
                if !self.open_slot(v, slot)? {
                    return self.end(v, StakeMove::Cleared, 0);
                }
                self.split_off(v, main, slot, lamports)?
            }
        };
        if kind == StakeMove::UndelegatedToRebalance {
            let total = (self.network.epoch, self.rebalanced_now(v) + moved);
            if self.validators[v].standing.is_aside {
                self.rebalanced_aside = total;
            } else {
                self.rebalanced = total;
            }
        }
        self.end(v, kind, moved)
    }

    /// A part of main goes into another slot, which is deactivated.
    fn split_off(
        &mut self,
        v: usize,
        main: usize,
        slot: usize,
        lamports: Amount,
    ) -> Result<Amount, Refusal> {
        self.move_stake(v, main, slot, lamports)?;
        self.deactivate(v, slot)?;
        // What was free a moment ago is not any more.
        self.validators[v].slots[slot].role = Role::Cooling;
        Ok(lamports)
    }

    /// The way to take about `amount`, never more than `most`: a part where that can be, a whole
    /// slot where it cannot.
    fn way(&self, v: usize, amount: Amount, most: Amount) -> Result<Way, Refusal> {
        let validator = &self.validators[v];
        let epoch = self.network.epoch;
        let stake = |slot: usize| validator.slots[slot].stake.delegated();
        let is_warm = |slot: usize| self.effective(v, slot).is_full();
        let is_activating = |slot: &usize| validator.slots[*slot].role == Role::Activating;
        let whole = |slot: usize| {
            if stake(slot) <= most { Ok(Way::Whole(slot)) } else { refuse(ThawError::NoFreeSlot) }
        };

        // Delegated in this epoch: not active yet, so taking it back costs nothing.
        let fresh = validator.find_since(Role::Activating, epoch);
        let warm = (0..3).find(|slot| is_activating(slot) && is_warm(*slot));
        let Some(main) = validator.main().or(warm) else {
            let Some(slot) = fresh.or_else(|| validator.find(Role::Activating)) else {
                return refuse(ThawError::NothingToUndelegate);
            };
            return whole(slot);
        };
        if let Some(slot) = fresh.filter(|slot| stake(*slot) <= amount.min(most)) {
            return Ok(Way::Whole(slot));
        }
        // Both halves of a part are at least the minimum.
        let least = self.minimum();
        if amount >= stake(main) || !is_warm(main) || stake(main) < 2 * least {
            return whole(main);
        }
        let lamports = amount.max(least).min(stake(main) - least);
        if let Some(slot) = (0..3).find(|slot| self.can_be_rescinded(v, *slot)) {
            return Ok(Way::TopUp { main, slot, lamports });
        }
        match validator.find_free() {
            Some(slot) => Ok(Way::Part { main, slot, lamports }),
            None if (0..3).any(|slot| self.can_be_freed(v, slot)) => refuse(ThawError::NoFreeSlot),
            None => whole(fresh.unwrap_or(main)),
        }
    }

    /// Deactivated in this epoch out of full activity, its lamports all there, its vote account too.
    fn can_be_rescinded(&self, v: usize, slot: usize) -> bool {
        let it = self.validators[v].slots[slot];
        let Stake::Delegated { stake, since, .. } = it.stake else { return false };
        let restored = self.network.effective(&Stake::Delegated { stake, since, until: None });
        it.role == Role::Cooling
            && it.since == self.network.epoch
            && restored.is_full()
            && it.lamports >= stake + self.network.slot_rent()
            && self.validators[v].ballot.is_vote_account()
    }

    /// One call of collect or merge would make the slot free.
    fn can_be_freed(&self, v: usize, slot: usize) -> bool {
        let effective = self.effective(v, slot);
        match self.validators[v].slots[slot].role {
            Role::Cooling => effective.effective == 0,
            Role::Activating => effective.is_full(),
            _ => false,
        }
    }
}
