//! `thaw wind-down`: a pool ends.

use anyhow::Result;
use clap::Args;
use thaw_client::{
    refusal::duration,
    thaw::constants::{ABANDONED_SECONDS, PROPOSAL_LIFE_SECONDS},
};

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, signers::Actor};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
The admin's first call schedules it; after the delay of config changes anyone may start it, for 7
days. `thaw config cancel` takes the schedule back; once it has started it cannot be taken back:
deposits are closed for ever and all stake flows out through tickets. Anyone may start it for a
pool that nobody has finalized for 30 days.

Examples:
  thaw wind-down
  thaw wind-down --export base58 --authority <vault>")]
pub struct WindDownArgs {
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Schedules or starts it.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &WindDownArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let (pool, now) = (&snapshot.pool, snapshot.clock.unix_timestamp);
    let at = pool.wind_down_at;
    let is_scheduled = at > 0 && now <= at.saturating_add(PROPOSAL_LIFE_SECONDS);
    let is_abandoned = now.saturating_sub(pool.finalized_at) > ABANDONED_SECONDS;
    let (action, new) = if is_scheduled || is_abandoned {
        ("Starts the wind-down. THIS CANNOT BE TAKEN BACK.".to_owned(), "winding down, for ever")
    } else {
        let delay = duration(pool.config.config_delay_seconds.into());
        let action = format!("Schedules the wind-down: anyone may start it after {delay}.");
        (action, "wind-down scheduled")
    };
    let old = if pool.is_winding_down() {
        "winding down"
    } else if is_scheduled {
        "wind-down scheduled"
    } else {
        "live"
    };
    let instruction = snapshot.addresses.wind_down(&actor.key);
    let deed = Deed::of(action, vec![change("pool", old, new)], instruction);
    perform(context, &args.tx, &actor, &snapshot.addresses, deed).await
}
