//! A pool's view for readers of SPL stake pools is brought up to date.

use crate::prelude::*;

use crate::{
    constants::SPL_VIEW_SEED,
    cpi::system,
    error::ThawError,
    events::SplViewRefreshed,
    pda,
    state::{Pool, SPL_POOL_BYTES, SplView},
};

/// Accounts of `refresh_spl_view`.
#[derive(Accounts)]
pub struct RefreshSplView<'info> {
    /// The pool.
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the handler derives it; opened here the first time.
    #[account(mut)]
    pub view: UncheckedAccount<'info>,
    /// Pays the rent the first time.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Writes the pool's rate and fees into an account of 611 bytes that has the layout of an SPL stake
/// pool, so that what reads those reads this. The first call opens the account. Lamports and shares
/// are those of the exit rate now; it is never below what was written but by a recorded loss (INV-4).
/// Fees are parts of 10,000; what enters pays the entry premium besides. `finalize_epoch` does the
/// same where the account follows its own.
///
/// May be called by anyone, once the pool is finalized in the current epoch. Nothing of the pool's
/// changes.
///
/// # Errors
/// `NotFinalized`, `WrongAccount`, `Overflow`.
///
/// # Events
/// [`SplViewRefreshed`].
pub fn refresh_spl_view(ctx: Context<RefreshSplView>) -> Result<()> {
    let accounts = &ctx.accounts;
    let clock = Clock::get()?;
    let pool_key = accounts.pool.key();
    let pool = &*accounts.pool.load()?;
    pool.require_finalized(&clock)?;
    let nav_lamports = pool.value_at(clock.unix_timestamp)?.nav.0;

    let (address, bump) = pda::spl_view(&pool_key);
    require_keys_eq!(accounts.view.key(), address, ThawError::WrongAccount);
    if accounts.view.owner != &crate::ID {
        let seeds: &[&[u8]] = &[SPL_VIEW_SEED, pool_key.as_ref(), &[bump]];
        let (payer, view) = (&accounts.payer, &accounts.view);
        system::open_account(payer, view, SPL_POOL_BYTES, &crate::ID, seeds)?;
    }
    show(&accounts.view, pool, nav_lamports)?;

    emit!(SplViewRefreshed {
        pool: pool_key,
        view: address,
        nav_lamports,
        shares: pool.shares,
        epoch: pool.epoch,
    });
    Ok(())
}

/// The same for a view that exists, in a pool that has just been finalized and stamped.
///
/// # Errors
/// `WrongAccount` where it is not the pool's view, nobody has opened it, or its length is another.
pub fn refresh_in_passing(view: &AccountInfo, pool_key: &Pubkey, pool: &Pool) -> Result<()> {
    let is_it = *view.key == pda::spl_view(pool_key).0 && view.owner == &crate::ID;
    require!(is_it, ThawError::WrongAccount);
    show(view, pool, pool.nav_lamports)
}

fn show(view: &AccountInfo, pool: &Pool, nav_lamports: u64) -> Result<()> {
    let mut data = view.try_borrow_mut_data()?;
    let shown = bytemuck::try_from_bytes_mut::<SplView>(&mut data);
    shown.map_err(|_| ThawError::WrongAccount)?.show(pool, nav_lamports);
    Ok(())
}
