//! When an instruction is refused for the pool's state: wound down, paused, stale, too early.

use crate::prelude::*;
use thaw_math::{Bps, Lamports};

use super::pool::Pool;
use crate::{
    constants::{MAX_MISSED_EPOCHS, MAX_STALE_SECONDS},
    error::ThawError,
};

/// Whether a pool takes deposits at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Everything is open.
    Live = 0,
    /// Only exits are open, for ever.
    WindingDown = 1,
}

/// A path that the guardian can pause; the number is its place in `Pool::paused_until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// SOL deposits.
    Deposit = 0,
    /// Instant exits.
    InstantExit = 1,
    /// Stake deposits and withdrawals.
    Stake = 2,
    /// Delegating and rebalancing; never undelegating for withdrawals, nor a pool's wind-down.
    Moves = 3,
}

/// Some of the paths that can be paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct Paths {
    /// SOL deposits.
    pub deposit: bool,
    /// Instant exits.
    pub instant_exit: bool,
    /// Stake deposits and withdrawals.
    pub stake: bool,
    /// Delegating and rebalancing.
    pub moves: bool,
}

impl Paths {
    /// All of them.
    pub const ALL: Self = Self { deposit: true, instant_exit: true, stake: true, moves: true };

    /// The paths that are named.
    pub fn named(self) -> impl Iterator<Item = Path> {
        [
            (self.deposit, Path::Deposit),
            (self.instant_exit, Path::InstantExit),
            (self.stake, Path::Stake),
            (self.moves, Path::Moves),
        ]
        .into_iter()
        .filter_map(|(is_named, path)| is_named.then_some(path))
    }
}

/// Refuses with `error` before `ready`; both are unix seconds. Not inlined: an error with values is
/// thousands of bytes of code.
///
/// # Errors
/// `error` with now and `ready`.
#[inline(never)]
pub fn require_due(now: i64, ready: i64, error: ThawError) -> Result<()> {
    if now < ready {
        return Err(refuse_with(error, now as u64, ready as u64));
    }
    Ok(())
}

impl Pool {
    /// Deposits and instant exits need a pool that was finalized not long ago.
    ///
    /// # Errors
    /// [`ThawError::PoolStale`].
    pub fn require_fresh(&self, clock: &Clock) -> Result<()> {
        let age = clock.unix_timestamp.saturating_sub(self.finalized_at);
        if self.missed_epochs(clock) > MAX_MISSED_EPOCHS || age > MAX_STALE_SECONDS {
            return err!(ThawError::PoolStale);
        }
        Ok(())
    }

    /// Stake comes in and goes out only at a rate that knows this epoch's losses: else whoever sees a
    /// slash first leaves before it is booked.
    ///
    /// # Errors
    /// [`ThawError::NotFinalized`].
    pub fn require_finalized(&self, clock: &Clock) -> Result<()> {
        require!(self.epoch == clock.epoch, ThawError::NotFinalized);
        Ok(())
    }

    /// Refuses while the guardian's pause or the circuit breaker holds `path`. Requests, funding
    /// and claims of tickets have no path here: nobody can pause them (INV-11). Nor do the moves of
    /// a pool that winds down: its stake only goes towards its holders.
    ///
    /// # Errors
    /// [`ThawError::Paused`].
    pub fn require_open(&self, path: Path, now: i64) -> Result<()> {
        if path == Path::Moves && self.is_winding_down() {
            return Ok(());
        }
        let is_broken = self.is_broken(now) && matches!(path, Path::Deposit | Path::Moves);
        require!(now >= self.paused_until[path as usize] && !is_broken, ThawError::Paused);
        Ok(())
    }

    /// True while the circuit breaker holds: deposits, delegating and rebalancing wait.
    pub fn is_broken(&self, now: i64) -> bool {
        now < self.circuit_until
    }

    /// True once the wind-down has begun.
    pub fn is_winding_down(&self) -> bool {
        self.status == Status::WindingDown as u8
    }

    /// Refuses once the wind-down has begun.
    ///
    /// # Errors
    /// [`ThawError::WindingDown`].
    pub fn require_live(&self) -> Result<()> {
        require!(!self.is_winding_down(), ThawError::WindingDown);
        Ok(())
    }

    /// Refuses outside the last `move_window_bps` of the epoch's slots, so that deposits and
    /// withdrawals of the epoch net out before stake moves. A pool that winds down need not wait.
    ///
    /// # Errors
    /// [`ThawError::OutsideMoveWindow`] with the current slot and the first one of the window.
    pub fn require_move_window(&self, clock: &Clock) -> Result<()> {
        if self.is_winding_down() {
            return Ok(());
        }
        let schedule = EpochSchedule::get()?;
        let slots = schedule.get_slots_in_epoch(clock.epoch);
        let window = Bps(self.config.move_window_bps).of_up(Lamports(slots)).0;
        let opens = schedule
            .get_first_slot_in_epoch(clock.epoch)
            .saturating_add(slots.saturating_sub(window));
        if clock.slot < opens {
            return Err(refuse_with(ThawError::OutsideMoveWindow, clock.slot, opens));
        }
        Ok(())
    }
}
