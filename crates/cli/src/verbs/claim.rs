//! `thaw claim`: what tickets may get.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_instruction::Instruction;
use thaw_client::{
    PoolAddresses, amount,
    tickets::{TicketView, fetch_tickets_at, fetch_tickets_of},
};

use crate::{
    args::TxArgs,
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::say,
    signers::Actor,
    transact::{Plan, transact_all},
};

/// Claims in one transaction.
const PER_TRANSACTION: usize = 6;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw claim --all                       all the wallet's tickets that pay now
  thaw claim <ticket> --to <address>     to another address; the owner must sign
  thaw claim <somebody's ticket>         pushes the payment to its owner")]
pub struct ClaimArgs {
    /// Tickets
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "TICKET")]
    pub tickets: Vec<Pubkey>,
    /// All of the wallet's tickets that pay now
    #[arg(long)]
    pub all: bool,
    /// Who gets the SOL [default: the ticket's owner]
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<Pubkey>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// The JSON of `thaw claim`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimReport {
    /// The pool.
    pub pool: String,
    /// The tickets that were claimed.
    pub claims: Vec<ClaimLine>,
    /// The transactions.
    pub transactions: Vec<Outcome>,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimLine {
    /// The ticket.
    pub ticket: String,
    /// Who gets the SOL.
    pub recipient: String,
    /// How much, lamports.
    pub lamports: u64,
    /// True where this closes the ticket and returns its rent.
    pub is_last: bool,
}

/// Claims.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &ClaimArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let pool = context.pool().await?;
    let views = if args.all {
        let mut views = fetch_tickets_of(&context.rpc, &pool, &actor.key).await?;
        let all = views.len();
        views.retain(TicketView::is_claimable);
        if views.is_empty() {
            say(format_args!("nothing to claim yet: {all} open tickets, see `thaw tickets`"));
        }
        views
    } else {
        fetch_tickets_at(&context.rpc, &pool, &args.tickets).await?
    };
    let mut claims = Vec::with_capacity(views.len());
    let mut instructions = Vec::with_capacity(views.len());
    for view in &views {
        let (claim, instruction) = claim(&pool, view, &actor.key, args.to)?;
        claims.push(claim);
        instructions.push(instruction);
    }
    let recipient = args.to.unwrap_or(actor.key);
    let plans: Vec<Plan> = instructions
        .chunks(PER_TRANSACTION)
        .map(|some| Plan::of(some.to_vec()).watching("recipient", recipient))
        .collect();
    let transactions = transact_all(context, &args.tx, &actor, &plans, true).await?;
    context.output.print(&ClaimReport { pool: pool.pool.to_string(), claims, transactions })
}

fn claim(
    pool: &PoolAddresses,
    view: &TicketView,
    claimer: &Pubkey,
    to: Option<Pubkey>,
) -> Result<(ClaimLine, Instruction)> {
    let ticket = &view.ticket;
    let recipient = match to {
        Some(to) if ticket.owner != *claimer && to != ticket.owner => {
            return Err(usage(format!(
                "{} belongs to {}: only its owner may claim to another address",
                view.address, ticket.owner
            )));
        }
        Some(to) => to,
        None => ticket.owner,
    };
    let instruction =
        pool.claim_withdrawal(&view.address, ticket.batch, claimer, &recipient, &ticket.payer);
    let line = ClaimLine {
        ticket: view.address.to_string(),
        recipient: recipient.to_string(),
        lamports: view.claimable_lamports(),
        is_last: view.batch.is_settled(),
    };
    Ok((line, instruction))
}

impl Display for ClaimReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.transactions.iter().any(|one| matches!(one, Outcome::Exported { .. })) {
            for claim in &self.claims {
                let lamports = amount::show(claim.lamports);
                writeln!(f, "{}: {lamports} SOL to {}", claim.ticket, claim.recipient)?;
            }
        }
        self.transactions.iter().try_for_each(|outcome| outcome.fmt(f))
    }
}
