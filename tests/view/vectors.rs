//! Test vectors for the TypeScript client: states of a pool as the chain holds them, and what the
//! program's bytecode and the Rust client say of each. Both agree here; `app/client` reads the same
//! files, so all three agree.
//!
//! The files are committed in `app/client/vectors`. `THAW_WRITE_VECTORS=1` writes them anew.

mod answers;
mod arithmetic;
mod basics;
mod builders;
mod json;
mod scene;
mod states;
mod votes;

use std::{fs, path::PathBuf};

use serde_json::{Map, Value};

/// Writes the files where it is set, instead of comparing with them.
const WRITE: &str = "THAW_WRITE_VECTORS";
/// How to write them.
const COMMAND: &str = "THAW_WRITE_VECTORS=1 cargo nextest run --locked --workspace \
                       -E 'binary(view) & test(vectors)'";

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/client/vectors")).join(name)
}

/// The committed file holds these entries, one a line.
#[track_caller]
fn committed(name: &str, entries: Map<String, Value>) {
    let lines: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())))
        .collect();
    let text = format!("{{\n{}\n}}\n", lines.join(",\n"));
    let path = path(name);
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let file = fs::read_to_string(&path).unwrap_or_default();
    let old: Map<String, Value> = serde_json::from_str(&file).unwrap_or_default();
    let keys = entries.keys().chain(old.keys());
    let differing = keys.filter(|key| entries.get(*key) != old.get(*key));
    let differing: std::collections::BTreeSet<&String> = differing.collect();
    assert!(
        file == text,
        "app/client/vectors/{name} is not what the program does now, see {differing:?}; \
         where that is meant, write it anew: {COMMAND}"
    );
}

#[test]
fn pools_are_as_committed() {
    let mut entries = Map::new();
    for (name, mut scene) in states::all() {
        entries.insert(name.into(), answers::of(&mut scene));
    }
    assert!(entries.len() > 12);
    committed("pools.json", entries);
}

#[test]
fn basics_are_as_committed() {
    committed("basics.json", basics::entries());
}

#[test]
fn arithmetic_is_as_committed() {
    committed("arithmetic.json", arithmetic::entries());
}

#[test]
fn instructions_are_as_committed() {
    committed("instructions.json", builders::entries());
}

#[test]
fn votes_are_as_committed() {
    committed("votes.json", votes::entries());
}
