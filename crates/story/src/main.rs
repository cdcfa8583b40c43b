//! `thaw-story`: a pool that lives through epochs, told line by line.
//!
//! It starts a local network, opens a pool, lets three people deposit, and then only watches: the
//! keeper, the same code as `thaw-keeper`, carries the pool alone through rewards, a slash and a
//! withdrawal, while people leave at once, bring stake and take stake away, a program holds
//! shares for somebody, a guardian pauses deposits, and validators cheat until a review finds them. What
//! the story says is read back over JSON-RPC and held against the ledger of the network's engine, lamport
//! by lamport. With `--cluster` a real cluster takes the engine's place.

mod acts;
mod args;
mod chapters;
mod founding;
mod holders;
mod keeper;
mod ledger;
mod lending;
mod native;
mod network;
mod observe;
mod outcome;
mod reviews;
mod rewards;
mod send;
mod story;
mod tell;
mod trials;
mod web;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // Refusals belong to the story: it tells them itself.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,thaw_localnet::server=error".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args = args::Args::parse();
    let told = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(story::tell(&args)));
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The story did not come to its end: {error:#}");
            ExitCode::FAILURE
        }
    }
}
