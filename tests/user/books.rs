//! What a pool is worth, written out again from the design (§6) in plain 128-bit integers.

use thaw_client::thaw::state::{Config, Pool};
pub use thaw_tests::sums::{down, up};
use thaw_tests::{World, world::config};

/// Gain that is locked and not released at `now`.
pub fn unreleased(pool: &Pool, now: i64) -> u64 {
    let (start, end) = (pool.release_start, pool.release_end);
    if now >= end {
        return 0;
    }
    up(pool.locked_gain_lamports, (end - now) as u64, (end - start) as u64)
}

/// `assets - pending fees - max(0, unreleased + pending gain - pending loss)`.
pub fn nav(pool: &Pool, now: i64) -> u64 {
    let hidden = (unreleased(pool, now) + pool.pending_gain_lamports)
        .saturating_sub(pool.pending_loss_lamports);
    pool.reserve_lamports + pool.staked_lamports - pool.pending_fees_lamports - hidden
}

/// `nav + max(unreleased + max(missed * g, pending gain) + pending fees, g)`.
pub fn entry_nav(pool: &Pool, now: i64, missed: u64) -> u64 {
    let g = pool.epoch_gain_lamports;
    let expected = (missed * g).max(pool.pending_gain_lamports);
    nav(pool, now) + g.max(unreleased(pool, now) + expected + pool.pending_fees_lamports)
}

/// What a deposit of `lamports` without fee mints at this instant.
pub fn minted(world: &World, lamports: u64) -> u64 {
    let (pool, clock) = (world.pool(), world.clock());
    let entry = entry_nav(&pool, clock.unix_timestamp, clock.epoch - pool.epoch);
    down(lamports, pool.shares, entry)
}

/// True where `after` has at least the exit rate of `before`, both at `now` (INV-4).
pub fn is_not_below(after: &Pool, before: &Pool, now: i64) -> bool {
    let product = |nav: u64, shares: u64| u128::from(nav) * u128::from(shares);
    product(nav(after, now), before.shares) >= product(nav(before, now), after.shares)
}

/// The shared config with a deposit fee.
pub fn config_with_fee(deposit_fee_bps: u16) -> Config {
    Config { deposit_fee_bps, ..config() }
}
