//! Thaw's money arithmetic: integers only, units as types, the rounding in every name.
//!
//! The program, the clients and the tests all call this crate, so what a quote promises is what an
//! execution pays. A function returns `None` where the exact result does not fit `u64`; nothing
//! here panics.
#![no_std]

mod books;
mod flow;
mod fold;
mod instant;
mod mul_div;
mod rate;
mod release;
mod standing;
mod units;

pub use books::Books;
pub use flow::{Flow, MIN_DELEGATION, Move, Validator, least_delegation, owed_up};
pub use fold::{Fold, Folded, INITIAL_YIELD_PPB};
pub use instant::InstantFee;
pub use mul_div::{mul_div_down, mul_div_up};
pub use rate::{Rate, Settlement, entitlement_down, settle_down};
pub use release::Release;
pub use standing::{DEFICIT_LIMIT_PPM, LeaderLottery, MAX_DEFICIT_PPM, deficit_after, yardstick};
pub use units::{Bps, Lamports, Shares};
