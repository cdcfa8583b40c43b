//! `thaw authority`: powers change hands by nominate and accept.

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use thaw_client::thaw::state::{Pool, Role};

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, signers::Actor};

/// Arguments.
#[derive(Debug, Args)]
pub struct AuthorityArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: AuthorityVerb,
}

/// What to do with an authority.
#[derive(Debug, Subcommand)]
pub enum AuthorityVerb {
    /// Name who may take a power over (admin); `none` withdraws a nomination
    #[command(after_help = "\
Examples:
  thaw authority nominate admin <vault>
  thaw authority nominate guardian none")]
    Nominate {
        /// The power
        #[arg(value_enum)]
        power: Power,
        /// Who, or `none`
        #[arg(value_parser = address_or_none, value_name = "ADDRESS")]
        nominee: Pubkey,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
    /// Take a power over (its nominee)
    #[command(after_help = "\
Examples:
  thaw authority accept admin
  thaw authority accept admin --export base58 --authority <vault>")]
    Accept {
        /// The power
        #[arg(value_enum)]
        power: Power,
        /// How to sign and send.
        #[command(flatten)]
        tx: TxArgs,
    },
}

/// A power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Power {
    /// Proposes configs, nominates, unpauses, winds down
    Admin,
    /// Lists and weighs validators
    Operator,
    /// Pauses
    Guardian,
}

impl Power {
    fn role(self) -> Role {
        match self {
            Self::Admin => Role::Admin,
            Self::Operator => Role::Operator,
            Self::Guardian => Role::Guardian,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Guardian => "guardian",
        }
    }

    /// Who has it, and who is nominated.
    fn holders(self, pool: &Pool) -> (Pubkey, Pubkey) {
        match self {
            Self::Admin => (pool.admin, pool.nominated_admin),
            Self::Operator => (pool.operator, pool.nominated_operator),
            Self::Guardian => (pool.guardian, pool.nominated_guardian),
        }
    }
}

fn address_or_none(text: &str) -> Result<Pubkey, String> {
    match text {
        "none" => Ok(Pubkey::default()),
        text => text.parse().map_err(|_| format!("`{text}` is neither an address nor `none`")),
    }
}

fn show(key: Pubkey) -> String {
    if key == Pubkey::default() { "none".into() } else { key.to_string() }
}

/// Does it.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &AuthorityArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    let (pool, addresses) = (&snapshot.pool, &snapshot.addresses);
    match &args.verb {
        AuthorityVerb::Nominate { power, nominee, tx } => {
            let actor = Actor::load(context, tx)?;
            let (_, old) = power.holders(pool);
            let name = power.name();
            let change = change(format!("nominated {name}"), show(old), show(*nominee));
            let action = format!("Nominates for {name}; nothing changes until it is accepted.");
            let instruction = addresses.nominate_authority(&actor.key, power.role(), *nominee);
            let deed = Deed::of(action, vec![change], instruction);
            perform(context, tx, &actor, addresses, deed).await
        }
        AuthorityVerb::Accept { power, tx } => {
            let actor = Actor::load(context, tx)?;
            let (old, _) = power.holders(pool);
            let change = change(power.name(), show(old), show(actor.key));
            let action = format!("Takes over as {}.", power.name());
            let instruction = addresses.accept_authority(&actor.key, power.role());
            let deed = Deed::of(action, vec![change], instruction);
            perform(context, tx, &actor, addresses, deed).await
        }
    }
}
