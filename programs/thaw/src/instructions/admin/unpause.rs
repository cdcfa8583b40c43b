//! A pause ends early.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::PathsUnpaused,
    state::{Paths, Pool},
};

/// Accounts of `unpause`.
#[derive(Accounts)]
pub struct Unpause<'info> {
    /// The pool.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// The pool's admin or guardian.
    pub authority: Signer<'info>,
}

/// Opens the named paths at once. The guardian's cool-down stays as it is, so that short pauses in
/// a row cannot add up to a long one; the circuit breaker stays too.
///
/// May be called by the admin and by the guardian.
///
/// # Errors
/// `WrongAuthority`, `PauseOutOfBounds` when no path is named.
///
/// # Events
/// [`PathsUnpaused`].
pub fn unpause(ctx: Context<Unpause>, paths: Paths) -> Result<()> {
    let authority = ctx.accounts.authority.key();
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let is_authority = authority == pool.admin || authority == pool.guardian;
    require!(is_authority, ThawError::WrongAuthority);
    require!(paths != Paths::default(), ThawError::PauseOutOfBounds);

    let old_paused_until = pool.paused_until;
    for path in paths.named() {
        pool.paused_until[path as usize] = 0;
    }

    emit!(PathsUnpaused { pool: pool_key, authority, paths, old_paused_until });
    Ok(())
}
