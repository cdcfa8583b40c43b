//! What has gone wrong elsewhere, each tried here: audit findings and incidents of other pools
//! (`docs/incidents.md`). Many are tried in other folders; here are those that were not.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a failure.

mod all;
mod impostors;
mod jito;
mod marinade;
mod sanctum;
mod solido;
mod spl;
mod spl_powers;
mod table;
