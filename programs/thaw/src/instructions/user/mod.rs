//! What holders call. None of these touches a list.

pub mod claim_withdrawal;
pub mod deposit_sol;
pub mod request_withdrawal;

pub use claim_withdrawal::*;
pub use deposit_sol::*;
pub use request_withdrawal::*;
