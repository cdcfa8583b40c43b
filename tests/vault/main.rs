//! `programs/vault-example`: a program that builds on Thaw, and what such a program can do with it.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod deposit;
mod exit;
mod holder;
mod liquidate;
mod loan;
mod open;
mod rate;
mod scene;
mod ticket;
