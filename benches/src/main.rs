//! `thaw-benches`: compute units, accounts and transaction bytes of every instruction, and what it
//! takes to sync large pools, in LiteSVM with the program's bytecode.
//!
//! Figures are of whole transactions without budget instructions; everything measured stays below
//! the 200,000 units that a transaction gets by default. Mint and vote addresses are fixed, so
//! that two runs of one build give the same numbers.

#![allow(clippy::arithmetic_side_effects)] // A tool for developers: a panic is a failure.

mod budget;
mod crank;
mod exit;
mod git;
mod operate;
mod report;
mod results;
mod stage;
mod stake;
mod sync;
mod view;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use results::{Results, results_path};

/// Measures the program in target/deploy/thaw.so (`make build`) and writes benches/results.json.
#[derive(Parser)]
struct Args {
    /// Compare with benches/results.json instead of writing it; fail when any figure in compute
    /// units grew by more than 2 %.
    #[arg(long)]
    check: bool,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let mut rows = operate::measure()?;
    rows.extend(crank::measure()?);
    rows.extend(exit::measure()?);
    rows.extend(stake::measure()?);
    rows.extend(view::measure()?);
    let (sync, finalize) = sync::measure(&[10, 100, 1_000])?;
    rows.extend(finalize);
    let results = Results { commit: git::commit(), instructions: rows, sync };

    report::print(&results);
    if !args.check {
        results.write()?;
        println!("\nwritten to {}", results_path().display());
        return Ok(ExitCode::SUCCESS);
    }
    let committed = Results::read()?;
    let grown = results.grown_since(&committed);
    for line in &grown {
        println!("{line}");
    }
    Ok(if grown.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
