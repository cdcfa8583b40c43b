//! `thaw create`: opens a pool with its first deposit.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{PoolAddresses, thaw::instructions::InitializeArgs};

use crate::{
    args::{TxArgs, positive},
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::{line, sol},
    pool_config::{ConfigSource, PoolConfig},
    signers::{self, Actor},
    transact::{Plan, confirm, transact},
};

/// Bytes of a mint.
const MINT_BYTES: usize = 82;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw create -u localhost --bootstrap 10
  thaw create --file pool.toml --admin <vault> --operator <key> --guardian <key>
  thaw create --set reward_fee_bps=300 --set min_validators=1 --set max_validator_bps=10000

The first deposit's shares are locked for ever. The mint signs once, here; its key is of no use
afterwards. A multisig cannot open a pool, but --admin may be one from the start.")]
pub struct CreateArgs {
    /// First deposit, SOL, at least 1; its shares can never leave
    #[arg(long, default_value = "1", value_parser = positive, value_name = "SOL")]
    pub bootstrap: u64,
    /// The config; what is not named has its default.
    #[command(flatten)]
    pub source: ConfigSource,
    /// Key file of the share mint [default: a new key]
    #[arg(long, value_name = "PATH")]
    pub mint: Option<String>,
    /// Proposes configs, nominates, unpauses, winds down [default: the wallet]
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Option<Pubkey>,
    /// Lists and weighs validators [default: the wallet]
    #[arg(long, value_name = "ADDRESS")]
    pub operator: Option<Pubkey>,
    /// Pauses [default: the wallet]
    #[arg(long, value_name = "ADDRESS")]
    pub guardian: Option<Pubkey>,
    /// Wallet whose token account gets the fee shares [default: the admin's]
    #[arg(long, value_name = "ADDRESS")]
    pub treasury_owner: Option<Pubkey>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// The JSON of `thaw create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateReport {
    /// The share mint: what `--pool` takes.
    pub mint: String,
    /// The pool.
    pub pool: String,
    /// Holds liquid SOL.
    pub reserve: String,
    /// Signs for stake, mint and escrow.
    pub authority: String,
    /// The validator list.
    pub validators: String,
    /// Token account of the fee shares.
    pub treasury: String,
    /// Who proposes configs.
    pub admin: String,
    /// Who lists validators.
    pub operator: String,
    /// Who pauses.
    pub guardian: String,
    /// First deposit, lamports.
    pub bootstrap_lamports: u64,
    /// The parameters.
    pub config: PoolConfig,
    /// What became of it.
    pub transaction: Outcome,
}

/// Opens the pool.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &CreateArgs) -> Result<()> {
    if args.tx.export.is_some() {
        return Err(usage(
            "a new pool cannot be exported, because the mint signs: create it with a plain key \
             and name the multisig with --admin",
        ));
    }
    let config = args.source.apply(PoolConfig::default())?;
    let actor = Actor::load(context, &args.tx)?;
    let mint = match &args.mint {
        Some(path) => signers::read(path)?,
        None => Keypair::new(),
    };
    let pool = PoolAddresses::of(mint.pubkey());
    let admin = args.admin.unwrap_or(actor.key);
    let treasury_owner = args.treasury_owner.unwrap_or(admin);
    let init = InitializeArgs {
        config: config.into(),
        bootstrap_lamports: args.bootstrap,
        admin,
        operator: args.operator.unwrap_or(actor.key),
        guardian: args.guardian.unwrap_or(actor.key),
        treasury: pool.token_account(&treasury_owner),
    };
    let words = format!(
        "Opens a pool; {} are locked in it for ever.\n  admin {admin}\n  operator {}\n  guardian {}",
        sol(args.bootstrap),
        init.operator,
        init.guardian
    );
    confirm(&args.tx, words)?;
    let rent = context.rpc.get_minimum_balance_for_rent_exemption(MINT_BYTES).await?;
    let mut instructions = pool.create_mint(&actor.payer, rent).to_vec();
    instructions.push(pool.initialize(&actor.key, init));
    instructions.push(pool.create_token_account(&actor.payer, &treasury_owner));
    let mut plan = Plan::of(instructions).watching("wallet", actor.key);
    plan.signers.push(&mint);
    let transaction = transact(context, &args.tx, &actor, &plan).await.context("the new pool")?;
    context.output.print(&CreateReport {
        mint: pool.mint.to_string(),
        pool: pool.pool.to_string(),
        reserve: pool.reserve.to_string(),
        authority: pool.authority.to_string(),
        validators: pool.validators.to_string(),
        treasury: init.treasury.to_string(),
        admin: admin.to_string(),
        operator: init.operator.to_string(),
        guardian: init.guardian.to_string(),
        bootstrap_lamports: args.bootstrap,
        config,
        transaction,
    })
}

impl Display for CreateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "Share mint", &self.mint)?;
        line(f, "Pool", &self.pool)?;
        line(f, "Reserve", &self.reserve)?;
        line(f, "Authority", &self.authority)?;
        line(f, "Validator list", &self.validators)?;
        line(f, "Treasury", &self.treasury)?;
        line(f, "Admin", &self.admin)?;
        line(f, "Operator", &self.operator)?;
        line(f, "Guardian", &self.guardian)?;
        line(f, "First deposit", sol(self.bootstrap_lamports))?;
        self.transaction.fmt(f)
    }
}
