//! The cluster around the local validators, from epoch to epoch: seats, and what voting earns.

use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{
    Config, Error, Regime, Scenario, Validator, lottery,
    rewards::part,
    seats::{self, Seat, Seats, TICKET_LAMPORTS},
    vote_accounts::Term,
};

/// Credits of the first vote in an epoch, without a lottery.
const FIRST_CREDITS: u64 = 16;

/// Seats of the running epoch and of the next one.
pub(crate) struct Cluster {
    seed: u64,
    /// Stake of others, by index, lamports.
    pub(crate) outside: Vec<u64>,
    pub(crate) running: Seats,
    next: Seats,
}

impl Cluster {
    /// The cluster in the epoch that the chain starts in.
    pub(crate) fn new(config: &Config) -> Self {
        let first = Seats::first(config);
        let (outside, _) = seats::outside_stakes(config);
        Self { seed: config.seed, outside, running: first.clone(), next: first }
    }

    /// What everybody earned in the running epoch, `epoch`: credits of the validators by index, and
    /// what the rest of the cluster earned, lamports; under [`Regime::Steady`] all stake elsewhere.
    pub(crate) fn earned(
        &self,
        scenario: &Scenario,
        validators: &[Validator],
        epoch: u64,
    ) -> (Vec<u64>, u64) {
        let is_up = |index| index >= validators.len() || scenario.is_voting(index, epoch);
        let issue = self.running.issue(scenario);
        if scenario.regime == Regime::Steady {
            let credits = |(index, validator): (usize, &Validator)| {
                if is_up(index) { validator.credits_per_epoch } else { 0 }
            };
            let others =
                self.outside.iter().fold(self.running.rest, |sum, o| sum.saturating_add(*o));
            let rest = part(issue, others, self.running.total().into());
            return (validators.iter().enumerate().map(credits).collect(), rest);
        }
        let stakes = self.running.stakes();
        let windows = lottery::draw_windows(self.seed, epoch, &stakes);
        let mut earned = lottery::earnings(issue, &stakes, &windows, is_up);
        let rest = earned.pop().unwrap_or(0);
        (earned, rest)
    }

    /// Fixes the seats of the epoch after `epoch`, which begins: takes the tickets from who has
    /// `stakes`, by index.
    pub(crate) fn turn(
        &mut self,
        svm: &mut SurfnetSvm,
        validators: &[Validator],
        stakes: &[u64],
        regime: Regime,
    ) -> Result<(), Error> {
        let price = (regime == Regime::Alpenglow).then_some(TICKET_LAMPORTS);
        let admitted = Seats::admit(svm, validators, stakes, self.next.rest, price)?;
        self.running = std::mem::replace(&mut self.next, admitted);
        self.next.publish(svm, validators)
    }

    /// Whether the validator was admitted at the last turn.
    pub(crate) fn is_admitted(&self, index: usize) -> bool {
        self.next.held.get(index).is_some_and(Option::is_some)
    }

    /// What the validators do around the boundary after `ended`, by index, with what they `earned`
    /// in it. To be asked before the turn.
    pub(crate) fn terms(&self, scenario: &Scenario, ended: u64, earned: &[u64]) -> Vec<Term> {
        let first = first_credits(&self.next, scenario, ended.saturating_add(1));
        earned.iter().zip(first).map(|(&earned, first)| Term { earned, first }).collect()
    }
}

/// Credits of each validator's first vote in `epoch` with these seats, by index.
pub(crate) fn first_credits(seats: &Seats, scenario: &Scenario, epoch: u64) -> Vec<u64> {
    let (issue, total) = (seats.issue(scenario), seats.total());
    let first = |(index, seat): (usize, &Option<Seat>)| match (seat, scenario.regime) {
        _ if !scenario.is_voting(index, epoch) => 0,
        (_, Regime::Steady) => FIRST_CREDITS,
        (Some(seat), Regime::Alpenglow) => lottery::slot_reward(issue, seat.stake, total).0,
        (None, Regime::Alpenglow) => 0,
    };
    seats.held.iter().enumerate().map(first).collect()
}
