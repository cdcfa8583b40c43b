//! Sanctum's SOL value calculator interface: what shares are worth in SOL, and the other way round.

use crate::prelude::*;
use thaw_math::{Bps, Shares, mul_div_down, mul_div_up};

use crate::{
    error::ThawError,
    state::{Pool, Valuation},
};

/// Accounts of `lst_to_sol` and `sol_to_lst`: the interface wants the mint first and the same
/// accounts both ways.
#[derive(Accounts)]
pub struct SolValue<'info> {
    /// CHECK: the pool names it.
    pub mint: UncheckedAccount<'info>,
    /// The pool.
    #[account(has_one = mint @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
}

/// The least and the most of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct ValueRange {
    /// At least.
    pub min: u64,
    /// At most.
    pub max: u64,
}

/// Tells what `amount` shares redeem for in stake, lamports, net of the fee. Value rounded down, fee
/// up, as `withdraw_stake` does.
///
/// May be called by anyone, once the pool is finalized in the current epoch.
///
/// # Errors
/// `NotFinalized`, `NoValue`, `Overflow`.
pub fn lst_to_sol(ctx: Context<SolValue>, amount: u64) -> Result<ValueRange> {
    let pool = &*ctx.accounts.pool.load()?;
    let (value, fee) = valuation(pool)?;
    let gross = value.exit_rate()?.lamports_down(Shares(amount));
    let gross = gross.ok_or(ThawError::Overflow)?;
    let net = gross.minus_or_zero(fee.of_up(gross)).0;
    Ok(ValueRange { min: net, max: net })
}

/// Tells how many shares redeem for `amount` lamports of stake: `min` shares give at most, `max` at
/// least that.
///
/// May be called by anyone, once the pool is finalized in the current epoch.
///
/// # Errors
/// `NotFinalized`, `NoValue`, `Overflow`.
pub fn sol_to_lst(ctx: Context<SolValue>, amount: u64) -> Result<ValueRange> {
    let pool = &*ctx.accounts.pool.load()?;
    let (value, fee) = valuation(pool)?;
    value.exit_rate()?;
    let (nav, shares) = (value.nav.0, value.books.shares.0);
    // The caps keep every fee below the whole.
    let kept = Bps::ONE.saturating_sub(fee.0.into());
    let least = mul_div_down(amount, Bps::ONE, kept).and_then(|it| mul_div_down(it, shares, nav));
    let most = mul_div_up(amount, Bps::ONE, kept).and_then(|it| mul_div_up(it, shares, nav));
    let range = least.zip(most).ok_or(ThawError::Overflow)?;
    Ok(ValueRange { min: range.0, max: range.1 })
}

/// The pool's value and its fee on redeemed stake; refused while this epoch's losses are not known.
fn valuation(pool: &Pool) -> Result<(Valuation, Bps)> {
    let clock = Clock::get()?;
    pool.require_finalized(&clock)?;
    Ok((pool.value_at(clock.unix_timestamp)?, Bps(pool.config.stake_withdrawal_fee_bps)))
}
