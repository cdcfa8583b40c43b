//! What the crate spl-stake-pool sees in an account.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Where `toolchain/fetch-peers` puts the tool that is built with the crate.
const DECODER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fixtures/decode-stake-pool");

/// The fields of `data` as the crate reads them, whether it writes the same bytes, and its
/// arithmetic for each of `amounts`.
///
/// # Panics
/// When it cannot read them, or `make setup` has not been run.
pub fn seen_by_spl(data: &[u8], amounts: &[u64]) -> Value {
    let mut tool = Command::new(DECODER)
        .args(amounts.iter().map(u64::to_string))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{DECODER}: {error}: run `make setup` first"));
    tool.stdin.take().unwrap().write_all(data).unwrap();
    let answer = tool.wait_with_output().unwrap();
    assert!(answer.status.success(), "the crate cannot read it");
    serde_json::from_slice(&answer.stdout).unwrap()
}
