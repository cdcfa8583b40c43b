//! Fee shares become tokens.

use crate::prelude::*;
use anchor_spl::token::Token;

use crate::{cpi::token::TokenCpi, error::ThawError, events::FeesCollected, state::Pool};

/// Accounts of `collect_fees`.
#[derive(Accounts)]
pub struct CollectFees<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = authority @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
        has_one = treasury @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the pool names it; the token program checks that it is a token account of the mint.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
}

/// Mints all fee shares that are owed to the treasury. They have counted as shares since the
/// finalize that took the fee, so nobody's rate changes (INV-3).
///
/// May be called by anyone. No other instruction touches the treasury, so one that is closed or of
/// another mint keeps nothing else from working; what is owed waits for a better one.
///
/// # Errors
/// `NoFeesOwed`, the token program's.
///
/// # Events
/// [`FeesCollected`].
pub fn collect_fees(ctx: Context<CollectFees>) -> Result<()> {
    let accounts = &ctx.accounts;
    let epoch = Clock::get()?.epoch;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    let shares = pool.fee_shares_owed;
    require!(shares > 0, ThawError::NoFeesOwed);

    pool.fee_shares_owed = 0;
    TokenCpi {
        pool: pool_key,
        bump: pool.authority_bump,
        authority: &accounts.authority,
        mint: &accounts.mint,
    }
    .mint_to(&accounts.treasury, shares)?;

    emit!(FeesCollected { pool: pool_key, treasury: accounts.treasury.key(), shares, epoch });
    Ok(())
}
