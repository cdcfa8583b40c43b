//! A proposed config comes into force.

use crate::prelude::*;

use crate::{
    constants::PROPOSAL_LIFE_SECONDS,
    error::ThawError,
    events::ConfigApplied,
    state::{Pool, require_due},
};

/// Accounts of `apply_config`.
#[derive(Accounts)]
pub struct ApplyConfig<'info> {
    /// The pool.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
}

/// Puts the proposed config and treasury in force, from the end of their delay until 7 days after.
/// The config is checked once more: the program may have got tighter caps since (INV-8).
///
/// May be called by anyone.
///
/// # Errors
/// `NothingProposed`, `TooEarly` with now and the end of the delay, `ProposalLapsed`,
/// `ConfigOutOfBounds`.
///
/// # Events
/// [`ConfigApplied`].
pub fn apply_config(ctx: Context<ApplyConfig>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let ready = pool.config_ready_at;
    require!(ready != 0, ThawError::NothingProposed);
    require_due(now, ready, ThawError::TooEarly)?;
    require!(now <= ready.saturating_add(PROPOSAL_LIFE_SECONDS), ThawError::ProposalLapsed);
    pool.proposed_config.validate()?;

    let (old_config, old_treasury) = (pool.config, pool.treasury);
    pool.config = pool.proposed_config;
    pool.treasury = pool.proposed_treasury;
    pool.clear_proposed_config();

    emit!(ConfigApplied {
        pool: pool_key,
        old_config,
        config: pool.config,
        old_treasury,
        treasury: pool.treasury,
    });
    Ok(())
}
