//! Logs as an indexer gets them: of strangers' programs, cut off, of refused transactions, with gaps.
//! That the ledger of a long random life equals the accounts after each step is shown in
//! `tests/model/replay.rs`.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod documented;
mod gaps;
mod logs;
mod scene;
mod strangers;
mod truncated;
