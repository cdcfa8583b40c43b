//! `instructions/crank`: what keeps the books.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod close_batch;
mod collect_cooled;
mod curation;
mod delegate;
mod finalize_epoch;
mod lifecycle;
mod merge_activated;
mod refresh_spl_view;
mod review_stake;
mod review_validator;
mod settle_withdrawals;
mod sweep_excess;
mod sync_validators;
mod undelegate;
mod vote_layouts;
mod yield_samples;
