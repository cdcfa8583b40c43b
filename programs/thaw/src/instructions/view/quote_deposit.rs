//! What a deposit buys now.

use crate::prelude::*;

use crate::{error::ThawError, state::Pool};

/// Accounts of `quote_deposit` and `quote_withdraw`.
#[derive(Accounts)]
pub struct Quote<'info> {
    /// The pool.
    pub pool: AccountLoader<'info, Pool>,
}

/// What `deposit_sol` does in the same slot. `deposit_stake` gives the same for the lamports of the
/// stake account where its validator is booked already; it has preconditions and a pause of its own,
/// and books first what the validator's slots have gained or lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct DepositQuote {
    /// Shares minted to the depositor.
    pub shares: u64,
    /// Deposit fee, lamports, the referrer's part included.
    pub fee_lamports: u64,
    /// Shares minted to a referrer, if the deposit names one.
    pub referral_shares: u64,
}

/// Tells what a deposit of `lamports` buys in this slot.
///
/// May be called by anyone. Refuses as the deposit would.
///
/// # Errors
/// Those of `deposit_sol`.
pub fn quote_deposit(ctx: Context<Quote>, lamports: u64) -> Result<DepositQuote> {
    require!(lamports > 0, ThawError::ZeroAmount);
    let clock = Clock::get()?;
    let pool = &*ctx.accounts.pool.load()?;
    pool.require_deposits_open(&clock)?;
    let value = pool.value_at(clock.unix_timestamp)?;
    let price = pool.price_deposit(&value, &clock, lamports, true)?;
    Ok(DepositQuote {
        shares: price.shares,
        fee_lamports: price.fee,
        referral_shares: price.referral_shares,
    })
}
