//! `thaw program set-authority` and `close-buffer`: who may upgrade, and what a buffer leaves.

use std::fmt::{self, Display};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use solana_loader_v3_interface::instruction;

use super::{
    power::change,
    program::{CloseBufferArgs, SetAuthorityArgs},
    program_state::{need_buffer, need_program},
};
use crate::{
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::{say, sol},
    pool_config::{Change, show_changes},
    signers::Actor,
    transact::{Plan, confirm, transact},
};

/// The JSON of `thaw program set-authority` and `close-buffer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramPowerReport {
    /// The program or the buffer.
    pub address: String,
    /// What was done, in words.
    pub action: String,
    /// What changes.
    pub changes: Vec<Change>,
    /// The transaction; none where there was nothing to do.
    pub transaction: Option<Outcome>,
}

impl Display for ProgramPowerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An export is piped on: nothing but the transaction.
        if !matches!(self.transaction, Some(Outcome::Exported { .. })) {
            writeln!(f, "{}", self.action)?;
            if !self.changes.is_empty() {
                writeln!(f, "{}", show_changes(&self.changes))?;
            }
        }
        self.transaction.iter().try_for_each(|outcome| outcome.fmt(f))
    }
}

/// Names who may upgrade.
///
/// # Errors
/// When the program is final, or the wallet is not its authority; as [`transact`].
pub async fn set_authority(context: &Context, args: &SetAuthorityArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let program = need_program(&context.rpc, args.program_id).await?;
    let address = program.address.to_string();
    let show = |key: Option<_>| key.map_or_else(|| "none, for ever".into(), |key| format!("{key}"));
    if program.authority == args.new {
        let action = format!("The upgrade authority is {} already.", show(args.new));
        let report = ProgramPowerReport { address, action, changes: Vec::new(), transaction: None };
        return context.output.print(&report);
    }
    match program.authority {
        None => return Err(usage(format!("the program {address} is final"))),
        Some(old) if old != actor.key => {
            return Err(usage(format!("the upgrade authority is {old}, not {}", actor.key)));
        }
        Some(_) => {}
    }
    let action = match args.new {
        Some(_) => "Hands the upgrade authority over; only the new one can give it back.",
        None => "Makes the program final: nobody can ever upgrade it.",
    };
    let changes = vec![change("upgrade authority", show(program.authority), show(args.new))];
    confirm(&args.tx, format!("{action}\n{}", show_changes(&changes)))?;
    let set = instruction::set_upgrade_authority(&program.address, &actor.key, args.new.as_ref());
    let transaction = transact(context, &args.tx, &actor, &Plan::of(vec![set])).await?;
    let transaction = Some(transaction);
    context.output.print(&ProgramPowerReport {
        address,
        action: action.into(),
        changes,
        transaction,
    })
}

/// Closes a buffer.
///
/// # Errors
/// When the buffer is not the wallet's, or the answer is no; as [`transact`].
pub async fn close_buffer(context: &Context, args: &CloseBufferArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let buffer = need_buffer(&context.rpc, args.buffer).await?;
    if buffer.authority != Some(actor.key) {
        return Err(usage(format!("the buffer {} is not {}'s to close", args.buffer, actor.key)));
    }
    let to = args.to.unwrap_or(actor.payer);
    let action = format!("Closes the buffer; {} go to {to}.", sol(buffer.lamports));
    let changes = vec![change(sol(buffer.lamports), args.buffer, to)];
    if args.to.is_some() {
        confirm(&args.tx, format!("{action}\n{}", show_changes(&changes)))?;
    } else {
        say(&action);
    }
    let close = instruction::close(&args.buffer, &to, &actor.key);
    let plan = Plan::of(vec![close]).watching("recipient", to);
    let transaction = Some(transact(context, &args.tx, &actor, &plan).await?);
    let address = args.buffer.to_string();
    context.output.print(&ProgramPowerReport { address, action, changes, transaction })
}
