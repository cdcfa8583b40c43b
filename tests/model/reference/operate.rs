//! What the operator does.

use solana_instruction::error::InstructionError;
use thaw_client::thaw::error::ThawError;

use super::{
    Amount, Ballot, Reference, Refusal, Role, Said, Stake, Validator,
    ballot::Face,
    refuse,
    users::{NOT_ENOUGH, NOT_INITIALIZED},
};

/// Bytes of a validator's marker.
const MARKER_BYTES: Amount = 8 + 2 * 32 + 2 + 1;
/// Bytes by which the list grows.
const LIST_STEP: Amount = 10_240;

/// Whom the operator lists.
#[derive(Clone, Debug)]
pub struct Listing {
    pub ballot: Ballot,
    pub is_listed: bool,
}

impl Reference {
    pub fn add_validator(&mut self, index: usize, listing: &Listing) -> Result<Said, Refusal> {
        if matches!(listing.ballot.face, Face::Gone | Face::Foreign) {
            return refuse(ThawError::NotAVoteAccount);
        }
        self.require_live()?;
        if listing.is_listed {
            return refuse(ThawError::AlreadyListed);
        }
        let rent = self.network.rent(MARKER_BYTES);
        self.payer -= rent;
        let validator =
            Validator { ballot: listing.ballot.clone(), marker: rent, ..Validator::default() };
        let count = self.validators.len();
        match self.validators.get_mut(index) {
            Some(free) if free.is_free => *free = validator,
            None if index == count => self.validators.push(validator),
            _ => return refuse(ThawError::NoSuchValidator),
        }
        Ok(Said::Power("ValidatorAdded"))
    }

    /// Weights from the next finalize; those that are not named stay. Of a validator that was set
    /// aside, a weight beyond the one it has waits.
    pub fn set_weights(&mut self, weights: &[(u8, u32)]) -> Result<Said, Refusal> {
        self.require_live()?;
        for (index, weight) in weights {
            let listed = self.validators.get_mut(usize::from(*index)).filter(|it| !it.is_free);
            let Some(validator) = listed else {
                return refuse(ThawError::NoSuchValidator);
            };
            if validator.standing.is_leaving {
                return refuse(ThawError::ValidatorLeaving);
            }
            let weight = Amount::from(*weight);
            let is_aside = validator.standing.is_aside;
            let counts = if is_aside { weight.min(validator.next_weight) } else { weight };
            (validator.next_weight, validator.standing.aside) = (counts, weight - counts);
        }
        let all = || self.validators.iter();
        if all().filter(|it| it.next_weight > 0).count() < self.start.min_validators.into() {
            return refuse(ThawError::TooFewValidators);
        }
        // Nobody above the cap, also once it has back what was set aside.
        let sum: Amount = all().map(|it| it.next_weight).sum();
        let is_above = |it: &Validator| {
            let aside = it.standing.aside;
            let cap = Amount::from(self.start.max_validator_bps);
            (it.next_weight + aside) * 10_000 > (sum + aside) * cap
        };
        if all().any(is_above) {
            return refuse(ThawError::WeightAboveCap);
        }
        Ok(Said::Nothing)
    }

    /// A validator leaves: its weight first, its record once it holds nothing and no weight counts.
    pub fn remove(&mut self, v: usize, by_operator: bool) -> Result<Said, Refusal> {
        // An index beyond the list comes with the first validator's marker.
        let is_beyond = v >= self.validators.len();
        if self.validators[if is_beyond { 0 } else { v }].is_free {
            return Err(Refusal::Code(NOT_INITIALIZED));
        }
        if is_beyond {
            return refuse(ThawError::WrongAccount);
        }
        self.begin(v)?;
        let is_live = !self.powers.is_winding_down;
        let begins = by_operator && !self.validators[v].standing.is_leaving;
        if !begins && !self.validators[v].standing.is_leaving && is_live {
            return refuse(ThawError::WrongAuthority);
        }
        if begins {
            self.may_begin(v)?;
            let it = &mut self.validators[v];
            (it.standing.is_leaving, it.standing.aside) = (true, 0);
            if is_live {
                it.next_weight = 0;
            }
        }
        let it = &self.validators[v];
        if it.is_held() || is_live && it.weight > 0 {
            if !begins {
                return refuse(ThawError::ValidatorNotEmpty);
            }
            self.stamp();
            return Ok(Said::Removed { is_gone: false, slots: 0, marker: 0 });
        }
        Ok(self.release(v))
    }

    /// A removal may begin: with weight 0, which the operator has set before.
    fn may_begin(&self, v: usize) -> Result<(), Refusal> {
        let has_weight = self.validators[v].next_weight > 0;
        if has_weight && !self.powers.is_winding_down {
            return refuse(ThawError::ValidatorNotEmpty);
        }
        Ok(())
    }

    /// Its open slots and its marker are closed, for the pool; the record is free.
    fn release(&mut self, v: usize) -> Said {
        let mut slots = 0;
        for place in 0..3 {
            let slot = self.validators[v].slots[place];
            if slot.role == Role::Open {
                slots += slot.lamports;
                self.withdraw(v, place, slot.lamports);
                let slot = &mut self.validators[v].slots[place];
                (slot.role, slot.stake) = (Role::Closed, Stake::Nothing);
            }
        }
        self.book(v, false);
        self.finalized.slot_rent = self.network.slot_rent() * self.open_slots();
        let marker = self.validators[v].marker;
        self.reserve += marker;
        self.reserve_account += marker;
        self.pending_gain += marker;
        self.validators[v] = Validator { is_free: true, ..Validator::default() };
        self.stamp();
        Said::Removed { is_gone: true, slots, marker }
    }

    /// Room for more validators, at the cost of who asks.
    pub fn extend_list(&mut self) -> Result<Said, Refusal> {
        let (lamports, bytes) = &mut self.list_account;
        *bytes += LIST_STEP;
        let missing = self.network.rent(*bytes).saturating_sub(*lamports);
        if self.payer < missing {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        *lamports += missing;
        self.payer -= missing;
        Ok(Said::Power("ListExtended"))
    }

    /// Why a validator cannot be delegated to, if it cannot.
    pub fn vote_refusal(&self, v: usize) -> Option<InstructionError> {
        self.validators[v].ballot.refusal()
    }
}
