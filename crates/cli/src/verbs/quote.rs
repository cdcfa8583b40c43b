//! `thaw quote`: what coming in buys and what leaving pays, now.

use std::fmt::{self, Display};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use thaw_client::{Refusal, Snapshot, amount, refusal::duration, thaw::instructions::ExitQuote};

use crate::{
    args::positive,
    context::Context,
    output::{Table, line, sol},
};

/// Arguments.
#[derive(Debug, Args)]
pub struct QuoteArgs {
    /// Which way.
    #[command(subcommand)]
    pub way: Way,
}

/// Which way a quote goes.
#[derive(Debug, Subcommand)]
pub enum Way {
    /// What a deposit of SOL buys
    #[command(after_help = "Example:\n  thaw quote deposit 12.5")]
    Deposit {
        /// SOL
        #[arg(value_parser = positive, value_name = "SOL")]
        lamports: u64,
    },
    /// What shares pay by each of the three exits
    #[command(after_help = "Example:\n  thaw quote withdraw 5")]
    Withdraw {
        /// Shares
        #[arg(value_parser = positive, value_name = "SHARES")]
        shares: u64,
    },
}

/// The JSON of `thaw quote deposit`. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositQuoteReport {
    /// The pool.
    pub pool: String,
    /// The chain's epoch.
    pub epoch: u64,
    /// The chain's time, unix seconds.
    pub unix_time: i64,
    /// SOL that goes in.
    pub lamports: u64,
    /// Shares that come out.
    pub shares: u64,
    /// Deposit fee.
    pub fee_lamports: u64,
    /// Shares that a referrer would get.
    pub referral_shares: u64,
    /// What the shares are worth at the exit rate now.
    pub worth_lamports: u64,
    /// What is paid for gain that is earned and not released yet: it comes back within a day or so.
    pub premium_lamports: u64,
}

/// The JSON of `thaw quote withdraw`. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawQuoteReport {
    /// The pool.
    pub pool: String,
    /// The chain's epoch.
    pub epoch: u64,
    /// The chain's time, unix seconds.
    pub unix_time: i64,
    /// Shares that go in.
    pub shares: u64,
    /// What they are worth at the exit rate.
    pub worth_lamports: u64,
    /// `thaw withdraw --instant`.
    pub instant: ExitReport,
    /// `thaw withdraw --ticket`.
    pub ticket: TicketReport,
    /// `thaw withdraw --stake`.
    pub stake: ExitReport,
}

/// An exit that pays at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitReport {
    /// What comes out, fee taken off; 0 where it is refused.
    pub lamports: u64,
    /// The fee.
    pub fee_lamports: u64,
    /// Why it is closed, in words.
    pub refusal: Option<String>,
    /// Its rule's name.
    pub rule: Option<String>,
    /// The vote account that would give the stake; `None` for other exits.
    pub validator: Option<String>,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketReport {
    /// Value now; it keeps sharing gains and losses until it is settled.
    pub lamports: u64,
    /// First epoch in which it can be settled.
    pub payable_epoch: u64,
    /// Seconds until then, estimated.
    pub seconds: u64,
    /// True if what is liquid or cooling covers all that waits, this ticket included.
    pub is_covered: bool,
}

/// Prints the quote.
///
/// # Errors
/// [`Refusal`] as the program refuses, the server's errors.
pub async fn run(context: &Context, args: &QuoteArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    match args.way {
        Way::Deposit { lamports } => context.output.print(&deposit(&snapshot, lamports)?),
        Way::Withdraw { shares } => context.output.print(&withdraw(&snapshot, shares)?),
    }
}

/// What a deposit buys.
///
/// # Errors
/// [`Refusal`].
pub fn deposit(snapshot: &Snapshot, lamports: u64) -> Result<DepositQuoteReport> {
    let quote = snapshot.quote_deposit(lamports)?;
    let worth_lamports = snapshot.worth(quote.shares)?;
    Ok(DepositQuoteReport {
        pool: snapshot.addresses.pool.to_string(),
        epoch: snapshot.clock.epoch,
        unix_time: snapshot.clock.unix_timestamp,
        lamports,
        shares: quote.shares,
        fee_lamports: quote.fee_lamports,
        referral_shares: quote.referral_shares,
        worth_lamports,
        premium_lamports: lamports
            .saturating_sub(quote.fee_lamports)
            .saturating_sub(worth_lamports),
    })
}

/// What shares pay.
///
/// # Errors
/// [`Refusal`].
pub fn withdraw(snapshot: &Snapshot, shares: u64) -> Result<WithdrawQuoteReport> {
    let quote = snapshot.quote_withdraw(shares)?;
    let mut stake = ExitReport::of(&quote.stake);
    if stake.refusal.is_none() {
        match snapshot.stake_source(stake.lamports) {
            Some(view) => stake.validator = Some(view.record.vote.to_string()),
            None => {
                let words = "no validator has that much above its target now: take a ticket";
                stake = ExitReport { lamports: 0, fee_lamports: 0, ..stake };
                stake.refusal = Some(words.into());
                stake.rule = Some("ValidatorBelowTarget".into());
            }
        }
    }
    Ok(WithdrawQuoteReport {
        pool: snapshot.addresses.pool.to_string(),
        epoch: snapshot.clock.epoch,
        unix_time: snapshot.clock.unix_timestamp,
        shares,
        worth_lamports: snapshot.worth(shares)?,
        instant: ExitReport::of(&quote.instant),
        ticket: TicketReport {
            lamports: quote.ticket.lamports,
            payable_epoch: quote.ticket.payable_epoch,
            seconds: snapshot.epoch_seconds_left(),
            is_covered: quote.ticket.is_covered,
        },
        stake,
    })
}

impl ExitReport {
    fn of(quote: &ExitQuote) -> Self {
        let refusal = (quote.refusal != 0).then(|| Refusal::of_code(quote.refusal));
        Self {
            lamports: quote.lamports,
            fee_lamports: quote.fee_lamports,
            rule: refusal.as_ref().map(|refusal| refusal.name.clone()),
            refusal: refusal.map(|refusal| refusal.message),
            validator: None,
        }
    }

    fn row(&self, name: &str, when: &str) -> [String; 4] {
        match &self.refusal {
            None => [
                name.into(),
                amount::show(self.lamports),
                amount::show(self.fee_lamports),
                when.into(),
            ],
            Some(refusal) => [name.into(), "-".into(), "-".into(), format!("closed: {refusal}")],
        }
    }
}

impl Display for DepositQuoteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "You put in", sol(self.lamports))?;
        line(f, "You get", format!("{} shares", amount::show(self.shares)))?;
        line(f, "Deposit fee", sol(self.fee_lamports))?;
        line(f, "Worth at exit", sol(self.worth_lamports))?;
        line(f, "Premium", format!("{}, for gain not yet released", sol(self.premium_lamports)))
    }
}

impl Display for WithdrawQuoteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "Shares", amount::show(self.shares))?;
        line(f, "Worth now", sol(self.worth_lamports))?;
        writeln!(f)?;
        let ticket = &self.ticket;
        let covered = if ticket.is_covered { "covered" } else { "stake must cool down first" };
        let when = format!(
            "from epoch {}, in about {} or later ({covered}); keeps earning until then",
            ticket.payable_epoch,
            duration(ticket.seconds)
        );
        let stake = self.stake.validator.as_deref().unwrap_or_default();
        let mut table = Table::new(["exit", ">SOL", ">fee", "when"]);
        table.row(self.instant.row("--instant", "now"));
        table.row(["--ticket".into(), amount::show(ticket.lamports), "0.000000000".into(), when]);
        table.row(self.stake.row("--stake", &format!("now, as active stake of {stake}")));
        table.fmt(f)
    }
}
