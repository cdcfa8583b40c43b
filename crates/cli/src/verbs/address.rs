//! `thaw address`: the address of a key file, which it can make.

use std::{
    fmt::{self, Display},
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow};
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;

use crate::{context::Context, signers};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw address                           the wallet's
  thaw address keeper.json --new         makes the file where there is none")]
pub struct AddressArgs {
    /// Key file [default: the wallet's]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Make a new key where there is no file; one that is there stays
    #[arg(long, requires = "path")]
    pub new: bool,
}

/// The JSON of `thaw address`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressReport {
    /// The address.
    pub address: String,
    /// True where the key was made just now.
    pub is_new: bool,
}

impl Display for AddressReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.address)
    }
}

/// Prints the address.
///
/// # Errors
/// When the file cannot be read or written.
pub fn run(context: &Context, args: &AddressArgs) -> Result<()> {
    let (key, is_new) = match &args.path {
        Some(path) if args.new && !path.exists() => (make(path)?, true),
        Some(path) => (signers::read(&path.to_string_lossy())?, false),
        None => (context.wallet()?, false),
    };
    context.output.print(&AddressReport { address: key.pubkey().to_string(), is_new })
}

/// Only the owner may read the file.
fn make(path: &Path) -> Result<Keypair> {
    let key = Keypair::new();
    write_keypair_file(&key, path)
        .map_err(|error| anyhow!("the key file {} cannot be written: {error}", path.display()))?;
    Ok(key)
}
