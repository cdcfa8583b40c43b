//! `thaw keeper`: the keeper's own command line. Its flags are the keeper's, not this CLI's, so it is
//! taken out before the others are read.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;
use thaw_keeper::config::Args;

/// Runs the keeper where the first word is `keeper`.
pub fn intercept() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != "keeper" {
        return None;
    }
    let args = std::iter::once(OsString::from("thaw keeper")).chain(words);
    Some(thaw_keeper::run(Args::parse_from(args)))
}
