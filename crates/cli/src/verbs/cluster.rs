//! `thaw cluster`: which cluster the server is of.

use std::fmt::{self, Display};

use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{context::Context, output::line};

/// The public clusters, by the hashes of their first blocks: a URL can have any name.
const CLUSTERS: [(&str, &str); 3] = [
    ("mainnet-beta", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"),
    ("testnet", "4uhcVJyU9pJkvQyS88uRDiswHScCkY3sQawwpDk2NsGt"),
    ("devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
];

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw cluster -u devnet
  thaw cluster --output json | jq -r .name")]
pub struct ClusterArgs {}

/// The JSON of `thaw cluster`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterReport {
    /// `mainnet-beta`, `testnet`, `devnet` or `other`, as the first block says.
    pub name: String,
    /// The RPC server.
    pub url: String,
    /// Hash of the first block.
    pub genesis: String,
    /// What the server runs.
    pub version: String,
    /// The running epoch.
    pub epoch: u64,
    /// The slot.
    pub slot: u64,
}

impl Display for ClusterReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "Cluster", &self.name)?;
        line(f, "RPC server", &self.url)?;
        line(f, "Genesis", &self.genesis)?;
        line(f, "Version", &self.version)?;
        line(f, "Epoch", self.epoch)?;
        line(f, "Slot", self.slot)
    }
}

/// Asks the server.
///
/// # Errors
/// The server's.
pub async fn run(context: &Context) -> Result<()> {
    let rpc = &context.rpc;
    let genesis = rpc.get_genesis_hash().await?.to_string();
    let info = rpc.get_epoch_info().await?;
    let known = CLUSTERS.iter().find(|(_, hash)| *hash == genesis);
    context.output.print(&ClusterReport {
        name: known.map_or("other", |(name, _)| name).into(),
        url: rpc.url(),
        version: rpc.get_version().await?.solana_core,
        epoch: info.epoch,
        slot: info.absolute_slot,
        genesis,
    })
}
