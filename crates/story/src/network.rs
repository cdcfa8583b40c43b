//! The network of the story: a local one with an engine, or a cluster that runs by itself.

use std::{sync::Arc, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, ensure};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::{Snapshot, thaw};
use thaw_localnet::{Config, EpochReport, Localnet, Mode, Program, Scenario};
use tokio::sync::Mutex;
use vault_client::vault_example;

use crate::{
    args::Args,
    founding::WEIGHTS,
    reviews::{FIRST_EPOCH, events},
    rewards::fetch_report,
    tell::SOL,
};

/// Wall time between two blocks of the local network: a transaction is confirmed by the next one.
const BLOCK_TIME: Duration = Duration::from_millis(100);
/// Longest wait for SOL of a cluster's faucet.
const FAUCET_PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks at a wallet that waits for SOL.
const FAUCET_PAUSE: Duration = Duration::from_millis(200);

/// A running network and how to reach it.
pub struct Network {
    /// A client of its RPC server.
    pub rpc: Arc<RpcClient>,
    /// Vote accounts of its validators.
    pub votes: Vec<Pubkey>,
    /// The engine that moves epochs, pays and slashes; none where a real cluster does.
    pub engine: Option<Localnet>,
    /// What a cluster without an engine has paid since the story began.
    paid: Mutex<Vec<EpochReport>>,
}

impl Network {
    /// Starts a local network with the programs loaded, or goes to the cluster that `args` names.
    pub async fn start(args: &Args) -> Result<Self> {
        match &args.cluster {
            Some(url) => Self::reach(url).await,
            None => Self::start_local(args).await,
        }
    }

    async fn start_local(args: &Args) -> Result<Self> {
        let programs = [(thaw::ID, &args.program), (vault_example::ID, &args.vault_program)];
        for (_, path) in programs {
            let found = std::fs::exists(path).unwrap_or(false);
            ensure!(found, "there is no program at {}: build it first", path.display());
        }
        let programs = programs.map(|(id, path)| Program { id, path: path.clone() });
        let net = Localnet::start(Config {
            validators: WEIGHTS.len(),
            seed: args.seed,
            first_epoch: FIRST_EPOCH,
            scenario: Scenario { events: events(), ..Scenario::default() },
            rpc_port: args.rpc_port,
            ws_port: args.ws_port,
            mode: Mode::Auto { epoch: Duration::from_secs(args.epoch_seconds) },
            block_time: BLOCK_TIME,
            programs: programs.to_vec(),
            ..Config::default()
        })
        .await
        .context("the local network does not start")?;
        let votes = net.validators().iter().map(|validator| validator.vote).collect();
        let rpc = client(net.rpc_url());
        Ok(Self { rpc, votes, engine: Some(net), paid: Mutex::default() })
    }

    /// Validators that vote there, and a program that is loaded, are taken as they are.
    async fn reach(url: &str) -> Result<Self> {
        let rpc = client(url);
        let voting = rpc.get_vote_accounts().await.context("the cluster does not answer")?;
        let votes = voting.current.iter().map(|one| one.vote_pubkey.parse());
        let votes: Vec<Pubkey> = votes.collect::<Result<_, _>>().context("a vote account")?;
        ensure!(!votes.is_empty(), "no validator votes at {url}");
        let program = rpc.get_account(&thaw::ID).await;
        ensure!(program.is_ok_and(|found| found.executable), "{} is not loaded there", thaw::ID);
        Ok(Self { rpc, votes, engine: None, paid: Mutex::default() })
    }

    /// A new wallet with `sol` SOL in it.
    pub async fn wallet(&self, sol: u64) -> Result<Keypair> {
        let key = Keypair::new();
        self.fund(&key.pubkey(), sol.saturating_mul(SOL)).await.context("cannot fund a wallet")?;
        Ok(key)
    }

    /// Gives a wallet SOL: by the engine, or by the cluster's faucet.
    pub async fn fund(&self, key: &Pubkey, lamports: u64) -> Result<()> {
        if let Some(engine) = &self.engine {
            return Ok(engine.airdrop(*key, lamports).await?);
        }
        let before = self.rpc.get_balance(key).await?;
        self.rpc.request_airdrop(key, lamports).await?;
        let arrives = async {
            while self.rpc.get_balance(key).await? <= before {
                tokio::time::sleep(FAUCET_PAUSE).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(FAUCET_PATIENCE, arrives).await.context("the faucet gives nothing")?
    }

    /// What the chain paid into and took from the pool's stake, by epoch: as the engine's ledger has
    /// it, or as the cluster's RPC server tells of the blocks that paid.
    pub async fn reports(&self, snapshot: &Snapshot) -> Result<Vec<EpochReport>> {
        if let Some(engine) = &self.engine {
            return Ok(engine.reports());
        }
        let mut paid = self.paid.lock().await;
        let next = paid.last().map_or_else(
            || snapshot.clock.epoch.saturating_sub(1),
            |report| report.epoch.saturating_add(1),
        );
        for epoch in next..snapshot.clock.epoch {
            paid.push(fetch_report(&self.rpc, snapshot, epoch).await?);
        }
        Ok(paid.clone())
    }
}

fn client(url: &str) -> Arc<RpcClient> {
    let commitment = CommitmentConfig::confirmed();
    Arc::new(RpcClient::new_with_commitment(url.to_owned(), commitment))
}
