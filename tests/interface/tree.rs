//! What a program takes in with the interface.

use std::{collections::BTreeSet, process::Command};

/// Crates it may bring along, itself included.
const MOST: usize = 40;

#[test]
fn the_interface_brings_few_crates_and_no_framework() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--package", "thaw-interface", "--edges", "normal"])
        .args(["--target", "all", "--prefix", "none", "--format", "{p}"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let crates: BTreeSet<_> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains("thaw-interface") && crates.contains("solana-instruction"));
    let heavy = |name: &&&str| {
        name.starts_with("anchor-")
            || ["solana-program", "solana-sdk", "thaw", "thaw-client", "borsh", "serde"]
                .contains(name)
    };
    assert_eq!(crates.iter().find(heavy), None);
    assert!(crates.len() <= MOST, "{} crates: {crates:?}", crates.len());
}
