//! A finished batch goes away.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::BatchClosed,
    state::{Batch, Pool},
};

/// Accounts of `close_batch`.
#[derive(Accounts)]
pub struct CloseBatch<'info> {
    /// The pool.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// The batch.
    #[account(mut, dup, has_one = pool @ ThawError::WrongAccount, close = opener)]
    pub batch: Box<Account<'info, Batch>>,
    /// CHECK: gets the batch's rent; must be who paid it.
    #[account(mut, address = batch.opener @ ThawError::WrongAccount)]
    pub opener: UncheckedAccount<'info>,
}

/// Closes a batch that is settled in full and whose tickets are all closed. What rounding left over
/// goes to the holders by way of the pending fees; the rent goes back to who opened the batch.
///
/// May be called by anyone.
///
/// # Errors
/// `BatchNotFinished`, `BalanceMismatch`, `Overflow`.
///
/// # Events
/// [`BatchClosed`].
pub fn close_batch(ctx: Context<CloseBatch>) -> Result<()> {
    let accounts = ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    let batch = &accounts.batch;
    require!(batch.is_settled() && batch.tickets == 0, ThawError::BatchNotFinished);

    let dust = batch
        .lamports_settled
        .checked_sub(batch.lamports_claimed)
        .ok_or(ThawError::BalanceMismatch)?;
    pool.claimable_lamports =
        pool.claimable_lamports.checked_sub(dust).ok_or(ThawError::BalanceMismatch)?;
    pool.reserve_lamports = pool.reserve_lamports.checked_add(dust).ok_or(ThawError::Overflow)?;
    pool.pending_fees_lamports =
        pool.pending_fees_lamports.checked_add(dust).ok_or(ThawError::Overflow)?;
    let unreleased = pool.release().unreleased_up(now);
    pool.stamp(now, unreleased)?;

    emit!(BatchClosed {
        pool: pool_key,
        batch: batch.serial,
        dust_lamports: dust,
        totals: (&*pool).into(),
    });
    Ok(())
}
