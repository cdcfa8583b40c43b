//! `thaw migrate`: tokens of an SPL stake pool in, shares out, in one transaction.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use solana_stake_interface::{program::ID as STAKE_PROGRAM, state::StakeStateV2};
use solana_system_interface::instruction as system;
use thaw_client::{
    Refusal, Snapshot, ValidatorView, amount,
    exits::StakeDeposit,
    math::MIN_DELEGATION,
    spl_pool::{SplPool, SplValidator, SplWithdrawal},
    thaw::{
        constants::STAKE_ACCOUNT_BYTES, error::ThawError, instructions::room::has_weight,
        state::slot_rent,
    },
};

use super::deposit::SharesOut;
use crate::{
    args::{Amount, TxArgs, amount_or_all},
    context::Context,
    outcome::Outcome,
    output::{line, sol},
    progress::spinner,
    signers::Actor,
    simulate::token_account,
    transact::{Plan, transact},
};

/// Seeds that are tried for the stake account between the pools. It is gone when the transaction is
/// through, so the first is free again; the others are for addresses that a stranger sent lamports to.
const SEEDS: &str = "0123456789abcdef";
/// Validators that an error explains.
const TOLD: usize = 5;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw migrate <mint>                    all tokens of that mint, at most 0.1 % fewer shares
  thaw migrate <stake pool> 100          a part of them
  thaw migrate <mint> --min-out 98.5     at least 98.5 shares
  thaw migrate <mint> --dry-run          what it would change

The stake pool pays in stake of a validator that both pools have, and this pool takes it, in one
transaction: it is all or nothing. The stake stays active and keeps earning.")]
pub struct MigrateArgs {
    /// The SPL stake pool, or the mint of its tokens
    #[arg(value_name = "STAKE_POOL_OR_MINT")]
    pub from: Pubkey,
    /// Tokens, or ALL
    #[arg(value_parser = amount_or_all, default_value = "ALL")]
    pub tokens: Amount,
    /// The vote account whose stake moves [default: the one with most room here]
    #[arg(long, value_name = "VOTE")]
    pub validator: Option<Pubkey>,
    /// The stake pool's program, where it is none of the SPL's or Sanctum's
    #[arg(long, value_name = "ADDRESS")]
    pub program: Option<Pubkey>,
    /// Who gets the shares, and how few are accepted.
    #[command(flatten)]
    pub out: SharesOut,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// The JSON of `thaw migrate`. Amounts are base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrateReport {
    /// The pool.
    pub pool: String,
    /// The SPL stake pool.
    pub from_pool: String,
    /// The vote account whose stake moves.
    pub validator: String,
    /// Tokens that go in.
    pub tokens: u64,
    /// Of them the stake pool's withdrawal fee.
    pub fee_tokens: u64,
    /// Stake that they are paid, lamports.
    pub stake_lamports: u64,
    /// Rent of the stake account between the pools: the payer's, deposited with the stake.
    pub rent_lamports: u64,
    /// Deposit fee as quoted.
    pub fee_lamports: u64,
    /// Shares as quoted just before.
    pub expected_shares: u64,
    /// Least shares that were accepted.
    pub min_shares: u64,
    /// Token account that gets the shares.
    pub recipient: String,
    /// What became of it.
    pub transaction: Outcome,
}

/// Migrates.
///
/// # Errors
/// Refusals, the server's errors, missing keys, no validator that fits.
pub async fn run(context: &Context, args: &MigrateArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let reading = spinner("reading the stake pool");
    let old = SplPool::fetch(&context.rpc, args.from, args.program).await;
    reading.finish_and_clear();
    let old = old?;
    let from = old.token_account(&actor.key);
    let tokens = tokens(context, args, &actor, &old, &from).await?;
    old.refuse_stale(snapshot.clock.epoch).context("the migration")?;
    let paid = paid(&old, tokens, &from)?;

    let rent = slot_rent(&snapshot.rent);
    let quote = snapshot.quote_stake_deposit(paid.lamports.saturating_add(rent));
    let (quote, min_shares) = args.out.accept(quote)?;
    let (view, entry) = Search { context, args, snapshot: &snapshot, old: &old, rent }
        .find(paid.lamports)
        .await
        .context("the migration")?;

    let pool = snapshot.addresses;
    let wallet = args.out.recipient.unwrap_or(actor.key);
    let recipient = pool.token_account(&wallet);
    let (seed, stake) = free_address(context, &actor.key).await?;
    let bytes = STAKE_ACCOUNT_BYTES as u64;
    let with = StakeDeposit {
        stake,
        staker: actor.key,
        withdrawer: actor.key,
        payer: actor.payer,
        recipient,
        referrer: None,
    };
    let mut plan = Plan::of(vec![
        system::create_account_with_seed(
            &actor.payer,
            &stake,
            &actor.key,
            &seed,
            rent,
            bytes,
            &STAKE_PROGRAM,
        ),
        old.withdraw_stake(&entry, &stake, &actor.key, &from, tokens),
        pool.deposit_stake(&view.record.vote, view.index, &with, min_shares),
    ]);
    // Left out where it is there: a transaction has little room.
    if token_account(&context.rpc, &recipient).await?.is_none() {
        plan.instructions.insert(0, pool.create_token_account(&actor.payer, &wallet));
    }
    let plan =
        plan.watching("wallet", actor.key).watching("tokens", from).watching("shares", recipient);
    let transaction = transact(context, &args.tx, &actor, &plan).await.context("the migration")?;
    context.output.print(&MigrateReport {
        pool: pool.pool.to_string(),
        from_pool: old.address.to_string(),
        validator: entry.vote.to_string(),
        tokens,
        fee_tokens: paid.fee_tokens,
        stake_lamports: paid.lamports,
        rent_lamports: rent,
        fee_lamports: quote.fee_lamports,
        expected_shares: quote.shares,
        min_shares,
        recipient: recipient.to_string(),
        transaction,
    })
}

/// How many tokens go in.
async fn tokens(
    context: &Context,
    args: &MigrateArgs,
    actor: &Actor,
    old: &SplPool,
    from: &Pubkey,
) -> Result<u64> {
    let held = old.tokens_in(&context.rpc, from).await?;
    match args.tokens {
        _ if held == 0 => {
            bail!("the wallet {} holds no tokens of the stake pool {}", actor.key, old.address)
        }
        Amount::Exactly(tokens) if tokens > held => bail!(
            "the wallet {} holds {} tokens, {} less than {}",
            actor.key,
            amount::short(held),
            amount::short(tokens.saturating_sub(held)),
            amount::short(tokens)
        ),
        Amount::Exactly(tokens) => Ok(tokens),
        Amount::All => Ok(held),
    }
}

/// What the stake pool pays, at least what can be delegated.
fn paid(old: &SplPool, tokens: u64, from: &Pubkey) -> Result<SplWithdrawal> {
    let paid = old.withdrawal(tokens, from).unwrap_or_default();
    if paid.lamports >= MIN_DELEGATION.0 {
        return Ok(paid);
    }
    let rule = Refusal::of_rule(ThawError::BelowMinimumDelegation);
    let refusal = Refusal { values: Some((paid.lamports, MIN_DELEGATION.0)), ..rule };
    Err(refusal).context("stake moves in parts of 1 SOL or more; swap the tokens instead")
}

/// A free address that follows from the wallet's and a seed: so no further key must sign, and a
/// multisig can migrate too.
async fn free_address(context: &Context, wallet: &Pubkey) -> Result<(String, Pubkey)> {
    let mut pairs = Vec::with_capacity(SEEDS.len());
    for seed in SEEDS.chars().map(String::from) {
        let address = Pubkey::create_with_seed(wallet, &seed, &STAKE_PROGRAM)?;
        pairs.push((seed, address));
    }
    let keys: Vec<Pubkey> = pairs.iter().map(|(_, address)| *address).collect();
    let found = context.rpc.get_multiple_accounts(&keys).await?;
    let free = pairs.into_iter().zip(found).find(|(_, account)| account.is_none());
    free.map(|(pair, _)| pair).context("no address is free for the stake account between the pools")
}

/// Why a validator does not fit.
enum Misfit {
    /// The old pool does not give that much of its stake.
    There(String),
    /// The new pool does not take it.
    Here(String),
}

/// The search for a validator that both pools have, that one gives and the other takes.
struct Search<'a> {
    context: &'a Context,
    args: &'a MigrateArgs,
    snapshot: &'a Snapshot,
    old: &'a SplPool,
    rent: u64,
}

impl Search<'_> {
    async fn find(&self, lamports: u64) -> Result<(ValidatorView, SplValidator)> {
        let common = self.common()?;
        let preferred = self.old.preferred(self.rent);
        let wanted = lamports.saturating_add(self.rent);
        let (mut fitting, mut misfits, mut most) = (Vec::new(), Vec::new(), 0);
        for (view, entry) in common {
            let gives = match preferred.is_some_and(|vote| vote != entry.vote) {
                true => 0,
                false => self.old.can_give(&entry, self.rent),
            };
            // How much more than wanted it has room for tells which one to take.
            let room = self.snapshot.stake_room(view, wanted.saturating_mul(2));
            most = most.max(gives.min(room.saturating_sub(self.rent)));
            if gives < lamports {
                misfits.push((entry.vote, Misfit::There(there(preferred, &entry, gives))));
            } else if room < wanted {
                misfits.push((entry.vote, Misfit::Here(self.here(view, room))));
            } else {
                fitting.push((room, view, entry));
            }
        }
        fitting.sort_by_key(|(room, ..)| std::cmp::Reverse(*room));
        for (_, view, entry) in fitting {
            match self.unusable(&entry, lamports).await? {
                Some(why) => misfits.push((entry.vote, Misfit::There(why))),
                None => return Ok((view.clone(), entry)),
            }
        }
        Err(self.none_fits(lamports, &misfits, most))
    }

    /// The validators that both pools have.
    fn common(&self) -> Result<Vec<(&ValidatorView, SplValidator)>> {
        let (here, there) = (&self.snapshot.validators, &self.old.validators);
        let pair = |view| there.iter().find(|entry| is_of(entry, view)).map(|entry| (view, *entry));
        let mut common: Vec<_> = here.iter().filter_map(pair).collect();
        if common.is_empty() {
            bail!(
                "the pools have no validator in common: {} are listed here, {} in the stake pool",
                here.len(),
                there.len()
            );
        }
        if let Some(vote) = self.args.validator {
            common.retain(|(_, entry)| entry.vote == vote);
            if common.is_empty() {
                bail!("{vote} is not a validator of both pools");
            }
        }
        Ok(common)
    }

    /// What makes an old pool's stake account unusable beside its size: this pool takes only what is
    /// active, and the list can be behind.
    async fn unusable(&self, entry: &SplValidator, lamports: u64) -> Result<Option<String>> {
        let address = self.old.stake_account(entry);
        let rpc = &self.context.rpc;
        let found = rpc.get_account_with_commitment(&address, rpc.commitment()).await?.value;
        let Some(account) = found else { return Ok(Some("its stake account is gone".into())) };
        let state: Option<StakeStateV2> = bincode::deserialize(&account.data).ok();
        let delegation = state.as_ref().and_then(StakeStateV2::delegation);
        let is_active = delegation.is_some_and(|it| it.deactivation_epoch == u64::MAX);
        let needed = lamports.saturating_add(self.rent).saturating_add(MIN_DELEGATION.0);
        Ok(match (is_active, account.lamports >= needed) {
            (false, _) => Some("its stake is deactivated".into()),
            (true, false) => Some("its stake account is smaller than listed".into()),
            (true, true) => None,
        })
    }

    fn here(&self, view: &ValidatorView, room: u64) -> String {
        if !has_weight(&self.snapshot.pool, &view.record) {
            return "it has no weight here".into();
        }
        format!("there is room for {} here", sol(room.saturating_sub(self.rent)))
    }

    fn none_fits(&self, lamports: u64, misfits: &[(Pubkey, Misfit)], most: u64) -> anyhow::Error {
        let mut text = format!("no validator of both pools fits {}:", sol(lamports));
        for (vote, misfit) in misfits.iter().take(TOLD) {
            let (Misfit::Here(why) | Misfit::There(why)) = misfit;
            text.push_str(&format!(" {vote}: {why};"));
        }
        if let Some(more) = misfits.len().checked_sub(TOLD).filter(|more| *more > 0) {
            text.push_str(&format!(" and {more} more;"));
        }
        text.push_str(&match most >= MIN_DELEGATION.0 {
            true => format!(" {} fit at once: migrate less, or come again", sol(most)),
            false => " none of them moves 1 SOL now".into(),
        });
        if misfits.iter().any(|(_, misfit)| matches!(misfit, Misfit::Here(_))) {
            return anyhow::Error::from(Refusal::of_rule(ThawError::ValidatorAboveTarget))
                .context(text);
        }
        anyhow::anyhow!(text)
    }
}

fn is_of(entry: &SplValidator, view: &ValidatorView) -> bool {
    entry.vote == view.record.vote
}

fn there(preferred: Option<Pubkey>, entry: &SplValidator, gives: u64) -> String {
    match preferred.filter(|vote| *vote != entry.vote) {
        Some(vote) => format!("the stake pool gives stake of {vote} first"),
        None if entry.status != 0 => "the stake pool is removing it".into(),
        None => format!("the stake pool gives {} of it", sol(gives)),
    }
}

impl Display for MigrateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.transaction, Outcome::Exported { .. }) {
            line(f, "Tokens in", amount::show(self.tokens))?;
            line(f, "Withdrawal fee", format!("{} tokens", amount::show(self.fee_tokens)))?;
            line(f, "Stake", sol(self.stake_lamports))?;
            line(f, "Validator", &self.validator)?;
            line(f, "Rent, deposited", sol(self.rent_lamports))?;
            line(f, "Fee", sol(self.fee_lamports))?;
            line(f, "Shares quoted", amount::show(self.expected_shares))?;
            line(f, "Shares at least", amount::show(self.min_shares))?;
            line(f, "To", &self.recipient)?;
        }
        self.transaction.fmt(f)
    }
}
