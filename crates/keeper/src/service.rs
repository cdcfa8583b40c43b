//! The keepers of one process: one per pool, one purse, one page of figures.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anchor_lang::prelude::Pubkey;
use anyhow::Context;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::{Format, PoolAddresses, pace::COMMITMENT, pools::find_pool, redact::without_url};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    backoff::Backoff,
    config::{Settings, Transactions},
    keeper::Keeper,
    server::{Pages, serve},
    tools::{Tools, find_format},
};

/// How often the payer's balance is read.
const BALANCE_INTERVAL: Duration = Duration::from_secs(60);

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
        COMMITMENT,
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
    for address in &settings.pools {
        let (rpc, payer, tools, stop) = (rpc.clone(), payer.clone(), tools.clone(), stop.clone());
        // Not ready until the pool is found and kept.
        tools.health.begin(&address.to_string(), Instant::now());
        let (once, options, address) = (settings.once, settings.options, *address);
        keepers.spawn(async move {
            let Some(pool) = find(&rpc, address, once, stop.clone()).await else { return !once };
            tools.health.rename(&address.to_string());
            tracing::info!(
                "keeping pool {} of mint {}, {} pays",
                pool.pool,
                pool.mint,
                payer.pubkey()
            );
            let mut keeper = Keeper::new(rpc, payer, pool, options, tools, stop);
            if !once {
                keeper.run().await;
                return true;
            }
            keeper.run_once().await.is_complete()
        });
    }
    keepers.join_all().await.into_iter().all(|is_well| is_well)
}

/// The pool that `address` names, by its mint or its own. Waits for a server that does not answer;
/// nothing when it is told to stop, or only asked once.
async fn find(
    rpc: &RpcClient,
    address: Pubkey,
    once: bool,
    mut stop: watch::Receiver<bool>,
) -> Option<PoolAddresses> {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
    loop {
        match find_pool(rpc, address).await {
            Ok(pool) => return Some(pool),
            Err(error) => tracing::warn!("cannot find the pool: {error}"),
        }
        let stopped = tokio::time::timeout(backoff.fail(), stop.wait_for(|stop| *stop)).await;
        if once || stopped.is_ok() {
            return None;
        }
    }
}

async fn watch_balance(rpc: Arc<RpcClient>, payer: Arc<Keypair>, tools: Tools) {
    loop {
        match rpc.get_balance(&payer.pubkey()).await {
            Ok(lamports) => {
                tools.health.payer(lamports);
                tools.metrics.payer.set(i64::try_from(lamports).unwrap_or(i64::MAX));
            }
            Err(error) => {
                let error = without_url(&error.to_string());
                tracing::debug!("no word on the payer's balance: {error}");
            }
        }
        tokio::time::sleep(BALANCE_INTERVAL).await;
    }
}
