//! `thaw-keeper`: keeps a pool until it is told to stop.

use std::process::ExitCode;

use clap::Parser;
use thaw_keeper::config::Args;

fn main() -> ExitCode {
    thaw_keeper::run(Args::parse())
}
