//! What is planned, from snapshots made by hand.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod desk;
mod means;
mod planned;
mod reviews;
