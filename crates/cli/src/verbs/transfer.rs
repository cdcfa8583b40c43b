//! `thaw transfer`: a ticket gets another owner.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result};
use clap::Args;
use thaw_client::{Refusal, thaw::error::ThawError, tickets::fetch_tickets_at};

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, signers::Actor};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
The new owner gets what the ticket still pays; its rent goes back to who paid it.

Examples:
  thaw transfer <ticket> <address>
  thaw transfer <ticket> <address> --no-push")]
pub struct TransferArgs {
    /// The ticket
    #[arg(value_name = "TICKET")]
    pub ticket: Pubkey,
    /// Its new owner
    #[arg(value_name = "ADDRESS")]
    pub owner: Pubkey,
    /// Only the new owner may claim it; nobody can push the payment
    #[arg(long)]
    pub no_push: bool,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Gives the ticket away.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &TransferArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let pool = context.pool().await?;
    let views = fetch_tickets_at(&context.rpc, &pool, &[args.ticket]).await?;
    let ticket = &views.first().context("the ticket's batch is gone")?.ticket;
    if ticket.owner != actor.key {
        return Err(Refusal::of_rule(ThawError::NotTicketOwner))
            .with_context(|| format!("{} belongs to {}", args.ticket, ticket.owner));
    }
    let change = change(format!("owner of {}", args.ticket), ticket.owner, args.owner);
    let instruction = pool.transfer_ticket(&args.ticket, &actor.key, &args.owner, !args.no_push);
    let deed = Deed::of("Gives a ticket away.", vec![change], instruction);
    perform(context, &args.tx, &actor, &pool, deed).await
}
