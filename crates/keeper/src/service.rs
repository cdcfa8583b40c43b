//! The keepers of one process: one per pool, one purse, one page of figures.

use std::sync::Arc;

use anyhow::Context;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::{Format, PoolAddresses};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    config::{Settings, Transactions},
    keeper::Keeper,
    server::{Pages, serve},
    tools::{Tools, find_format},
};

/// How often the payer's balance is read.
const BALANCE_INTERVAL: std::time::Duration = std::time::Duration::from_secs(60);

/// Keeps the pools of `settings` until `stop` becomes true, or once. Returns whether all is well: of
/// keepers that run on, always.
///
/// # Errors
/// When it cannot begin: no key, a port that is taken.
pub async fn run(settings: &Settings, stop: watch::Receiver<bool>) -> anyhow::Result<bool> {
    let payer = Arc::new(settings.payer()?);
    let rpc = Arc::new(RpcClient::new_with_timeout_and_commitment(
        settings.rpc_url.clone(),
        settings.rpc_timeout,
        CommitmentConfig::confirmed(),
    ));
    let format = match settings.transactions {
        Transactions::Auto => find_format(&rpc, &payer.pubkey()).await,
        Transactions::V1 => Format::V1,
        Transactions::Legacy => Format::Legacy,
    };
    tracing::debug!("transactions are {format:?}");
    let interval = settings.options.interval;
    let tools = Tools::new(settings.fees, interval, settings.min_balance, format)?;
    if let Some(address) = settings.metrics_addr {
        let pages = Pages { health: tools.health.clone(), metrics: tools.metrics.clone() };
        let (local, _) = serve(address, pages, stop.clone())
            .await
            .with_context(|| format!("cannot serve the metrics at {address}"))?;
        tracing::info!("metrics at http://{local}/metrics");
    }
    let watcher = tokio::spawn(watch_balance(rpc.clone(), payer.clone(), tools.clone()));
    let is_well = keep_all(settings, &rpc, &payer, &tools, stop).await;
    watcher.abort();
    Ok(is_well)
}

async fn keep_all(
    settings: &Settings,
    rpc: &Arc<RpcClient>,
    payer: &Arc<Keypair>,
    tools: &Tools,
    stop: watch::Receiver<bool>,
) -> bool {
    let mut keepers = JoinSet::new();
    for mint in &settings.pools {
        let pool = PoolAddresses::of(*mint);
        tracing::info!("keeping pool {} of mint {mint}, {} pays", pool.pool, payer.pubkey());
        let (rpc, payer, tools) = (rpc.clone(), payer.clone(), tools.clone());
        let mut keeper = Keeper::new(rpc, payer, pool, settings.options, tools, stop.clone());
        let once = settings.once;
        keepers.spawn(async move {
            if !once {
                keeper.run().await;
                return true;
            }
            let last = keeper.run_once().await;
            last.error.is_none() && last.failed() == 0
        });
    }
    keepers.join_all().await.into_iter().all(|is_well| is_well)
}

async fn watch_balance(rpc: Arc<RpcClient>, payer: Arc<Keypair>, tools: Tools) {
    loop {
        match rpc.get_balance(&payer.pubkey()).await {
            Ok(lamports) => {
                tools.health.payer(lamports);
                tools.metrics.payer.set(i64::try_from(lamports).unwrap_or(i64::MAX));
            }
            Err(error) => tracing::debug!("no word on the payer's balance: {error}"),
        }
        tokio::time::sleep(BALANCE_INTERVAL).await;
    }
}
