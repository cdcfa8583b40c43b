//! An embedded local Solana cluster: JSON-RPC and WebSocket on fixed ports, offline, in process,
//! with the stake program of mainnet, a handful of validators and an epoch engine.
//!
//! The chain keeps mainnet's proportions: an epoch has [`SLOTS_PER_EPOCH`] slots of [`SLOT_MS`]
//! milliseconds, so one day of chain time. Only the wall clock is compressed: a block may skip
//! thousands of slots, as if leaders had missed them. The slot, the epoch and the timestamp are
//! therefore always in the same relation, for programs (sysvars) and for RPC clients alike.
//!
//! Rewards come as on mainnet since Alpenglow ([`Regime::Alpenglow`]): half by stake and half by a leader
//! lottery, in a cluster of which the local validators are a small part; only the last epoch is paid,
//! and a seat costs [`TICKET_LAMPORTS`] an epoch. [`Regime::Steady`] pays every stake the same.
//!
//! ```no_run
//! # async fn example() -> Result<(), thaw_localnet::Error> {
//! use thaw_localnet::{Config, Localnet, Mode};
//!
//! let net = Localnet::start(Config { mode: Mode::Manual, ..Config::free_ports() }).await?;
//! println!("{} {}", net.rpc_url(), net.validators()[0].vote);
//! let report = net.advance_epoch().await?;
//! println!("epoch {} paid {} lamports", report.epoch, report.rewards_lamports);
//! # Ok(())
//! # }
//! ```

mod alpenglow;
mod chain;
mod cluster;
mod config;
mod engine;
mod error;
mod history;
mod ledger;
mod localnet;
mod lottery;
mod programs;
mod rewards;
mod scenario;
mod seats;
mod server;
mod validators;
mod vote_accounts;
mod votes_rpc;

pub use chain::{EPOCH_SECONDS, SLOT_MS, SLOTS_PER_EPOCH};
pub use config::{Config, Mode, Program};
pub use error::Error;
pub use ledger::{EpochReport, StakeChange};
pub use localnet::Localnet;
pub use programs::{STAKE_PROGRAM_VERSION, stake_program_elf};
pub use scenario::{Event, EventKind, PPM, Regime, Scenario};
pub use seats::TICKET_LAMPORTS;
pub use validators::Validator;

pub use solana_account::Account;
pub use solana_clock::Clock;
pub use solana_pubkey::Pubkey;
