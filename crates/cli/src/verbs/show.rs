//! `thaw show`: a pool at a glance.

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};
use thaw_client::{
    Snapshot, amount, history,
    math::{Lamports, Shares},
    thaw::{
        constants::PROPOSAL_LIFE_SECONDS,
        state::{Batch, Pool},
    },
};

use crate::{
    context::Context,
    pool_config::{Change, PoolConfig},
    verbs::power::change,
};

/// Paths that can be paused, in the order of the pool's `paused_until`.
pub const PATHS: [&str; 4] = ["deposit", "instant-exit", "stake", "moves"];

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw show --pool <mint>
  thaw show --output json | jq .rate.exit_lamports")]
pub struct ShowArgs {
    /// Epochs over which the APY is taken
    #[arg(long, default_value_t = 10, value_name = "EPOCHS")]
    pub apy_epochs: usize,
}

/// The JSON of `thaw show`. Amounts are base units, times unix seconds, addresses base 58.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolReport {
    /// The pool.
    pub pool: String,
    /// The share mint.
    pub mint: String,
    /// `live` or `winding_down`.
    pub status: String,
    /// What a share costs and pays.
    pub rate: RateReport,
    /// What the pool holds.
    pub books: BooksReport,
    /// How fresh the books are.
    pub epoch: EpochReport,
    /// Who may do what.
    pub powers: PowersReport,
    /// The parameters.
    pub config: PoolConfig,
    /// The config that waits.
    pub proposed: Option<ProposalReport>,
    /// Pauses in force.
    pub pauses: Vec<PauseReport>,
    /// When the guardian may pause again.
    pub guardian_ready_at: i64,
    /// When a scheduled wind-down may start, 0 if none is.
    pub wind_down_at: i64,
    /// Validators listed, and how many of them hold stake.
    pub validators: (usize, u32),
    /// Batches that are not closed, oldest first.
    pub batches: Vec<BatchReport>,
}

/// What a share costs and pays, lamports per 10^9 base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateReport {
    /// What leaves pay, before fees; `None` where the pool is worth nothing.
    pub exit_lamports: Option<u64>,
    /// What deposits cost.
    pub entry_lamports: Option<u64>,
    /// Yearly yield, compounded, parts per billion.
    pub apy_ppb: Option<i64>,
    /// Over how many epochs at most.
    pub apy_epochs: usize,
}

/// What the pool holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BooksReport {
    /// Everything, lamports.
    pub assets_lamports: u64,
    /// What stands behind the exit rate, lamports.
    pub nav_lamports: u64,
    /// In stake accounts, lamports.
    pub staked_lamports: u64,
    /// Of that, cooling down, lamports.
    pub cooling_lamports: u64,
    /// Liquid, lamports.
    pub reserve_lamports: u64,
    /// Of that, open to instant exits, lamports.
    pub instant_lamports: u64,
    /// What the reserve aims at, lamports.
    pub liquidity_target_lamports: u64,
    /// Set aside for settled tickets, lamports.
    pub claimable_lamports: u64,
    /// Losses that no gain has made up yet, lamports.
    pub loss_carry_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
    /// Shares that wait in open batches.
    pub pending_shares: u64,
    /// Fee shares the treasury may collect.
    pub fee_shares_owed: u64,
}

/// How fresh the books are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochReport {
    /// The chain's epoch.
    pub chain: u64,
    /// The chain's time, unix seconds.
    pub unix_time: i64,
    /// The epoch that the pool was last finalized in.
    pub finalized: u64,
    /// When.
    pub finalized_at: i64,
    /// Epochs since.
    pub missed: u64,
    /// True where deposits and instant exits are closed for it.
    pub is_stale: bool,
    /// Seconds until the chain's epoch ends, estimated.
    pub seconds_left: u64,
}

/// Who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowersReport {
    /// Proposes configs, nominates, unpauses, winds down.
    pub admin: String,
    /// Lists and weighs validators.
    pub operator: String,
    /// Pauses.
    pub guardian: String,
    /// Gets the fee shares: a token account.
    pub treasury: String,
    /// Nominees for the three powers.
    pub nominated: [Option<String>; 3],
}

/// A config that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalReport {
    /// From when on it may be applied.
    pub ready_at: i64,
    /// Until when.
    pub lapses_at: i64,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// A pause in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseReport {
    /// `deposit`, `instant-exit`, `stake`, `moves` or `circuit-breaker`.
    pub path: String,
    /// Until when.
    pub until: i64,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchReport {
    /// Its number.
    pub serial: u64,
    /// The epoch in which requests joined it.
    pub epoch: u64,
    /// Shares of all its tickets.
    pub shares_requested: u64,
    /// Shares that are settled.
    pub shares_settled: u64,
    /// Lamports set aside for them.
    pub lamports_settled: u64,
    /// Lamports claimed.
    pub lamports_claimed: u64,
    /// Tickets that are not closed.
    pub tickets: u32,
}

/// Prints the report.
///
/// # Errors
/// The server's.
pub async fn run(context: &Context, args: &ShowArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    context.output.print(&report(&snapshot, args.apy_epochs)?)
}

/// The report of a snapshot.
///
/// # Errors
/// Where an amount is beyond 64 bits.
pub fn report(snapshot: &Snapshot, apy_epochs: usize) -> Result<PoolReport> {
    let (pool, clock) = (&*snapshot.pool, &snapshot.clock);
    let now = clock.unix_timestamp;
    Ok(PoolReport {
        pool: snapshot.addresses.pool.to_string(),
        mint: pool.mint.to_string(),
        status: if pool.is_winding_down() { "winding_down" } else { "live" }.into(),
        rate: rate(snapshot, apy_epochs)?,
        books: books(snapshot)?,
        epoch: EpochReport {
            chain: clock.epoch,
            unix_time: now,
            finalized: pool.epoch,
            finalized_at: pool.finalized_at,
            missed: pool.missed_epochs(clock),
            is_stale: pool.require_fresh(clock).is_err(),
            seconds_left: snapshot.epoch_seconds_left(),
        },
        powers: powers(pool),
        config: pool.config.into(),
        proposed: proposal(pool),
        pauses: pauses(pool, now),
        guardian_ready_at: pool.guardian_ready_at,
        wind_down_at: pool.wind_down_at,
        validators: (snapshot.validators.len(), pool.holding_validators),
        batches: snapshot.batches.iter().map(BatchReport::of).collect(),
    })
}

fn rate(snapshot: &Snapshot, apy_epochs: usize) -> Result<RateReport> {
    let pool = &snapshot.pool;
    let one = Shares(amount::UNIT);
    let value = snapshot.value()?;
    let gain = Lamports(pool.epoch_gain_lamports);
    let entry = value.books.entry_rate(pool.missed_epochs(&snapshot.clock), gain);
    Ok(RateReport {
        exit_lamports: value
            .exit_rate()
            .ok()
            .and_then(|rate| rate.lamports_down(one))
            .map(|it| it.0),
        entry_lamports: entry.and_then(|rate| rate.lamports_up(one)).map(|it| it.0),
        apy_ppb: history::recent_apy_ppb(pool, apy_epochs),
        apy_epochs,
    })
}

fn books(snapshot: &Snapshot) -> Result<BooksReport> {
    let (pool, value) = (&snapshot.pool, snapshot.value()?);
    Ok(BooksReport {
        assets_lamports: value.books.assets().map_or(0, |assets| assets.0),
        nav_lamports: value.nav.0,
        staked_lamports: pool.staked_lamports,
        cooling_lamports: pool.cooling_lamports,
        reserve_lamports: pool.reserve_lamports,
        instant_lamports: pool.instant_liquidity(&value, &snapshot.rent).0,
        liquidity_target_lamports: pool.liquidity_target_lamports,
        claimable_lamports: pool.claimable_lamports,
        loss_carry_lamports: pool.loss_carry_lamports,
        shares: pool.shares,
        pending_shares: pool.pending_shares,
        fee_shares_owed: pool.fee_shares_owed,
    })
}

fn powers(pool: &Pool) -> PowersReport {
    let nominees = [pool.nominated_admin, pool.nominated_operator, pool.nominated_guardian];
    PowersReport {
        admin: pool.admin.to_string(),
        operator: pool.operator.to_string(),
        guardian: pool.guardian.to_string(),
        treasury: pool.treasury.to_string(),
        nominated: nominees.map(|key| (key != Pubkey::default()).then(|| key.to_string())),
    }
}

/// The config that waits, and what it changes.
pub fn proposal(pool: &Pool) -> Option<ProposalReport> {
    let ready_at = pool.config_ready_at;
    (ready_at != 0).then(|| {
        let mut changes = PoolConfig::from(pool.config).changes(&pool.proposed_config.into());
        if pool.treasury != pool.proposed_treasury {
            changes.push(change("treasury", pool.treasury, pool.proposed_treasury));
        }
        let lapses_at = ready_at.saturating_add(PROPOSAL_LIFE_SECONDS);
        ProposalReport { ready_at, lapses_at, changes }
    })
}

/// Pauses in force at `now`.
pub fn pauses(pool: &Pool, now: i64) -> Vec<PauseReport> {
    let paths = PATHS.into_iter().zip(pool.paused_until);
    let all = paths.chain([("circuit-breaker", pool.circuit_until)]);
    let in_force = all.filter(|(_, until)| now < *until);
    in_force.map(|(path, until)| PauseReport { path: path.into(), until }).collect()
}

impl BatchReport {
    /// The report of a batch.
    pub fn of(batch: &Batch) -> Self {
        Self {
            serial: batch.serial,
            epoch: batch.epoch,
            shares_requested: batch.shares_requested,
            shares_settled: batch.shares_settled,
            lamports_settled: batch.lamports_settled,
            lamports_claimed: batch.lamports_claimed,
            tickets: batch.tickets,
        }
    }
}
