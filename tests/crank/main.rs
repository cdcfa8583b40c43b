//! `instructions/crank`: what keeps the books.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod lifecycle;
