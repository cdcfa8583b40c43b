//! `thaw validator`: lists, removes and weighs validators.

use std::path::PathBuf;

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use thaw_client::{
    Snapshot, decode,
    thaw::{constants::LIST_STEP_BYTES, instructions::Weight, state::capacity},
};

use super::{
    power::{Deed, change, perform},
    weights,
};
use crate::{args::TxArgs, context::Context, failure::usage, signers::Actor};

/// Listings in one transaction: finding the bumps of three slots costs up to 200,000 units each.
const PER_TRANSACTION: usize = 4;

/// Arguments.
#[derive(Debug, Args)]
pub struct ValidatorArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: ValidatorVerb,
}

/// What to do with validators.
#[derive(Debug, Subcommand)]
pub enum ValidatorVerb {
    /// List vote accounts, with weight 0
    #[command(after_help = "\
Examples:
  thaw validator add <vote>
  thaw validator add <vote> <vote> <vote>      makes room in the list where it is full")]
    Add {
        /// Vote accounts
        #[arg(required = true, value_name = "VOTE")]
        votes: Vec<Pubkey>,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
    /// Remove a validator: its weight, then its stake, then its record
    #[command(after_help = "\
Example:
  thaw validator remove <vote>

The first call takes the weight away. Its stake leaves step by step, as the keeper cranks; once it
is gone the keeper, or a second call, frees the record.")]
    Remove {
        /// Vote account
        #[arg(value_name = "VOTE")]
        vote: Pubkey,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
    /// Set weights from a CSV file
    #[command(after_help = "\
Examples:
  thaw validator weights weights.csv --dry-run     the differences, nothing sent
  thaw validator weights weights.csv --others zero

The file has lines of `vote account,weight`; a first line without an address and lines that begin
with # are skipped. Weights count from the next finalize. They should be in the thousands: reviews
take whole units. More than 140 changes take several transactions, each of them within the rules.")]
    Weights {
        /// The file
        #[arg(value_name = "CSV")]
        file: PathBuf,
        /// What becomes of validators that the file does not name
        #[arg(long, value_enum, default_value_t = weights::Others::Keep)]
        others: weights::Others,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
}

/// Does it.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &ValidatorArgs) -> Result<()> {
    match &args.verb {
        ValidatorVerb::Add { votes, tx } => add(context, votes, tx).await,
        ValidatorVerb::Remove { vote, tx } => remove(context, vote, tx).await,
        ValidatorVerb::Weights { file, others, tx } => {
            weights::run(context, file, *others, tx).await
        }
    }
}

async fn add(context: &Context, votes: &[Pubkey], tx: &TxArgs) -> Result<()> {
    let actor = Actor::load(context, tx)?;
    let snapshot = context.snapshot().await?;
    let pool = snapshot.addresses;
    for (place, vote) in votes.iter().enumerate() {
        if let Some(view) = snapshot.validators.iter().find(|view| view.record.vote == *vote) {
            return Err(usage(format!("{vote} is listed already, at index {}", view.index)));
        }
        if votes.iter().take(place).any(|other| other == vote) {
            return Err(usage(format!("{vote} is named twice")));
        }
    }
    let list = context.rpc.get_account(&pool.validators).await?;
    let (header, records) = decode::validators(&list.data)?;
    let free = (0u16..).zip(&records).filter(|(_, record)| record.is_free());
    let count = u16::try_from(header.count).context("the list is full")?;
    let indexes = free.map(|(index, _)| index).chain(count..).take(votes.len());

    let mut changes = Vec::with_capacity(votes.len());
    let mut listings = Vec::with_capacity(votes.len());
    let (mut bytes, mut extensions) = (list.data.len(), Vec::new());
    for (vote, index) in votes.iter().zip(indexes) {
        while usize::from(index) >= capacity(bytes) {
            bytes = bytes.saturating_add(LIST_STEP_BYTES);
            extensions.push(pool.extend_validator_list(&actor.payer));
        }
        changes.push(change(format!("validator {index}"), "free", vote));
        listings.push(pool.add_validator(&actor.key, &actor.payer, vote, index));
    }
    let extensions = extensions.into_iter().map(|one| vec![one]);
    let deed = Deed {
        action: format!("Lists {} validators with weight 0.", votes.len()),
        changes,
        transactions: extensions
            .chain(listings.chunks(PER_TRANSACTION).map(<[_]>::to_vec))
            .collect(),
        are_independent: false,
    };
    // Nothing is staked with a weight of 0: nothing to ask.
    let tx = TxArgs { yes: true, ..tx.clone() };
    perform(context, &tx, &actor, &pool, deed).await
}

async fn remove(context: &Context, vote: &Pubkey, tx: &TxArgs) -> Result<()> {
    let actor = Actor::load(context, tx)?;
    let snapshot = context.snapshot().await?;
    let pool = snapshot.addresses;
    let (index, weight) = listed(&snapshot, vote)?;
    let change = change(format!("weight of {vote}"), weight, "0, then removed");
    let removal = pool.remove_validator(&actor.key, vote, index);
    let action = format!("Removes validator {index}, {vote}; its stake leaves within the caps.");
    let mut deed = Deed::of(action, vec![change], removal);
    // Weight goes first, by the rules of weights; both fit one transaction.
    if weight > 0 && !snapshot.pool.is_winding_down() {
        let none = vec![Weight { index, weight: 0 }];
        deed.transactions[0].insert(0, pool.set_weights(&actor.key, none));
    }
    perform(context, tx, &actor, &pool, deed).await
}

/// Index and next weight of a listed validator.
fn listed(snapshot: &Snapshot, vote: &Pubkey) -> Result<(u16, u32)> {
    let found = snapshot.validators.iter().find(|view| view.record.vote == *vote);
    let view = found.ok_or_else(|| usage(format!("this pool does not list {vote}")))?;
    Ok((view.index, view.record.next_weight))
}
