//! The accounts of the admin's instructions that change the pool alone.

use crate::prelude::*;

use crate::{error::ThawError, state::Pool};

/// Accounts of `propose_config`, `cancel_config` and `nominate_authority`.
#[derive(Accounts)]
pub struct AsAdmin<'info> {
    /// The pool.
    #[account(mut, has_one = admin @ ThawError::WrongAuthority)]
    pub pool: AccountLoader<'info, Pool>,
    /// The pool's admin.
    pub admin: Signer<'info>,
}
