//! `thaw tickets`: a wallet's tickets.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_signer::Signer;
use thaw_client::{
    Snapshot, amount,
    tickets::{TicketView, fetch_tickets_of},
};

use crate::{context::Context, output::Table};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw tickets                   the wallet's
  thaw tickets --owner <address>")]
pub struct TicketsArgs {
    /// Whose tickets [default: the wallet's]
    #[arg(long, value_name = "ADDRESS")]
    pub owner: Option<Pubkey>,
}

/// The JSON of `thaw tickets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketsReport {
    /// The pool.
    pub pool: String,
    /// Whose they are.
    pub owner: String,
    /// Open tickets, oldest batch first.
    pub tickets: Vec<TicketLine>,
}

/// One ticket. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLine {
    /// Its address.
    pub address: String,
    /// `waiting`, `partly_payable` or `payable`.
    pub state: String,
    /// Serial of its batch.
    pub batch: u64,
    /// Shares it was asked for.
    pub shares: u64,
    /// Shares that still wait, and keep earning.
    pub open_shares: u64,
    /// What they are worth now.
    pub open_lamports: u64,
    /// What a claim pays now.
    pub claimable_lamports: u64,
    /// What was claimed.
    pub claimed_lamports: u64,
    /// First epoch in which it can be settled.
    pub payable_epoch: u64,
    /// True if anyone may push the payment to the owner.
    pub is_pushable: bool,
}

/// Prints the tickets.
///
/// # Errors
/// The server's.
pub async fn run(context: &Context, args: &TicketsArgs) -> Result<()> {
    let owner = match args.owner {
        Some(owner) => owner,
        None => context.wallet()?.pubkey(),
    };
    let snapshot = context.snapshot().await?;
    let views = fetch_tickets_of(&context.rpc, &snapshot.addresses, &owner).await?;
    context.output.print(&TicketsReport {
        pool: snapshot.addresses.pool.to_string(),
        owner: owner.to_string(),
        tickets: views.iter().map(|view| TicketLine::of(view, &snapshot)).collect(),
    })
}

impl TicketLine {
    /// The line of a ticket.
    pub fn of(view: &TicketView, snapshot: &Snapshot) -> Self {
        let open_shares = view.open_shares();
        let state = if view.batch.is_settled() {
            "payable"
        } else if view.claimable_lamports() > 0 {
            "partly_payable"
        } else {
            "waiting"
        };
        Self {
            address: view.address.to_string(),
            state: state.into(),
            batch: view.ticket.batch,
            shares: view.ticket.shares,
            open_shares,
            open_lamports: snapshot.worth(open_shares).unwrap_or(0),
            claimable_lamports: view.claimable_lamports(),
            claimed_lamports: view.ticket.lamports_claimed,
            payable_epoch: view.batch.epoch.saturating_add(1),
            is_pushable: view.ticket.is_pushable,
        }
    }
}

impl Display for TicketsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.tickets.is_empty() {
            return writeln!(f, "{} has no open tickets.", self.owner);
        }
        let mut table =
            Table::new(["ticket", "state", ">shares", ">worth, SOL", ">claimable, SOL", ">epoch"]);
        for ticket in &self.tickets {
            table.row([
                ticket.address.clone(),
                ticket.state.replace('_', " "),
                amount::show(ticket.shares),
                amount::show(ticket.open_lamports),
                amount::show(ticket.claimable_lamports),
                ticket.payable_epoch.to_string(),
            ]);
        }
        table.fmt(f)
    }
}
