//! What the keepers of one process share.

use std::{sync::Arc, time::Duration};

use anchor_lang::prelude::Pubkey;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::RpcSimulateTransactionConfig;
use solana_transaction::versioned::VersionedTransaction;
use thaw_client::{Budget, Format, pace::COMMITMENT};

use crate::{
    fees::{FeePolicy, Purse},
    health::Health,
    metrics::Metrics,
};

/// Purse, figures, pulse, and the format of their transactions.
#[derive(Clone)]
pub struct Tools {
    /// What may be spent.
    pub purse: Arc<Purse>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Whether they are at work.
    pub health: Arc<Health>,
    /// What the cluster takes.
    pub format: Format,
}

impl Tools {
    /// Tools of keepers that look every `interval`.
    ///
    /// # Errors
    /// When the figures cannot be registered.
    pub fn new(
        policy: FeePolicy,
        interval: Duration,
        floor_lamports: u64,
        format: Format,
    ) -> prometheus::Result<Self> {
        Ok(Self {
            purse: Arc::new(Purse::new(policy)),
            metrics: Arc::new(Metrics::new()?),
            health: Arc::new(Health::new(interval, floor_lamports)),
            format,
        })
    }
}

/// The best format that the cluster behind `rpc` takes: tries a v1 transaction, on the server alone.
/// Where that fails for whatever reason, the format that every cluster takes.
pub async fn find_format(rpc: &RpcClient, payer: &Pubkey) -> Format {
    // A v1 transaction must have an instruction, and ignores this one.
    let ignored = ComputeBudgetInstruction::set_compute_unit_limit(Budget::MOST.units);
    let Ok(message) = Format::V1.message(payer, &[ignored], Budget::MOST, Hash::default()) else {
        return Format::Legacy;
    };
    let signatures = vec![Default::default()];
    let config = RpcSimulateTransactionConfig {
        sig_verify: false,
        replace_recent_blockhash: true,
        commitment: Some(COMMITMENT),
        ..RpcSimulateTransactionConfig::default()
    };
    let transaction = VersionedTransaction { signatures, message };
    match rpc.simulate_transaction_with_config(&transaction, config).await {
        Ok(answer) if answer.value.err.is_none() => Format::V1,
        Ok(answer) => {
            tracing::debug!("no v1 transactions here: {:?}", answer.value.err);
            Format::Legacy
        }
        Err(error) => {
            tracing::debug!("no v1 transactions here: {error}");
            Format::Legacy
        }
    }
}
