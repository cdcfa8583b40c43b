//! A debt that its shares do not cover any more.

use anchor_lang::{prelude::*, system_program};
use anchor_spl::token::{self, Token, TokenAccount};

use crate::{
    error::VaultError,
    rate::{require_uncovered, shares_down},
    state::{Position, Vault},
    terms::with_bonus_down,
    thaw::accounts::Pool,
};

/// Accounts of `liquidate`.
#[derive(Accounts)]
pub struct Liquidate<'info> {
    /// The position.
    #[account(
        mut,
        dup,
        has_one = vault @ VaultError::WrongAccount,
        has_one = shares @ VaultError::WrongAccount,
    )]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(mut, dup, has_one = pool @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// The position's token account.
    #[account(mut, dup)]
    pub shares: Account<'info, TokenAccount>,
    /// The pool: tells the rate.
    pub pool: AccountLoader<'info, Pool>,
    /// Pays the debt.
    #[account(mut)]
    pub liquidator: Signer<'info>,
    /// CHECK: any other token account of the mint; the token program checks it.
    #[account(mut, constraint = recipient.key() != shares.key() @ VaultError::WrongAccount)]
    pub recipient: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Pays the whole debt into the pot, for shares worth that and the bonus, rounded down, or for all
/// there are; what is left stays the owner's. Returns the shares.
///
/// May be called by anyone once the debt is above its limit. Where the shares are worth less than the
/// debt nobody else will, and the lender can: the SOL goes into the lender's own pot.
///
/// # Errors
/// `StaleRate`, `NoRate`, `Covered`, `TooFewShares` for fewer than `min_shares`, `WrongAccount`,
/// `Overflow`, the system and token programs'.
pub fn liquidate(ctx: Context<Liquidate>, min_shares: u64) -> Result<u64> {
    let accounts = ctx.accounts;
    let (debt, held) = (accounts.position.debt_lamports, accounts.shares.amount);
    let shares = {
        let pool = accounts.pool.load()?;
        require_uncovered(&pool, held, debt)?;
        shares_down(&pool, with_bonus_down(debt)?, held)?
    };
    require_gte!(shares, min_shares, VaultError::TooFewShares);

    accounts.position.debt_lamports = 0;
    let pay = CpiContext::new(
        accounts.system_program.key(),
        system_program::Transfer {
            from: accounts.liquidator.to_account_info(),
            to: accounts.vault.to_account_info(),
        },
    );
    system_program::transfer(pay, debt)?;
    let seeds = accounts.position.seeds();
    let signer = [&seeds[..]];
    let give = CpiContext::new_with_signer(
        accounts.token_program.key(),
        token::Transfer {
            from: accounts.shares.to_account_info(),
            to: accounts.recipient.to_account_info(),
            authority: accounts.position.to_account_info(),
        },
        &signer,
    );
    token::transfer(give, shares)?;
    Ok(shares)
}
