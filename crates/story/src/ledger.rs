//! Every lamport that came in or went out, from the network's side, against the pool's books.

use std::collections::{BTreeMap, BTreeSet};

use anchor_lang::prelude::Pubkey;
use thaw_client::Snapshot;
use thaw_localnet::{EpochReport, StakeChange};

use crate::tell::{signed, sol};

/// Sums over the story, lamports.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Deposits, the first one included.
    pub deposited: u64,
    /// Rewards paid by the chain.
    pub rewards: u64,
    /// Tips paid by the chain.
    pub tips: u64,
    /// Slashed by the chain.
    pub slashed: u64,
    /// Paid to holders.
    pub tickets_paid: u64,
    /// Paid to holders who left at once.
    pub instant_paid: u64,
    /// Paid to whom a program holds shares for, at once and by ticket.
    pub program_paid: u64,
    /// Lamports of the stake accounts that came in.
    pub stake_in: u64,
    /// Stake that holders took away.
    pub stake_out: u64,
    /// Epochs with a reward, all booked.
    pub reward_epochs: u64,
    /// Reports taken in.
    pub reports: usize,
    /// What did not match, in words.
    pub mismatches: Vec<String>,
}

/// What the chain did since the last look.
#[derive(Debug, Default)]
pub struct News {
    /// The reports.
    pub reports: Vec<EpochReport>,
    /// Rewards, lamports.
    pub rewards: u64,
    /// Slashed, lamports.
    pub slashed: u64,
    /// Line that compares the engine's ledger with the pool's bookings.
    pub comparison: String,
}

impl Ledger {
    /// Takes in the reports that `snapshot`, finalized in its epoch, must have booked, and compares
    /// them validator by validator.
    pub fn take_in(&mut self, all: &[EpochReport], snapshot: &Snapshot) -> News {
        let due = all.iter().skip(self.reports);
        let reports: Vec<EpochReport> =
            due.filter(|report| report.epoch < snapshot.pool.epoch).cloned().collect();
        let reports: Vec<_> = reports.into_iter().map(|report| own(report, snapshot)).collect();
        let mut news = News::default();
        for report in &reports {
            news.rewards = news.rewards.saturating_add(report.rewards_lamports);
            news.slashed = news.slashed.saturating_add(report.slashed_lamports);
            self.tips = self.tips.saturating_add(report.tips_lamports);
            let is_rewarded = u64::from(report.rewards_lamports > 0);
            self.reward_epochs = self.reward_epochs.saturating_add(is_rewarded);
        }
        self.rewards = self.rewards.saturating_add(news.rewards);
        self.slashed = self.slashed.saturating_add(news.slashed);
        self.reports = self.reports.saturating_add(reports.len());
        news.comparison = self.compare(&reports, snapshot);
        news.reports = reports;
        news
    }

    /// The engine's ledger against what the records say was booked in this epoch.
    fn compare(&mut self, reports: &[EpochReport], snapshot: &Snapshot) -> String {
        let [report] = reports else {
            let count = reports.len();
            return format!(
                "{count} epochs were booked at once; the line above compares their sum"
            );
        };
        let mut paid: BTreeMap<Pubkey, i128> = BTreeMap::new();
        let gains =
            report.paid.iter().chain(&report.tips).map(|c| (c.vote, i128::from(c.lamports)));
        let losses =
            report.slashed.iter().map(|c| (c.vote, i128::from(c.lamports).saturating_neg()));
        for (vote, lamports) in gains.chain(losses) {
            let sum = paid.entry(vote).or_default();
            *sum = sum.saturating_add(lamports);
        }
        let mut booked = BTreeMap::new();
        for validator in &snapshot.validators {
            let record = &validator.record;
            let net = i128::from(record.gain_lamports).saturating_sub(record.loss_lamports.into());
            if record.booked_epoch == snapshot.clock.epoch && net != 0 {
                booked.insert(record.vote, net);
            }
        }
        paid.retain(|_, net| *net != 0);
        let sum = |nets: &BTreeMap<Pubkey, i128>| {
            nets.values().fold(0, |a: i128, b| a.saturating_add(*b))
        };
        if paid == booked {
            return format!(
                "the chain's ledger says {} SOL for epoch {}, the pool booked the same at every \
                 validator",
                signed(sum(&paid)),
                report.epoch
            );
        }
        let line = format!(
            "the chain's ledger says {} SOL for epoch {}, the pool booked {} SOL",
            signed(sum(&paid)),
            report.epoch,
            signed(sum(&booked))
        );
        self.mismatches.push(line.clone());
        line
    }

    /// What the pool must hold by all that came in and went out.
    pub fn expected(&self) -> u64 {
        self.deposited
            .saturating_add(self.rewards)
            .saturating_add(self.tips)
            .saturating_sub(self.slashed)
            .saturating_sub(self.tickets_paid)
            .saturating_add(self.stake_in)
            .saturating_sub(self.stake_out)
            .saturating_sub(self.instant_paid)
            .saturating_sub(self.program_paid)
    }

    /// Compares chain, books and history; says so in a line. A difference is kept.
    pub fn audit(&mut self, snapshot: &Snapshot) -> String {
        let (chain, books) = (snapshot.lamports_on_chain(), snapshot.lamports_in_books());
        let expected = self.expected();
        if chain == books && chain == expected {
            return format!("every lamport matches: {} SOL on chain and in the books", sol(chain));
        }
        let line = format!(
            "the lamports differ in epoch {}: {chain} on chain, {books} in the books, {expected} by \
             what came in and went out",
            snapshot.clock.epoch
        );
        self.mismatches.push(line.clone());
        line
    }
}

/// The part of a report that concerns the pool's slots: people stake without it, too.
fn own(mut report: EpochReport, snapshot: &Snapshot) -> EpochReport {
    let votes = snapshot.validators.iter().map(|validator| validator.record.vote);
    let slots: BTreeSet<Pubkey> = votes.flat_map(|vote| snapshot.addresses.slots(&vote)).collect();
    let sum = |changes: &mut Vec<StakeChange>| {
        changes.retain(|change| slots.contains(&change.stake));
        changes.iter().fold(0, |sum: u64, change| sum.saturating_add(change.lamports))
    };
    report.rewards_lamports = sum(&mut report.paid);
    report.slashed_lamports = sum(&mut report.slashed);
    report.tips_lamports = sum(&mut report.tips);
    report
}
