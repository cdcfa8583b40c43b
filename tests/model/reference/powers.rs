//! What the admin and the guardian may do, and what that closes (design, section 10).

use thaw_client::thaw::error::ThawError;

use super::{Reference, Refusal, Said, refuse};
use crate::ops::Start;

const DAY: i64 = 86_400;
/// Between a proposal and its use, at least; after that, at most.
const DELAY: i64 = 2 * DAY;
const LIFE: i64 = 7 * DAY;
/// Nobody has finalized for so long: anyone may wind the pool down.
const ABANDONED: i64 = 30 * DAY;

/// Paths that can be paused.
pub const DEPOSIT: usize = 0;
pub const INSTANT: usize = 1;
pub const STAKE: usize = 2;
pub const MOVES: usize = 3;

/// What the admin and the guardian have done.
#[derive(Clone, Debug, Default)]
pub struct Powers {
    pub paused_until: [i64; 4],
    /// The guardian may pause again.
    pub guardian_ready: i64,
    /// A config that waits, and until when.
    pub proposal: Option<(Start, i64)>,
    pub wind_down_at: Option<i64>,
    pub is_winding_down: bool,
    /// Who holds each authority, and who is nominated for it, by number.
    pub holders: [u32; 3],
    pub nominees: [Option<u32>; 3],
}

impl Reference {
    pub fn pause(&mut self, paths: u8, seconds: u32) -> Result<Said, Refusal> {
        if paths & 15 == 0 || seconds == 0 || i64::from(seconds) > 3 * DAY {
            return refuse(ThawError::PauseOutOfBounds);
        }
        if self.network.now < self.powers.guardian_ready {
            return refuse(ThawError::PauseCoolDown);
        }
        let until = self.network.now + i64::from(seconds);
        for path in (0..4).filter(|path| paths >> path & 1 == 1) {
            self.powers.paused_until[path] = until;
        }
        self.powers.guardian_ready = until + DAY;
        Ok(Said::Power("Paused path"))
    }

    pub fn unpause(&mut self, paths: u8) -> Result<Said, Refusal> {
        if paths & 15 == 0 {
            return refuse(ThawError::PauseOutOfBounds);
        }
        for path in (0..4).filter(|path| paths >> path & 1 == 1) {
            self.powers.paused_until[path] = 0;
        }
        Ok(Said::Power("Unpaused"))
    }

    pub fn propose(&mut self, start: &Start, is_bad: bool) -> Result<Said, Refusal> {
        if is_bad {
            return refuse(ThawError::ConfigOutOfBounds);
        }
        self.powers.proposal = Some((*start, self.network.now + DELAY));
        Ok(Said::Power("Proposed"))
    }

    /// The proposed config counts; what a pool was opened with stays.
    pub fn apply_config(&mut self) -> Result<Said, Refusal> {
        let Some((proposed, ready)) = self.powers.proposal else {
            return refuse(ThawError::NothingProposed);
        };
        if self.network.now < ready {
            return refuse(ThawError::TooEarly);
        }
        if self.network.now > ready + LIFE {
            return refuse(ThawError::ProposalLapsed);
        }
        let Start { validators, bootstrap_sol, wallet_sol, .. } = self.start;
        self.start = Start { validators, bootstrap_sol, wallet_sol, ..proposed };
        self.powers.proposal = None;
        Ok(Said::Power("Applied"))
    }

    pub fn cancel_config(&mut self) -> Result<Said, Refusal> {
        let (proposal, wind_down) = (self.powers.proposal.take(), self.powers.wind_down_at.take());
        if proposal.is_none() && wind_down.is_none() {
            return refuse(ThawError::NothingProposed);
        }
        Ok(Said::Power("Cancelled"))
    }

    pub fn wind_down(&mut self, by_admin: bool) -> Result<Said, Refusal> {
        self.require_live()?;
        let now = self.network.now;
        let scheduled = self.powers.wind_down_at.filter(|at| now <= at + LIFE);
        let is_abandoned = now - self.finalized.at > ABANDONED;
        if is_abandoned || scheduled.is_some_and(|at| now >= at) {
            self.powers.is_winding_down = true;
            (self.powers.proposal, self.powers.wind_down_at) = (None, None);
            return Ok(Said::Power("WindingDownStarted"));
        }
        if scheduled.is_some() {
            return refuse(ThawError::TooEarly);
        }
        if !by_admin {
            return refuse(ThawError::WrongAuthority);
        }
        self.powers.wind_down_at = Some(now + DELAY);
        Ok(Said::Power("WindDownScheduled"))
    }

    /// Somebody may take an authority over; nobody where none is named.
    pub fn nominate(&mut self, role: usize, nominee: Option<u32>) -> Result<Said, Refusal> {
        self.powers.nominees[role] = nominee;
        Ok(Said::Power("Nominated"))
    }

    pub fn accept(&mut self, role: usize, who: u32) -> Result<Said, Refusal> {
        if self.powers.nominees[role] != Some(who) {
            return refuse(ThawError::NotNominated);
        }
        self.powers.holders[role] = who;
        self.powers.nominees[role] = None;
        Ok(Said::Power("Accepted"))
    }

    /// Fee shares become the treasury's tokens.
    pub fn collect_fees(&mut self) -> Result<Said, Refusal> {
        if self.fee_shares_owed == 0 {
            return refuse(ThawError::NoFeesOwed);
        }
        self.treasury += self.fee_shares_owed;
        self.supply += self.fee_shares_owed;
        self.fee_shares_owed = 0;
        Ok(Said::Power("FeesCollected"))
    }

    /// The pool does not end yet.
    pub fn require_live(&self) -> Result<(), Refusal> {
        if self.powers.is_winding_down { refuse(ThawError::WindingDown) } else { Ok(()) }
    }

    /// Neither the guardian nor the circuit breaker holds a path; nothing holds the moves of a pool
    /// that ends.
    pub fn require_open(&self, path: usize) -> Result<(), Refusal> {
        let is_tripped = self.network.now < self.circuit_until && [DEPOSIT, MOVES].contains(&path);
        let is_held = is_tripped || self.network.now < self.powers.paused_until[path];
        if is_held && !(path == MOVES && self.powers.is_winding_down) {
            return refuse(ThawError::Paused);
        }
        Ok(())
    }

    /// Stake may move now: the window is open, or the pool ends.
    pub fn may_move(&self) -> bool {
        self.powers.is_winding_down || self.network.is_in_window(self.start.window_bps)
    }
}
