//! What holders call. Only the two that move stake read the list, one record of it.

pub mod claim_withdrawal;
pub mod deposit_sol;
pub mod deposit_stake;
pub mod request_withdrawal;
pub mod room;
pub mod transfer_ticket;
pub mod withdraw_instant;
pub mod withdraw_stake;

pub use claim_withdrawal::*;
pub use deposit_sol::*;
pub use deposit_stake::*;
pub use request_withdrawal::*;
pub use transfer_ticket::*;
pub use withdraw_instant::*;
pub use withdraw_stake::*;
