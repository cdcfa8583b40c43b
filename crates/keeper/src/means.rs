//! What a plan may count on beside the snapshot, and what is its keeper's own.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use anchor_lang::prelude::Pubkey;

use crate::action::Action;

/// Rent of new stake slots that a payer gives, lamports. What tickets need has a budget of its own,
/// so that nothing else can use it up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RentBudget {
    /// For stake that is taken to pay tickets.
    pub tickets: u64,
    /// For all other moves.
    pub others: u64,
}

impl RentBudget {
    /// No bound.
    pub const ENDLESS: Self = Self { tickets: u64::MAX, others: u64::MAX };

    /// Takes the rent of `action` out; false, and nothing taken, where too little is left.
    #[must_use]
    pub fn take(&mut self, action: &Action) -> bool {
        let part = self.part(action);
        let left = part.checked_sub(action.rent_lamports());
        *part = left.unwrap_or(*part);
        left.is_some()
    }

    /// Puts the rent of `action` in.
    pub fn put(&mut self, action: &Action) {
        let part = self.part(action);
        *part = part.saturating_add(action.rent_lamports());
    }

    /// Takes the rent of `action` out of a sum that holds it.
    pub fn remove(&mut self, action: &Action) {
        let part = self.part(action);
        *part = part.saturating_sub(action.rent_lamports());
    }

    /// What is left of it when `spent` is gone.
    pub fn less(self, spent: Self) -> Self {
        Self {
            tickets: self.tickets.saturating_sub(spent.tickets),
            others: self.others.saturating_sub(spent.others),
        }
    }

    fn part(&mut self, action: &Action) -> &mut u64 {
        if action.pays_tickets() { &mut self.tickets } else { &mut self.others }
    }
}

/// What a plan may count on beside the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Means {
    /// Slots that one sync names at most.
    pub slots_per_sync: usize,
    /// What is left of the epoch's rent budget.
    pub rent: RentBudget,
    /// Keys of the actions that were refused lately.
    pub benched: BTreeSet<String>,
    /// Decides in which order this keeper makes its moves; see [`Means::own`].
    pub seed: u64,
}

impl Means {
    /// Without a bound and without a past: what anybody could do.
    pub fn endless(slots_per_sync: usize) -> Self {
        Self { slots_per_sync, rent: RentBudget::ENDLESS, ..Self::default() }
    }

    /// The seed of the keeper whose payer is `key`, for an epoch.
    pub fn own(key: &Pubkey, epoch: u64) -> u64 {
        hash((key.as_array(), epoch))
    }

    /// When the validator at `index` has its turn. Every keeper has an order of its own: two that
    /// went the same way would meet at each move, and one of them pay for nothing.
    pub fn turn(&self, index: u16) -> u64 {
        hash((self.seed, index))
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
