//! The keeper: one loop that reads a pool, plans what is due, sends it and says what it did.
//!
//! [`plan()`] is pure: a [`thaw_client::Snapshot`] in, actions out. It walks a copy of the books
//! through the program's own arithmetic, so it plans nothing that the program would refuse. Every
//! action is permissionless and idempotent and the program computes every amount, so a keeper can
//! be late, killed or doubled, never wrong.

pub mod action;
pub mod backoff;
pub mod claims;
pub mod config;
pub mod fees;
pub mod health;
pub mod keeper;
pub mod means;
pub mod metrics;
pub mod model;
mod model_moves;
mod moves;
mod once;
pub mod plan;
pub mod report;
pub mod reviews;
pub mod run;
mod searches;
pub mod send;
pub mod server;
pub mod service;
pub mod tools;
pub mod verdict;

pub use action::Action;
pub use claims::plan_claims;
pub use fees::FeePolicy;
pub use keeper::{Keeper, Options};
pub use means::{Means, RentBudget};
pub use plan::{Plan, plan};
pub use report::{Done, RoundReport};
pub use reviews::plan_reviews;
pub use run::run;
pub use send::Sender;
pub use tools::Tools;
pub use verdict::{Outcome, Verdict};
