//! A position, and which token account is its own.

use anchor_lang::prelude::*;
use anchor_spl::token::{self, TokenAccount};

use crate::state::{ASSOCIATED_TOKEN_PROGRAM, POSITION_SEED, Position, Vault};

/// Accounts of `open_position`.
#[derive(Accounts)]
pub struct OpenPosition<'info> {
    /// The vault.
    pub vault: Account<'info, Vault>,
    /// Will own the position.
    pub owner: Signer<'info>,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The position.
    #[account(
        init,
        payer = payer,
        space = Position::DISCRIMINATOR.len().saturating_add(Position::INIT_SPACE),
        seeds = [POSITION_SEED, vault.key().as_ref(), owner.key.as_ref()],
        bump,
    )]
    pub position: Account<'info, Position>,
    /// Its associated token account for shares; the client creates it first. At this address the
    /// mint and the owner are right: only the position could change them.
    #[account(
        seeds = [position.key().as_ref(), token::ID.as_ref(), vault.mint.as_ref()],
        bump,
        seeds::program = ASSOCIATED_TOKEN_PROGRAM,
    )]
    pub shares: Account<'info, TokenAccount>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Opens a position without debt.
///
/// May be called by anyone who wants to borrow.
///
/// # Errors
/// Anchor's for another token account, the system program's: the position exists.
pub fn open_position(ctx: Context<OpenPosition>) -> Result<()> {
    let accounts = ctx.accounts;
    accounts.position.set_inner(Position {
        vault: accounts.vault.key(),
        owner: accounts.owner.key(),
        shares: accounts.shares.key(),
        debt_lamports: 0,
        bump: [ctx.bumps.position],
    });
    Ok(())
}
