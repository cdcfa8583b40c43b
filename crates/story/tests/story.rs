//! The whole story, told by the binary on free ports.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

use std::process::{Command, Stdio};

#[test]
fn the_story_comes_to_its_end_and_no_lamport_is_lost() {
    let told = Command::new(env!("CARGO_BIN_EXE_thaw-story"))
        .args(["--rpc-port", "0", "--ws-port", "0"])
        .env("ONCE", "1")
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.success(), "it ended with {}:\n{text}", told.status);

    let last = text.lines().last().unwrap();
    let outcome: serde_json::Value = serde_json::from_str(last).unwrap();
    let lamports = |name: &str| outcome[name].as_u64().unwrap_or_else(|| panic!("{name}: {last}"));
    assert_eq!(outcome["conserved"], true, "{text}");
    assert!(text.contains("leader lottery, with seed 0"), "{text}");
    for validator in [6, 7, 8] {
        assert!(text.contains(&format!("A review sets validator {validator} aside")), "{text}");
    }
    assert!(lamports("epochs") >= 4, "{text}");
    assert!(lamports("slashed_lamports") > 0, "{text}");
    assert!(lamports("tickets_paid_lamports") > 0, "{text}");
    assert!(lamports("rewards_lamports") > 0, "{text}");
    assert_eq!(lamports("pool_lamports_on_chain"), lamports("pool_lamports_in_books"), "{text}");
    for name in [
        "instant_paid_lamports",
        "program_paid_lamports",
        "stake_deposited_lamports",
        "stake_withdrawn_lamports",
    ] {
        assert!(lamports(name) > 0, "{name}: {text}");
    }
    let left = lamports("deposited_lamports")
        + lamports("rewards_lamports")
        + lamports("stake_deposited_lamports")
        - lamports("slashed_lamports")
        - lamports("tickets_paid_lamports")
        - lamports("instant_paid_lamports")
        - lamports("program_paid_lamports")
        - lamports("stake_withdrawn_lamports");
    assert_eq!(left, lamports("pool_lamports_on_chain"), "{text}");
    for name in ["rate_start", "rate_end"] {
        let rate = outcome[name].as_str().unwrap();
        assert_eq!(rate.split_once('.').unwrap().1.len(), 9, "{name}: {rate}");
    }
}
