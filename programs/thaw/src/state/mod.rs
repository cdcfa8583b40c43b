//! The accounts, one per file.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

mod batch;
mod booking;
mod config;
mod epoch_stake;
mod gates;
mod history;
mod pool;
mod price;
mod record;
mod review;
mod role;
mod slot;
mod spl_view;
mod ticket;
mod validator_list;
mod vote;

pub use batch::Batch;
pub use booking::{Booked, book, require_no_rewards_window};
pub use config::Config;
pub use epoch_stake::{cluster_yield_ppb, epoch_stake_sol, leader_lottery};
pub use gates::{Path, Paths, Status, require_due};
pub use pool::{Counters, Pool, RingEntry, Valuation, growth_ppb, slot_rent};
pub use price::{DepositPrice, ExitPrice, require_at_least};
pub use record::{NO_MAIN, NO_YIELD, Record, SlotAddresses, flags};
pub use review::{Evidence, Reviewed, Verdict, Violation, judge, review};
pub use role::Role;
pub use slot::{Effective, STAKE_PROGRAM, Slot, SlotState, StakeView, is_zero};
pub use spl_view::{SPL_POOL_BYTES, SplView, ViewFee};
pub use ticket::Ticket;
pub use validator_list::{LIST_HEADER_BYTES, Records, ValidatorList, ValidatorMarker, capacity};
pub use vote::{EpochCredits, Seat, VoteAccount, VoteView, is_vote_account};
