//! The command line's grammar. What belongs to one verb is in the verb's file.

use std::path::PathBuf;

use anchor_lang::prelude::Pubkey;
use clap::{Args, Parser, Subcommand, ValueEnum};
use solana_hash::Hash;
use thaw_client::amount;

use crate::{output::Format, verbs};

/// Most compute units of a transaction.
pub const MOST_UNITS: u32 = 1_400_000;

const EXAMPLES: &str = "\
Examples:
  thaw create -u localhost --bootstrap 10            open a pool; prints the share mint
  export THAW_POOL=<mint>                            the pool of all that follows
  thaw show                                          rate, APY, fees, powers, batches
  thaw quote withdraw 5                              the three exits side by side
  thaw deposit 12.5                                  12.5 SOL in
  thaw withdraw ALL --ticket                         everything out, free of charge
  thaw claim --all                                   take what tickets may get
  thaw migrate <mint>                                tokens of an SPL stake pool come over

Exit codes:
  0 done, 1 failure, 2 usage, 3 refused by the program, 4 RPC server unreachable

Settings come from flags, then from the Solana CLI's config file, then from defaults. Amounts are
SOL or shares, exact to nine places; ALL is everything there is. Data goes to stdout, talk to
stderr. Every verb has --help.";

/// Liquid staking on Solana: pools, deposits, exits, tickets, validators
#[derive(Debug, Parser)]
#[command(
    name = "thaw",
    version,
    max_term_width = 100,
    after_help = EXAMPLES,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// What every verb takes.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What every verb takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The Solana CLI's config file [default: ~/.config/solana/cli/config.yml]
    #[arg(short = 'C', long = "config", global = true, value_name = "PATH", id = "config_path")]
    pub config: Option<PathBuf>,
    /// RPC server: a URL, or mainnet-beta, testnet, devnet, localhost (m, t, d, l)
    #[arg(short, long, global = true, value_name = "URL_OR_MONIKER")]
    pub url: Option<String>,
    /// Key file of the wallet, which signs and pays
    #[arg(short, long, global = true, value_name = "PATH")]
    pub keypair: Option<String>,
    /// How final data must be: processed, confirmed or finalized; on mainnet the last two are one
    #[arg(long, global = true, value_name = "LEVEL")]
    pub commitment: Option<String>,
    /// The pool, by its share mint or its own address
    #[arg(short, long, global = true, env = "THAW_POOL", value_name = "ADDRESS")]
    pub pool: Option<Pubkey>,
    /// How to print
    #[arg(long, global = true, value_enum, default_value_t = Format::Display)]
    pub output: Format,
}

/// What verbs take that send transactions.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Transaction options")]
pub struct TxArgs {
    /// Simulate and show the effects; send nothing
    #[arg(long, conflicts_with_all = ["sign_only", "export"])]
    pub dry_run: bool,
    /// Sign with the keys at hand and print transaction and signatures; send nothing
    #[arg(long, conflicts_with = "export")]
    pub sign_only: bool,
    /// Print the unsigned transaction, for a multisig; send nothing
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub export: Option<Encoding>,
    /// With --export: print the message instead of the whole transaction
    #[arg(long, requires = "export")]
    pub message: bool,
    /// Act as this address instead of the wallet, with --export, --sign-only or --dry-run
    #[arg(long, value_name = "ADDRESS")]
    pub authority: Option<Pubkey>,
    /// Who pays the fee: a key file, or an address where nothing is sent [default: who acts]
    #[arg(long, value_name = "PATH_OR_ADDRESS")]
    pub fee_payer: Option<String>,
    /// Use this blockhash instead of the latest
    #[arg(long, value_name = "HASH", conflicts_with = "nonce")]
    pub blockhash: Option<Hash>,
    /// Use the durable nonce in this account instead of a blockhash
    #[arg(long, value_name = "ADDRESS")]
    pub nonce: Option<Pubkey>,
    /// Key file of who may advance the nonce [default: the wallet]
    #[arg(long, value_name = "PATH_OR_ADDRESS", requires = "nonce")]
    pub nonce_authority: Option<String>,
    /// Priority fee, micro-lamports per compute unit [default: what others paid of late]
    #[arg(long, value_name = "MICROLAMPORTS")]
    pub with_compute_unit_price: Option<u64>,
    /// Limit of compute units [default: what the simulation used, and a tenth more]
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_UNITS)))]
    pub with_compute_unit_limit: Option<u32>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

impl TxArgs {
    /// True where something is sent.
    pub fn sends(&self) -> bool {
        !self.dry_run && !self.sign_only && self.export.is_none()
    }
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Encoding {
    /// Base 64
    Base64,
    /// Base 58, as Squads imports it
    Base58,
}

/// An amount, or all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Everything.
    All,
    /// Base units.
    Exactly(u64),
}

/// Reads an amount or `ALL`.
///
/// # Errors
/// In words, for clap.
pub fn amount_or_all(text: &str) -> Result<Amount, String> {
    match text {
        "ALL" | "all" => Ok(Amount::All),
        text => positive(text).map(Amount::Exactly),
    }
}

/// Reads an amount above 0.
///
/// # Errors
/// In words, for clap.
pub fn positive(text: &str) -> Result<u64, String> {
    match amount::parse(text) {
        Ok(0) => Err("the amount must be greater than 0".into()),
        Ok(amount) => Ok(amount),
        Err(error) => Err(error.to_string()),
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open a pool with its first deposit
    Create(Box<verbs::create::CreateArgs>),
    /// A pool at a glance: rate, APY, fees, powers, batches
    Show(verbs::show::ShowArgs),
    /// Rate and APY of past epochs, as a plot, CSV or JSON
    History(verbs::history::HistoryArgs),
    /// What a deposit buys, or what each of the three exits pays
    Quote(verbs::quote::QuoteArgs),
    /// Put SOL or a stake account in, get shares
    Deposit(Box<verbs::deposit::DepositArgs>),
    /// Give shares back: at once, for a ticket, or as active stake
    Withdraw(Box<verbs::withdraw::WithdrawArgs>),
    /// Move tokens of an SPL stake pool into this pool, as stake
    Migrate(Box<verbs::migrate::MigrateArgs>),
    /// A wallet's tickets and what they may claim
    Tickets(verbs::tickets::TicketsArgs),
    /// Take what tickets may get
    Claim(Box<verbs::claim::ClaimArgs>),
    /// Give a ticket to another owner
    Transfer(Box<verbs::transfer::TransferArgs>),
    /// The validators: weight, stake, target, yields, state
    Validators(verbs::validators::ValidatorsArgs),
    /// List, remove or weigh validators (operator)
    Validator(Box<verbs::validator::ValidatorArgs>),
    /// Show, propose, apply or cancel a config (admin)
    Config(Box<verbs::config::ConfigArgs>),
    /// Hand an authority over: nominate, accept
    Authority(Box<verbs::authority::AuthorityArgs>),
    /// Pause paths for a while (guardian)
    Pause(Box<verbs::pause::PauseArgs>),
    /// End a pause early (admin or guardian)
    Unpause(Box<verbs::pause::UnpauseArgs>),
    /// Schedule the pool's end, or start it when it is due (admin)
    WindDown(Box<verbs::wind_down::WindDownArgs>),
    /// Mint the fee shares that are owed to the treasury
    CollectFees(Box<verbs::collect_fees::CollectFeesArgs>),
    /// Show the pool to readers of SPL stake pools
    SplView(Box<verbs::spl_view::SplViewArgs>),
    /// Name the share token (admin)
    Metadata(Box<verbs::metadata::MetadataArgs>),
    /// Deploy, upgrade and hand over the program itself
    Program(Box<verbs::program::ProgramArgs>),
    /// The address of a key file, which it can make
    Address(verbs::address::AddressArgs),
    /// Which cluster the RPC server is of
    Cluster(verbs::cluster::ClusterArgs),
    /// Run the keeper; takes the arguments of thaw-keeper, see `thaw keeper --help`
    Keeper,
    /// Print a completion script for a shell
    Completion(verbs::completion::CompletionArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn amounts_are_positive_or_all() {
        assert_eq!(amount_or_all("ALL"), Ok(Amount::All));
        assert_eq!(amount_or_all("1.5"), Ok(Amount::Exactly(1_500_000_000)));
        assert!(amount_or_all("0").unwrap_err().contains("greater than 0"));
        assert!(amount_or_all("1e3").unwrap_err().contains("not an amount"));
        assert!(amount_or_all("0.0000000001").unwrap_err().contains("9 places"));
    }
}
