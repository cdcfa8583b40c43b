//! The figures, and their file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use thaw_tests::Sent;

/// A figure may grow by this much before `--check` fails, per cent.
const TOLERANCE: u64 = 2;

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Results {
    /// The commit that was measured.
    pub commit: String,
    /// One row per instruction and situation.
    pub instructions: Vec<Row>,
    /// One row per pool size.
    pub sync: Vec<SyncRow>,
}

/// What one transaction takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    /// Instruction, and the situation where it matters.
    pub name: String,
    /// Validators of the pool, or those named where that is what counts.
    pub validators: usize,
    /// Compute units of the whole transaction.
    pub cu: u64,
    /// Accounts the transaction names, programs and fee payer among them.
    pub accounts: usize,
    /// Serialized transaction, bytes.
    pub bytes: usize,
}

/// What syncing a whole pool takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncRow {
    /// Validators, each holding stake in one slot.
    pub validators: usize,
    /// Transactions.
    pub transactions: usize,
    /// Compute units of all of them.
    pub cu: u64,
}

impl Row {
    /// The row of a transaction that went through.
    pub fn new(name: &str, validators: usize, sent: &Sent) -> Self {
        Self {
            name: name.to_owned(),
            validators,
            cu: sent.units,
            accounts: sent.accounts,
            bytes: sent.bytes,
        }
    }
}

/// `benches/results.json`.
pub fn results_path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/results.json"))
}

impl Results {
    /// The committed figures.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub fn read() -> Result<Self> {
        let path = results_path();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{}: run `make bench` first", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(results_path(), text)?;
        Ok(())
    }

    /// A line for each figure in compute units that grew too much, or that is gone.
    pub fn grown_since(&self, old: &Self) -> Vec<String> {
        let figures = |results: &Self| {
            let instructions = results
                .instructions
                .iter()
                .map(|row| (format!("{} (N = {})", row.name, row.validators), row.cu));
            let sync = results
                .sync
                .iter()
                .map(|row| (format!("sync of {} validators", row.validators), row.cu));
            instructions.chain(sync).collect::<Vec<_>>()
        };
        let new = figures(self);
        figures(old)
            .into_iter()
            .filter_map(|(name, before)| {
                match new.iter().find(|(other, _)| *other == name).map(|(_, now)| *now) {
                    None => Some(format!("{name}: {before} units before, not measured now")),
                    Some(now) if now * 100 > before * (100 + TOLERANCE) => {
                        Some(format!("{name}: {before} units before, {now} now"))
                    }
                    Some(_) => None,
                }
            })
            .collect()
    }
}
