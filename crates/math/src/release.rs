//! Gains are released into the rate per second, so that no instant of an epoch is worth waiting for.

use crate::{mul_div::mul_div_up, units::Lamports};

/// A gain that is released linearly from `start` to `end`, unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// What was locked at `start`.
    pub locked: Lamports,
    /// When the release began.
    pub start: i64,
    /// When all is released.
    pub end: i64,
}

impl Release {
    /// `ceil(locked * (end - now) / (end - start))`: what is not released yet. All of it up to
    /// `start` (a clock that steps back releases nothing twice), nothing from `end` on.
    ///
    /// Rounded up: the rate for exits rounds down.
    pub fn unreleased_up(&self, now: i64) -> Lamports {
        if self.locked == Lamports::ZERO || now >= self.end {
            return Lamports::ZERO;
        }
        if now <= self.start {
            return self.locked;
        }
        // start < now < end, so both differences are positive and fit u64 as wrapped i64.
        let left = self.end.wrapping_sub(now) as u64;
        let span = self.end.wrapping_sub(self.start) as u64;
        // left < span, so the result is at most `locked`.
        Lamports(mul_div_up(self.locked.0, left, span).unwrap_or(self.locked.0))
    }
}
