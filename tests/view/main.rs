//! `instructions/view`: what callers ask, and whether the answer holds (INV-7).

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod discriminators;
mod quote_deposit;
mod quote_withdraw;
mod router;
mod router_days;
mod sol_value;
mod states;
mod vectors;
