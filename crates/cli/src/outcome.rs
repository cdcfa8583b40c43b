//! What became of one transaction, for people and as JSON.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::simulate::Effect;

/// What became of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// It is on the chain.
    Landed {
        /// Its signature.
        signature: String,
        /// The slot it landed in.
        slot: u64,
        /// What it changed; empty where the server does not say.
        effects: Vec<Effect>,
    },
    /// `--dry-run`: it would work.
    Simulated {
        /// Compute units.
        units: u64,
        /// What it would change.
        effects: Vec<Effect>,
    },
    /// `--dry-run`: it needs those before it, so it cannot be simulated alone.
    NotSimulated,
    /// `--sign-only`.
    Signed {
        /// The transaction, base 64.
        transaction: String,
        /// Its blockhash or nonce.
        blockhash: String,
        /// Its limit of compute units. A second signer elsewhere must name the same, else the
        /// messages differ.
        compute_unit_limit: u32,
        /// `ADDRESS=SIGNATURE` of each key at hand.
        signatures: Vec<String>,
        /// Who must sign as well.
        absent: Vec<String>,
    },
    /// `--export`.
    Exported {
        /// `base64` or `base58`.
        encoding: String,
        /// The unsigned transaction.
        transaction: String,
        /// Its message alone.
        message: String,
        /// Who must sign.
        signers: Vec<String>,
        /// True where the message is what was asked for.
        #[serde(skip)]
        prefers_message: bool,
    },
}

impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Landed { signature, effects, .. } => {
                effects.iter().try_for_each(|effect| writeln!(f, "{effect}"))?;
                writeln!(f, "Signature: {signature}")
            }
            Self::Simulated { units, effects } => {
                writeln!(f, "Simulated: it would work, with {units} compute units.")?;
                effects.iter().try_for_each(|effect| writeln!(f, "{effect}"))
            }
            Self::NotSimulated => writeln!(f, "Not simulated: it needs those before it."),
            Self::Signed { transaction, blockhash, compute_unit_limit, signatures, absent } => {
                writeln!(f, "Blockhash: {blockhash}")?;
                writeln!(f, "Units:     {compute_unit_limit}")?;
                signatures.iter().try_for_each(|one| writeln!(f, "Signature: {one}"))?;
                absent.iter().try_for_each(|one| writeln!(f, "Absent:    {one}"))?;
                writeln!(f, "{transaction}")
            }
            Self::Exported { transaction, message, prefers_message, .. } => {
                writeln!(f, "{}", if *prefers_message { message } else { transaction })
            }
        }
    }
}
