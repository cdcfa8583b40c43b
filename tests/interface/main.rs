//! `crates/interface` against the program: every byte that it makes or reads.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a panic fails the test")]
#![allow(clippy::useless_conversion, reason = "the same tokens make the program's and our types")]

mod codes;
mod decode;
mod instructions;
mod layouts;
mod tree;

/// The committed IDL.
fn idl() -> serde_json::Value {
    serde_json::from_str(include_str!("../../idls/thaw.json")).unwrap()
}
