//! Rust client of Thaw: addresses, account decoding, instruction builders, a snapshot of a whole
//! pool with its quotes, and refusals in words.

pub mod addresses;
pub mod admin_instructions;
pub mod amount;
pub mod curation;
pub mod decode;
pub mod exits;
pub mod history;
pub mod instructions;
pub mod pack;
pub mod pools;
pub mod quotes;
pub mod refusal;
pub mod snapshot;
pub mod spl_pool;
pub mod stake_deposits;
pub mod tickets;
pub mod token_account;
pub mod transaction;
pub mod votes;

pub use addresses::PoolAddresses;
pub use refusal::Refusal;
pub use snapshot::{FetchError, Snapshot, ValidatorView};
pub use thaw;
pub use thaw_math as math;
pub use transaction::{Budget, Format};
