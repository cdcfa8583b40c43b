//! An authority changes hands.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::AuthorityAccepted,
    state::{Pool, Role},
};

/// Accounts of `accept_authority`.
#[derive(Accounts)]
pub struct AcceptAuthority<'info> {
    /// The pool.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// Who is nominated.
    pub nominee: Signer<'info>,
}

/// Makes the nominee the authority of `role` and ends the nomination. Nothing else changes: a new
/// guardian waits out the cool-down of the old one, a new admin finds what was proposed.
///
/// May be called by the nominee.
///
/// # Errors
/// `NotNominated`.
///
/// # Events
/// [`AuthorityAccepted`].
pub fn accept_authority(ctx: Context<AcceptAuthority>, role: Role) -> Result<()> {
    let nominee = ctx.accounts.nominee.key();
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let (authority, nominated) = pool.role_mut(role);
    // Zeros mean that nobody is nominated. No key signs for that address, and no rule here needs it.
    let is_nominated = *nominated == nominee && nominee != Pubkey::default();
    require!(is_nominated, ThawError::NotNominated);

    let old_authority = *authority;
    *authority = nominee;
    *nominated = Pubkey::default();

    emit!(AuthorityAccepted { pool: pool_key, role, old_authority, authority: nominee });
    Ok(())
}
