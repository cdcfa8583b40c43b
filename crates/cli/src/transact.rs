//! From instructions to an outcome: simulated, signed, exported or landed.

use std::fmt::Display;

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction::advance_nonce_account;
use solana_transaction::Transaction;

use crate::{
    args::{Encoding, MOST_UNITS, TxArgs},
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::{is_watched, say},
    progress::{bar, spinner},
    send::{self, Landing},
    signers::Actor,
    simulate::{Watched, changed, simulate},
};

/// Units beyond what the simulation used: what others do meanwhile may cost more.
const SPARE_UNITS: u64 = 10_000;
/// Tries of a transaction whose blockhash ended.
const ATTEMPTS: u32 = 3;
/// Bytes of a transaction at most.
pub const MOST_BYTES: usize = 1_232;
/// Where a nonce account holds its nonce.
const NONCE: std::ops::Range<usize> = 40..72;

/// Instructions that go together, and who signs them beside the actor.
pub struct Plan<'a> {
    /// What to do.
    pub instructions: Vec<Instruction>,
    /// Keys that sign beside the actor's.
    pub signers: Vec<&'a Keypair>,
    /// Accounts whose change is shown.
    pub watched: Vec<Watched>,
}

impl Plan<'_> {
    /// Instructions that only the actor signs.
    pub fn of(instructions: Vec<Instruction>) -> Self {
        Self { instructions, signers: Vec::new(), watched: Vec::new() }
    }

    /// The same, with an account whose change is shown.
    pub fn watching(mut self, name: &'static str, address: Pubkey) -> Self {
        self.watched.push(Watched { name, address });
        self
    }
}

/// Asks before something dangerous is sent. `change`: what it does, old -> new.
///
/// # Errors
/// When the answer is no, or nobody can be asked.
pub fn confirm(tx: &TxArgs, change: impl Display) -> Result<()> {
    use std::io::{BufRead, IsTerminal, Write};
    if !tx.sends() || tx.yes {
        return Ok(());
    }
    say(&change);
    if !std::io::stdin().is_terminal() || !is_watched() {
        return Err(usage("this needs a yes, and there is no terminal to ask: add --yes"));
    }
    eprint!("Do it? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if !matches!(answer.trim(), "y" | "Y" | "yes") {
        bail!("nothing was done");
    }
    Ok(())
}

/// Carries out one plan as the command line says.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn transact(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    plan: &Plan<'_>,
) -> Result<Outcome> {
    if let Some(encoding) = tx.export {
        return export(context, tx, actor, plan, encoding).await;
    }
    let most = tx.with_compute_unit_limit.unwrap_or(MOST_UNITS);
    let message = draft(tx, actor, plan, most, tx.with_compute_unit_price.unwrap_or(0))?;
    let simulating = spinner("simulating");
    let simulated = simulate(&context.rpc, &message, &plan.watched).await;
    simulating.finish_and_clear();
    if tx.sign_only {
        return sign_only(context, tx, actor, plan, simulated.map(|it| it.units)).await;
    }
    let simulation = simulated?;
    if tx.dry_run {
        let effects = simulation.effects;
        return Ok(Outcome::Simulated { units: simulation.units, effects });
    }
    let units = tx.with_compute_unit_limit.unwrap_or_else(|| with_spare(simulation.units));
    let price = match tx.with_compute_unit_price {
        Some(price) => price,
        None => send::price(&context.rpc, &message).await,
    };
    let sending = spinner("sending");
    let outcome = send_until_landed(context, tx, actor, plan, units, price).await;
    sending.finish_and_clear();
    outcome
}

/// Carries out several plans, one after the other. `are_independent`: each works without those
/// before it.
///
/// # Errors
/// As [`transact`]; says how many went through. When they are several for one nonce.
pub async fn transact_all(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    plans: &[Plan<'_>],
    are_independent: bool,
) -> Result<Vec<Outcome>> {
    if tx.nonce.is_some() && plans.len() > 1 {
        return Err(usage(format!(
            "--nonce is good for one transaction, and this takes {}: do it in parts, or without it",
            plans.len()
        )));
    }
    let bar = bar(plans.len(), "transactions");
    let mut outcomes = Vec::with_capacity(plans.len());
    for (place, plan) in plans.iter().enumerate() {
        if tx.dry_run && !are_independent && place > 0 {
            outcomes.push(Outcome::NotSimulated);
            continue;
        }
        let outcome = transact(context, tx, actor, plan).await;
        let outcome = outcome.with_context(|| match plans.len() {
            1 => "the transaction".to_owned(),
            all => {
                format!("transaction {} of {all} ({place} went through)", place.saturating_add(1))
            }
        });
        let outcome = outcome?;
        if let (Outcome::Landed { signature, .. }, 2..) = (&outcome, plans.len()) {
            // Told at once: a later one may fail.
            bar.suspend(|| say(format_args!("landed: {signature}")));
        }
        outcomes.push(outcome);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcomes)
}

/// Units with a margin for what others change meanwhile.
pub fn with_spare(units: u64) -> u32 {
    let tenth = units.checked_div(10).unwrap_or(0);
    let units = units.saturating_add(tenth).saturating_add(SPARE_UNITS);
    u32::try_from(units).unwrap_or(MOST_UNITS).min(MOST_UNITS)
}

/// The message with its budget; a nonce comes first, as the runtime wants it.
pub fn draft(
    tx: &TxArgs,
    actor: &Actor,
    plan: &Plan<'_>,
    units: u32,
    price: u64,
) -> Result<Message> {
    let mut instructions = nonce_instruction(tx, actor);
    if units > 0 {
        instructions.push(ComputeBudgetInstruction::set_compute_unit_limit(units));
    }
    if price > 0 {
        instructions.push(ComputeBudgetInstruction::set_compute_unit_price(price));
    }
    instructions.extend(plan.instructions.iter().cloned());
    sized(Message::new(&instructions, Some(&actor.payer)))
}

fn nonce_instruction(tx: &TxArgs, actor: &Actor) -> Vec<Instruction> {
    let advance = |nonce: Pubkey| advance_nonce_account(&nonce, &actor.nonce_authority);
    tx.nonce.map(advance).into_iter().collect()
}

fn sized(message: Message) -> Result<Message> {
    let bytes = bincode::serialized_size(&Transaction::new_unsigned(message.clone()))?;
    if bytes > MOST_BYTES as u64 {
        bail!("the transaction has {bytes} bytes, {MOST_BYTES} are possible: do it in parts");
    }
    Ok(message)
}

/// The blockhash to use, and the last block height it is good for.
async fn blockhash(context: &Context, tx: &TxArgs) -> Result<(Hash, Option<u64>)> {
    if let Some(blockhash) = tx.blockhash {
        return Ok((blockhash, None));
    }
    if let Some(nonce) = tx.nonce {
        let data = context.rpc.get_account_data(&nonce).await;
        let data = data.with_context(|| format!("cannot read the nonce account {nonce}"))?;
        let bytes: Option<[u8; 32]> = data.get(NONCE).and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.with_context(|| format!("{nonce} is no nonce account"))?;
        return Ok((Hash::new_from_array(bytes), None));
    }
    let commitment = context.rpc.commitment();
    let (hash, last) = context.rpc.get_latest_blockhash_with_commitment(commitment).await?;
    Ok((hash, Some(last)))
}

async fn send_until_landed(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    plan: &Plan<'_>,
    units: u32,
    price: u64,
) -> Result<Outcome> {
    let mut trouble = None;
    for _ in 0..ATTEMPTS {
        let (hash, last_height) = blockhash(context, tx).await?;
        let message = draft(tx, actor, plan, units, price)?;
        let transaction = send::sign(message, &actor.signers(&plan.signers), hash)?;
        if !transaction.is_signed() {
            return Err(usage(format!(
                "a signature of {} is missing",
                absent(&transaction).join(", ")
            )));
        }
        match send::land(&context.rpc, &transaction, last_height, send::PATIENCE).await? {
            Landing::Landed(signature, slot) => {
                let message = &transaction.message;
                let effects = changed(&context.rpc, &signature, message, &plan.watched).await;
                return Ok(Outcome::Landed { signature: signature.to_string(), slot, effects });
            }
            Landing::Expired(error) => {
                trouble = error.or(trouble);
                say("the blockhash ended before it landed: once more");
            }
        }
    }
    let words = format!("the transaction did not land in {ATTEMPTS} tries");
    Err(match trouble {
        Some(error) => anyhow::Error::from(error).context(words),
        None => anyhow::anyhow!("{words}: raise --with-compute-unit-price"),
    })
}

async fn sign_only(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    plan: &Plan<'_>,
    simulated: Result<u64>,
) -> Result<Outcome> {
    let used = warn(simulated).map_or(MOST_UNITS, with_spare);
    let units = tx.with_compute_unit_limit.unwrap_or(used);
    let (hash, _) = blockhash(context, tx).await?;
    let price = tx.with_compute_unit_price.unwrap_or(0);
    let message = draft(tx, actor, plan, units, price)?;
    let transaction = send::sign(message, &actor.signers(&plan.signers), hash)?;
    let keys = transaction.message.signer_keys().into_iter().zip(&transaction.signatures);
    let signed = keys.filter(|(_, signature)| **signature != Signature::default());
    Ok(Outcome::Signed {
        signatures: signed.map(|(key, signature)| format!("{key}={signature}")).collect(),
        absent: absent(&transaction),
        blockhash: hash.to_string(),
        compute_unit_limit: units,
        transaction: STANDARD.encode(bincode::serialize(&transaction)?),
    })
}

/// Without a compute budget, unless limit or price is named: a multisig calls the instructions as its own,
/// and the budget's cannot be called.
async fn export(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    plan: &Plan<'_>,
    encoding: Encoding,
) -> Result<Outcome> {
    if let Some(key) = plan.signers.first() {
        return Err(usage(format!(
            "{} is a new account that must sign as well, which a multisig cannot do: use a plain \
             key, or --sign-only",
            key.pubkey()
        )));
    }
    let units = tx.with_compute_unit_limit.unwrap_or(0);
    let mut message = draft(tx, actor, plan, units, tx.with_compute_unit_price.unwrap_or(0))?;
    let _ = warn(simulate(&context.rpc, &message, &[]).await.map(|it| it.units));
    message.recent_blockhash = blockhash(context, tx).await?.0;
    let signers = message.signer_keys().into_iter().map(ToString::to_string).collect();
    let message_bytes = message.serialize();
    let transaction = bincode::serialize(&Transaction::new_unsigned(message))?;
    let (name, encode): (&str, fn(&[u8]) -> String) = match encoding {
        Encoding::Base64 => ("base64", |bytes| STANDARD.encode(bytes)),
        Encoding::Base58 => ("base58", |bytes| bs58::encode(bytes).into_string()),
    };
    Ok(Outcome::Exported {
        encoding: name.into(),
        transaction: encode(&transaction),
        message: encode(&message_bytes),
        signers,
        prefers_message: tx.message,
    })
}

/// What would be refused now may work later: said, not refused.
fn warn(simulated: Result<u64>) -> Option<u64> {
    simulated.map_err(|error| say(format_args!("warning: as of now it would fail: {error:#}"))).ok()
}

fn absent(transaction: &Transaction) -> Vec<String> {
    let keys = transaction.message.signer_keys().into_iter().zip(&transaction.signatures);
    let unsigned = keys.filter(|(_, signature)| **signature == Signature::default());
    unsigned.map(|(key, _)| key.to_string()).collect()
}
