//! The command line.

use std::{path::PathBuf, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::Context;
use clap::Parser;
use solana_keypair::{Keypair, read_keypair_file};

use crate::keeper::Options;

/// Keeps a pool: books rewards, folds them into the rate, pays withdrawals, moves stake.
///
/// Everything it sends is permissionless: any funded key will do, and several keepers of one pool
/// do each other no harm. RUST_LOG sets how much it says.
#[derive(Clone, Debug, Parser)]
#[command(name = "thaw-keeper", version, max_term_width = 100)]
pub struct Args {
    /// RPC server
    #[arg(long, env = "THAW_RPC_URL", default_value = "http://127.0.0.1:8899")]
    pub rpc_url: String,
    /// Key file of who pays the fees
    #[arg(long, env = "THAW_KEYPAIR", value_name = "PATH")]
    pub keypair: PathBuf,
    /// Share mint of the pool
    #[arg(long, env = "THAW_MINT", value_name = "ADDRESS")]
    pub mint: Pubkey,
    /// Wait between two looks at a pool that needs nothing, such as 500ms, 10s or 2m
    #[arg(long, default_value = "10s", value_parser = duration)]
    pub interval: Duration,
    /// Pay tickets to their owners unasked
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, value_name = "true|false")]
    pub push_claims: bool,
    /// Do all there is to do now, then end
    #[arg(long)]
    pub once: bool,
    /// Say what is due, send nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl Args {
    /// How the keeper works.
    pub fn options(&self) -> Options {
        Options { interval: self.interval, push_claims: self.push_claims, dry_run: self.dry_run }
    }

    /// The payer.
    ///
    /// # Errors
    /// When the file is no key file.
    pub fn payer(&self) -> anyhow::Result<Keypair> {
        read_keypair_file(&self.keypair)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .with_context(|| format!("cannot read the key file {}", self.keypair.display()))
    }
}

/// Reads `500ms`, `10s` or `2m`; a bare number counts seconds.
///
/// # Errors
/// In words, for clap.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| format!("`{text}` has no number"))?;
    let unit_ms = match text.trim_start_matches(|letter: char| letter.is_ascii_digit()) {
        "ms" => 1,
        "s" | "" => 1_000,
        "m" => 60_000,
        unit => return Err(format!("`{unit}` is none of ms, s and m")),
    };
    match number.checked_mul(unit_ms).filter(|ms| (50..=3_600_000).contains(ms)) {
        Some(ms) => Ok(Duration::from_millis(ms)),
        None => Err("must be 50ms to 60m".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_bounds() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "1h", "10ms", "61m", "1.5s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
