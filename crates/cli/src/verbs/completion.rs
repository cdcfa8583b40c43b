//! `thaw completion`: a script for a shell.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw completion bash > ~/.local/share/bash-completion/completions/thaw
  thaw completion zsh > \"${fpath[1]}/_thaw\"
  thaw completion fish > ~/.config/fish/completions/thaw.fish")]
pub struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// None.
pub fn run(args: &CompletionArgs) -> Result<()> {
    clap_complete::generate(args.shell, &mut Cli::command(), "thaw", &mut std::io::stdout());
    Ok(())
}
