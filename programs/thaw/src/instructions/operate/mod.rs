//! What the operator calls.

pub mod add_validator;
pub mod remove_validator;
pub mod set_weights;

pub use add_validator::*;
pub use remove_validator::*;
pub use set_weights::*;
