//! Rust client of Thaw: account decoding, a snapshot of a whole pool with its quotes, transactions,
//! and refusals in words. Addresses and instruction builders are `thaw-interface`'s.
//!
//! ```no_run
//! # async fn example(url: String, mint: anchor_lang::prelude::Pubkey, wallet: anchor_lang::prelude::Pubkey)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! use solana_rpc_client::nonblocking::rpc_client::RpcClient;
//! use thaw_client::{Snapshot, pools::find_pool};
//!
//! let rpc = RpcClient::new(url);
//! let pool = find_pool(&rpc, mint).await?;
//! let snapshot = Snapshot::fetch(&rpc, pool).await?;
//! let quote = snapshot.quote_deposit(1_000_000_000)?;
//! println!("1 SOL buys {} base units of shares", quote.shares);
//! let deposit =
//!     pool.deposit_sol(&wallet, &pool.token_account(&wallet), 1_000_000_000, quote.shares);
//! # let _ = deposit;
//! # Ok(())
//! # }
//! ```
//!
//! `examples/deposit.rs` goes on to the transaction.

pub mod amount;
pub mod decode;
pub mod history;
pub mod landing;
pub mod pace;
pub mod pack;
pub mod pools;
pub mod quotes;
pub mod redact;
pub mod refusal;
pub mod replay;
pub mod slots;
pub mod snapshot;
mod spl_layout;
pub mod spl_pool;
pub mod stake_deposits;
pub mod tickets;
pub mod transaction;
pub mod votes;

pub use refusal::Refusal;
pub use snapshot::{FetchError, Snapshot, ValidatorView};
pub use thaw;
pub use thaw_interface::{
    self as interface, PoolAddresses, addresses, exits, instructions, token_account,
};
pub use thaw_math as math;
pub use transaction::{Budget, Format};
