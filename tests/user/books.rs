//! What a deposit costs, from the formulas of `thaw_tests::sums`.

use thaw_client::thaw::state::{Config, Pool};
pub use thaw_tests::sums::{down, nav, unreleased};
use thaw_tests::{World, sums, world::config};

/// `nav + max(unreleased + max(missed * g, pending gain) + pending fees, g, pending loss - unreleased
/// - pending gain)`.
pub fn entry_nav(pool: &Pool, now: i64, missed: u64) -> u64 {
    let g = pool.epoch_gain_lamports;
    let (unreleased, gain) = (unreleased(pool, now), pool.pending_gain_lamports);
    let unshown = unreleased + (missed * g).max(gain) + pool.pending_fees_lamports;
    let may_be_made_up = pool.pending_loss_lamports.saturating_sub(unreleased + gain);
    nav(pool, now) + unshown.max(g).max(may_be_made_up)
}

/// What a deposit of `lamports` without fee mints at this instant.
pub fn minted(world: &World, lamports: u64) -> u64 {
    let (pool, clock) = (world.pool(), world.clock());
    let entry = entry_nav(&pool, clock.unix_timestamp, clock.epoch - pool.epoch);
    down(lamports, pool.shares, entry)
}

/// True where `after` has at least the exit rate of `before`, both at `now` (INV-4).
pub fn is_not_below(after: &Pool, before: &Pool, now: i64) -> bool {
    sums::is_not_below((after, now), (before, now))
}

/// The shared config with a deposit fee.
pub fn config_with_fee(deposit_fee_bps: u16) -> Config {
    Config { deposit_fee_bps, ..config() }
}
