//! The oldest batch is paid.

use crate::prelude::*;
use anchor_spl::token::Token;
use thaw_math::{Lamports, Shares, settle_down};

use crate::{
    cpi::token::TokenCpi,
    error::ThawError,
    events::WithdrawalsSettled,
    state::{Batch, Pool},
};

/// Accounts of `settle_withdrawals`.
#[derive(Accounts)]
pub struct SettleWithdrawals<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = authority @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
        has_one = escrow @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// The oldest open batch.
    #[account(mut, dup, has_one = pool @ ThawError::WrongAccount)]
    pub batch: Box<Account<'info, Batch>>,
    /// The token program.
    pub token_program: Program<'info, Token>,
}

/// Burns shares of the oldest open batch at the exit rate, as many as the reserve pays for above
/// the float, and sets the lamports aside for the batch's tickets. The lamports stay in the reserve
/// account and stop being the pool's.
///
/// May be called by anyone once the pool is finalized in the current epoch, for a batch of an
/// earlier epoch. Nothing can pause it (INV-11).
///
/// # Errors
/// `NotFinalized`, `WrongBatch`, `NoValue`, `NothingToSettle`, `Overflow`.
///
/// # Events
/// [`WithdrawalsSettled`].
pub fn settle_withdrawals(ctx: Context<SettleWithdrawals>) -> Result<()> {
    let accounts = ctx.accounts;
    let clock = Clock::get()?;
    let rent = crate::rent::live()?;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    let batch = &mut accounts.batch;
    require!(pool.epoch == clock.epoch, ThawError::NotFinalized);
    require!(batch.serial == pool.oldest_batch && batch.epoch < pool.epoch, ThawError::WrongBatch);

    let value = pool.value_at(clock.unix_timestamp)?;
    let available = Lamports(pool.reserve_lamports).minus_or_zero(Pool::float(&rent));
    let open = Shares(batch.open_shares());
    let paid = settle_down(value.exit_rate()?, open, available).ok_or(ThawError::Overflow)?;
    // A part that rounds to no lamports would burn shares for nothing.
    let is_worth_it = paid.lamports > Lamports::ZERO || paid.shares == open;
    require!(paid.shares > Shares::ZERO && is_worth_it, ThawError::NothingToSettle);

    let overflow = || error!(ThawError::Overflow);
    batch.shares_settled = batch.shares_settled.checked_add(paid.shares.0).ok_or_else(overflow)?;
    batch.lamports_settled =
        batch.lamports_settled.checked_add(paid.lamports.0).ok_or_else(overflow)?;
    pool.shares = pool.shares.checked_sub(paid.shares.0).ok_or_else(overflow)?;
    pool.pending_shares = pool.pending_shares.checked_sub(paid.shares.0).ok_or_else(overflow)?;
    pool.reserve_lamports =
        pool.reserve_lamports.checked_sub(paid.lamports.0).ok_or_else(overflow)?;
    pool.claimable_lamports =
        pool.claimable_lamports.checked_add(paid.lamports.0).ok_or_else(overflow)?;
    if batch.is_settled() {
        pool.oldest_batch = pool.oldest_batch.checked_add(1).ok_or_else(overflow)?;
    }
    pool.stamp(clock.unix_timestamp, value.books.unreleased)?;

    TokenCpi {
        pool: pool_key,
        bump: pool.authority_bump,
        authority: &accounts.authority,
        mint: &accounts.mint,
    }
    .burn(&accounts.escrow, paid.shares.0)?;

    emit!(WithdrawalsSettled {
        pool: pool_key,
        batch: batch.serial,
        shares: paid.shares.0,
        lamports: paid.lamports.0,
        open_shares: batch.open_shares(),
        epoch: clock.epoch,
        totals: (&*pool).into(),
    });
    Ok(())
}
