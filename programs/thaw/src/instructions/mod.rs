//! One instruction per file, grouped by who calls it.
//!
//! Accounts that Anchor would compare with each other by a hash set are marked `dup`: no two of
//! them have the same type, so their discriminators tell them apart, without the set's cost.

pub mod admin;
pub mod crank;
pub mod operate;
pub mod user;
pub mod view;

pub use admin::*;
pub use crank::*;
pub use operate::*;
pub use user::*;
pub use view::*;
