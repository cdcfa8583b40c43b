//! Shares leave at once, for Thaw's price.

use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

use crate::{
    error::VaultError,
    rate::require_covered,
    state::{Position, Vault},
    thaw::{self, accounts::Pool, program::Thaw},
};

/// Accounts of `exit`.
#[derive(Accounts)]
pub struct Exit<'info> {
    /// The position.
    #[account(
        has_one = vault @ VaultError::WrongAccount,
        has_one = owner @ VaultError::WrongAccount,
        has_one = shares @ VaultError::WrongAccount,
    )]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(has_one = pool @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// The position's token account.
    #[account(mut, dup)]
    pub shares: Account<'info, TokenAccount>,
    /// Owns the position, and gets the SOL.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// The pool: pays, and tells the rate.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// Thaw.
    pub thaw_program: Program<'info, Thaw>,
    /// The token program.
    pub token_program: Program<'info, Token>,
}

/// Gives `shares` back to Thaw for SOL at once, which goes to the owner. Returns the lamports.
///
/// May be called by the position's owner, as long as the shares that stay cover the debt. Thaw
/// rounds the lamports down.
///
/// # Errors
/// `StaleRate`, `NoRate`, `NotCovered`, `WrongAccount`, Thaw's: among them `SlippageExceeded` when
/// less than `min_lamports` comes out.
pub fn exit(ctx: Context<Exit>, shares: u64, min_lamports: u64) -> Result<u64> {
    let accounts = ctx.accounts;
    let seeds = accounts.position.seeds();
    let signer = [&seeds[..]];
    let cpi = CpiContext::new_with_signer(
        accounts.thaw_program.key(),
        thaw::cpi::accounts::WithdrawInstant {
            pool: accounts.pool.to_account_info(),
            reserve: accounts.reserve.to_account_info(),
            mint: accounts.mint.to_account_info(),
            shares_from: accounts.shares.to_account_info(),
            owner: accounts.position.to_account_info(),
            recipient: accounts.owner.to_account_info(),
            token_program: accounts.token_program.to_account_info(),
        },
        &signer,
    );
    // `get` takes the answer of Thaw and of no other program.
    let lamports = thaw::cpi::withdraw_instant(cpi, shares, min_lamports)?.get();
    accounts.shares.reload()?;
    // The loader reads the account itself: this is the rate after the exit.
    let pool = accounts.pool.load()?;
    require_covered(&pool, accounts.shares.amount, accounts.position.debt_lamports)?;
    Ok(lamports)
}
