//! The command line.

use std::path::PathBuf;

use clap::{Parser, builder::FalseyValueParser};

/// Tells the story of a pool on a local network, then stays up.
#[derive(Clone, Debug, Parser)]
#[command(name = "thaw-story", version, max_term_width = 100)]
pub struct Args {
    /// Port of the JSON-RPC server; 0 takes a free one
    #[arg(long, default_value_t = 8899)]
    pub rpc_port: u16,
    /// Port of the WebSocket server; 0 takes a free one
    #[arg(long, default_value_t = 8900)]
    pub ws_port: u16,
    /// Seconds on the wall clock that an epoch takes
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(4..=600))]
    pub epoch_seconds: u64,
    /// Number from which the validators' addresses and the leader lottery follow
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The program's bytecode
    #[arg(long, default_value = concat!(
        env!("CARGO_MANIFEST_DIR"), "/../../target/deploy/thaw.so"
    ), hide_default_value = true)]
    pub program: PathBuf,
    /// The bytecode of the example that calls it
    #[arg(long, default_value = concat!(
        env!("CARGO_MANIFEST_DIR"), "/../../target/deploy/vault_example.so"
    ), hide_default_value = true)]
    pub vault_program: PathBuf,
    /// Folder of the built web app, served while the network stays up; nothing where there is none
    #[arg(long, default_value = concat!(
        env!("CARGO_MANIFEST_DIR"), "/../../app/web/dist"
    ), hide_default_value = true)]
    pub web: PathBuf,
    /// Port of the web app; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub web_port: u16,
    /// A cluster to go to instead, such as a test validator with the program loaded. What only an
    /// engine can do is left out there: slashes, a pause that expires, validators that cheat
    #[arg(long, value_name = "URL", conflicts_with_all = ["rpc_port", "ws_port", "epoch_seconds", "seed"])]
    pub cluster: Option<String>,
    /// End after the story, with one JSON object as the last line
    #[arg(long, env = "ONCE", value_parser = FalseyValueParser::new())]
    pub once: bool,
}
