//! What every verb works with: server, wallet, pool, output.

use std::{str::FromStr, sync::Arc, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw_client::{PoolAddresses, Snapshot, pace::COMMITMENT, pools::find_pool};

use crate::{
    args::Global,
    config_file::{self, ConfigFile},
    failure::usage,
    output::Format,
    progress::spinner,
    signers,
};

/// Longest wait for one answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What every verb works with.
pub struct Context {
    /// The RPC server.
    pub rpc: Arc<RpcClient>,
    /// How to print.
    pub output: Format,
    keypair_path: String,
    pool: Option<Pubkey>,
}

impl Context {
    /// From flags, then the config file, then defaults.
    ///
    /// # Errors
    /// When the config file or a flag makes no sense.
    pub fn new(global: &Global) -> Result<Self> {
        let file = ConfigFile::read(global.config.as_deref())?;
        let url = global.url.clone().or(file.json_rpc_url).unwrap_or_else(|| "localhost".into());
        let url = config_file::url(&url).map_err(|error| usage(error.to_string()))?;
        let level = global.commitment.clone().or(file.commitment);
        let commitment = level.map_or(Ok(COMMITMENT), |level| {
            CommitmentConfig::from_str(&level).map_err(|_| {
                usage(format!("`{level}` is none of processed, confirmed and finalized"))
            })
        })?;
        let keypair_path = global.keypair.clone().or(file.keypair_path).unwrap_or_else(|| {
            let own = config_file::solana_dir().unwrap_or_default().join("id.json");
            own.display().to_string()
        });
        let rpc = RpcClient::new_with_timeout_and_commitment(url, TIMEOUT, commitment);
        Ok(Self { rpc: Arc::new(rpc), output: global.output, keypair_path, pool: global.pool })
    }

    /// The wallet.
    ///
    /// # Errors
    /// When the key file cannot be read.
    pub fn wallet(&self) -> Result<Keypair> {
        signers::read(&self.keypair_path).context(
            "no wallet: name a key file with --keypair or set one with `solana config set`",
        )
    }

    /// The pool's addresses.
    ///
    /// # Errors
    /// When no pool is named, or there is none.
    pub async fn pool(&self) -> Result<PoolAddresses> {
        let address = self
            .pool
            .ok_or_else(|| usage("which pool? Name its share mint with --pool or in THAW_POOL"))?;
        Ok(find_pool(&self.rpc, address).await?)
    }

    /// The whole pool.
    ///
    /// # Errors
    /// When no pool is named, there is none, or the server fails.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let reading = spinner("reading the pool");
        let snapshot = Snapshot::fetch(&self.rpc, self.pool().await?).await;
        reading.finish_and_clear();
        Ok(snapshot?)
    }
}
