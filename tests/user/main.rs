//! `instructions/user`: what holders call.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod books;
mod claim_withdrawal;
mod deposit_sol;
mod deposit_sol_referral;
mod deposit_stake;
mod deposit_stake_refusals;
mod entry_point;
mod request_withdrawal;
mod scene;
mod transfer_ticket;
mod withdraw_instant;
mod withdraw_instant_late;
mod withdraw_stake;
