//! The figures, and their file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{life::Life, send::Cost, total::Total};

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Results {
    /// The commit that was measured.
    pub commit: String,
    /// What the programs were built with.
    pub toolchain: String,
    /// SHA-256 of each program, without the zeros at its end.
    pub programs: Programs,
    /// Bytes of the programs.
    pub size: Size,
    /// One row per instruction and situation.
    pub instructions: Vec<Row>,
    /// One row per pool size.
    pub sync: Vec<SyncRow>,
    /// One row per work and pool size.
    pub curve: Vec<CurveRow>,
    /// One row per kind of epoch and pool size.
    pub epochs: Vec<EpochRow>,
}

/// Hashes of the programs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Programs {
    /// Thaw.
    pub thaw: String,
    /// The SPL stake pool.
    pub spl: String,
}

/// Bytes of the programs, both of the same lane.
#[derive(Debug, Serialize, Deserialize)]
pub struct Size {
    /// Thaw.
    pub thaw_bytes: u64,
    /// The SPL stake pool.
    pub spl_bytes: u64,
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
    /// What a block counts for it against its limits.
    pub block_cu: u64,
    /// Units of its calls alone, from a program that does nothing else.
    pub floor_cu: Option<u64>,
    /// Units of the SPL transaction that does the same work, where there is one.
    pub spl_cu: Option<u64>,
    /// Its accounts.
    pub spl_accounts: Option<usize>,
    /// Its bytes.
    pub spl_bytes: Option<usize>,
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
    /// Units of a program that only looks at the same accounts.
    pub floor_cu: Option<u64>,
    /// Transactions of an SPL pool's list update as its own client sends it.
    pub spl_transactions: Option<usize>,
    /// Their units.
    pub spl_cu: Option<u64>,
    /// The fewest transactions that the list update fits.
    pub spl_packed_transactions: Option<usize>,
    /// Their units.
    pub spl_packed_cu: Option<u64>,
}

/// One work at one size.
#[derive(Debug, Serialize, Deserialize)]
pub struct CurveRow {
    /// What is done.
    pub work: String,
    /// Validators of the pool.
    pub validators: usize,
    /// Thaw's transaction.
    pub thaw: Option<Figure>,
    /// The SPL pool's.
    pub spl: Option<Figure>,
}

/// One transaction.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// Compute units.
    pub cu: u64,
    /// Accounts.
    pub accounts: usize,
    /// Bytes.
    pub bytes: usize,
}

/// What an epoch of a whole pool takes.
#[derive(Debug, Serialize, Deserialize)]
pub struct EpochRow {
    /// `quiet`: refresh, update, one batch settled. `busy`: beside that each validator is given stake
    /// and has it merged.
    pub kind: String,
    /// Validators of the pool.
    pub validators: usize,
    /// Thaw's transactions.
    pub thaw: Total,
    /// The SPL pool's.
    pub spl: Option<Total>,
}

impl Row {
    /// The row of a transaction that went through.
    pub fn new(name: &str, validators: usize, cost: &Cost) -> Self {
        Self {
            name: name.to_owned(),
            validators,
            cu: cost.units,
            accounts: cost.accounts,
            bytes: cost.bytes,
            block_cu: cost.block_units,
            floor_cu: cost.floor,
            spl_cu: None,
            spl_accounts: None,
            spl_bytes: None,
        }
    }

    /// The same beside the SPL transaction.
    pub fn beside(mut self, spl: Option<&Cost>) -> Self {
        self.spl_cu = spl.map(|cost| cost.units);
        self.spl_accounts = spl.map(|cost| cost.accounts);
        self.spl_bytes = spl.map(|cost| cost.bytes);
        self
    }
}

impl SyncRow {
    /// Both pools' refresh.
    pub fn new(thaw: &Life, spl: Option<&Life>) -> Self {
        let packed = spl.and_then(|spl| spl.packed);
        Self {
            validators: thaw.validators,
            transactions: thaw.sync.transactions,
            cu: thaw.sync.cu,
            floor_cu: thaw.sync_floor,
            spl_transactions: spl.map(|spl| spl.sync.transactions),
            spl_cu: spl.map(|spl| spl.sync.cu),
            spl_packed_transactions: packed.map(|packed| packed.transactions),
            spl_packed_cu: packed.map(|packed| packed.cu),
        }
    }
}

impl Figure {
    /// Of a transaction.
    pub fn of(cost: &Cost) -> Self {
        Self { cu: cost.units, accounts: cost.accounts, bytes: cost.bytes }
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

    /// The row of an instruction in the pool that it was measured in.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.instructions.iter().find(|row| row.name == name)
    }
}
