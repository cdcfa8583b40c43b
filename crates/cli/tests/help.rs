//! Help, completion and the keeper's own command line: no server needed.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use clap::{Command, CommandFactory, Parser};
use common::run;
use thaw_cli::args::Cli;

fn text(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), args).text().to_owned()
}

#[test]
fn the_first_help_teaches() {
    let help = text(&["--help"]);
    for words in [
        "thaw create",
        "thaw quote withdraw 5",
        "thaw migrate",
        "THAW_POOL",
        "3 refused by the program",
        "4 RPC server unreachable",
    ] {
        assert!(help.contains(words), "{words}: {help}");
    }
    assert!(text(&["--version"]).starts_with("thaw 0."));
}

/// Every verb with its sub-verbs, as words.
fn verbs(command: &Command, path: &[String], found: &mut Vec<Vec<String>>) {
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let path = [path, &[verb.get_name().to_owned()]].concat();
        verbs(verb, &path, found);
        found.push(path);
    }
}

#[test]
fn every_verb_has_help_with_an_example() {
    let mut found = Vec::new();
    verbs(&Cli::command(), &[], &mut found);
    assert!(found.len() >= 29, "{found:?}");
    // What needs no example: it takes nothing, or its sub-verbs have them.
    let plain =
        ["quote", "validator", "config", "authority", "program", "config show", "config apply"];
    for verb in found {
        let name = verb.join(" ");
        let mut args: Vec<&str> = verb.iter().map(String::as_str).collect();
        args.push("--help");
        let help = text(&args);
        assert!(help.contains("Usage: "), "{name}: {help}");
        if !plain.contains(&name.as_str()) && name != "config cancel" && name != "keeper" {
            assert!(help.contains("Example"), "{name}: {help}");
            assert!(help.contains(&format!("thaw {name}")), "{name}: {help}");
        }
    }
}

#[test]
fn the_page_names_every_verb_and_every_flag_of_transactions() {
    let page = include_str!("../../../docs/cli.md");
    let mut found = Vec::new();
    verbs(&Cli::command(), &[], &mut found);
    let groups = ["quote", "validator", "config", "authority", "program"];
    for verb in found.iter().map(|verb| verb.join(" ")) {
        assert!(groups.contains(&&*verb) || page.contains(&format!("`{verb}`")), "{verb}");
    }
    let command = Cli::command();
    let deposit = command.find_subcommand("deposit").unwrap();
    let is_of_transactions = |heading: Option<&str>| heading == Some("Transaction options");
    let flags = deposit.get_arguments().filter(|arg| is_of_transactions(arg.get_help_heading()));
    let flags: Vec<&str> = flags.filter_map(|arg| arg.get_long()).collect();
    assert!(flags.len() >= 10, "{flags:?}");
    for flag in flags {
        assert!(page.contains(&format!("`--{flag}")), "{flag}");
    }
}

/// Commands in the page's code blocks, split as a shell does.
fn commands(page: &str) -> Vec<Vec<String>> {
    let blocks = page.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).filter(|line| line.starts_with("thaw "));
    let words = |line: &str| {
        let mut words = Vec::new();
        for (place, part) in line.split('"').enumerate() {
            match place % 2 {
                1 => words.push(part.to_owned()),
                _ => words.extend(part.split_whitespace().map(str::to_owned)),
            }
        }
        words
    };
    // What stands in angle brackets may have spaces; any address will do.
    let filled = lines.map(|line| {
        let parts = line.split('<').enumerate().map(|(place, part)| match part.split_once('>') {
            Some((_, rest)) if place > 0 => format!("{}{rest}", thaw_client::thaw::ID),
            _ => part.to_owned(),
        });
        parts.collect::<String>()
    });
    filled.map(|line| words(&line)).collect()
}

#[test]
fn what_the_operators_page_says_can_be_typed() {
    let found = commands(include_str!("../../../docs/operate.md"));
    assert!(found.len() > 30, "{}", found.len());
    for words in found.iter().filter(|words| words[1] != "keeper") {
        if let Err(error) = Cli::try_parse_from(words) {
            panic!("{words:?}: {error}");
        }
    }
    let script = include_str!("../../../migrations/deploy");
    let page = include_str!("../../../docs/operate.md");
    for line in page.lines().filter(|line| line.contains("migrations/deploy --")) {
        for flag in line.split_whitespace().filter(|word| word.starts_with("--")) {
            assert!(script.contains(flag), "{flag}");
        }
    }
}

#[test]
fn completion_scripts_know_the_verbs() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&["completion", shell]);
        for verb in ["withdraw", "wind-down", "collect-fees", "--sign-only"] {
            assert!(script.contains(verb.trim_start_matches("--")), "{shell}: {verb}");
        }
    }
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["completion", "tcsh"]).misused("tcsh");
}

#[test]
fn the_keeper_takes_its_own_arguments() {
    let help = text(&["keeper", "--help"]);
    for flag in ["--rpc-url", "--keypair", "--pool", "--once", "--push-claims"] {
        assert!(help.contains(flag), "{flag}: {help}");
    }
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["keeper"]).misused("--pool");
    run(home.path(), &["-u", "devnet", "keeper"]).misused("thaw keeper --rpc-url <url>");
    run(home.path(), &["no-such-verb"]).misused("unrecognized");
    run(home.path(), &[]).misused("Usage");
}
