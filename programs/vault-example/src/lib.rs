//! An example of a program that builds on Thaw: people borrow SOL against shares and keep earning.
//!
//! A lender opens a vault for a Thaw pool and fills its pot. A borrower's SOL is staked through Thaw
//! by CPI; the shares belong to the borrower's position, a PDA. They leave by a ticket or at once, as
//! far as no debt needs them. `docs/vault-example.md` tells it as a whole.
//!
//! Where to look for what an integrator needs: the rate and its age in `rate`, a CPI with slippage in
//! `instructions/deposit.rs`, one with a PDA as the authority in `instructions/exit.rs`, a ticket from
//! its request to its payment in `instructions/ticket.rs`. Not audited; an example, not a product.

// Anchor's macros generate items without docs here and in `instructions`; the IDL's comments link
// into Thaw's own crate.
#![allow(missing_docs, rustdoc::broken_intra_doc_links, clippy::result_large_err)]

use anchor_lang::prelude::*;

pub mod error;
pub mod instructions;
pub mod rate;
pub mod state;
pub mod terms;

use instructions::*;

// Module `thaw`: all that another program needs of Thaw, from `idls/thaw.json`.
declare_program!(thaw);

declare_id!("BaHTM49z6Ux1H2xjva4Sg4JRhYyNZKs9zLYZ9tQapdwu");

/// The program's instructions; each is described where it is written.
#[program]
pub mod vault_example {
    use super::*;

    /// Opens a lender's vault for a Thaw pool.
    pub fn open_vault(ctx: Context<OpenVault>) -> Result<()> {
        instructions::open_vault(ctx)
    }

    /// Takes SOL out of the pot; lender only.
    pub fn withdraw_pot(ctx: Context<WithdrawPot>, lamports: u64) -> Result<()> {
        instructions::withdraw_pot(ctx, lamports)
    }

    /// Opens a borrower's position.
    pub fn open_position(ctx: Context<OpenPosition>) -> Result<()> {
        instructions::open_position(ctx)
    }

    /// Stakes SOL as collateral; returns the shares.
    pub fn deposit(ctx: Context<Deposit>, lamports: u64, min_shares: u64) -> Result<u64> {
        instructions::deposit(ctx, lamports, min_shares)
    }

    /// Lends SOL from the pot; the position's owner only.
    pub fn borrow(ctx: Context<Borrow>, lamports: u64) -> Result<()> {
        instructions::borrow(ctx, lamports)
    }

    /// Pays a debt back, all or part of it; returns the lamports it took.
    pub fn repay(ctx: Context<Repay>, lamports: u64) -> Result<u64> {
        instructions::repay(ctx, lamports)
    }

    /// Pays the debt of a position that does not cover it any more, for its shares; returns them.
    pub fn liquidate(ctx: Context<Liquidate>, min_shares: u64) -> Result<u64> {
        instructions::liquidate(ctx, min_shares)
    }

    /// Asks Thaw for the SOL of shares, by a ticket; the position's owner only.
    pub fn request(ctx: Context<Request>, shares: u64, nonce: u64, ticket_bump: u8) -> Result<()> {
        instructions::request(ctx, shares, nonce, ticket_bump)
    }

    /// Has Thaw pay what a ticket is due to the position's owner; returns the lamports.
    pub fn claim(ctx: Context<Claim>) -> Result<u64> {
        instructions::claim(ctx)
    }

    /// Gives shares back to Thaw for SOL at once; the position's owner only. Returns the lamports.
    pub fn exit(ctx: Context<Exit>, shares: u64, min_lamports: u64) -> Result<u64> {
        instructions::exit(ctx, shares, min_lamports)
    }
}
