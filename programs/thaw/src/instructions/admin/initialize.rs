//! Opens a pool with its first deposit.

use std::mem::size_of;

use crate::prelude::*;
use anchor_lang::ZeroCopy;
use anchor_spl::token::{self, Token};
use thaw_math::{Bps, INITIAL_YIELD_PPB, Lamports};

use crate::{
    constants::*,
    cpi::{system, token::TokenCpi},
    error::ThawError,
    events::PoolInitialized,
    state::{Config, Pool, ValidatorList},
};

/// Bytes of a mint.
const MINT_BYTES: usize = 82;

/// Arguments of `initialize`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct InitializeArgs {
    /// Parameters.
    pub config: Config,
    /// First deposit, lamports, at least 1 SOL; its shares can never leave.
    pub bootstrap_lamports: u64,
    /// Admin.
    pub admin: Pubkey,
    /// Operator.
    pub operator: Pubkey,
    /// Guardian.
    pub guardian: Pubkey,
    /// Token account that fee shares are minted to.
    pub treasury: Pubkey,
}

/// Accounts of `initialize`.
#[derive(Accounts)]
pub struct Initialize<'info> {
    /// Pays rent and the first deposit.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: the pool, opened here.
    #[account(mut, seeds = [POOL_SEED, mint.key().as_ref()], bump)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: the share mint, `is_fresh`. It signs, so that nobody else can open a pool for it.
    #[account(mut, signer)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: opened here, no data.
    #[account(mut, seeds = [RESERVE_SEED, pool.key().as_ref()], bump)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: signs for the pool, never exists.
    #[account(seeds = [AUTHORITY_SEED, pool.key().as_ref()], bump)]
    pub authority: UncheckedAccount<'info>,
    /// CHECK: opened here.
    #[account(mut, seeds = [VALIDATORS_SEED, pool.key().as_ref()], bump)]
    pub validators: UncheckedAccount<'info>,
    /// CHECK: token account for shares in open batches, opened here.
    #[account(mut, seeds = [ESCROW_SEED, pool.key().as_ref()], bump)]
    pub escrow: UncheckedAccount<'info>,
    /// CHECK: token account for the first deposit's shares, opened here.
    #[account(mut, seeds = [BOOTSTRAP_SEED, pool.key().as_ref()], bump)]
    pub bootstrap: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Opens a pool for a fresh share mint and mints the first deposit's shares, one per lamport, to an
/// account that nothing can take them from: so a pool is never empty, a first depositor cannot
/// inflate the rate, and the rent of slots is covered by shares that never leave.
///
/// May be called by anyone.
///
/// # Errors
/// `BootstrapTooSmall`, `ConfigOutOfBounds`, `WrongMint`, the system program's for addresses in use.
///
/// # Events
/// [`PoolInitialized`].
pub fn initialize(ctx: Context<Initialize>, args: InitializeArgs) -> Result<()> {
    let accounts = &ctx.accounts;
    if args.bootstrap_lamports < MIN_BOOTSTRAP_LAMPORTS {
        return Err(refuse_with(
            ThawError::BootstrapTooSmall,
            args.bootstrap_lamports,
            MIN_BOOTSTRAP_LAMPORTS,
        ));
    }
    args.config.validate()?;
    require!(is_fresh(&accounts.mint, accounts.authority.key)?, ThawError::WrongMint);

    let clock = Clock::get()?;
    let pool_key = accounts.pool.key();
    let seeds: &[&[u8]] = &[POOL_SEED, accounts.mint.key.as_ref(), &[ctx.bumps.pool]];
    system::open_account(&accounts.payer, &accounts.pool, Pool::BYTES, &crate::ID, seeds)?;
    let mut data = accounts.pool.try_borrow_mut_data()?;
    let pool = head::<Pool>(&mut data);
    write(pool, &ctx, &args, &clock);
    pool.stamp(clock.unix_timestamp, Lamports::ZERO)?;

    open_list(&ctx)?;
    let seeds: &[&[u8]] = &[RESERVE_SEED, pool_key.as_ref(), &[ctx.bumps.reserve]];
    system::open_account(&accounts.payer, &accounts.reserve, 0, &crate::ID, seeds)?;
    system::transfer(&accounts.payer, &accounts.reserve, args.bootstrap_lamports)?;
    let token = TokenCpi {
        pool: pool_key,
        bump: pool.authority_bump,
        authority: &accounts.authority,
        mint: &accounts.mint,
    };
    let seeds: &[&[u8]] = &[ESCROW_SEED, pool_key.as_ref(), &[ctx.bumps.escrow]];
    token.open_account(&accounts.payer, &accounts.escrow, seeds)?;
    let seeds: &[&[u8]] = &[BOOTSTRAP_SEED, pool_key.as_ref(), &[ctx.bumps.bootstrap]];
    token.open_account(&accounts.payer, &accounts.bootstrap, seeds)?;
    token.mint_to(&accounts.bootstrap, args.bootstrap_lamports)?;
    pool.check_reserve(&accounts.reserve)?;

    emit!(PoolInitialized {
        pool: pool_key,
        mint: accounts.mint.key(),
        admin: args.admin,
        operator: args.operator,
        guardian: args.guardian,
        treasury: args.treasury,
        config: args.config,
        bootstrap_lamports: args.bootstrap_lamports,
        epoch: clock.epoch,
        unix_time: clock.unix_timestamp,
    });
    Ok(())
}

fn write(pool: &mut Pool, ctx: &Context<Initialize>, args: &InitializeArgs, clock: &Clock) {
    let accounts = &ctx.accounts;
    pool.version = VERSION;
    pool.bump = ctx.bumps.pool;
    pool.authority_bump = ctx.bumps.authority;
    pool.reserve_bump = ctx.bumps.reserve;
    pool.mint = accounts.mint.key();
    pool.reserve = accounts.reserve.key();
    pool.authority = accounts.authority.key();
    pool.validators = accounts.validators.key();
    pool.escrow = accounts.escrow.key();
    pool.bootstrap = accounts.bootstrap.key();
    pool.admin = args.admin;
    pool.operator = args.operator;
    pool.guardian = args.guardian;
    pool.treasury = args.treasury;
    pool.config = args.config;

    pool.shares = args.bootstrap_lamports;
    pool.reserve_lamports = args.bootstrap_lamports;
    pool.bootstrap_lamports = args.bootstrap_lamports;
    pool.liquidity_target_lamports =
        Bps(args.config.liquidity_target_bps).of_down(Lamports(args.bootstrap_lamports)).0;
    pool.finalized_shares = args.bootstrap_lamports;
    pool.yields_ppb = [INITIAL_YIELD_PPB; 3];
    // Nothing is staked yet, so there is nothing to sync: the pool starts finalized.
    pool.epoch = clock.epoch;
    pool.finalized_at = clock.unix_timestamp;
}

fn open_list(ctx: &Context<Initialize>) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = accounts.pool.key();
    let bump = ctx.bumps.validators;
    let seeds: &[&[u8]] = &[VALIDATORS_SEED, pool.as_ref(), &[bump]];
    system::open_account(
        &accounts.payer,
        &accounts.validators,
        LIST_STEP_BYTES,
        &crate::ID,
        seeds,
    )?;
    let mut data = accounts.validators.try_borrow_mut_data()?;
    *head(&mut data) = ValidatorList::new(pool, bump);
    Ok(())
}

/// What stands at the begin of an account opened here, behind the discriminator that this writes.
fn head<T: ZeroCopy>(data: &mut [u8]) -> &mut T {
    let (discriminator, rest) = data.split_at_mut(T::DISCRIMINATOR.len());
    discriminator.copy_from_slice(T::DISCRIMINATOR);
    bytemuck::from_bytes_mut(&mut rest[..size_of::<T>()])
}

/// True for an SPL Token mint as [`ThawError::WrongMint`] demands it: its bytes up to the freeze
/// authority's key, which means nothing where there is none.
fn is_fresh(mint: &AccountInfo, authority: &Pubkey) -> Result<bool> {
    let mut fresh = [0; 50];
    fresh[0] = 1; // there is a mint authority
    fresh[4..36].copy_from_slice(authority.as_ref());
    fresh[44] = SHARE_DECIMALS; // behind a supply of 0
    fresh[45] = 1; // initialised, and no freeze authority
    let data = mint.try_borrow_data()?;
    let is_mint = mint.owner == &token::ID && data.len() == MINT_BYTES;
    Ok(is_mint && data.starts_with(&fresh))
}
