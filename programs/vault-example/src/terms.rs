//! The terms of a loan, and the arithmetic of them: integers, rounded against who borrows or buys.

use anchor_lang::prelude::*;

use crate::error::VaultError;

/// A whole, in basis points.
pub const ONE_BPS: u64 = 10_000;
/// A debt is at most this part of what the shares are worth when it is made, basis points. The
/// distance to 100 % covers what turning shares into SOL costs (at once up to 3 % and a haircut, by
/// a ticket the wait), and losses of Thaw that are not booked yet.
pub const LOAN_BPS: u64 = 7_000;
/// Above this part the position may be liquidated, basis points.
pub const LIQUIDATION_BPS: u64 = 8_000;
/// What a liquidator gets beyond what was paid, basis points.
pub const BONUS_BPS: u64 = 500;
/// The price of a loan, once, added to the debt, basis points. There is no interest.
pub const FEE_BPS: u64 = 50;
/// The pool must be finalized in this epoch or in this many before it.
pub const MAX_MISSED_EPOCHS: u64 = 1;
/// And not longer ago than this, seconds: 2 days.
pub const MAX_AGE_SECONDS: i64 = 172_800;

/// `lamports` with the fee, rounded up.
///
/// # Errors
/// `Overflow`.
pub fn with_fee_up(lamports: u64) -> Result<u64> {
    let fee = mul_div(lamports, FEE_BPS, ONE_BPS, Round::Up)?;
    lamports.checked_add(fee).ok_or_else(|| error!(VaultError::Overflow))
}

/// `lamports` with the liquidator's bonus, rounded down.
///
/// # Errors
/// `Overflow`.
pub fn with_bonus_down(lamports: u64) -> Result<u64> {
    let bonus = part_down(lamports, BONUS_BPS)?;
    lamports.checked_add(bonus).ok_or_else(|| error!(VaultError::Overflow))
}

/// `bps` of `lamports`, rounded down.
///
/// # Errors
/// `Overflow`.
pub fn part_down(lamports: u64, bps: u64) -> Result<u64> {
    mul_div(lamports, bps, ONE_BPS, Round::Down)
}

/// Which way a quotient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// To the next smaller integer.
    Down,
    /// To the next larger one.
    Up,
}

/// `a * b / c`.
///
/// # Errors
/// `Overflow`, also for a `c` of 0.
pub fn mul_div(a: u64, b: u64, c: u64, round: Round) -> Result<u64> {
    // Two 64-bit factors and a 64-bit summand fit 128 bits.
    let product = u128::from(a).wrapping_mul(b.into());
    let extra = if round == Round::Up { c.saturating_sub(1) } else { 0 };
    let quotient = product.wrapping_add(extra.into()).checked_div(c.into());
    quotient.and_then(|it| u64::try_from(it).ok()).ok_or_else(|| error!(VaultError::Overflow))
}
