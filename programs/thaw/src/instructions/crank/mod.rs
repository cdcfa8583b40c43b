//! What keeps the books: anyone may call these, in any order, as often as they like.

pub mod accounts;
pub mod close_batch;
pub mod collect_cooled;
pub mod delegate;
pub mod finalize_epoch;
pub mod merge_activated;
pub mod open_slot;
pub mod refresh_spl_view;
pub mod review_validator;
pub mod settle_withdrawals;
pub mod sweep_excess;
pub mod sync_validators;
pub mod undelegate;
pub mod way;

pub use accounts::*;
pub use close_batch::*;
pub use collect_cooled::*;
pub use delegate::{delegate, taker, validator};
pub use finalize_epoch::*;
pub use merge_activated::*;
pub use open_slot::Opened;
pub use refresh_spl_view::*;
pub use review_validator::*;
pub use settle_withdrawals::*;
pub use sweep_excess::*;
pub use sync_validators::*;
pub use undelegate::*;
