//! A lender's vault: opened, and emptied by the lender alone.

use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    state::{VAULT_SEED, Vault},
    thaw::accounts::Pool,
};

/// Accounts of `open_vault`.
#[derive(Accounts)]
pub struct OpenVault<'info> {
    /// The Thaw pool; owner and type are all that is asked of it, lenders choose.
    pub pool: AccountLoader<'info, Pool>,
    /// Owns the pot.
    pub lender: Signer<'info>,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The vault.
    #[account(
        init,
        payer = payer,
        space = Vault::DISCRIMINATOR.len().saturating_add(Vault::INIT_SPACE),
        seeds = [VAULT_SEED, pool.key().as_ref(), lender.key.as_ref()],
        bump,
    )]
    pub vault: Account<'info, Vault>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Opens a vault with an empty pot.
///
/// May be called by anyone who wants to lend.
///
/// # Errors
/// The system program's: the vault exists.
pub fn open_vault(ctx: Context<OpenVault>) -> Result<()> {
    let accounts = ctx.accounts;
    accounts.vault.set_inner(Vault {
        lender: accounts.lender.key(),
        pool: accounts.pool.key(),
        mint: accounts.pool.load()?.mint,
    });
    Ok(())
}

/// Accounts of `withdraw_pot`.
#[derive(Accounts)]
pub struct WithdrawPot<'info> {
    /// The vault.
    #[account(mut, dup, has_one = lender @ VaultError::WrongAccount)]
    pub vault: Account<'info, Vault>,
    /// Owns the pot, and gets the SOL.
    #[account(mut)]
    pub lender: Signer<'info>,
}

/// Takes lamports out of the pot. What is lent comes back by repayments and liquidations.
///
/// May be called by the lender.
///
/// # Errors
/// `ZeroAmount`, `PotTooLow`.
pub fn withdraw_pot(ctx: Context<WithdrawPot>, lamports: u64) -> Result<()> {
    require!(lamports > 0, VaultError::ZeroAmount);
    Vault::pay(ctx.accounts.vault.as_ref(), &ctx.accounts.lender, lamports)
}
