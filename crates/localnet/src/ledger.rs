//! What the engine did to the stake accounts, epoch by epoch, to hold against anyone's books.

use solana_pubkey::Pubkey;
use tokio::sync::broadcast;

/// Reports that a slow subscriber may fall behind before it loses the oldest.
const CHANNEL_EPOCHS: usize = 256;

/// Lamports that one stake account got or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeChange {
    /// The stake account.
    pub stake: Pubkey,
    /// The vote account that it is delegated to.
    pub vote: Pubkey,
    /// How much, in lamports, never 0.
    pub lamports: u64,
}

/// Everything that the engine paid and took for one epoch. Nothing else changes a stake account
/// without a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochReport {
    /// The epoch that was rewarded. The money moved at the start of the next one.
    pub epoch: u64,
    /// Rewards: added to the lamports and to the delegation.
    pub paid: Vec<StakeChange>,
    /// Slashes: taken from the lamports and from the delegation.
    pub slashed: Vec<StakeChange>,
    /// Tips: added to the lamports only.
    pub tips: Vec<StakeChange>,
    /// Rewards of the whole cluster, commissions and stake elsewhere included, lamports.
    pub cluster_lamports: u64,
    /// Sum of `paid`, lamports.
    pub rewards_lamports: u64,
    /// Sum of `slashed`, lamports.
    pub slashed_lamports: u64,
    /// Sum of `tips`, lamports.
    pub tips_lamports: u64,
}

impl EpochReport {
    /// Lamports that the account gained, slashes deducted.
    pub fn net_lamports(&self, stake: &Pubkey) -> i128 {
        let sum = |changes: &[StakeChange]| -> i128 {
            let own = changes.iter().filter(|change| change.stake == *stake);
            own.map(|change| i128::from(change.lamports)).sum()
        };
        sum(&self.paid).saturating_add(sum(&self.tips)).saturating_sub(sum(&self.slashed))
    }

    /// Fills the sums from the lists.
    pub(crate) fn with_sums(mut self) -> Self {
        let sum = |changes: &[StakeChange]| changes.iter().map(|change| change.lamports).sum();
        self.rewards_lamports = sum(&self.paid);
        self.slashed_lamports = sum(&self.slashed);
        self.tips_lamports = sum(&self.tips);
        self
    }
}

/// All reports so far, and the channel that carries new ones.
pub(crate) struct Ledger {
    reports: Vec<EpochReport>,
    sender: broadcast::Sender<EpochReport>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self { reports: Vec::new(), sender: broadcast::channel(CHANNEL_EPOCHS).0 }
    }

    pub(crate) fn push(&mut self, report: EpochReport) {
        self.reports.push(report.clone());
        // No subscriber is not an error: the report stays queryable.
        let _ = self.sender.send(report);
    }

    pub(crate) fn reports(&self) -> &[EpochReport] {
        &self.reports
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<EpochReport> {
        self.sender.subscribe()
    }
}
