//! The model test: a pool in plain numbers beside the program's bytecode. Random lists of all
//! instructions, by holders, an attacker and anyone's crank, through epochs, rewards, losses and
//! changes of rent; after each step every figure of the two is equal to the lamport and every
//! invariant of `docs/invariants.md` holds.
//!
//! A failure prints the seed, the step, what broke and by how much, and the shortest list of
//! operations that still breaks it, ready for `seeds.rs`. A long run, which also prints what it has
//! reached: `MODEL_SEED=7 MODEL_STEPS=1000000 cargo test --locked --workspace --test model environment
//! -- --nocapture`. `MODEL_SHRINK=0` leaves a failing list as it is.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod apply;
mod census;
mod chain;
mod compare;
mod fork;
mod generate;
mod invariants;
mod ops;
mod reference;
mod replay;
mod rng;
mod runner;
mod seeds;

use std::{ops::RangeInclusive, panic::resume_unwind, thread};

use census::Census;

/// Fixed seeds and the steps of each; together 16,000.
const SEEDS: RangeInclusive<u64> = 1..=8;
const STEPS: usize = 2_000;

#[test]
fn what_failed_once_holds() {
    seeds::kept().iter().for_each(runner::run_kept);
}

/// Fixed seeds, side by side. What must be seen is counted over all of them.
#[test]
fn fixed_seeds() {
    let all = thread::scope(|scope| {
        let runs: Vec<_> =
            SEEDS.map(|seed| scope.spawn(move || runner::run_seed(seed, STEPS))).collect();
        runs.into_iter().fold(Census::default(), |mut all, run| {
            all.add(&run.join().unwrap_or_else(|panic| resume_unwind(panic)));
            all
        })
    });
    println!("{all}");
    all.check();
}

/// The seed and number of steps that the environment names, if any.
#[test]
fn environment() {
    let read = |name| std::env::var(name).ok().map(|value| value.parse().expect("a number"));
    if let Some(seed) = read("MODEL_SEED") {
        println!(
            "{}",
            runner::run_seed(seed, read("MODEL_STEPS").unwrap_or(STEPS as u64) as usize)
        );
    }
}
