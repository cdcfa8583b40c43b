//! `thaw-benches`: compute units, accounts and transaction bytes of every instruction beside the SPL
//! stake pool's and beside the floor under it, and what whole pools of up to 10,000 validators take,
//! in LiteSVM with the programs' bytecode.
//!
//! Figures are of whole transactions without budget instructions. All addresses are fixed, so that
//! two runs of one build give the same numbers.

#![allow(clippy::arithmetic_side_effects)] // A tool for developers: a panic is a failure.

mod budget;
mod built;
mod chain;
mod check;
mod crank;
mod exit;
mod floor;
mod life;
mod lut;
mod operate;
mod peers;
mod report;
mod results;
mod run;
mod send;
mod show;
mod spl;
mod stage;
mod stake;
mod total;
mod view;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use results::{Results, results_path};

/// Sizes of the pools, validators.
const SIZES: [usize; 6] = [1, 10, 100, 1_000, 2_950, 10_000];
/// Largest pool that `--check` builds.
const CHECKED: usize = 100;

/// Measures the programs that `make bench` builds, and writes benches/results.json and what is shown
/// of it in the documentation.
#[derive(Parser)]
struct Args {
    /// Measure smaller pools and compare with benches/results.json instead of writing it; fail when
    /// any figure of Thaw's grew by more than 2 %, or a table is not as the file says.
    #[arg(long)]
    check: bool,
    /// Measure nothing: write the pages and pictures again from benches/results.json.
    #[arg(long, conflicts_with = "check")]
    show: bool,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if args.show {
        let results = Results::read()?;
        show::pages::write(&results)?;
        show::pictures::draw(&results)?;
        return Ok(ExitCode::SUCCESS);
    }
    let largest = if args.check { CHECKED } else { usize::MAX };
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    let results = run::measure(&sizes)?;
    report::print(&results);
    if !args.check {
        results.write()?;
        show::pages::write(&results)?;
        show::pictures::draw(&results)?;
        println!("\nwritten to {}, the pages and the pictures", results_path().display());
        return Ok(ExitCode::SUCCESS);
    }
    let committed = Results::read()?;
    let mut wrong = check::grown(&results, &committed, largest);
    wrong.extend(show::pages::stale(&committed)?);
    for line in &wrong {
        println!("{line}");
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
