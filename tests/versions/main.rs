//! The stake program of yesterday, of today, and rent at every level: a pool's whole life under each.
//! `make test-matrix` runs all program tests under each.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod life;
mod old;
