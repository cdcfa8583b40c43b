//! `thaw validators`: the list as a table.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use thaw_client::{
    Snapshot, ValidatorView, amount,
    thaw::{
        constants::FEW_TICKETS,
        state::{NO_YIELD, SlotState, slot_rent},
    },
    votes::{fetch_votes, vote_account},
};

use crate::{
    context::Context,
    output::{Table, percent, ppb_or_dash},
    progress::spinner,
};

/// Where a vote account names its node, in all layouts.
const IDENTITY: std::ops::Range<usize> = 4..36;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw validators
  thaw validators --sort weight
  thaw validators --output json | jq '.validators[] | select(.state != \"active\")'")]
pub struct ValidatorsArgs {
    /// In which order
    #[arg(long, value_enum, default_value_t = Order::Stake)]
    pub sort: Order,
}

/// An order of validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Most stake first
    Stake,
    /// Highest weight first
    Weight,
    /// By their places in the list
    Index,
}

/// The JSON of `thaw validators`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorsReport {
    /// The pool.
    pub pool: String,
    /// Sum of the weights in effect.
    pub weight_sum: u64,
    /// Sum of the weights from the next finalize.
    pub next_weight_sum: u64,
    /// The validators.
    pub validators: Vec<ValidatorLine>,
}

/// One validator. Amounts are lamports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorLine {
    /// Index of its record.
    pub index: u16,
    /// Its vote account.
    pub vote: String,
    /// Its node, where the vote account can be read.
    pub identity: Option<String>,
    /// Part of the inflation rewards it keeps, basis points.
    pub commission_bps: Option<u16>,
    /// Admission tickets that its vote account can still pay, one an epoch.
    pub tickets: u64,
    /// Weight in effect.
    pub weight: u32,
    /// Weight from the next finalize.
    pub next_weight: u32,
    /// Weight that a review set aside.
    pub aside_weight: u32,
    /// Working and warming stake, without rent.
    pub stake_lamports: u64,
    /// Of that, warming up.
    pub activating_lamports: u64,
    /// Stake that cools down.
    pub cooling_lamports: u64,
    /// What it should hold.
    pub target_lamports: u64,
    /// What its main stake earned per epoch, parts per billion, newest first.
    pub yields_ppb: [Option<u32>; 3],
    /// `active`, `warming`, `cooling`, `empty`, `set_aside`, `leaving`, `no_vote_account`, `no_seat`
    /// (its vote account cannot be admitted to the next epoch) or `odd`.
    pub state: String,
}

/// Prints the list.
///
/// # Errors
/// The server's.
pub async fn run(context: &Context, args: &ValidatorsArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    let reading = spinner("reading the vote accounts");
    let keys: Vec<Pubkey> = snapshot.validators.iter().map(|view| view.record.vote).collect();
    let votes = fetch_votes(&context.rpc, &keys).await;
    reading.finish_and_clear();
    let mut validators: Vec<ValidatorLine> = snapshot
        .validators
        .iter()
        .zip(votes?)
        .map(|(view, account)| {
            let identity: Option<[u8; 32]> = account
                .as_ref()
                .and_then(|account| account.data.get(IDENTITY)?.try_into().ok())
                .filter(|_| view.seat.has_vote);
            let commission = vote_account(account.as_ref()).view().map(|vote| vote.commission_bps);
            ValidatorLine::of(&snapshot, view, identity.map(Pubkey::from), commission)
        })
        .collect();
    match args.sort {
        Order::Stake => validators.sort_by_key(|line| std::cmp::Reverse(line.stake_lamports)),
        Order::Weight => validators.sort_by_key(|line| std::cmp::Reverse(line.next_weight)),
        Order::Index => {}
    }
    context.output.print(&ValidatorsReport {
        pool: snapshot.addresses.pool.to_string(),
        weight_sum: snapshot.pool.weight_sum,
        next_weight_sum: snapshot.pool.next_weight_sum,
        validators,
    })
}

impl ValidatorLine {
    fn of(
        snapshot: &Snapshot,
        view: &ValidatorView,
        identity: Option<Pubkey>,
        commission_bps: Option<u16>,
    ) -> Self {
        let (record, pool) = (&view.record, &snapshot.pool);
        let rent = slot_rent(&snapshot.rent);
        let held = |state: SlotState| {
            let slots = record.slots.iter().filter(|slot| slot.state() == state);
            slots.fold(0u64, |sum, slot| sum.saturating_add(slot.lamports.saturating_sub(rent)))
        };
        Self {
            index: view.index,
            vote: record.vote.to_string(),
            identity: identity.map(|identity| identity.to_string()),
            commission_bps,
            tickets: view.seat.tickets(&snapshot.rent),
            weight: record.weight_in(pool),
            next_weight: record.next_weight,
            aside_weight: record.aside_weight,
            stake_lamports: record.staked_lamports(rent),
            activating_lamports: held(SlotState::Activating),
            cooling_lamports: held(SlotState::Cooling),
            target_lamports: snapshot.target(view).unwrap_or(0),
            yields_ppb: record.yields_ppb.map(|ppb| (ppb != NO_YIELD).then_some(ppb)),
            state: state(snapshot, view).into(),
        }
    }
}

fn state(snapshot: &Snapshot, view: &ValidatorView) -> &'static str {
    let record = &view.record;
    let needs_seat = snapshot.pool.config.require_bls == 1;
    let has = |state: SlotState| record.find(state).is_some();
    if record.is_leaving() {
        "leaving"
    } else if record.is_set_aside() {
        "set_aside"
    } else if !view.seat.has_vote {
        "no_vote_account"
    } else if needs_seat && !view.seat.can_be_admitted(&snapshot.rent) {
        "no_seat"
    } else if has(SlotState::Odd) {
        "odd"
    } else if record.main().is_some() {
        "active"
    } else if has(SlotState::Activating) {
        "warming"
    } else if has(SlotState::Cooling) {
        "cooling"
    } else {
        "empty"
    }
}

impl Display for ValidatorsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.validators.is_empty() {
            return writeln!(f, "No validators are listed: see `thaw validator add --help`.");
        }
        let mut table = Table::new([
            ">#",
            "vote account",
            "identity",
            ">fee",
            ">tickets",
            ">weight",
            ">stake, SOL",
            ">target, SOL",
            ">yield",
            "state",
        ]);
        for line in &self.validators {
            let weight = if line.weight == line.next_weight {
                line.weight.to_string()
            } else {
                format!("{} -> {}", line.weight, line.next_weight)
            };
            table.row([
                line.index.to_string(),
                line.vote.clone(),
                line.identity.clone().unwrap_or_else(|| "-".into()),
                line.commission_bps.map_or_else(|| "-".into(), |bps| percent(bps.into())),
                line.tickets.to_string(),
                weight,
                amount::show(line.stake_lamports),
                amount::show(line.target_lamports),
                ppb_or_dash(line.yields_ppb[0].map(i64::from)),
                line.state.replace('_', " "),
            ]);
        }
        table.fmt(f)?;
        let (now, next) = (self.weight_sum, self.next_weight_sum);
        writeln!(f, "Sum of weights: {now} now, {next} from the next finalize.")?;
        self.warn_of_few_tickets(f)
    }
}

impl ValidatorsReport {
    /// Names validators that will soon have no seat.
    fn warn_of_few_tickets(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let few: Vec<String> = self
            .validators
            .iter()
            .filter(|line| line.tickets < FEW_TICKETS && line.next_weight > 0)
            .map(|line| format!("{} ({})", line.index, line.tickets))
            .collect();
        if few.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "Fewer than {FEW_TICKETS} admission tickets left, 0.8 SOL an epoch from the vote account: \
             validators {}. Without one the stake earns nothing: ask them to top up.",
            few.join(", "),
        )
    }
}
