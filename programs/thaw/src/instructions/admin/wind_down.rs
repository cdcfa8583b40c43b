//! A pool ends: everything flows to the holders.

use crate::prelude::*;

use crate::{
    constants::{ABANDONED_SECONDS, PROPOSAL_LIFE_SECONDS},
    error::ThawError,
    events::{WindDownScheduled, WindDownStarted},
    state::{Pool, Status, require_due},
};

/// Accounts of `wind_down`.
#[derive(Accounts)]
pub struct WindDown<'info> {
    /// The pool.
    #[account(mut)]
    pub pool: AccountLoader<'info, Pool>,
    /// The admin where it is scheduled, anyone where it starts.
    pub caller: Signer<'info>,
}

/// Schedules the wind-down or starts it.
///
/// The admin schedules it: it may start after the delay of config changes. Anyone may start it from
/// then on until 7 days after, and at any time when nobody has finalized the pool for more than 30
/// days. A schedule that lapsed counts as none.
///
/// Once it has started, for ever: deposits are closed and no weight counts; stake leaves without a
/// move window, a cap or a pause, and goes out through tickets. What was proposed is cleared.
///
/// # Errors
/// `WindingDown` when it has started already, `TooEarly` with now and the start, also for the admin,
/// whose second call does not restart the delay, `WrongAuthority` when nothing is scheduled and the
/// caller is not the admin.
///
/// # Events
/// [`WindDownScheduled`] or [`WindDownStarted`].
pub fn wind_down(ctx: Context<WindDown>) -> Result<()> {
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    let caller = ctx.accounts.caller.key();
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    pool.require_live()?;

    let at = pool.wind_down_at;
    let lapses_at = at.saturating_add(PROPOSAL_LIFE_SECONDS);
    let is_scheduled = at > 0 && now <= lapses_at;
    let is_abandoned = now.saturating_sub(pool.finalized_at) > ABANDONED_SECONDS;
    if is_scheduled && !is_abandoned {
        require_due(now, at, ThawError::TooEarly)?;
    }
    if is_scheduled || is_abandoned {
        start(pool);
        emit!(WindDownStarted {
            pool: pool_key,
            starter: caller,
            is_abandoned,
            epoch: clock.epoch,
            totals: (&*pool).into(),
        });
        return Ok(());
    }

    require_keys_eq!(caller, pool.admin, ThawError::WrongAuthority);
    let delay = pool.config.config_delay_seconds.into();
    pool.wind_down_at = now.checked_add(delay).ok_or(ThawError::Overflow)?;
    emit!(WindDownScheduled { pool: pool_key, wind_down_at: pool.wind_down_at });
    Ok(())
}

fn start(pool: &mut Pool) {
    pool.status = Status::WindingDown as u8;
    pool.weight_sum = 0;
    pool.next_weight_sum = 0;
    pool.wind_down_at = 0;
    pool.clear_proposed_config();
}
