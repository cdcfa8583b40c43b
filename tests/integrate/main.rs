//! The examples of `docs/integrate.md`, each shown on the real bytecode, and the page itself.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod indexer;
mod lender;
mod lender_days;
mod offsets;
mod oracle;
mod page;
mod program;
mod router;
mod wallet;
