//! The edge cases of native stake, by the numbers of `docs/edge-cases.md`: each test name begins with
//! the number it shows.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod accounting;
mod delegation;
mod payout;
mod rent;
mod rewards;
mod strangers;
mod table;
mod transient;
mod twice;
