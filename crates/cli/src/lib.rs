//! The command line of Thaw: pools, deposits, exits, tickets, validators and powers.
//!
//! Each verb is one file in [`verbs`]. With `--output json` it prints one value of the type that
//! its file documents; the types deserialise as well, so that Rust programs can read them back.

pub mod args;
pub mod config_file;
pub mod context;
pub mod failure;
pub mod outcome;
pub mod output;
pub mod pool_config;
pub mod progress;
pub mod record;
pub mod send;
pub mod signers;
pub mod simulate;
pub mod transact;
pub mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Cli, Verb},
    context::Context,
    verbs as run,
};

/// Runs the verb that the process was called with.
pub fn main() -> ExitCode {
    if let Some(code) = run::keeper::intercept() {
        return code;
    }
    let cli = Cli::parse();
    let output = cli.global.output;
    let ran = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(dispatch(cli)));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::tell(&error, output),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    match &cli.verb {
        Verb::Completion(args) => return run::completion::run(args),
        Verb::Keeper => return Err(run::keeper::misplaced()),
        _ => {}
    }
    let context = Context::new(&cli.global)?;
    match &cli.verb {
        Verb::Create(args) => run::create::run(&context, args).await,
        Verb::Show(args) => run::show::run(&context, args).await,
        Verb::History(args) => run::history::run(&context, args).await,
        Verb::Quote(args) => run::quote::run(&context, args).await,
        Verb::Deposit(args) => run::deposit::run(&context, args).await,
        Verb::Withdraw(args) => run::withdraw::run(&context, args).await,
        Verb::Migrate(args) => run::migrate::run(&context, args).await,
        Verb::Tickets(args) => run::tickets::run(&context, args).await,
        Verb::Claim(args) => run::claim::run(&context, args).await,
        Verb::Transfer(args) => run::transfer::run(&context, args).await,
        Verb::Validators(args) => run::validators::run(&context, args).await,
        Verb::Validator(args) => run::validator::run(&context, args).await,
        Verb::Config(args) => run::config::run(&context, args).await,
        Verb::Authority(args) => run::authority::run(&context, args).await,
        Verb::Pause(args) => run::pause::pause(&context, args).await,
        Verb::Unpause(args) => run::pause::unpause(&context, args).await,
        Verb::WindDown(args) => run::wind_down::run(&context, args).await,
        Verb::CollectFees(args) => run::collect_fees::run(&context, args).await,
        Verb::SplView(args) => run::spl_view::run(&context, args).await,
        Verb::Metadata(args) => run::metadata::run(&context, args).await,
        Verb::Program(args) => run::program::run(&context, args).await,
        Verb::Address(args) => run::address::run(&context, args),
        Verb::Cluster(_) => run::cluster::run(&context).await,
        // Both are dealt with before.
        Verb::Completion(_) | Verb::Keeper => Ok(()),
    }
}
