//! Keepers on a local network, over JSON-RPC: alone, in pairs, killed, and with servers that fail in
//! every way. However they get there, the pool ends in the same state.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod load;
mod once;
mod pace;
mod process;
mod proxy;
mod scene;
mod several;
mod thousand;
mod trouble;
