//! What readers call: nothing is written, the answer is the return data.

pub mod quote_deposit;
pub mod quote_withdraw;
pub mod sol_value;

pub use quote_deposit::*;
pub use quote_withdraw::*;
pub use sol_value::*;
