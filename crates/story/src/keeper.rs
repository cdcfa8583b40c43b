//! The keeper at work beside the story.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::PoolAddresses;
use thaw_keeper::{FeePolicy, Keeper, Options, Tools, tools::find_format};
use tokio::{sync::watch, task::JoinHandle};

use crate::network::Network;

/// How often the keeper looks at a pool that needs nothing.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long it may take to end what is under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// The keeper in a task of its own.
pub struct KeeperTask {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl KeeperTask {
    /// Sets the keeper to work; `payer` pays its fees.
    pub async fn start(network: &Network, pool: PoolAddresses, payer: Keypair) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let options = Options { interval: INTERVAL, ..Options::default() };
        let format = find_format(&network.rpc, &payer.pubkey()).await;
        let tools = Tools::new(FeePolicy::default(), INTERVAL, 0, format)?;
        let rpc = network.rpc.clone();
        let mut keeper = Keeper::new(rpc, Arc::new(payer), pool, options, tools, stopped);
        Ok(Self { stop, task: tokio::spawn(async move { keeper.run().await }) })
    }

    /// Lets it end what is under way.
    pub async fn stop(self) -> Result<()> {
        let _ = self.stop.send(true);
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .context("the keeper does not stop")?
            .context("the keeper has crashed")
    }
}
