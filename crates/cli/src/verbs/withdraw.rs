//! `thaw withdraw`: shares in; SOL at once, a ticket, or active stake out.

use std::{
    fmt::{self, Display},
    time::{SystemTime, UNIX_EPOCH},
};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use clap::{ArgGroup, Args};
use serde::{Deserialize, Serialize};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_interface::program::ID as STAKE_PROGRAM;
use solana_system_interface::instruction as system;
use thaw_client::{
    Refusal, Snapshot, ValidatorView, amount,
    exits::StakeExit,
    instructions::Request,
    refusal::duration,
    thaw::{
        constants::STAKE_ACCOUNT_BYTES,
        error::ThawError,
        state::{ExitPrice, slot_rent},
    },
};

use super::deposit::least;
use crate::{
    args::{Amount, TxArgs, amount_or_all, positive},
    context::Context,
    outcome::Outcome,
    output::{line, sol},
    signers::{self, Actor},
    simulate::shares_in,
    transact::{Plan, transact},
};

/// Arguments.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("exit").required(true).args(["instant", "ticket", "stake"])),
    after_help = "\
Examples:
  thaw quote withdraw 5                  compare first
  thaw withdraw ALL --ticket             free; paid after this epoch, keeps earning until then
  thaw withdraw 5 --instant              at once from the reserve, for a fee
  thaw withdraw 5 --instant --min-out 4.98
  thaw withdraw 5 --stake                active stake, into a new stake account of yours"
)]
pub struct WithdrawArgs {
    /// Shares, or ALL
    #[arg(value_parser = amount_or_all, value_name = "SHARES")]
    pub shares: Amount,
    /// At once from the reserve, for a fee
    #[arg(long)]
    pub instant: bool,
    /// A ticket: free, paid after this epoch
    #[arg(long)]
    pub ticket: bool,
    /// Active stake of a validator that has more than its target
    #[arg(long)]
    pub stake: bool,
    /// Least SOL to accept, instead of --slippage-bps
    #[arg(long, value_parser = positive, value_name = "SOL", conflicts_with = "ticket")]
    pub min_out: Option<u64>,
    /// How much less than quoted to accept, basis points
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub slippage_bps: u16,
    /// Who gets the SOL, or the authorities of the stake [default: who acts]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "ticket")]
    pub recipient: Option<Pubkey>,
    /// With --ticket: only you may claim it; nobody can push the payment to you
    #[arg(long, requires = "ticket")]
    pub no_push: bool,
    /// With --ticket: the number in its address, as another signer's report has it [default: the
    /// time in nanoseconds]
    #[arg(long, requires = "ticket", value_name = "NUMBER")]
    pub ticket_nonce: Option<u64>,
    /// With --stake: the vote account to take from [default: the one farthest above its target]
    #[arg(long, value_name = "VOTE", requires = "stake")]
    pub validator: Option<Pubkey>,
    /// With --stake: key file of the new stake account [default: a new key]
    #[arg(long, value_name = "PATH", requires = "stake")]
    pub stake_account: Option<String>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// The JSON of `thaw withdraw`. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawReport {
    /// The pool.
    pub pool: String,
    /// `instant`, `ticket` or `stake`.
    pub exit: String,
    /// Shares that go in.
    pub shares: u64,
    /// What comes out as quoted just before; for a ticket its value now.
    pub expected_lamports: u64,
    /// Fee as quoted.
    pub fee_lamports: u64,
    /// Least lamports that were accepted; 0 for a ticket.
    pub min_lamports: u64,
    /// The ticket, where one was asked for.
    pub ticket: Option<NewTicket>,
    /// The stake account, where stake was asked for.
    pub stake: Option<NewStake>,
    /// What became of it.
    pub transaction: Outcome,
}

/// A new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTicket {
    /// Its address.
    pub address: String,
    /// The nonce in its address.
    pub nonce: u64,
    /// Serial of its batch.
    pub batch: u64,
    /// First epoch in which it can be settled.
    pub payable_epoch: u64,
    /// Seconds until then, estimated.
    pub seconds: u64,
}

/// A new stake account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewStake {
    /// Its address.
    pub address: String,
    /// The vote account it is delegated to.
    pub validator: String,
    /// Who has both authorities.
    pub authority: String,
}

/// Withdraws.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &WithdrawArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let from = snapshot.addresses.token_account(&actor.key);
    let held = shares_in(&context.rpc, &from).await?;
    let shares = match args.shares {
        Amount::All if held == 0 => bail!("the wallet {} holds no shares", actor.key),
        Amount::All => held,
        Amount::Exactly(shares) if shares > held => bail!(
            "the wallet {} holds {} shares, {} less than {}",
            actor.key,
            amount::short(held),
            amount::short(shares.saturating_sub(held)),
            amount::short(shares)
        ),
        Amount::Exactly(shares) => shares,
    };
    let exit = Exit { context, args, actor: &actor, snapshot: &snapshot, from, shares };
    let report = if args.instant {
        exit.instant().await
    } else if args.ticket {
        exit.ticket().await
    } else {
        exit.stake().await
    };
    context.output.print(&report.context("the withdrawal")?)
}

struct Exit<'a> {
    context: &'a Context,
    args: &'a WithdrawArgs,
    actor: &'a Actor,
    snapshot: &'a Snapshot,
    from: Pubkey,
    shares: u64,
}

impl Exit<'_> {
    async fn instant(&self) -> Result<WithdrawReport> {
        let (price, min_lamports) = self.limits(self.snapshot.price_instant(self.shares))?;
        let (pool, key) = (&self.snapshot.addresses, &self.actor.key);
        let recipient = self.args.recipient.unwrap_or(*key);
        let leave = pool.withdraw_instant(&self.from, key, &recipient, self.shares, min_lamports);
        let transaction = self.send(vec![leave], &[]).await?;
        Ok(WithdrawReport { min_lamports, ..self.report("instant", price, transaction) })
    }

    async fn ticket(&self) -> Result<WithdrawReport> {
        let (pool, key) = (&self.snapshot.addresses, &self.actor.key);
        let worth = self.snapshot.worth(self.shares)?;
        let nonce = self.args.ticket_nonce.unwrap_or_else(fresh_nonce);
        let request = Request {
            shares: self.shares,
            nonce,
            serial: self.snapshot.batch_to_join(),
            is_pushable: !self.args.no_push,
        };
        let ask = pool.request_withdrawal(&request, key, &self.actor.payer, &self.from);
        let transaction = self.send(vec![ask], &[]).await?;
        let ticket = NewTicket {
            address: pool.ticket(key, nonce).to_string(),
            nonce,
            batch: request.serial,
            payable_epoch: self.snapshot.clock.epoch.saturating_add(1),
            seconds: self.snapshot.epoch_seconds_left(),
        };
        let price = ExitPrice { gross: worth, fee: 0 };
        Ok(WithdrawReport { ticket: Some(ticket), ..self.report("ticket", price, transaction) })
    }

    async fn stake(&self) -> Result<WithdrawReport> {
        let (price, min_lamports) = self.limits(self.snapshot.price_stake_exit(self.shares))?;
        let (pool, actor) = (&self.snapshot.addresses, self.actor);
        let view = self.source(price.net())?;
        let vote = view.record.vote;
        let account = match &self.args.stake_account {
            Some(path) => signers::read(path)?,
            None => Keypair::new(),
        };
        let authority = self.args.recipient.unwrap_or(actor.key);
        let rent = slot_rent(&self.snapshot.rent);
        let open = system::create_account(
            &actor.payer,
            &account.pubkey(),
            rent,
            STAKE_ACCOUNT_BYTES as u64,
            &STAKE_PROGRAM,
        );
        let with = StakeExit {
            shares_from: self.from,
            owner: actor.key,
            stake: account.pubkey(),
            new_authority: authority,
        };
        let leave = pool.withdraw_stake(&vote, view.index, &with, self.shares, min_lamports);
        let transaction = self.send(vec![open, leave], &[&account]).await?;
        let stake = NewStake {
            address: account.pubkey().to_string(),
            validator: vote.to_string(),
            authority: authority.to_string(),
        };
        let report = self.report("stake", price, transaction);
        Ok(WithdrawReport { min_lamports, stake: Some(stake), ..report })
    }

    /// The validator to take stake from.
    fn source(&self, lamports: u64) -> Result<&ValidatorView> {
        if let Some(vote) = self.args.validator {
            let listed = self.snapshot.validators.iter().find(|view| view.record.vote == vote);
            return listed.with_context(|| format!("this pool does not list {vote}"));
        }
        let source = self.snapshot.stake_source(lamports);
        source.ok_or_else(|| Refusal::of_rule(ThawError::ValidatorBelowTarget)).with_context(|| {
            format!(
                "no validator has {} above its target now: take a ticket, or less",
                sol(lamports)
            )
        })
    }

    /// The price and the least to accept. A refusal is no obstacle where the least is named: what is
    /// exported or signed now may work later.
    fn limits(&self, price: Result<ExitPrice, Refusal>) -> Result<(ExitPrice, u64)> {
        if let Some(least) = self.args.min_out {
            return Ok((price.unwrap_or_default(), least));
        }
        let price = price?;
        Ok((price, least(price.net(), self.args.slippage_bps)))
    }

    async fn send(&self, instructions: Vec<Instruction>, more: &[&Keypair]) -> Result<Outcome> {
        let mut plan = Plan::of(instructions)
            .watching("wallet", self.actor.key)
            .watching("shares", self.from)
            .watching("reserve", self.snapshot.addresses.reserve);
        plan.signers = more.to_vec();
        if let Some(recipient) = self.args.recipient.filter(|key| *key != self.actor.key) {
            plan = plan.watching("recipient", recipient);
        }
        transact(self.context, &self.args.tx, self.actor, &plan).await
    }

    fn report(&self, exit: &str, price: ExitPrice, transaction: Outcome) -> WithdrawReport {
        WithdrawReport {
            pool: self.snapshot.addresses.pool.to_string(),
            exit: exit.into(),
            shares: self.shares,
            expected_lamports: price.net(),
            fee_lamports: price.fee,
            min_lamports: 0,
            ticket: None,
            stake: None,
            transaction,
        }
    }
}

/// Nanoseconds: no two requests of a wallet get the same.
fn fresh_nonce() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

impl Display for WithdrawReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.transaction, Outcome::Exported { .. }) {
            line(f, "Shares", amount::show(self.shares))?;
            match &self.ticket {
                Some(ticket) => {
                    line(f, "Worth now", sol(self.expected_lamports))?;
                    line(f, "Ticket", &ticket.address)?;
                    let soon = duration(ticket.seconds);
                    let when = format!("epoch {}, in about {soon}", ticket.payable_epoch);
                    line(f, "Payable from", when)?;
                }
                None => {
                    line(f, "Out as quoted", sol(self.expected_lamports))?;
                    line(f, "Out at least", sol(self.min_lamports))?;
                    line(f, "Fee", sol(self.fee_lamports))?;
                }
            }
            if let Some(stake) = &self.stake {
                line(f, "Stake account", &stake.address)?;
                line(f, "Validator", &stake.validator)?;
            }
        }
        self.transaction.fmt(f)
    }
}
