//! SOL in, shares out.

use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use thaw_math::{Bps, Lamports};

use crate::{
    cpi::{system, token::TokenCpi},
    error::ThawError,
    events::SolDeposited,
    state::{Path, Pool},
};

/// Accounts of `deposit_sol`.
#[derive(Accounts)]
pub struct DepositSol<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// Pays the SOL.
    #[account(mut)]
    pub depositor: Signer<'info>,
    /// CHECK: any token account of the mint; the token program checks it when it mints.
    #[account(mut)]
    pub recipient: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Takes `lamports` from the depositor and mints shares at the entry rate, which includes the gain
/// that is earned but not released yet.
///
/// May be called by anyone, at every slot of an epoch, up to 3 epochs or 4 days after the last
/// finalize. The fee is rounded up, the shares down.
///
/// # Errors
/// `ZeroAmount`, `WindingDown`, `Paused`, `PoolStale`, `NoValue`, `AmountTooSmall`,
/// `SlippageExceeded` when fewer than `min_shares` come out, `Overflow`.
///
/// # Events
/// [`SolDeposited`].
pub fn deposit_sol(ctx: Context<DepositSol>, lamports: u64, min_shares: u64) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(lamports > 0, ThawError::ZeroAmount);
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    pool.require_live()?;
    pool.require_open(Path::Deposit, now)?;
    pool.require_fresh(&clock)?;

    let value = pool.value_at(now)?;
    let fee = Bps(pool.config.deposit_fee_bps).of_up(Lamports(lamports));
    let net = Lamports(lamports).minus_or_zero(fee);
    let shares = value
        .books
        .entry_rate(pool.missed_epochs(&clock), Lamports(pool.epoch_gain_lamports))
        .ok_or(ThawError::NoValue)?
        .shares_down(net)
        .ok_or(ThawError::Overflow)?
        .0;
    require!(shares > 0, ThawError::AmountTooSmall);
    if shares < min_shares {
        return Err(error!(ThawError::SlippageExceeded).with_values((shares, min_shares)));
    }

    pool.reserve_lamports =
        pool.reserve_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
    pool.pending_fees_lamports =
        pool.pending_fees_lamports.checked_add(fee.0).ok_or(ThawError::Overflow)?;
    pool.shares = pool.shares.checked_add(shares).ok_or(ThawError::Overflow)?;
    pool.stamp(now, value.books.unreleased)?;

    system::transfer(&accounts.depositor, &accounts.reserve, lamports)?;
    TokenCpi {
        pool: pool_key,
        bump: pool.authority_bump,
        authority: &accounts.authority,
        mint: &accounts.mint,
    }
    .mint_to(&accounts.recipient, shares)?;
    pool.check_reserve(&accounts.reserve)?;

    emit!(SolDeposited {
        pool: pool_key,
        recipient: accounts.recipient.key(),
        lamports,
        fee_lamports: fee.0,
        shares,
        epoch: clock.epoch,
        totals: (&*pool).into(),
    });
    Ok(())
}
