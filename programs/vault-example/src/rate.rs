//! What Thaw's shares are worth, read from the pool's account.
//!
//! `AccountLoader<Pool>` has checked the owner and the discriminator; the vault was opened for this
//! pool and takes no other. `nav_lamports` and `shares` are written together whenever the books
//! change, so no view has to be called. Thaw's own exit rate can only be higher at the same moment:
//! gain that was released since the last write is missing here. A loss is in it once it is booked,
//! and who lends by a rate must ask when that was.

use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    terms::{
        LIQUIDATION_BPS, LOAN_BPS, MAX_AGE_SECONDS, MAX_MISSED_EPOCHS, Round, mul_div, part_down,
    },
    thaw::accounts::Pool,
};

/// Lamports that `shares` are worth at the last exit rate written, rounded down.
///
/// # Errors
/// `NoRate`, `Overflow`.
pub fn value_down(pool: &Pool, shares: u64) -> Result<u64> {
    require!(pool.shares > 0 && pool.nav_lamports > 0, VaultError::NoRate);
    mul_div(shares, pool.nav_lamports, pool.shares, Round::Down)
}

/// Shares that `lamports` are worth at the same rate, rounded down, and at most `most`: of a pool
/// that has lost nearly all, no number of shares may be enough.
///
/// # Errors
/// `NoRate`.
pub fn shares_down(pool: &Pool, lamports: u64, most: u64) -> Result<u64> {
    require!(pool.shares > 0 && pool.nav_lamports > 0, VaultError::NoRate);
    Ok(mul_div(lamports, pool.shares, pool.nav_lamports, Round::Down).unwrap_or(most).min(most))
}

/// Refuses new loans on a pool that closes, or that has just lost a large part.
///
/// # Errors
/// `NoNewLoans`.
pub fn require_lendable(pool: &Pool) -> Result<()> {
    let is_broken = pool.circuit_until > Clock::get()?.unix_timestamp;
    require!(pool.status == 0 && !is_broken, VaultError::NoNewLoans);
    Ok(())
}

/// Refuses a rate that may not know of a loss yet. Anyone can crank the pool and come back, so this
/// keeps nobody out for long; what pays back or leaves does not ask.
///
/// # Errors
/// `StaleRate`.
pub fn require_fresh(pool: &Pool) -> Result<()> {
    let clock = Clock::get()?;
    let missed = clock.epoch.saturating_sub(pool.epoch);
    let age = clock.unix_timestamp.saturating_sub(pool.finalized_at);
    require!(missed <= MAX_MISSED_EPOCHS && age <= MAX_AGE_SECONDS, VaultError::StaleRate);
    Ok(())
}

/// `shares` must cover `debt` with the margin of a new loan. Without a debt nothing is asked of the
/// rate, so that a borrower who has paid back can always leave.
///
/// # Errors
/// `StaleRate`, `NoRate`, `NotCovered`, `Overflow`.
pub fn require_covered(pool: &Pool, shares: u64, debt: u64) -> Result<()> {
    if debt == 0 {
        return Ok(());
    }
    require_fresh(pool)?;
    let most = part_down(value_down(pool, shares)?, LOAN_BPS)?;
    require_gte!(most, debt, VaultError::NotCovered);
    Ok(())
}

/// `debt` must be more than `shares` may carry.
///
/// # Errors
/// `StaleRate`, `NoRate`, `Covered`, `Overflow`.
pub fn require_uncovered(pool: &Pool, shares: u64, debt: u64) -> Result<()> {
    require_fresh(pool)?;
    let most = part_down(value_down(pool, shares)?, LIQUIDATION_BPS)?;
    require_gt!(debt, most, VaultError::Covered);
    Ok(())
}
