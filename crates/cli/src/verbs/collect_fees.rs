//! `thaw collect-fees`: fee shares become tokens of the treasury.

use anyhow::Result;
use clap::Args;
use thaw_client::amount;

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, signers::Actor, simulate::shares_in};

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Anyone may call it; the shares go to the pool's treasury, nowhere else.

Example:
  thaw collect-fees")]
pub struct CollectFeesArgs {
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Collects.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &CollectFeesArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let (treasury, owed) = (snapshot.pool.treasury, snapshot.pool.fee_shares_owed);
    let old = shares_in(&context.rpc, &treasury).await?;
    let new = old.saturating_add(owed);
    let action = format!("Mints {} fee shares to the treasury.", amount::show(owed));
    let name = format!("treasury {treasury}");
    let changes = vec![change(name, amount::show(old), amount::show(new))];
    let deed = Deed::of(action, changes, snapshot.addresses.collect_fees(&treasury));
    // It can do no harm: nothing to ask.
    let tx = TxArgs { yes: true, ..args.tx.clone() };
    perform(context, &tx, &actor, &snapshot.addresses, deed).await
}
