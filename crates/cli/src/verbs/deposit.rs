//! `thaw deposit`: SOL or a stake account in, shares out.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_instruction::Instruction;
use solana_stake_interface::{program::ID as STAKE_PROGRAM, state::StakeStateV2};
use thaw_client::{
    Refusal, Snapshot, amount, exits::StakeDeposit, math::mul_div_down,
    thaw::instructions::DepositQuote,
};

use crate::{
    args::{Amount, TxArgs, amount_or_all, positive},
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::{line, sol},
    signers::Actor,
    simulate::token_account,
    transact::{Plan, transact},
};

/// What a wallet keeps for fees where everything is deposited, lamports.
const POCKET: u64 = 100_000;
/// Compute units that a deposit may be billed for at a price that is named.
const BILLED_UNITS: u64 = 400_000;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw deposit 12.5                      12.5 SOL, at most 0.1 % fewer shares than quoted
  thaw deposit ALL --slippage-bps 5      all the wallet holds but fees and rent
  thaw deposit 1 --min-out 0.98          at least 0.98 shares
  thaw deposit --stake <address>         an active stake account of a listed validator
  thaw deposit 1 --dry-run               what it would change")]
pub struct DepositArgs {
    /// SOL, or ALL
    #[arg(value_parser = amount_or_all, required_unless_present = "stake", conflicts_with = "stake")]
    pub sol: Option<Amount>,
    /// Deposit this stake account as it is
    #[arg(long, value_name = "ADDRESS")]
    pub stake: Option<Pubkey>,
    /// Wallet that gets a referrer's part of the deposit fee; it needs a token account
    #[arg(long, value_name = "ADDRESS")]
    pub referrer: Option<Pubkey>,
    /// Who gets the shares, and how few are accepted.
    #[command(flatten)]
    pub out: SharesOut,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Who gets the shares of a deposit, and how few are accepted.
#[derive(Clone, Debug, Args)]
pub struct SharesOut {
    /// Wallet that gets the shares [default: who acts]
    #[arg(long, value_name = "ADDRESS")]
    pub recipient: Option<Pubkey>,
    /// Least shares to accept, instead of --slippage-bps
    #[arg(long, value_parser = positive, value_name = "SHARES")]
    pub min_out: Option<u64>,
    /// How much less than quoted to accept, basis points
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub slippage_bps: u16,
}

impl SharesOut {
    /// The quote and the least shares to accept. A refusal is no obstacle where the least is named:
    /// what is signed now may work later.
    ///
    /// # Errors
    /// The quote's refusal.
    pub fn accept(
        &self,
        quote: Result<DepositQuote, Refusal>,
    ) -> Result<(DepositQuote, u64), Refusal> {
        if let Some(least) = self.min_out {
            return Ok((quote.unwrap_or_default(), least));
        }
        let quote = quote?;
        let least = least(quote.shares, self.slippage_bps);
        Ok((quote, least))
    }
}

/// The JSON of `thaw deposit`. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReport {
    /// The pool.
    pub pool: String,
    /// Lamports that go in.
    pub lamports: u64,
    /// The stake account, where one goes in.
    pub stake: Option<String>,
    /// Shares as quoted just before.
    pub expected_shares: u64,
    /// Least shares that were accepted.
    pub min_shares: u64,
    /// Deposit fee as quoted.
    pub fee_lamports: u64,
    /// Token account that gets the shares.
    pub recipient: String,
    /// What became of it.
    pub transaction: Outcome,
}

/// What is left of a quote after the slippage that is accepted.
pub fn least(quoted: u64, slippage_bps: u16) -> u64 {
    let part = 10_000u64.saturating_sub(slippage_bps.into());
    mul_div_down(quoted, part, 10_000).unwrap_or(0)
}

/// Deposits.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &DepositArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let pool = snapshot.addresses;
    let wallet = args.out.recipient.unwrap_or(actor.key);
    let recipient = pool.token_account(&wallet);
    let referrer = args.referrer.map(|referrer| pool.token_account(&referrer));
    let lamports = match (args.sol, args.stake) {
        (Some(Amount::Exactly(lamports)), _) => lamports,
        (Some(Amount::All), _) => everything(context, args, &actor, &recipient).await?,
        (None, Some(stake)) => context.rpc.get_balance(&stake).await?,
        (None, None) => return Err(usage("how much?")),
    };
    let quote = match args.stake {
        None => snapshot.quote_deposit(lamports),
        Some(_) => snapshot.quote_stake_deposit(lamports),
    };
    let (quote, min_shares) = args.out.accept(quote)?;

    let enter: Instruction = match args.stake {
        None => pool.deposit_sol_referred(&actor.key, &recipient, referrer, lamports, min_shares),
        Some(stake) => {
            let (vote, index) = validator_of(context, &snapshot, &stake, &actor.key).await?;
            let with = StakeDeposit {
                stake,
                staker: actor.key,
                withdrawer: actor.key,
                payer: actor.payer,
                recipient,
                referrer,
            };
            pool.deposit_stake(&vote, index, &with, min_shares)
        }
    };
    let open = pool.create_token_account(&actor.payer, &wallet);
    let plan = Plan::of(vec![open, enter])
        .watching("wallet", actor.key)
        .watching("shares", recipient)
        .watching("reserve", pool.reserve);
    let transaction = transact(context, &args.tx, &actor, &plan).await.context("the deposit")?;
    context.output.print(&DepositReport {
        pool: pool.pool.to_string(),
        lamports,
        stake: args.stake.map(|stake| stake.to_string()),
        expected_shares: quote.shares,
        min_shares,
        fee_lamports: quote.fee_lamports,
        recipient: recipient.to_string(),
        transaction,
    })
}

/// What a wallet can deposit: all but the fee, the rent of a token account that must be opened, and
/// its own rent. Where somebody else pays the fee, all there is.
async fn everything(
    context: &Context,
    args: &DepositArgs,
    actor: &Actor,
    recipient: &Pubkey,
) -> Result<u64> {
    let balance = context.rpc.get_balance(&actor.key).await?;
    let mut kept = 0u64;
    if actor.payer == actor.key {
        let has_tokens = token_account(&context.rpc, recipient).await?.is_some();
        let rent = async |bytes| context.rpc.get_minimum_balance_for_rent_exemption(bytes).await;
        let price = args.tx.with_compute_unit_price.unwrap_or(0);
        let bill = price.saturating_mul(BILLED_UNITS).checked_div(1_000_000).unwrap_or(0);
        kept = POCKET.saturating_add(bill).saturating_add(rent(0).await?);
        if !has_tokens {
            kept = kept.saturating_add(rent(165).await?);
        }
    }
    let left = balance.checked_sub(kept).filter(|left| *left > 0);
    left.with_context(|| {
        format!(
            "the wallet {} holds {}, and {} of it are needed for fees and rent",
            actor.key,
            sol(balance),
            sol(kept)
        )
    })
}

/// The listed validator that a stake account is delegated to, with what makes the account
/// unacceptable told before anything is sent.
async fn validator_of(
    context: &Context,
    snapshot: &Snapshot,
    stake: &Pubkey,
    actor: &Pubkey,
) -> Result<(Pubkey, u16)> {
    let found = context.rpc.get_account_with_commitment(stake, context.rpc.commitment()).await?;
    let account = found.value.with_context(|| format!("there is no account at {stake}"))?;
    if account.owner != STAKE_PROGRAM {
        bail!("{stake} is no stake account");
    }
    let state: StakeStateV2 = bincode::deserialize(&account.data)
        .with_context(|| format!("the stake account {stake} cannot be read"))?;
    let (Some(meta), Some(delegation)) = (state.meta(), state.delegation()) else {
        bail!("the stake account {stake} is not delegated");
    };
    if delegation.deactivation_epoch != u64::MAX {
        bail!("the stake account {stake} is deactivated: withdraw it and deposit the SOL");
    }
    for (role, key) in
        [("staker", meta.authorized.staker), ("withdrawer", meta.authorized.withdrawer)]
    {
        if key != *actor {
            bail!("the {role} of {stake} is {key}, not {actor}");
        }
    }
    let vote = delegation.voter_pubkey;
    let listed = snapshot.validators.iter().find(|view| view.record.vote == vote);
    let view = listed.with_context(|| {
        format!("{stake} is delegated to {vote}, which this pool does not list")
    })?;
    Ok((vote, view.index))
}

impl Display for DepositReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.transaction, Outcome::Exported { .. }) {
            line(f, "In", sol(self.lamports))?;
            line(f, "Shares quoted", amount::show(self.expected_shares))?;
            line(f, "Shares at least", amount::show(self.min_shares))?;
            line(f, "Fee", sol(self.fee_lamports))?;
            line(f, "To", &self.recipient)?;
        }
        self.transaction.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slippage_is_rounded_down_and_exact() {
        assert_eq!(least(1_000_000_000, 10), 999_000_000);
        assert_eq!(least(u64::MAX, 0), u64::MAX);
        assert_eq!(least(9_999, 1), 9_998);
        assert_eq!(least(5, 10_000), 0);
    }
}
