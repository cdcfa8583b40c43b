//! The attacks of the design review, each tried here.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.
mod second_review;
