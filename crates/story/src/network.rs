//! The local network of the story and the keeper on it.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::{PoolAddresses, thaw};
use thaw_keeper::{FeePolicy, Keeper, Options, Tools, tools::find_format};
use thaw_localnet::{Config, Localnet, Mode, Program};
use tokio::{sync::watch, task::JoinHandle};

use crate::{args::Args, tell::SOL};

/// Wall time between two blocks: a transaction is confirmed by the next one.
const BLOCK_TIME: Duration = Duration::from_millis(100);
/// How often the keeper looks at a pool that needs nothing.
const KEEPER_INTERVAL: Duration = Duration::from_millis(250);
/// How long the keeper may take to end what is under way.
const KEEPER_PATIENCE: Duration = Duration::from_secs(20);

/// A running network and how to reach it.
pub struct Network {
    /// The cluster and its engine.
    pub net: Localnet,
    /// A client of its RPC server.
    pub rpc: Arc<RpcClient>,
}

impl Network {
    /// Starts it, with the program loaded.
    pub async fn start(args: &Args) -> Result<Self> {
        let path = args.program.clone();
        let found = std::fs::exists(&path).unwrap_or(false);
        anyhow::ensure!(found, "there is no program at {}: build it first", path.display());
        let net = Localnet::start(Config {
            rpc_port: args.rpc_port,
            ws_port: args.ws_port,
            mode: Mode::Auto { epoch: Duration::from_secs(args.epoch_seconds) },
            block_time: BLOCK_TIME,
            programs: vec![Program { id: thaw::ID, path }],
            ..Config::default()
        })
        .await
        .context("the local network does not start")?;
        let commitment = CommitmentConfig::confirmed();
        let rpc = Arc::new(RpcClient::new_with_commitment(net.rpc_url().to_owned(), commitment));
        Ok(Self { net, rpc })
    }

    /// A new wallet with `sol` SOL in it.
    pub async fn wallet(&self, sol: u64) -> Result<Keypair> {
        let key = Keypair::new();
        let lamports = sol.saturating_mul(SOL);
        self.net.airdrop(key.pubkey(), lamports).await.context("cannot fund a wallet")?;
        Ok(key)
    }
}

/// The keeper at work in a task of its own.
pub struct KeeperTask {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl KeeperTask {
    /// Sets the keeper to work; `payer` pays its fees.
    pub async fn start(network: &Network, pool: PoolAddresses, payer: Keypair) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let options = Options { interval: KEEPER_INTERVAL, ..Options::default() };
        let format = find_format(&network.rpc, &payer.pubkey()).await;
        let tools = Tools::new(FeePolicy::default(), KEEPER_INTERVAL, 0, format)?;
        let rpc = network.rpc.clone();
        let mut keeper = Keeper::new(rpc, Arc::new(payer), pool, options, tools, stopped);
        Ok(Self { stop, task: tokio::spawn(async move { keeper.run().await }) })
    }

    /// Lets it end what is under way.
    pub async fn stop(self) -> Result<()> {
        let _ = self.stop.send(true);
        tokio::time::timeout(KEEPER_PATIENCE, self.task)
            .await
            .context("the keeper does not stop")?
            .context("the keeper has crashed")
    }
}
