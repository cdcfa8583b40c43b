//! Thaw for routers: a pool quoted and traded in the shape of Jupiter's AMM interface, between
//! wrapped SOL and the pool's shares.
//!
//! [`ThawAmm`] needs two cached accounts, the pool and the Rent sysvar, and the router's clock. It
//! prices with the program's own functions, so a quote equals its execution at the same clock
//! (INV-7), refusals among them.
//!
//! With the feature `published` the trait is that of the crate `jupiter-amm-interface`; without, the
//! same names and fields stand in [`amm`], so that a build needs none of the older Solana crates
//! behind it. The code that implements the trait is one and the same.

mod accounts;
#[cfg(not(feature = "published"))]
pub mod amm;
#[cfg(feature = "published")]
pub use jupiter_amm_interface as amm;
mod quote;
mod swap;
mod thaw_amm;

use anchor_lang::{prelude::Pubkey, pubkey};

pub use quote::{NoQuote, Refused};
pub use swap::instruction_data;
pub use thaw_amm::ThawAmm;

/// The mint of wrapped SOL: the SOL side of every quote.
pub const WRAPPED_SOL: Pubkey = pubkey!("So11111111111111111111111111111111111111112");
/// The token program of the shares and of wrapped SOL.
pub const TOKEN_PROGRAM: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The Rent sysvar.
pub const RENT: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");
