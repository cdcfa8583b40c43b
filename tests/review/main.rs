//! The attacks of the design review, each tried here: a test fails on the flaw it names.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod books;
mod exits;
mod moves;
mod powers;
mod second_review;
mod slots;
mod stake;
mod strangers;
mod table;
