//! The StakeHistory sysvar.
//!
//! Without history the stake program takes every stake as fully effective after one epoch. With
//! it, a cluster may activate and deactivate 9 % of its effective stake per epoch. The local
//! stake alone would hardly ever activate that way, so the entries add the rest of a cluster the
//! size of mainnet: local stake activates in one epoch, and the code that reads history runs. A
//! small `cluster_stake_lamports` makes activation slow, for those who want to see it.

use solana_account::Account;
use solana_sdk_ids::sysvar;
use solana_stake_interface::stake_history::{self, StakeHistory, StakeHistoryEntry};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::Error;

/// Effective stake of mainnet in epoch 1025, rounded, lamports.
pub(crate) const CLUSTER_STAKE_LAMPORTS: u64 = 437_000_000_000_000_000;
/// Share of the rest of the cluster that is activating, and as much deactivating: 1 / 200.
const MOVING_DIVISOR: u64 = 200;
/// Epochs before the first one that have an entry.
const PAST_EPOCHS: u64 = 64;

/// Stake activates and deactivates at the new rate (9 %) since always, as the program has it.
pub(crate) const NEW_RATE_EPOCH: Option<u64> = Some(0);

/// History of a cluster that has run for a while before `first_epoch`.
pub(crate) fn seed(first_epoch: u64, cluster_stake: u64) -> StakeHistory {
    let mut history = StakeHistory::default();
    for epoch in first_epoch.saturating_sub(PAST_EPOCHS)..first_epoch {
        history.add(epoch, with_cluster(StakeHistoryEntry::default(), cluster_stake));
    }
    history
}

/// The entry of an epoch: the local stake and the rest of the cluster.
pub(crate) fn with_cluster(local: StakeHistoryEntry, cluster_stake: u64) -> StakeHistoryEntry {
    let moving = cluster_stake.checked_div(MOVING_DIVISOR).unwrap_or(0);
    local.saturating_add(StakeHistoryEntry {
        effective: cluster_stake,
        activating: moving,
        deactivating: moving,
    })
}

/// Writes the sysvar account, in its full size as on a real cluster.
pub(crate) fn write(svm: &mut SurfnetSvm, history: &StakeHistory) -> Result<(), Error> {
    let mut data = bincode::serialize(history).map_err(|e| Error::Chain(e.to_string()))?;
    data.resize(stake_history::SIZE, 0);
    let lamports = svm.inner.minimum_balance_for_rent_exemption(data.len());
    let account =
        Account { lamports, data, owner: sysvar::ID, executable: false, rent_epoch: u64::MAX };
    svm.set_account(&sysvar::stake_history::ID, account)?;
    Ok(())
}
