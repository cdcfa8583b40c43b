//! What was measured: commit, programs, tools.

use std::process::Command;

/// The commit that is checked out, or `unknown`.
pub fn commit() -> String {
    let output = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "unknown".to_owned(),
    }
}

/// SHA-256 of a program without the zeros at its end, as `make build` prints it.
pub fn hash(elf: &[u8]) -> String {
    let end = elf.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let hash = solana_sha256_hasher::hash(&elf[..end]).to_bytes();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The compiler of the SBF lane, or Anza's tools where they are installed.
pub fn toolchain() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let line = |command: &mut Command| {
        let output = command.current_dir(root).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if line(&mut Command::new("toolchain/has-platform-tools")).is_some() {
        let tools = line(Command::new("cargo").args(["build-sbf", "--version"]));
        return tools.unwrap_or_default().replace('\n', ", ");
    }
    let rustc = line(Command::new("/usr/bin/rustc").arg("--version")).unwrap_or_default();
    format!("SBF lane, {rustc}, SBPF v3")
}
