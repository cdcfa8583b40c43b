//! A pool's whole history, rebuilt from the logs of its transactions alone. Integers only.
//!
//! [`read_events`] finds the program's events in a transaction's log. [`Replay`] folds them, in the
//! order of the chain, into a [`Ledger`], which equals the pool's accounts after each transaction,
//! and adds up [`Flows`]. Each event has to continue the ledger to the lamport: a transaction that is
//! missing or out of order is a [`Gap`]. `docs/indexing.md` describes every event.

mod accounts;
mod books;
mod chain;
mod event;
mod flows;
mod fold;
mod ledger;
mod logs;
mod powers;
mod tickets;
mod validators;

pub use books::PoolBooks;
pub use chain::Gap;
pub use event::{Event, EventError};
pub use flows::Flows;
pub use ledger::{Ledger, Replay, ReplayError};
pub use logs::{LogError, read_events};
pub use powers::Powers;
pub use tickets::{OpenBatch, OpenTicket};
pub use validators::ListedValidator;

/// Compiles the example there.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/indexing.md")]
struct Indexing;
