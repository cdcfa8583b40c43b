//! `thaw keeper`: the keeper's own command line. Its flags are the keeper's, not this CLI's, so it is
//! taken out before the others are read.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;
use thaw_keeper::config::Args;

use crate::failure::usage;

/// Runs the keeper where the first word is `keeper`.
pub fn intercept() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != "keeper" {
        return None;
    }
    let args = std::iter::once(OsString::from("thaw keeper")).chain(words);
    Some(thaw_keeper::run(Args::parse_from(args)))
}

/// Why the keeper does not run behind other options.
pub fn misplaced() -> anyhow::Error {
    usage(
        "`keeper` comes first and takes its own options: `thaw keeper --rpc-url <url> --keypair \
         <path> --pool <mint>`; see `thaw keeper --help`",
    )
}
