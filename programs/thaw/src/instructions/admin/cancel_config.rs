//! The admin takes back what waits.

use crate::prelude::*;

use super::as_admin::AsAdmin;
use crate::{error::ThawError, events::ProposalsCancelled};

/// Clears a proposed config and a scheduled wind-down, lapsed or not. A wind-down that has started
/// cannot be taken back.
///
/// May be called by the admin.
///
/// # Errors
/// `WrongAuthority`, `NothingProposed` when neither waits.
///
/// # Events
/// [`ProposalsCancelled`].
pub fn cancel_config(ctx: Context<AsAdmin>) -> Result<()> {
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let is_waiting = pool.config_ready_at != 0 || pool.wind_down_at != 0;
    require!(is_waiting, ThawError::NothingProposed);

    let cancelled = ProposalsCancelled {
        pool: pool_key,
        config: pool.proposed_config,
        treasury: pool.proposed_treasury,
        config_ready_at: pool.config_ready_at,
        wind_down_at: pool.wind_down_at,
    };
    pool.clear_proposed_config();
    pool.wind_down_at = 0;

    emit!(cancelled);
    Ok(())
}
