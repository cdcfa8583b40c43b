//! Scripts and lists of the repository that handle keys and mirrors.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[track_caller]
fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

#[test]
fn the_programs_key_that_is_there_stays() {
    let clone = tempfile::tempdir().unwrap();
    let at = |path: &str| clone.path().join(path);
    fs::create_dir_all(at("toolchain")).unwrap();
    let own = "toolchain/localnet-program-keypair.json";
    let others = "toolchain/localnet-vault-example-keypair.json";
    for file in ["toolchain/place-keypair", own, others] {
        fs::copy(Path::new(ROOT).join(file), at(file)).unwrap();
    }
    let place = || String::from_utf8(ran(&mut Command::new(at("toolchain/place-keypair"))).stderr);
    let there = at("target/deploy/thaw-keypair.json");
    for _ in 0..2 {
        assert_eq!(place().unwrap(), "");
        assert_eq!(fs::read(&there).unwrap(), fs::read(at(own)).unwrap());
    }
    fs::write(&there, "[7]").unwrap();
    let said = place().unwrap();
    assert!(said.contains("it stays") && said.lines().count() == 1, "{said}");
    assert_eq!(fs::read_to_string(&there).unwrap(), "[7]");
}

#[test]
fn the_mirror_is_the_systems() {
    let script = Path::new(ROOT).join("toolchain/sbf/debian-mirror");
    let mirror = |files: &[(&str, &str)]| {
        let apt = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = apt.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let told = ran(Command::new(&script).arg(apt.path())).stdout;
        String::from_utf8(told).unwrap().trim_end().to_owned()
    };
    let list = "deb http://a.example/debian/ bookworm main\ndeb http://b.example/debian x main\n";
    assert_eq!(mirror(&[("sources.list", list)]), "http://a.example/debian/");
    // As Debian's cloud images have it.
    let sources = "Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\n";
    let files = [
        ("sources.list", ""),
        ("sources.list.d/debian.sources", sources),
        ("mirrors/debian-security.list", "https://a.example/debian-security\n"),
        ("mirrors/debian.list", "https://b.example/debian\tpriority:1\n"),
    ];
    assert_eq!(mirror(&files), "https://b.example/debian");
    assert_eq!(mirror(&files[..2]), "http://deb.debian.org/debian");
}

#[test]
fn the_container_gets_the_workspace_and_nothing_else() {
    let list = fs::read_to_string(Path::new(ROOT).join(".dockerignore")).unwrap();
    assert!(list.lines().any(|line| line == "*"), "all that is not named stays out");
    let context = tempfile::tempdir().unwrap();
    for name in list.lines().filter_map(|line| line.strip_prefix('!')) {
        let from = Path::new(ROOT).join(name);
        ran(Command::new("cp").arg("-r").args([from.as_path(), context.path()]));
    }
    let manifest = context.path().join("Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--locked", "--format-version=1"]);
    let told = ran(cargo.arg("--manifest-path").arg(manifest)).stdout;
    assert!(String::from_utf8(told).unwrap().contains("crates/keeper/src/main.rs"));
}
