//! SOL becomes collateral.

use anchor_lang::prelude::*;
use anchor_spl::token::Token;

use crate::{
    error::VaultError,
    state::{Position, Vault},
    thaw::{self, program::Thaw},
};

/// Accounts of `deposit`. Those that only Thaw uses go to Thaw unchecked: it takes none but the ones
/// that its pool names, and the pool is the vault's.
#[derive(Accounts)]
pub struct Deposit<'info> {
    /// The position.
    #[account(
        has_one = vault @ VaultError::WrongAccount,
        has_one = shares @ VaultError::WrongAccount,
    )]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(has_one = pool @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// CHECK: the position names it.
    #[account(mut)]
    pub shares: UncheckedAccount<'info>,
    /// Pays the SOL: the owner, or anybody for them.
    #[account(mut)]
    pub depositor: Signer<'info>,
    /// CHECK: the vault names it.
    #[account(mut)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    pub pool_authority: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// Thaw.
    pub thaw_program: Program<'info, Thaw>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Stakes `lamports` of the depositor through Thaw; the shares are the position's. Returns them.
///
/// May be called by anyone, for any position: it can only add to it. Thaw rounds the shares down.
///
/// # Errors
/// `WrongAccount`, Thaw's: among them `SlippageExceeded` when fewer than `min_shares` come out.
pub fn deposit(ctx: Context<Deposit>, lamports: u64, min_shares: u64) -> Result<u64> {
    let accounts = ctx.accounts;
    let cpi = CpiContext::new(
        accounts.thaw_program.key(),
        thaw::cpi::accounts::DepositSol {
            pool: accounts.pool.to_account_info(),
            reserve: accounts.reserve.to_account_info(),
            authority: accounts.pool_authority.to_account_info(),
            mint: accounts.mint.to_account_info(),
            depositor: accounts.depositor.to_account_info(),
            recipient: accounts.shares.to_account_info(),
            token_program: accounts.token_program.to_account_info(),
            system_program: accounts.system_program.to_account_info(),
            referrer: None,
        },
    );
    // `get` takes the answer of Thaw and of no other program.
    Ok(thaw::cpi::deposit_sol(cpi, lamports, min_shares)?.get())
}
