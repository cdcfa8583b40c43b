//! A pool's whole history, rebuilt from the logs of its transactions alone. Integers only.
//!
//! [`read_events`] finds the program's events in a transaction's log. [`Replay`] folds them, in the
//! order of the chain, into a [`Ledger`], which equals the pool's accounts after each transaction,
//! and adds up [`Flows`]. Each event has to continue the ledger to the lamport: a transaction that is
//! missing or out of order is a [`Gap`]. `docs/indexing.md` describes every event.
//!
//! ```
//! use anchor_lang::prelude::Pubkey;
//! use thaw_client::replay::{Replay, ReplayError};
//!
//! /// One transaction as `getTransaction` has it: `meta.logMessages`, and whether `meta.err` is set.
//! struct Fetched {
//!     logs: Vec<String>,
//!     has_failed: bool,
//! }
//!
//! /// `history`: every transaction that names the pool, oldest first.
//! fn replay(pool: Pubkey, history: &[Fetched]) -> Result<(), ReplayError> {
//!     let mut replay = Replay::new(pool);
//!     for transaction in history {
//!         replay.transaction(&transaction.logs, transaction.has_failed)?;
//!     }
//!     if let Some(ledger) = replay.ledger() {
//!         let totals = ledger.books.totals;
//!         println!("{} lamports stand behind {} shares", totals.nav_lamports, totals.shares);
//!         println!("{} tickets are open", ledger.tickets.len());
//!         println!("reward fees so far: {} lamports", replay.flows().reward_fee_lamports);
//!     }
//!     Ok(())
//! }
//! # replay(Pubkey::new_unique(), &[]).map_err(|error| error.to_string()).unwrap();
//! ```

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
