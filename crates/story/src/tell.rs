//! Amounts in words, in integers.

use anyhow::{Context, Result};
use thaw_client::Snapshot;
use thaw_math::Shares;

/// One SOL in lamports.
pub const SOL: u64 = 1_000_000_000;

/// Lamports as SOL with nine digits.
pub fn sol(lamports: u64) -> String {
    thaw_keeper::report::sol(lamports)
}

/// Lamports with their sign as SOL with nine digits.
pub fn signed(lamports: i128) -> String {
    let sign = if lamports < 0 { "-" } else { "+" };
    let size = u64::try_from(lamports.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{}", sol(size))
}

/// Lamports that a share is worth at the snapshot's time, nine digits, rounded down.
pub fn rate(snapshot: &Snapshot) -> Result<u64> {
    value(snapshot, SOL)
}

/// Lamports that `shares` are worth at the snapshot's time, rounded down.
pub fn value(snapshot: &Snapshot, shares: u64) -> Result<u64> {
    let valuation = snapshot.pool.value_at(snapshot.clock.unix_timestamp)?;
    let lamports = valuation.exit_rate()?.lamports_down(Shares(shares));
    Ok(lamports.context("a value is beyond 64 bits")?.0)
}

/// Prints a line of the story.
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
