//! `thaw config`: parameters, and how they change.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use thaw_client::{
    Refusal, Snapshot,
    refusal::duration,
    thaw::{error::ThawError, state::Config},
};

use super::{
    power::{Deed, change, perform},
    show::{ProposalReport, proposal},
};
use crate::{
    args::TxArgs,
    context::Context,
    failure::usage,
    output::{Table, say},
    pool_config::{ConfigSource, PoolConfig},
    signers::Actor,
};

/// Arguments.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: ConfigVerb,
}

/// What to do with a config.
#[derive(Debug, Subcommand)]
pub enum ConfigVerb {
    /// The config in force, the program's caps, and what is proposed
    Show,
    /// Propose a config; it may be applied after its delay, for 7 days
    #[command(after_help = "\
Examples:
  thaw config propose --set reward_fee_bps=300
  thaw config propose --file pool.toml --export base58 --authority <vault>
  thaw config propose --treasury <token account>

What is not named stays as it is. `thaw config show` has the names and their caps.")]
    Propose {
        /// The values.
        #[command(flatten)]
        source: ConfigSource,
        /// Token account that gets the fee shares
        #[arg(long, value_name = "ADDRESS")]
        treasury: Option<Pubkey>,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
    /// Put the proposed config in force; anyone may, once its delay is over
    Apply {
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
    /// Take back the proposed config and a scheduled wind-down
    Cancel {
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
}

/// The JSON of `thaw config show`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigReport {
    /// The pool.
    pub pool: String,
    /// In force.
    pub config: PoolConfig,
    /// The token account that gets the fee shares.
    pub treasury: String,
    /// What waits.
    pub proposed: Option<ProposalReport>,
    /// The chain's time, unix seconds.
    pub unix_time: i64,
}

/// Does it.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &ConfigArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    match &args.verb {
        ConfigVerb::Show => context.output.print(&ConfigReport {
            pool: snapshot.addresses.pool.to_string(),
            config: snapshot.pool.config.into(),
            treasury: snapshot.pool.treasury.to_string(),
            proposed: proposal(&snapshot.pool),
            unix_time: snapshot.clock.unix_timestamp,
        }),
        ConfigVerb::Propose { source, treasury, tx } => {
            propose(context, &snapshot, source, *treasury, tx).await
        }
        ConfigVerb::Apply { tx } => apply(context, &snapshot, tx).await,
        ConfigVerb::Cancel { tx } => cancel(context, &snapshot, tx).await,
    }
}

async fn propose(
    context: &Context,
    snapshot: &Snapshot,
    source: &ConfigSource,
    treasury: Option<Pubkey>,
    tx: &TxArgs,
) -> Result<()> {
    if source.is_empty() && treasury.is_none() {
        return Err(usage("what should change? Name --set, --file or --treasury"));
    }
    let (pool, actor) = (&snapshot.pool, Actor::load(context, tx)?);
    let old = PoolConfig::from(pool.config);
    let new = source.apply(old)?;
    let treasury = treasury.unwrap_or(pool.treasury);
    let mut changes = old.changes(&new);
    if treasury != pool.treasury {
        changes.push(change("treasury", pool.treasury, treasury));
    }
    if changes.is_empty() {
        return Err(usage("the pool has these values already"));
    }
    if pool.config_ready_at != 0 {
        say("warning: another config is proposed already; this one takes its place");
    }
    let delay = duration(pool.config.config_delay_seconds.into());
    let action = format!("Proposes a config, which may be applied after {delay}.");
    let addresses = &snapshot.addresses;
    let instruction = addresses.propose_config(&actor.key, Config::from(new), treasury);
    perform(context, tx, &actor, addresses, Deed::of(action, changes, instruction)).await
}

async fn apply(context: &Context, snapshot: &Snapshot, tx: &TxArgs) -> Result<()> {
    let actor = Actor::load(context, tx)?;
    let proposed = waiting(snapshot)?;
    let action = "Puts the proposed config in force.";
    let deed = Deed::of(action, proposed.changes, snapshot.addresses.apply_config());
    perform(context, tx, &actor, &snapshot.addresses, deed).await
}

async fn cancel(context: &Context, snapshot: &Snapshot, tx: &TxArgs) -> Result<()> {
    let actor = Actor::load(context, tx)?;
    let pool = &snapshot.pool;
    let mut changes = Vec::new();
    if pool.config_ready_at != 0 {
        changes.push(change(
            "proposed config",
            format!("ready at {}", pool.config_ready_at),
            "none",
        ));
    }
    if pool.wind_down_at != 0 {
        changes.push(change("wind-down", format!("due at {}", pool.wind_down_at), "none"));
    }
    let action = "Takes back what is proposed.";
    let deed = Deed::of(action, changes, snapshot.addresses.cancel_config(&actor.key));
    perform(context, tx, &actor, &snapshot.addresses, deed).await
}

fn waiting(snapshot: &Snapshot) -> Result<ProposalReport> {
    let proposed = proposal(&snapshot.pool);
    Ok(proposed.ok_or_else(|| Refusal::of_rule(ThawError::NothingProposed))?)
}

impl Display for ConfigReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["name", ">value", ">least", ">most"]);
        for ((name, value), (_, low, high)) in
            self.config.values().into_iter().zip(PoolConfig::caps())
        {
            table.row([name.into(), value.to_string(), low.to_string(), high.to_string()]);
        }
        table.fmt(f)?;
        writeln!(f, "treasury  {}", self.treasury)?;
        let Some(proposed) = &self.proposed else { return writeln!(f, "Nothing is proposed.") };
        let wait = proposed.ready_at.saturating_sub(self.unix_time);
        match u64::try_from(wait) {
            Ok(seconds) if seconds > 0 => {
                writeln!(f, "Proposed, may be applied in {}:", duration(seconds))?;
            }
            _ if self.unix_time > proposed.lapses_at => {
                writeln!(f, "Proposed, but lapsed: propose it again:")?;
            }
            _ => writeln!(f, "Proposed, may be applied now:")?,
        }
        writeln!(f, "{}", crate::pool_config::show_changes(&proposed.changes))
    }
}
