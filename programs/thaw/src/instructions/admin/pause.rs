//! The guardian pauses paths for a while.

use crate::prelude::*;

use crate::{
    constants::{MAX_PAUSE_SECONDS, PAUSE_COOL_DOWN_SECONDS},
    error::ThawError,
    events::PathsPaused,
    state::{Paths, Pool, require_due},
};

/// Accounts of `pause`.
#[derive(Accounts)]
pub struct Pause<'info> {
    /// The pool.
    #[account(mut, has_one = guardian @ ThawError::WrongAuthority)]
    pub pool: AccountLoader<'info, Pool>,
    /// The pool's guardian.
    pub guardian: Signer<'info>,
}

/// Pauses the named paths for `seconds` from now. The next pause, of whatever path and by whatever
/// guardian, is possible 24 hours after the end of this one: so nothing is paused for more than 72
/// of any 96 hours. Requests, funding and claims of withdrawals have no path (INV-11).
///
/// May be called by the guardian.
///
/// # Errors
/// `WrongAuthority`, `PauseOutOfBounds` for no path, no seconds or more than 72 hours,
/// `PauseCoolDown` with now and when the guardian may pause again.
///
/// # Events
/// [`PathsPaused`].
pub fn pause(ctx: Context<Pause>, paths: Paths, seconds: u32) -> Result<()> {
    let is_within = (1..=MAX_PAUSE_SECONDS).contains(&seconds);
    require!(is_within && paths != Paths::default(), ThawError::PauseOutOfBounds);
    let now = Clock::get()?.unix_timestamp;
    let guardian = ctx.accounts.guardian.key();
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    require_due(now, pool.guardian_ready_at, ThawError::PauseCoolDown)?;

    let until = now.checked_add(seconds.into()).ok_or(ThawError::Overflow)?;
    for path in paths.named() {
        pool.paused_until[path as usize] = until;
    }
    pool.guardian_ready_at =
        until.checked_add(PAUSE_COOL_DOWN_SECONDS).ok_or(ThawError::Overflow)?;

    emit!(PathsPaused {
        pool: pool_key,
        guardian,
        paths,
        until,
        guardian_ready_at: pool.guardian_ready_at,
    });
    Ok(())
}
