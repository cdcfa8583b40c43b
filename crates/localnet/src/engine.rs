//! The epoch engine: decides when a block is made, an epoch ends and its rewards are paid.

use std::time::{Duration, Instant};

use solana_stake_interface::stake_history::StakeHistory;
use surfpool_core::surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm};

use crate::{
    Config, EpochReport, Error, Event, EventKind, Mode, Regime, Scenario, Validator, chain,
    cluster::Cluster,
    history,
    ledger::Ledger,
    rewards::{self, Ended, Settlement},
    vote_accounts,
};

/// Where the engine is in the epoch.
enum Phase {
    /// Between the rewards window and the next boundary.
    Open,
    /// In the rewards window since the given moment.
    Rewards { since: Instant, money: Money },
}

/// The rewards of the epoch that just ended.
enum Money {
    Owed(Settlement),
    Paid(EpochReport),
}

/// The state of the engine. Every public method leaves the chain consistent: what belongs
/// together is written under one lock of the virtual machine, between two transactions.
pub(crate) struct Engine {
    locker: SurfnetSvmLocker,
    mode: Mode,
    rewards_window: Duration,
    cluster_stake: u64,
    scenario: Scenario,
    validators: std::sync::Arc<[Validator]>,
    cluster: Cluster,
    history: StakeHistory,
    phase: Phase,
    epoch_began: Instant,
    pub(crate) ledger: Ledger,
}

impl Engine {
    /// An engine for a chain that was set up by [`crate::server`].
    pub(crate) fn new(
        locker: SurfnetSvmLocker,
        config: &Config,
        validators: std::sync::Arc<[Validator]>,
    ) -> Self {
        Self {
            locker,
            mode: config.mode,
            rewards_window: config.rewards_window,
            cluster_stake: config.cluster_stake_lamports,
            scenario: config.scenario.clone(),
            validators,
            cluster: Cluster::new(config),
            history: history::seed(config.first_epoch, config.cluster_stake_lamports),
            phase: Phase::Open,
            epoch_began: Instant::now(),
            ledger: Ledger::new(),
        }
    }

    /// One heartbeat: whatever is due now.
    pub(crate) fn tick(&mut self) -> Result<(), Error> {
        match self.mode {
            Mode::Manual => self.serve_transactions(),
            Mode::Auto { epoch } => self.follow_wall_clock(epoch),
        }
    }

    /// Makes the blocks that sent transactions need to be confirmed and then finalized.
    fn serve_transactions(&mut self) -> Result<(), Error> {
        match self.locker.with_svm_reader(chain::pending) {
            (true, _) => self.locker.with_svm_writer(chain::next_block),
            (false, true) => self.locker.with_svm_writer(chain::finalize_block),
            (false, false) => Ok(()),
        }
    }

    fn follow_wall_clock(&mut self, epoch: Duration) -> Result<(), Error> {
        if let Phase::Rewards { since, money } = &self.phase {
            let elapsed = since.elapsed();
            if elapsed >= self.rewards_window {
                self.finish_rewards()?;
            } else if elapsed >= self.rewards_window.div_f64(2.0) && matches!(money, Money::Owed(_))
            {
                self.pay_rewards()?;
            }
        } else if self.epoch_began.elapsed() >= epoch {
            return self.begin_epoch().map(drop);
        }
        let elapsed = self.epoch_began.elapsed().as_micros();
        self.locker.with_svm_writer(|svm| {
            let slot = chain::slot_at(svm.latest_epoch_info.epoch, elapsed, epoch.as_micros());
            if slot > svm.get_latest_absolute_slot() {
                chain::produce_block(svm, slot)
            } else {
                chain::next_block(svm)
            }
        })
    }

    /// Crosses the boundary and opens the rewards window. Returns the new epoch.
    pub(crate) fn begin_epoch(&mut self) -> Result<u64, Error> {
        // A window that is still open would mix the money of two epochs.
        if matches!(self.phase, Phase::Rewards { .. }) {
            self.finish_rewards()?;
        }
        let (settlement, epoch) = self.locker.clone().with_svm_writer(|svm| self.cross(svm))?;
        self.phase = Phase::Rewards { since: Instant::now(), money: Money::Owed(settlement) };
        self.epoch_began = Instant::now();
        tracing::info!(epoch, "epoch began");
        Ok(epoch)
    }

    fn cross(&mut self, svm: &mut SurfnetSvm) -> Result<(Settlement, u64), Error> {
        let ended = svm.latest_epoch_info.epoch;
        let epoch = ended.saturating_add(1);
        let (scenario, validators) = (&self.scenario, &self.validators);
        let stakes = rewards::delegated(svm)?;
        let local = rewards::totals(&stakes, ended, &self.history);
        let (earned, rest) = self.cluster.earned(scenario, validators, ended);
        let issue = self.cluster.running.issue(scenario);
        let commissions = self.cluster.running.commissions();

        chain::produce_block(svm, chain::first_slot(epoch))?;
        let terms = self.cluster.terms(scenario, ended, &earned);
        let last = vote_accounts::cross(svm, validators, &terms, ended, scenario.regime)?;
        self.history.add(ended, history::with_cluster(local, self.cluster_stake));
        history::write(svm, &self.history)?;
        let outside = &self.cluster.outside;
        let effective =
            rewards::effective_by_validator(&stakes, epoch, &self.history, validators, outside);
        self.cluster.turn(svm, validators, &effective, scenario.regime)?;

        let ended =
            Ended { epoch: ended, stakes: &stakes, history: &self.history, scenario, validators };
        let settlement = match scenario.regime {
            Regime::Alpenglow => {
                Settlement::of_alpenglow(&ended, &self.cluster, &commissions, &last, rest)
            }
            Regime::Steady => Settlement::of_steady(&ended, &last, rest),
        };
        vote_accounts::pay(svm, validators, &settlement.commissions)?;
        for (index, validator) in validators.iter().enumerate() {
            if scenario.is_drained(index, epoch) {
                vote_accounts::drain(svm, &validator.vote)?;
            }
        }
        chain::open_rewards(svm, issue.max(settlement.total()), settlement.paid_at_once());
        Ok((settlement, epoch))
    }

    /// Pays what the ended epoch owes, if that has not happened yet. The window stays open.
    fn pay_rewards(&mut self) -> Result<(), Error> {
        let Phase::Rewards { money: money @ Money::Owed(_), .. } = &mut self.phase else {
            return Ok(());
        };
        let Money::Owed(settlement) = &*money else { return Ok(()) };
        let report = self.locker.with_svm_writer(|svm| {
            let report = settlement.pay(svm)?;
            chain::update_rewards(svm, report.cluster_lamports, true);
            Ok::<_, Error>(report)
        })?;
        *money = Money::Paid(report);
        Ok(())
    }

    /// Pays, closes the rewards window and returns the report of the ended epoch.
    ///
    /// # Errors
    /// [`Error::Config`] if no window is open.
    pub(crate) fn finish_rewards(&mut self) -> Result<EpochReport, Error> {
        self.pay_rewards()?;
        let Phase::Rewards { money: Money::Paid(report), .. } = &self.phase else {
            return Err(Error::Config("no rewards window is open".into()));
        };
        let report = report.clone();
        let paid = report.cluster_lamports;
        self.locker.with_svm_writer(|svm| {
            chain::update_rewards(svm, paid, false);
            chain::next_block(svm)
        })?;
        self.phase = Phase::Open;
        self.ledger.push(report.clone());
        Ok(report)
    }

    /// A whole boundary at once: into the next epoch, pay, close the window.
    pub(crate) fn advance_epoch(&mut self) -> Result<EpochReport, Error> {
        self.begin_epoch()?;
        self.finish_rewards()
    }

    /// Goes to a point of the running epoch, in ten-thousandths of its slots.
    ///
    /// # Errors
    /// [`Error::Config`] if the point is not in the epoch or already passed.
    pub(crate) fn warp(&mut self, bps: u64) -> Result<(), Error> {
        if bps >= 10_000 {
            return Err(Error::Config(
                "a point in an epoch is less than 10000 basis points".into(),
            ));
        }
        self.locker.with_svm_writer(|svm| {
            let slot = chain::slot_at(svm.latest_epoch_info.epoch, bps.into(), 10_000);
            if slot < svm.get_latest_absolute_slot() {
                return Err(Error::Config("the chain is past this point of the epoch".into()));
            }
            chain::produce_block(svm, slot)
        })?;
        if let Mode::Auto { epoch } = self.mode {
            let elapsed = epoch.mul_f64(bps as f64 / 10_000.0);
            self.epoch_began = Instant::now().checked_sub(elapsed).unwrap_or(self.epoch_began);
        }
        Ok(())
    }

    /// Adds an event to the scenario.
    ///
    /// # Errors
    /// [`Error::Config`] if it cannot happen on this cluster or its epoch is over.
    pub(crate) fn schedule(&mut self, event: Event) -> Result<(), Error> {
        event.check(self.validators.len())?;
        let epoch = self.locker.with_svm_reader(|svm| svm.latest_epoch_info.epoch);
        if event.epoch < epoch {
            return Err(Error::Config(format!("epoch {} is over", event.epoch)));
        }
        self.scenario.events.push(event);
        if event.kind == EventKind::Drain && event.epoch == epoch {
            let vote = self.validators.get(event.validator).map(|validator| validator.vote);
            self.locker.with_svm_writer(|svm| {
                vote.map_or(Ok(()), |vote| vote_accounts::drain(svm, &vote))
            })?;
        }
        Ok(())
    }

    /// Writes to the virtual machine, between two transactions.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut SurfnetSvm) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        self.locker.with_svm_writer(change)
    }
}
