//! What a deposit costs, from the formulas of `thaw_tests::sums`.

use thaw_client::thaw::state::{Config, Pool};
use thaw_tests::{World, sums, world::config};
pub use thaw_tests::{
    prices::entry_nav,
    sums::{down, nav, unreleased},
};

/// What a deposit of `lamports` without fee mints at this instant.
pub fn minted(world: &World, lamports: u64) -> u64 {
    world.bought(lamports, false).shares
}

/// True where `after` has at least the exit rate of `before`, both at `now` (INV-4).
pub fn is_not_below(after: &Pool, before: &Pool, now: i64) -> bool {
    sums::is_not_below((after, now), (before, now))
}

/// The shared config with a deposit fee.
pub fn config_with_fee(deposit_fee_bps: u16) -> Config {
    Config { deposit_fee_bps, ..config() }
}
