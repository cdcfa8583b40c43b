//! Writes the IDL of the program, `idls/thaw.json`, the page of its instructions and the tables of
//! `crates/interface` from the source; `--check` compares only.
//!
//! The work is done by crate `anchor-lang-idl`, as `anchor idl build` does it: it compiles the
//! program's tests with feature `idl-build` and reads what the generated ones print. Stable Rust
//! is enough.

mod interface;
mod page;
mod source;
mod twins;

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anchor_lang_idl::{build::IdlBuilder, types::Idl};
use anyhow::{Context, Result};
use clap::Parser;

#[derive(Parser)]
#[command(
    about = "Writes idls/thaw.json, docs/instructions.md and the tables of crates/interface from the program's source"
)]
struct Cli {
    /// Write nothing; exit with 1 and show the first line that differs when the file is stale.
    #[arg(long)]
    check: bool,
    /// The crate of the program.
    #[arg(long, default_value = "programs/thaw")]
    program: PathBuf,
    /// The file to write or to compare with.
    #[arg(long, default_value = "idls/thaw.json")]
    out: PathBuf,
    /// The page to write or to compare with.
    #[arg(long, default_value = "docs/instructions.md")]
    page: PathBuf,
    /// The folder of the interface's sources, to write to or to compare with.
    #[arg(long, default_value = "crates/interface/src")]
    interface: PathBuf,
}

fn main() -> Result<ExitCode> {
    restart_in_clean_environment()?;
    let cli = Cli::parse();
    let mut idl = generate(&cli.program)?;
    let page = page::page(&idl, &cli.program)?;
    let tables = interface::files(&idl, &cli.program)?;
    let tables = tables.into_iter().map(|(name, text)| (cli.interface.join(name), text));
    twins::add_twins(&mut idl);
    let idl = format!("{}\n", serde_json::to_string_pretty(&idl)?);
    let mut is_current = true;
    for (file, text) in [(cli.out, idl), (cli.page, page)].into_iter().chain(tables) {
        is_current &= if cli.check { check(&file, &text)? } else { write(&file, &text)? };
    }
    Ok(if is_current { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Replaces this process by itself without `RUSTUP_TOOLCHAIN`, which `cargo run` sets.
///
/// `anchor-lang-idl` 0.2.0 hands the literal text `+{toolchain}` to cargo when the variable is set.
/// It also overrides `RUSTFLAGS`, which would compile every dependency once more; an empty
/// `CARGO_ENCODED_RUSTFLAGS` has precedence and leaves the flags as in any other build.
fn restart_in_clean_environment() -> Result<()> {
    if env::var_os("RUSTUP_TOOLCHAIN").is_none() && env::var_os("CARGO_ENCODED_RUSTFLAGS").is_some()
    {
        return Ok(());
    }
    let error = Command::new(env::current_exe()?)
        .args(env::args_os().skip(1))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .exec();
    Err(error).context("cannot start again without RUSTUP_TOOLCHAIN")
}

/// The IDL. Instructions, accounts, events, types and constants come sorted by name
/// and everything else in the order of the source, so the text depends on the source alone.
fn generate(program: &Path) -> Result<Idl> {
    let program =
        program.canonicalize().with_context(|| format!("no program at {}", program.display()))?;
    IdlBuilder::new()
        .program_path(program)
        .cargo_args(["--lib", "--locked"].map(String::from).to_vec())
        .build()
}

fn write(out: &Path, idl: &str) -> Result<bool> {
    if fs::read_to_string(out).is_ok_and(|old| old == idl) {
        println!("{} is up to date", out.display());
        return Ok(true);
    }
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, idl).with_context(|| format!("cannot write {}", out.display()))?;
    println!("{} written", out.display());
    Ok(true)
}

/// True when the file is what it must be.
fn check(out: &Path, idl: &str) -> Result<bool> {
    let committed =
        fs::read_to_string(out).with_context(|| format!("cannot read {}", out.display()))?;
    let Some((number, old, new)) = first_difference(&committed, idl) else {
        println!("{} is up to date", out.display());
        return Ok(true);
    };
    println!("{} is stale at line {number}; run `make idl`", out.display());
    println!("  committed: {old}");
    println!("  generated: {new}");
    Ok(false)
}

/// Number and text of the first line that differs, `(end of file)` for the shorter text.
fn first_difference<'a>(old: &'a str, new: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if old == new {
        return None;
    }
    let (mut old, mut new) = (old.lines(), new.lines());
    (1..).find_map(|number| match (old.next(), new.next()) {
        (None, None) => Some((number, "(line ending)", "(line ending)")),
        (a, b) if a != b => {
            Some((number, a.unwrap_or("(end of file)"), b.unwrap_or("(end of file)")))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\ny\n"), Some((2, "b", "x")));
    }

    #[test]
    fn a_shorter_text_ends_early() {
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "(end of file)", "b")));
        assert_eq!(first_difference("a\n\nb", "a\n"), Some((2, "", "(end of file)")));
    }

    #[test]
    fn a_missing_final_newline_is_a_difference() {
        assert_eq!(first_difference("a", "a\n"), Some((2, "(line ending)", "(line ending)")));
    }
}
