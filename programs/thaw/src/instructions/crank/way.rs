//! The way by which stake leaves a validator. The keeper's plan asks the same function.

use crate::prelude::*;
use thaw_math::Lamports;

use crate::{
    constants::SLOTS,
    error::ThawError,
    state::{Effective, Record, SlotState, StakeView},
};

/// How stake leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Deactivate `slot` whole.
    Whole {
        /// The slot.
        slot: usize,
        /// What it has delegated.
        lamports: Lamports,
    },
    /// Reactivate the slot that was deactivated in this epoch, move more into it, deactivate it.
    TopUp {
        /// The slot that gives.
        main: usize,
        /// The slot that takes.
        slot: usize,
        /// How much moves.
        lamports: Lamports,
    },
    /// Move into a free slot, deactivate it.
    Part {
        /// The slot that gives.
        main: usize,
        /// The slot that takes.
        slot: usize,
        /// How much moves.
        lamports: Lamports,
    },
}

/// A validator's slots as the chain has them, and what the choice depends on.
pub struct Slots<'a, F> {
    /// The booked record.
    pub record: &'a Record,
    /// Lamports and stake of each slot.
    pub seen: [(u64, StakeView); SLOTS],
    /// The clock's epoch.
    pub epoch: u64,
    /// Live rent of a slot, lamports.
    pub rent: u64,
    /// The least that moves and that stays.
    pub min_delegation: Lamports,
    /// Stake can be delegated to the vote account.
    pub has_vote: bool,
    /// How much of a stake is effective now, by the history at hand.
    pub effective: F,
}

impl<F: Fn(&StakeView) -> Effective> Slots<'_, F> {
    /// The cheapest way to take about `amount`, and never more than `most`.
    ///
    /// # Errors
    /// `NothingToUndelegate`; `NoFreeSlot` where making room, open to anyone, comes first, or where
    /// only more than `most` could be taken.
    pub fn way(&self, amount: Lamports, most: Option<Lamports>) -> Result<Way> {
        let fits = |lamports: Lamports| most.is_none_or(|most| lamports <= most);
        let whole = |slot: usize| {
            let lamports = self.stake_of(slot);
            if fits(lamports) {
                Ok(Way::Whole { slot, lamports })
            } else {
                err!(ThawError::NoFreeSlot)
            }
        };
        // What was delegated in this epoch is not active yet: taking it back costs nothing.
        let fresh = self.record.find_since(SlotState::Activating, self.epoch);
        // Stake that has warmed up serves as main before anyone has merged it: else a small shortage
        // could take it down whole.
        let Some(main) = self.record.main().or_else(|| self.find_warm()) else {
            let activating = fresh.or_else(|| self.record.find(SlotState::Activating));
            return whole(activating.ok_or(ThawError::NothingToUndelegate)?);
        };
        if let Some(slot) = fresh {
            let lamports = self.stake_of(slot);
            if lamports <= amount && fits(lamports) {
                return Ok(Way::Whole { slot, lamports });
            }
        }

        let stake = self.stake_of(main);
        let most_in_part = stake.minus_or_zero(self.min_delegation);
        if amount >= stake || !self.is_fully_active(main) || most_in_part < self.min_delegation {
            return whole(main);
        }
        let lamports = amount.max(self.min_delegation).min(most_in_part);
        // Taking a deactivation back is a delegation: it needs the vote account.
        if let Some(slot) = self.find_rescindable().filter(|_| self.has_vote) {
            return Ok(Way::TopUp { main, slot, lamports });
        }
        match self.record.find_free() {
            Some(slot) => Ok(Way::Part { main, slot, lamports }),
            // One call of `collect_cooled` or `merge_activated`, open to anyone, makes room: a small
            // shortage must not take a whole stake down.
            None if self.can_be_freed() => err!(ThawError::NoFreeSlot),
            None => whole(fresh.unwrap_or(main)),
        }
    }

    fn stake_of(&self, slot: usize) -> Lamports {
        match self.seen[slot].1 {
            StakeView::Delegated { stake, .. } => Lamports(stake),
            _ => Lamports::ZERO,
        }
    }

    fn is_fully_active(&self, slot: usize) -> bool {
        (self.effective)(&self.seen[slot].1).is_fully_active()
    }

    /// An activating slot whose warm-up is over.
    fn find_warm(&self) -> Option<usize> {
        (0..SLOTS).find(|slot| {
            self.record.slots[*slot].state() == SlotState::Activating && self.is_fully_active(*slot)
        })
    }

    /// A slot that was fully active when it was deactivated in this epoch: only such a one is fully
    /// active again once the deactivation is taken back.
    fn find_rescindable(&self) -> Option<usize> {
        (0..SLOTS).find(|slot| {
            let recorded = &self.record.slots[*slot];
            if recorded.state() != SlotState::Cooling || recorded.epoch != self.epoch {
                return false;
            }
            let (lamports, StakeView::Delegated { stake, activated, .. }) = self.seen[*slot] else {
                return false;
            };
            let restored = StakeView::Delegated { stake, activated, deactivated: u64::MAX };
            (self.effective)(&restored).is_fully_active()
                && lamports >= stake.saturating_add(self.rent)
        })
    }

    /// True where a slot could be collected or merged right now.
    fn can_be_freed(&self) -> bool {
        (0..SLOTS).any(|slot| match self.record.slots[slot].state() {
            SlotState::Cooling => (self.effective)(&self.seen[slot].1).effective == 0,
            SlotState::Activating => self.is_fully_active(slot),
            _ => false,
        })
    }
}
