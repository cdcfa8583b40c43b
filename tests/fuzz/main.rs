//! Raw instruction data and account lists, mutated under the guidance of what the bytecode does with
//! them: an input is kept when the program takes an edge between two instructions that none took
//! before, or another number of times, or ends otherwise. What must hold whatever is sent is in
//! `oracle.rs`.
//!
//! `THAW_FUZZ_RUNS` is the number of executions, `THAW_FUZZ_SEED` the first random number,
//! `THAW_FUZZ_WRITE=1` writes the corpus anew.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod corpus;
mod coverage;
mod input;
mod oracle;
mod places;
mod run;
mod scene;
mod stage;
