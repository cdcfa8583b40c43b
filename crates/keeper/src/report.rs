//! What a round did, and saying it in plain words.

use crate::{action::Action, verdict::Outcome};

/// An action and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The action.
    pub action: Action,
    /// The outcome.
    pub outcome: Outcome,
}

/// One round: snapshot, plan, send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// Epoch of the snapshot.
    pub epoch: u64,
    /// Slot of the snapshot.
    pub slot: u64,
    /// What was done, in the order it ended.
    pub done: Vec<Done>,
    /// What a dry run would have done.
    pub planned: Vec<Action>,
    /// Actions that were planned and left alone because they were refused shortly before. Tickets
    /// that cannot be paid are left to their owners and do not count.
    pub benched: usize,
    /// Moves that were left alone because the rent of their slots is not in the budget.
    pub dear: usize,
    /// Searches for tickets or reviews that failed.
    pub failed_searches: usize,
    /// Why there is no snapshot, if there is none.
    pub error: Option<String>,
}

impl RoundReport {
    /// Actions that landed.
    pub fn landed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Landed)
    }

    /// Actions that did not go through. A ticket whose owner cannot be paid is the owner's trouble,
    /// not the pool's.
    pub fn failed(&self) -> usize {
        self.failures().count()
    }

    /// What went wrong first, if anything did.
    pub fn trouble(&self) -> Option<String> {
        let failure = || self.failures().next().map(|done| format!("{} did not go", done.action));
        let search = || (self.failed_searches > 0).then(|| "a search failed".to_owned());
        self.error.clone().or_else(failure).or_else(search)
    }

    /// True when nothing was sent, and looking again soon would find nothing to send either.
    pub fn is_at_rest(&self) -> bool {
        self.trouble().is_none() && self.benched == 0 && self.done.is_empty()
    }

    /// True when nothing is left to be done.
    pub fn is_complete(&self) -> bool {
        self.is_at_rest() && self.dear == 0
    }

    fn failures(&self) -> impl Iterator<Item = &Done> {
        let is_failure =
            |done: &&Done| !done.outcome.is_success() && !matches!(done.action, Action::Claim(_));
        self.done.iter().filter(is_failure)
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.done.iter().filter(|done| is(&done.outcome)).count()
    }
}

/// Says what became of an action.
pub fn tell(done: &Done) {
    let action = &done.action;
    match &done.outcome {
        Outcome::Landed => tracing::info!("done: {action}"),
        Outcome::AlreadyDone(why) => tracing::info!("not needed any more: {action} ({why})"),
        Outcome::Later(why) => tracing::warn!("will try again: {action} ({why})"),
        Outcome::Refused(why) => tracing::error!("refused: {action} ({why})"),
    }
}

/// Lamports as SOL with all nine digits, in integers.
pub fn sol(lamports: u64) -> String {
    const SOL: u64 = 1_000_000_000;
    let (whole, rest) = (lamports.checked_div(SOL), lamports.checked_rem(SOL));
    format!("{}.{:09}", whole.unwrap_or(0), rest.unwrap_or(0))
}
