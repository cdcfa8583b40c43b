//! The model test: a pool in plain numbers beside the program's bytecode. Random lists of all
//! instructions, by holders, an attacker and anyone's crank, through epochs, rewards, losses and
//! changes of rent; after each step every figure of the two is equal to the lamport and every
//! invariant of `docs/invariants.md` holds.
//!
//! A failure prints the seed, the step, what broke and by how much, and the shortest list of
//! operations that still breaks it, ready for `seeds.rs`. A long run, which also prints what it has
//! reached, is a part of `make soak`; `MODEL_SEED` and `MODEL_STEPS` choose it. `MODEL_SHRINK=0` leaves a failing list as it is.

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
mod rng;
mod runner;
mod seeds;

use std::{ops::RangeInclusive, panic::resume_unwind, thread, time::Instant};

use census::Census;

/// Fixed seeds and the steps of each; together 104,000.
const SEEDS: RangeInclusive<u64> = 1..=8;
const STEPS: usize = 13_000;

#[test]
fn what_failed_once_holds() {
    seeds::kept().iter().for_each(runner::run_kept);
}

/// What must be seen is counted over all of them.
#[test]
fn fixed_seeds() {
    let all = side_by_side(SEEDS, STEPS);
    println!("{all}");
    all.check();
}

/// A run that the environment asks for: `MODEL_STEPS` in all, from `MODEL_SEED` on, one seed a core.
#[test]
fn environment() {
    let read = |name| std::env::var(name).ok().map(|value| value.parse().expect("a number"));
    if let Some(first) = read("MODEL_SEED") {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        let steps = read("MODEL_STEPS").unwrap_or(STEPS as u64).div_ceil(cores);
        let last = first + cores - 1;
        let began = Instant::now();
        let all = side_by_side(first..=last, steps as usize);
        println!("{all}");
        let seconds = began.elapsed().as_secs().max(1);
        println!("{} steps of seeds {first} to {last} in {seconds} s", steps * cores);
    }
}

/// Each seed in a thread of its own, with its steps.
fn side_by_side(seeds: RangeInclusive<u64>, steps: usize) -> Census {
    thread::scope(|scope| {
        let runs: Vec<_> =
            seeds.map(|seed| scope.spawn(move || runner::run_seed(seed, steps))).collect();
        runs.into_iter().fold(Census::default(), |mut all, run| {
            all.add(&run.join().unwrap_or_else(|panic| resume_unwind(panic)));
            all
        })
    })
}
