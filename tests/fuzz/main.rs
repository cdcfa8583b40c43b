//! Raw instruction data and account lists, mutated under the guidance of what the bytecode does with
//! them: an input is kept when the program ends otherwise, or by another number of compute units,
//! than with every input before. Units count the instructions that were run, so that they tell paths
//! apart. What must hold whatever is sent is in `oracle.rs`.
//!
//! `THAW_FUZZ_RUNS` is the number of executions, `THAW_FUZZ_SEED` the first random number,
//! `THAW_FUZZ_WRITE=1` writes the corpus anew.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod corpus;
mod input;
mod oracle;
mod places;
mod run;
