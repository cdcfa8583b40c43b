//! `--once`: work until nothing is due.

use std::time::Duration;

use crate::{
    backoff::Backoff,
    keeper::{CEILING, Keeper},
    report::RoundReport,
};

/// Rounds of `--once` at most: strangers could make work for ever.
const MAX_ROUNDS: u32 = 1_000;
/// Rounds of `--once` in a row that get nothing done, after which it gives up.
const MAX_FRUITLESS: u32 = 6;

impl Keeper {
    /// Works until nothing is due, or nothing gets done any more. Returns the last round.
    pub async fn run_once(&mut self) -> RoundReport {
        let mut backoff = Backoff::new(self.options.interval.min(Duration::from_secs(1)), CEILING);
        let (mut fruitless, mut rounds) = (0u32, 0u32);
        loop {
            let report = self.round().await;
            rounds = rounds.saturating_add(1);
            if report.is_at_rest() || self.options.dry_run || *self.stop.borrow() {
                return report;
            }
            if report.landed() > 0 {
                fruitless = 0;
                backoff.reset();
            } else {
                fruitless = fruitless.saturating_add(1);
            }
            if fruitless == MAX_FRUITLESS || rounds == MAX_ROUNDS {
                let why = report.trouble().unwrap_or_else(|| match report.benched {
                    0 => "the program finds it done each time".into(),
                    benched => format!("{benched} actions were refused before"),
                });
                tracing::error!("gives up after {rounds} rounds, not all is done: {why}");
                return report;
            }
            if fruitless > 0 {
                self.sleep(backoff.fail()).await;
            }
        }
    }
}
