//! Opening a pool and making room.

pub mod extend_validator_list;
pub mod initialize;

pub use extend_validator_list::*;
pub use initialize::*;
