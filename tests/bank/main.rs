//! A real bank: real activation, real inflation rewards.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod alpenglow;
mod crank;
mod ledger;
mod life;
mod lifecycle;
mod long;
mod regime;
mod world;
mod yields;
