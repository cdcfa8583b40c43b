//! `thaw spl-view`: what readers of SPL stake pools see of a pool.

use anyhow::Result;
use clap::Args;
use thaw_client::amount;

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, signers::Actor};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Opens the view, or brings it up to date: an account in the byte layout of an SPL stake pool, with the
pool's rate and fees. Anyone may call it once the pool is finalized in the epoch; the first one pays
the rent. From then on keepers do it.

Example:
  thaw spl-view")]
pub struct SplViewArgs {
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Opens or refreshes.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &SplViewArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let (pool, address) = (&snapshot.pool, snapshot.addresses.spl_view());
    let old = snapshot.spl_view;
    let action = match old {
        Some(_) => format!("Brings the view {address} up to date."),
        None => format!("Opens the view {address}."),
    };
    let nav = pool.value_at(snapshot.clock.unix_timestamp).map_or(0, |value| value.nav.0);
    let shown = |value: Option<u64>| value.map_or_else(|| "none".to_owned(), amount::show);
    let epoch =
        old.map_or_else(|| "none".to_owned(), |view| { view.last_update_epoch }.to_string());
    let changes = vec![
        change("epoch", epoch, pool.epoch),
        change("lamports", shown(old.map(|view| view.total_lamports)), amount::show(nav)),
        change("shares", shown(old.map(|view| view.pool_token_supply)), amount::show(pool.shares)),
    ];
    let refresh = snapshot.addresses.refresh_spl_view(&actor.payer);
    // It can do no harm: nothing to ask.
    let tx = TxArgs { yes: true, ..args.tx.clone() };
    perform(context, &tx, &actor, &snapshot.addresses, Deed::of(action, changes, refresh)).await
}
