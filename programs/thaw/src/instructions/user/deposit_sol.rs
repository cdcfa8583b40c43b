//! SOL in, shares out.

use crate::prelude::*;
use anchor_spl::token::Token;

use crate::{
    cpi::{system, token::TokenCpi},
    error::ThawError,
    events::{self, SolDeposited},
    state::{Pool, require_at_least},
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
    /// CHECK: any token account of the mint; gets the referrer's part of the fee.
    #[account(mut)]
    pub referrer: Option<UncheckedAccount<'info>>,
}

/// Takes `lamports` from the depositor and mints shares at the entry rate, which includes the gain
/// that is earned but not released yet. A referrer gets its part of the deposit fee in shares at the
/// same rate; whoever refers themselves pays that much less.
///
/// May be called by anyone, at every slot of an epoch, up to 3 epochs or 4 days after the last
/// finalize. The fee is rounded up, the shares down.
///
/// The return data is the shares minted to the recipient, without the referrer's.
///
/// # Errors
/// `ZeroAmount`, `WindingDown`, `Paused`, `PoolStale`, `NoValue`, `AmountTooSmall`,
/// `SlippageExceeded` when fewer than `min_shares` come out, `Overflow`.
///
/// # Events
/// [`SolDeposited`].
pub fn deposit_sol(ctx: Context<DepositSol>, lamports: u64, min_shares: u64) -> Result<u64> {
    let accounts = &ctx.accounts;
    require!(lamports > 0, ThawError::ZeroAmount);
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    pool.require_deposits_open(&clock)?;

    let value = pool.value_at(now)?;
    let price = pool.price_deposit(&value, &clock, lamports, accounts.referrer.is_some())?;
    require_at_least(price.shares, min_shares)?;
    pool.reserve_lamports =
        pool.reserve_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
    pool.book_deposit(&price)?;
    pool.stamp(now, value.books.unreleased)?;

    system::transfer(&accounts.depositor, &accounts.reserve, lamports)?;
    let token = TokenCpi {
        pool: pool_key,
        bump: pool.authority_bump,
        authority: &accounts.authority,
        mint: &accounts.mint,
    };
    token.mint_to(&accounts.recipient, price.shares)?;
    if let (Some(referrer), true) = (&accounts.referrer, price.referral_shares > 0) {
        token.mint_to(referrer, price.referral_shares)?;
    }
    pool.check_reserve(&accounts.reserve)?;

    events::log(&SolDeposited {
        pool: pool_key,
        recipient: accounts.recipient.key(),
        lamports,
        fee_lamports: price.fee,
        shares: price.shares,
        referral_shares: price.referral_shares,
        epoch: clock.epoch,
        totals: (&*pool).into(),
    });
    Ok(price.shares)
}
