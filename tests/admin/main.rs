//! `instructions/admin`: opening a pool and making room.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod extend_validator_list;
mod initialize;
