//! What lender, borrower and liquidator call.
//!
//! `dup` on a typed mutable account leaves Anchor's search for the same account twice out. It could
//! find nothing here, as no two such accounts of an instruction have the same type; and it wants
//! random numbers, which a program built without Anza's tools cannot have.

pub mod deposit;
pub mod exit;
pub mod liquidate;
pub mod loan;
pub mod open;
pub mod pot;
pub mod ticket;

pub use deposit::*;
pub use exit::*;
pub use liquidate::*;
pub use loan::*;
pub use open::*;
pub use pot::*;
pub use ticket::*;
