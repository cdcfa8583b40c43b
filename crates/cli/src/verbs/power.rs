//! What the verbs of admin, guardian and operator have in common: changes, old -> new.

use std::fmt::{self, Display};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use solana_instruction::Instruction;
use thaw_client::PoolAddresses;

use crate::{
    args::TxArgs,
    context::Context,
    outcome::Outcome,
    output::say,
    pool_config::{Change, show_changes},
    signers::Actor,
    transact::{Plan, confirm, transact_all},
};

/// What such a verb did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerReport {
    /// The pool.
    pub pool: String,
    /// What was done, in words.
    pub action: String,
    /// What changes.
    pub changes: Vec<Change>,
    /// The transactions.
    pub transactions: Vec<Outcome>,
}

impl Display for PowerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An export is piped on: nothing but the transaction.
        if !self.transactions.iter().any(|one| matches!(one, Outcome::Exported { .. })) {
            writeln!(f, "{}", self.action)?;
            if !self.changes.is_empty() {
                writeln!(f, "{}", show_changes(&self.changes))?;
            }
        }
        self.transactions.iter().try_for_each(|outcome| outcome.fmt(f))
    }
}

/// A change of one value.
pub fn change(name: impl Into<String>, old: impl Display, new: impl Display) -> Change {
    Change { name: name.into(), old: old.to_string(), new: new.to_string() }
}

/// What is to be done.
pub struct Deed {
    /// In words, as a sentence.
    pub action: String,
    /// What changes.
    pub changes: Vec<Change>,
    /// Transactions, each a list of instructions.
    pub transactions: Vec<Vec<Instruction>>,
    /// True where each transaction works without those before it.
    pub are_independent: bool,
}

impl Deed {
    /// A deed of one instruction.
    pub fn of(action: impl Into<String>, changes: Vec<Change>, instruction: Instruction) -> Self {
        Self {
            action: action.into(),
            changes,
            transactions: vec![vec![instruction]],
            are_independent: true,
        }
    }
}

/// Asks, does it, prints it.
///
/// # Errors
/// As [`transact_all`], or when the answer is no.
pub async fn perform(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    pool: &PoolAddresses,
    deed: Deed,
) -> Result<()> {
    let words = format!("{}\n{}", deed.action, show_changes(&deed.changes));
    confirm(tx, words.trim_end())?;
    if tx.export.is_some() {
        say(words.trim_end());
    }
    let plans: Vec<Plan> = deed.transactions.into_iter().map(Plan::of).collect();
    let transactions = transact_all(context, tx, actor, &plans, deed.are_independent).await?;
    context.output.print(&PowerReport {
        pool: pool.pool.to_string(),
        action: deed.action,
        changes: deed.changes,
        transactions,
    })
}
