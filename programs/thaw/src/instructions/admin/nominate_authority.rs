//! An authority is offered.

use crate::prelude::*;

use super::as_admin::AsAdmin;
use crate::{events::AuthorityNominated, state::Role};

/// Names who may take `role` over; it changes hands only when the nominee accepts, so that no
/// authority can be lost to a typing error. A nomination replaces the one before; the zero key
/// withdraws it.
///
/// May be called by the admin.
///
/// # Errors
/// `WrongAuthority`.
///
/// # Events
/// [`AuthorityNominated`].
pub fn nominate_authority(ctx: Context<AsAdmin>, role: Role, nominee: Pubkey) -> Result<()> {
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let (authority, nominated) = pool.role_mut(role);
    let (authority, old_nominee) = (*authority, *nominated);
    *nominated = nominee;

    emit!(AuthorityNominated { pool: pool_key, role, authority, old_nominee, nominee });
    Ok(())
}
