//! `instructions/admin`: the powers and their bounds, opening a pool and making room.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod accept_authority;
mod apply_config;
mod attacker;
mod cancel_config;
mod collect_fees;
mod extend_validator_list;
mod initialize;
mod nominate_authority;
mod pause;
mod propose_config;
mod set_metadata;
mod unpause;
mod wind_down;
mod winding_down;
