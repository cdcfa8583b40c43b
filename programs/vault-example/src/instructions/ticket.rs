//! Shares leave by a ticket: free, paid about a day later, earning until then.

use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

use crate::{
    error::VaultError,
    rate::require_covered,
    state::{Position, Vault},
    thaw::{self, accounts::Pool, program::Thaw, types::RequestArgs},
};

/// Accounts of `request`.
#[derive(Accounts)]
pub struct Request<'info> {
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
    /// Owns the position.
    pub owner: Signer<'info>,
    /// Pays the rent of the ticket, and of its batch where this opens it; Thaw gives both back.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The pool: takes the request, and tells the rate.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub batch: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub ticket: UncheckedAccount<'info>,
    /// Thaw.
    pub thaw_program: Program<'info, Thaw>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Asks for the SOL of `shares`: the position gets a ticket. `nonce` tells its tickets apart.
///
/// May be called by the position's owner, as long as the shares that stay cover the debt: a ticket is
/// no collateral. Without a debt nothing can keep anybody from leaving, not even a stale pool.
///
/// # Errors
/// `StaleRate`, `NoRate`, `NotCovered`, `WrongAccount`, Thaw's.
pub fn request(ctx: Context<Request>, shares: u64, nonce: u64, ticket_bump: u8) -> Result<()> {
    let accounts = ctx.accounts;
    let seeds = accounts.position.seeds();
    let signer = [&seeds[..]];
    let cpi = CpiContext::new_with_signer(
        accounts.thaw_program.key(),
        thaw::cpi::accounts::RequestWithdrawal {
            pool: accounts.pool.to_account_info(),
            escrow: accounts.escrow.to_account_info(),
            shares_from: accounts.shares.to_account_info(),
            owner: accounts.position.to_account_info(),
            payer: accounts.payer.to_account_info(),
            batch: accounts.batch.to_account_info(),
            ticket: accounts.ticket.to_account_info(),
            token_program: accounts.token_program.to_account_info(),
            system_program: accounts.system_program.to_account_info(),
        },
        &signer,
    );
    // A pushed claim would pay the ticket's owner, the position, and no instruction takes SOL out of
    // that: so only `claim` may collect it.
    let args = RequestArgs { shares, nonce, is_pushable: false, ticket_bump };
    thaw::cpi::request_withdrawal(cpi, args)?;
    accounts.shares.reload()?;
    let pool = accounts.pool.load()?;
    require_covered(&pool, accounts.shares.amount, accounts.position.debt_lamports)
}

/// Accounts of `claim`.
#[derive(Accounts)]
pub struct Claim<'info> {
    /// The position.
    #[account(
        has_one = vault @ VaultError::WrongAccount,
        has_one = owner @ VaultError::WrongAccount,
    )]
    pub position: Account<'info, Position>,
    /// Its vault.
    #[account(has_one = pool @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// CHECK: the position names it; gets the SOL.
    #[account(mut)]
    pub owner: UncheckedAccount<'info>,
    /// CHECK: the vault names it.
    #[account(mut)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it.
    #[account(mut)]
    pub batch: UncheckedAccount<'info>,
    /// CHECK: Thaw pays a ticket that cannot be pushed to its owner alone, and the position signs.
    #[account(mut)]
    pub ticket: UncheckedAccount<'info>,
    /// CHECK: Thaw checks it: who paid the ticket's rent gets it back.
    #[account(mut)]
    pub rent_recipient: UncheckedAccount<'info>,
    /// Thaw.
    pub thaw_program: Program<'info, Thaw>,
}

/// Has Thaw pay what the ticket is due, straight to the position's owner. Returns the lamports.
///
/// May be called by anyone.
///
/// # Errors
/// `WrongAccount`, Thaw's: among them `NothingToClaim` before the batch is settled.
pub fn claim(ctx: Context<Claim>) -> Result<u64> {
    let accounts = ctx.accounts;
    let seeds = accounts.position.seeds();
    let signer = [&seeds[..]];
    let cpi = CpiContext::new_with_signer(
        accounts.thaw_program.key(),
        thaw::cpi::accounts::ClaimWithdrawal {
            pool: accounts.pool.to_account_info(),
            reserve: accounts.reserve.to_account_info(),
            batch: accounts.batch.to_account_info(),
            ticket: accounts.ticket.to_account_info(),
            claimer: accounts.position.to_account_info(),
            recipient: accounts.owner.to_account_info(),
            rent_recipient: accounts.rent_recipient.to_account_info(),
        },
        &signer,
    );
    Ok(thaw::cpi::claim_withdrawal(cpi)?.get())
}
