//! SOL from the pot and back.

use anchor_lang::{prelude::*, system_program};
use anchor_spl::token::TokenAccount;

use crate::{
    error::VaultError,
    rate::{require_covered, require_lendable},
    state::{Position, Vault},
    terms::with_fee_up,
    thaw::accounts::Pool,
};

/// Accounts of `borrow`.
#[derive(Accounts)]
pub struct Borrow<'info> {
    /// The position.
    #[account(
        mut,
        dup,
        has_one = vault @ VaultError::WrongAccount,
        has_one = owner @ VaultError::WrongAccount,
        has_one = shares @ VaultError::WrongAccount,
    )]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(mut, dup, has_one = pool @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// The position's token account.
    pub shares: Account<'info, TokenAccount>,
    /// The pool: tells the rate.
    pub pool: AccountLoader<'info, Pool>,
    /// Owns the position, and gets the SOL.
    #[account(mut)]
    pub owner: Signer<'info>,
}

/// Lends `lamports` from the pot; they are owed with the fee, rounded up.
///
/// May be called by the position's owner, as long as its shares cover what is owed then.
///
/// # Errors
/// `ZeroAmount`, `StaleRate`, `NoRate`, `NotCovered`, `NoNewLoans`, `PotTooLow`, `WrongAccount`,
/// `Overflow`.
pub fn borrow(ctx: Context<Borrow>, lamports: u64) -> Result<()> {
    require!(lamports > 0, VaultError::ZeroAmount);
    let accounts = ctx.accounts;
    let position = &mut accounts.position;
    position.debt_lamports = position
        .debt_lamports
        .checked_add(with_fee_up(lamports)?)
        .ok_or_else(|| error!(VaultError::Overflow))?;
    let pool = accounts.pool.load()?;
    require_covered(&pool, accounts.shares.amount, position.debt_lamports)?;
    require_lendable(&pool)?;
    Vault::pay(accounts.vault.as_ref(), &accounts.owner, lamports)
}

/// Accounts of `repay`.
#[derive(Accounts)]
pub struct Repay<'info> {
    /// The position.
    #[account(mut, dup, has_one = vault @ VaultError::WrongAccount)]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(mut, dup)]
    pub vault: Account<'info, Vault>,
    /// Pays: the owner, or anybody for them.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Pays `lamports` of the debt, at most all of it, into the pot. Returns what was paid.
///
/// May be called by anyone, whatever the rate and its age. Where the network's rent has risen above
/// what the vault holds, only a payment that fills it up again goes through.
///
/// # Errors
/// `ZeroAmount`, `NoDebt`, `WrongAccount`, the system program's.
pub fn repay(ctx: Context<Repay>, lamports: u64) -> Result<u64> {
    require!(lamports > 0, VaultError::ZeroAmount);
    let accounts = ctx.accounts;
    let debt = accounts.position.debt_lamports;
    require!(debt > 0, VaultError::NoDebt);
    let paid = lamports.min(debt);
    accounts.position.debt_lamports = debt.saturating_sub(paid);
    let cpi = CpiContext::new(
        accounts.system_program.key(),
        system_program::Transfer {
            from: accounts.payer.to_account_info(),
            to: accounts.vault.to_account_info(),
        },
    );
    system_program::transfer(cpi, paid)?;
    Ok(paid)
}
