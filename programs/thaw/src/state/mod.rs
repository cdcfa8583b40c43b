//! The accounts, one per file.
#![warn(missing_docs)]

mod batch;
mod booking;
mod config;
mod pool;
mod record;
mod slot;
mod ticket;
mod validator_list;

pub use batch::Batch;
pub use booking::{book, require_no_rewards_window, Booked};
pub use config::Config;
pub use pool::{slot_rent, Counters, Path, Pool, RingEntry, Status, Valuation};
pub use record::{flags, Record, NO_MAIN};
pub use slot::{Effective, Slot, SlotState, StakeView, STAKE_PROGRAM};
pub use ticket::Ticket;
pub use validator_list::{capacity, Records, ValidatorList, ValidatorMarker, LIST_HEADER_BYTES};
