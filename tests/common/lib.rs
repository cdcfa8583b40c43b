//! The world the tests share: a LiteSVM with the program's bytecode, the real stake and token
//! programs of mainnet, vote accounts, and a pool.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

pub mod chain;
pub mod checks;
pub mod crank;
pub mod edit;
pub mod events;
pub mod exits;
pub mod holder;
pub mod powers;
pub mod prices;
pub mod spl;
pub mod stake;
pub mod sums;
pub mod tables;
pub mod traced;
pub mod votes;
pub mod warm;
pub mod world;

pub use checks::{Outcome, Refused, Sent};
pub use holder::Holder;
pub use world::{Logged, Setup, World};

/// One SOL in lamports.
pub const SOL: u64 = 1_000_000_000;
/// Seconds that pass from epoch to epoch.
pub const DAY: i64 = 86_400;
