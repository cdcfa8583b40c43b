//! Rust client of Thaw: addresses, account decoding, instruction builders, and a snapshot of a
//! whole pool.

pub mod addresses;
pub mod admin_instructions;
pub mod curation;
pub mod decode;
pub mod exits;
pub mod instructions;
pub mod pack;
pub mod snapshot;
pub mod tickets;
pub mod token_account;
pub mod transaction;
pub mod votes;

pub use addresses::PoolAddresses;
pub use snapshot::{FetchError, Snapshot, ValidatorView};
pub use thaw;
pub use thaw_math as math;
pub use transaction::{Budget, Format};
