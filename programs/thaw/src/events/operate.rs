//! What happened to the validator list.

use crate::prelude::*;

use super::{Bookings, Totals};
use crate::{instructions::Weight, state::Violation};

/// A validator was listed.
#[event]
pub struct ValidatorAdded {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
}

/// Weights were set; they count from the next finalize.
#[event]
pub struct WeightsSet {
    /// The pool.
    pub pool: Pubkey,
    /// Indices and weights, as given.
    pub weights: Vec<Weight>,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
}

/// The validator list grew.
#[event]
pub struct ValidatorListExtended {
    /// The pool.
    pub pool: Pubkey,
    /// Validators that fit now.
    pub capacity: u32,
}

/// A validator was reviewed, and that changed something. Weights count from the next finalize.
#[event]
pub struct ValidatorReviewed {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// The rule it breaks, if it breaks one.
    pub violation: Option<Violation>,
    /// Weight set aside now.
    pub taken_weight: u32,
    /// Weight given back now.
    pub returned_weight: u32,
    /// Its weight from the next finalize.
    pub next_weight: u32,
    /// What is set aside of it.
    pub aside_weight: u32,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
    /// Current epoch.
    pub epoch: u64,
}

/// A validator is being removed, or is gone.
#[event]
pub struct ValidatorRemoved {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// False while its stake leaves, true once its record is free.
    pub is_gone: bool,
    /// Lamports of its slots that came back to the reserve.
    pub slot_lamports: u64,
    /// Lamports of its marker that did; a gain.
    pub marker_lamports: u64,
    /// Sum of all weights from the next finalize.
    pub next_weight_sum: u64,
    /// Current epoch.
    pub epoch: u64,
    /// After it.
    pub totals: Totals,
    /// After it.
    pub bookings: Bookings,
}
