//! `thaw program`: deploys, upgrades and hands over the program itself.

use std::path::PathBuf;

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::{Args, Subcommand};
use thaw_client::thaw;

use super::{program_deploy as deploy, program_power as power, program_show as show};
use crate::{args::TxArgs, context::Context};

/// Arguments.
#[derive(Debug, Args)]
pub struct ProgramArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: ProgramVerb,
}

/// What to do with the program.
#[derive(Debug, Subcommand)]
pub enum ProgramVerb {
    /// Put the program on chain for the first time; the wallet becomes its upgrade authority
    #[command(after_help = "\
Examples:
  thaw program deploy target/deploy/thaw.so --program-keypair target/deploy/thaw-keypair.json
  thaw program deploy thaw.so --program-keypair program.json --buffer buffer.json

With --buffer it can be broken off and run again: what is written already stays. Where the program
is there with the same bytes, it does nothing.")]
    Deploy(Box<DeployArgs>),
    /// Replace the program, from a file or from a buffer that is ready
    #[command(after_help = "\
Examples:
  thaw program upgrade target/deploy/thaw.so --buffer buffer.json
  thaw program upgrade --from <buffer> --export base58 --authority <vault>

For a multisig: `thaw program write-buffer … --buffer-authority <vault>`, compare its hash with
`thaw program show --buffer-account <buffer>`, then export the upgrade.")]
    Upgrade(Box<UpgradeArgs>),
    /// Write a program into a buffer, and hand that over
    #[command(after_help = "\
Examples:
  thaw program write-buffer target/deploy/thaw.so --buffer buffer.json
  thaw program write-buffer target/deploy/thaw.so --buffer buffer.json --buffer-authority <vault>")]
    WriteBuffer(Box<WriteBufferArgs>),
    /// Name who may upgrade the program, or nobody for ever
    #[command(after_help = "\
Examples:
  thaw program set-authority --new <vault>
  thaw program set-authority --final

The new one need not sign, so a wrong address cannot be taken back: send a small transfer from the
vault first, to see that it can act.")]
    SetAuthority(Box<SetAuthorityArgs>),
    /// The hash of the program's bytes, its upgrade authority, slot and length
    #[command(after_help = "\
Examples:
  thaw program show
  thaw program show --against target/deploy/thaw.so
  thaw program show --buffer-account <buffer> --against target/deploy/thaw.so

With --against it fails unless the bytes are those of the file.")]
    Show(ShowArgs),
    /// Close a buffer and take its SOL back
    #[command(after_help = "\
Example:
  thaw program close-buffer <buffer>")]
    CloseBuffer(Box<CloseBufferArgs>),
}

/// Arguments of `thaw program deploy`.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// The program, as `make build` leaves it
    #[arg(value_name = "SO")]
    pub elf: PathBuf,
    /// Key file of the program's address; of no use once it is deployed
    #[arg(long, value_name = "PATH")]
    pub program_keypair: String,
    /// Key file of the buffer, to go on where it was broken off [default: a new key]
    #[arg(long, value_name = "PATH")]
    pub buffer: Option<String>,
    /// Bytes to keep room for, so that longer versions fit [default: the file's length]
    #[arg(long, value_name = "BYTES")]
    pub max_len: Option<usize>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Arguments of `thaw program upgrade`.
#[derive(Debug, Args)]
pub struct UpgradeArgs {
    /// The new program
    #[arg(value_name = "SO", required_unless_present = "from")]
    pub elf: Option<PathBuf>,
    /// A buffer that holds it already
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["elf", "buffer"])]
    pub from: Option<Pubkey>,
    /// Key file of the buffer, to go on where it was broken off [default: a new key]
    #[arg(long, value_name = "PATH")]
    pub buffer: Option<String>,
    /// Who gets the buffer's SOL [default: who pays]
    #[arg(long, value_name = "ADDRESS")]
    pub spill: Option<Pubkey>,
    /// The program
    #[arg(long, value_name = "ADDRESS", default_value_t = thaw::ID)]
    pub program_id: Pubkey,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Arguments of `thaw program write-buffer`.
#[derive(Debug, Args)]
pub struct WriteBufferArgs {
    /// The program, as `make build` leaves it
    #[arg(value_name = "SO")]
    pub elf: PathBuf,
    /// Key file of the buffer, to go on where it was broken off [default: a new key]
    #[arg(long, value_name = "PATH")]
    pub buffer: Option<String>,
    /// Who may use it once it is written, such as a multisig's vault [default: the wallet]
    #[arg(long, value_name = "ADDRESS")]
    pub buffer_authority: Option<Pubkey>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Arguments of `thaw program set-authority`.
#[derive(Debug, Args)]
#[group(id = "whom", required = true, multiple = false, args = ["new", "is_final"])]
pub struct SetAuthorityArgs {
    /// Who may upgrade from now on
    #[arg(long, value_name = "ADDRESS")]
    pub new: Option<Pubkey>,
    /// Nobody may upgrade any more: there is no way back
    #[arg(long = "final")]
    pub is_final: bool,
    /// The program
    #[arg(long, value_name = "ADDRESS", default_value_t = thaw::ID)]
    pub program_id: Pubkey,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Arguments of `thaw program show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The program
    #[arg(long, value_name = "ADDRESS", default_value_t = thaw::ID)]
    pub program_id: Pubkey,
    /// Show this buffer instead
    #[arg(long, value_name = "ADDRESS")]
    pub buffer_account: Option<Pubkey>,
    /// Fail unless the bytes on chain are those of this file
    #[arg(long, value_name = "SO")]
    pub against: Option<PathBuf>,
}

/// Arguments of `thaw program close-buffer`.
#[derive(Debug, Args)]
pub struct CloseBufferArgs {
    /// The buffer
    #[arg(value_name = "BUFFER")]
    pub buffer: Pubkey,
    /// Who gets its SOL [default: who pays]
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<Pubkey>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Does it.
///
/// # Errors
/// Refusals, the server's errors, missing keys and files.
pub async fn run(context: &Context, args: &ProgramArgs) -> Result<()> {
    match &args.verb {
        ProgramVerb::Deploy(args) => deploy::deploy(context, args).await,
        ProgramVerb::Upgrade(args) => deploy::upgrade(context, args).await,
        ProgramVerb::WriteBuffer(args) => deploy::write_buffer(context, args).await,
        ProgramVerb::SetAuthority(args) => power::set_authority(context, args).await,
        ProgramVerb::Show(args) => show::run(context, args).await,
        ProgramVerb::CloseBuffer(args) => power::close_buffer(context, args).await,
    }
}
