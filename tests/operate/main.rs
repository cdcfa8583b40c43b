//! `instructions/operate`: what the operator calls.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod add_validator;
mod remove_validator;
mod set_weights;
