#![no_std]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod macros;

pub mod account;
pub mod accounts;
pub mod addresses;
pub mod admin_instructions;
pub mod build;
pub mod curation;
pub mod error;
pub mod event;
pub mod exits;
pub mod instruction;
pub mod instructions;
pub mod pda;
pub mod record;
pub mod token_account;
pub mod types;

use solana_address::Address;

pub use account::{Account, LayoutError, returned};
pub use addresses::PoolAddresses;
pub use build::{Accounts, Encode, InstructionData};
pub use error::ThawError;
pub use instruction::ID;
pub use record::{Record, Slot, records};
pub use types::*;

/// The system program.
pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);
/// The stake program.
pub const STAKE_PROGRAM: Address =
    Address::from_str_const("Stake11111111111111111111111111111111111111");
/// The token program.
pub const TOKEN_PROGRAM: Address =
    Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The Metaplex token metadata program.
pub const METADATA_PROGRAM: Address =
    Address::from_str_const("metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s");
