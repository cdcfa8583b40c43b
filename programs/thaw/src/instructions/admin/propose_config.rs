//! A config is proposed, for later.

use crate::prelude::*;

use super::as_admin::AsAdmin;
use crate::{error::ThawError, events::ConfigProposed, state::Config};

/// Writes down a config and a treasury that `apply_config` may put in force after the delay of the
/// config in force now. A proposal that waits is replaced, and the delay starts anew, so that
/// holders always have all of it to leave first (INV-8).
///
/// May be called by the admin. Whether the treasury is a token account of the share mint is not
/// asked: a wrong one only keeps fee shares from being collected.
///
/// # Errors
/// `WrongAuthority`, `ConfigOutOfBounds`, also when `treasury` is the zero key.
///
/// # Events
/// [`ConfigProposed`].
pub fn propose_config(ctx: Context<AsAdmin>, config: Config, treasury: Pubkey) -> Result<()> {
    config.validate()?;
    require!(treasury != Pubkey::default(), ThawError::ConfigOutOfBounds);
    let now = Clock::get()?.unix_timestamp;
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;

    let delay = pool.config.config_delay_seconds.into();
    pool.proposed_config = config;
    pool.proposed_treasury = treasury;
    pool.config_ready_at = now.checked_add(delay).ok_or(ThawError::Overflow)?;

    emit!(ConfigProposed {
        pool: pool_key,
        old_config: pool.config,
        config,
        old_treasury: pool.treasury,
        treasury,
        ready_at: pool.config_ready_at,
    });
    Ok(())
}
