//! Filling a buffer: many writes under way at once, and only of what is not there yet.

use std::{collections::VecDeque, ops::Range, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use solana_keypair::Keypair;
use solana_loader_v3_interface::{instruction, state::UpgradeableLoaderState as State};
use solana_rpc_client_api::config::RpcSendTransactionConfig;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::pace::{self, BLOCKHASH_LIFE, RESEND};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::program_state::{fetch_buffer, need_buffer};
use crate::{
    args::TxArgs,
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::say,
    progress::bar,
    send,
    signers::Actor,
    simulate::{failed, simulate},
    transact::{MOST_BYTES, Plan, draft, transact, with_spare},
};

/// Writes under way at once.
const AT_ONCE: usize = 48;
/// Pause between two questions about all of them.
const POLL: Duration = Duration::from_millis(300);
/// Without any landing for this long the writing is given up; it can be resumed.
const PATIENCE: Duration = BLOCKHASH_LIFE.saturating_mul(4);
/// Looks at the finished buffer: a server behind a balancer may answer from the past.
const LOOKS: u32 = 10;

/// What the writing did.
#[derive(Debug, Default)]
pub struct Written {
    /// Transactions that wrote.
    pub writes: usize,
    /// Pieces that were there already.
    pub kept: usize,
    /// The creation of the buffer, where it was not there.
    pub created: Option<Outcome>,
}

/// Makes the buffer where it is missing, and writes what differs from `elf`.
///
/// # Errors
/// When the buffer is another's or too small, the server's errors, and when nothing lands.
pub async fn fill(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    buffer: &Keypair,
    elf: &[u8],
) -> Result<Written> {
    let address = buffer.pubkey();
    let mut written = Written::default();
    let held = match fetch_buffer(&context.rpc, address).await? {
        Some(held) => {
            if held.authority != Some(actor.key) {
                return Err(usage(format!("the buffer {address} is not the wallet's to write")));
            }
            if held.bytes.len() < elf.len() {
                return Err(usage(format!(
                    "the buffer {address} has room for {} bytes, the program has {}: close it, or \
                     name another key",
                    held.bytes.len(),
                    elf.len()
                )));
            }
            held.bytes
        }
        None => {
            written.created = Some(create(context, tx, actor, buffer, elf.len()).await?);
            vec![0; elf.len()]
        }
    };
    let size = piece_bytes(tx, actor, &address)?;
    let all = pieces(elf.len(), held.len(), size);
    let missing: VecDeque<_> = all
        .iter()
        .filter(|at| held.get((*at).clone()) != Some(&*wanted(elf, at)))
        .cloned()
        .collect();
    written.kept = all.len().saturating_sub(missing.len());
    written.writes = missing.len();
    if tx.dry_run || missing.is_empty() {
        return Ok(written);
    }
    if written.kept > 0 && written.created.is_none() {
        say(format_args!("{} of {} pieces are there already", written.kept, all.len()));
    }
    write_all(context, tx, actor, &address, elf, missing).await.with_context(|| {
        format!("the buffer {address} is not complete; the same command with its key goes on")
    })?;
    for _ in 0..LOOKS {
        let held = need_buffer(&context.rpc, address).await?.bytes;
        if all.iter().all(|at| held.get(at.clone()) == Some(&*wanted(elf, at))) {
            return Ok(written);
        }
        sleep(POLL).await;
    }
    bail!("the buffer {address} does not hold what was written: run the same command again")
}

async fn create(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    buffer: &Keypair,
    length: usize,
) -> Result<Outcome> {
    let space = State::size_of_buffer(length);
    let rent = context.rpc.get_minimum_balance_for_rent_exemption(space).await?;
    let address = buffer.pubkey();
    let made = instruction::create_buffer(&actor.payer, &address, &actor.key, rent, length);
    let mut plan = Plan::of(made.context("the buffer's instructions")?);
    plan = plan.watching("wallet", actor.payer);
    plan.signers.push(buffer);
    transact(context, tx, actor, &plan).await.context("the new buffer")
}

/// What a piece of the buffer should hold: the file, and zeros behind it.
fn wanted(elf: &[u8], at: &Range<usize>) -> Vec<u8> {
    let end = at.end.min(elf.len());
    let mut bytes = elf.get(at.start.min(end)..end).unwrap_or_default().to_vec();
    bytes.resize(at.len(), 0);
    bytes
}

/// The buffer in pieces. Beyond the file it may hold an older, longer one: that is overwritten.
fn pieces(length: usize, room: usize, size: usize) -> Vec<Range<usize>> {
    let whole = room.max(length);
    (0..whole).step_by(size).map(|start| start..start.saturating_add(size).min(whole)).collect()
}

/// Bytes that one transaction can write.
fn piece_bytes(tx: &TxArgs, actor: &Actor, buffer: &Pubkey) -> Result<usize> {
    let plan = Plan::of(vec![instruction::write(buffer, &actor.key, 0, Vec::new())]);
    // Units and price take the same bytes whatever they are.
    let message = draft(tx, actor, &plan, 1, 1)?;
    let empty = bincode::serialized_size(&Transaction::new_unsigned(message))?;
    // The length of the instruction grows by a byte.
    let room = MOST_BYTES.saturating_sub(usize::try_from(empty)?).saturating_sub(1);
    if room == 0 {
        bail!("a transaction has no room to write");
    }
    Ok(room)
}

/// A write under way.
struct Flight {
    at: Range<usize>,
    transaction: Transaction,
    signature: Signature,
    last_height: u64,
    sent: Instant,
}

async fn write_all(
    context: &Context,
    tx: &TxArgs,
    actor: &Actor,
    buffer: &Pubkey,
    elf: &[u8],
    mut missing: VecDeque<Range<usize>>,
) -> Result<()> {
    let rpc = &context.rpc;
    let plan = |at: &Range<usize>| {
        let offset = u32::try_from(at.start).unwrap_or(u32::MAX);
        Plan::of(vec![instruction::write(buffer, &actor.key, offset, wanted(elf, at))])
    };
    // The first is tried: it tells the units, and what stands in the way, before anything is paid.
    let first = missing.front().cloned().unwrap_or(0..0);
    let message = draft(tx, actor, &plan(&first), 0, tx.with_compute_unit_price.unwrap_or(0))?;
    let used = with_spare(simulate(rpc, &message, &[]).await?.units);
    let units = tx.with_compute_unit_limit.unwrap_or(used);
    let price = match tx.with_compute_unit_price {
        Some(price) => price,
        None => send::price(rpc, &message).await,
    };
    let config = RpcSendTransactionConfig {
        skip_preflight: true,
        max_retries: Some(0),
        ..RpcSendTransactionConfig::default()
    };
    let bar = bar(missing.len(), "writes");
    let mut flights: Vec<Flight> = Vec::new();
    let mut sends = JoinSet::new();
    let mut hash = rpc.get_latest_blockhash_with_commitment(rpc.commitment()).await?;
    let (mut landed_last, mut trouble) = (Instant::now(), None);
    while !(missing.is_empty() && flights.is_empty()) {
        while flights.len() < AT_ONCE
            && let Some(at) = missing.pop_front()
        {
            let message = draft(tx, actor, &plan(&at), units, price)?;
            let transaction = send::sign(message, &actor.signers(&[]), hash.0)?;
            let signature = transaction.signatures.first().copied().unwrap_or_default();
            let long_ago = Instant::now().checked_sub(RESEND).unwrap_or_else(Instant::now);
            flights.push(Flight {
                at,
                transaction,
                signature,
                last_height: hash.1,
                sent: long_ago,
            });
        }
        for flight in flights.iter_mut().filter(|flight| flight.sent.elapsed() >= RESEND) {
            flight.sent = Instant::now();
            let (rpc, transaction) = (rpc.clone(), flight.transaction.clone());
            sends
                .spawn(async move { rpc.send_transaction_with_config(&transaction, config).await });
        }
        sleep(POLL).await;
        while let Some(sent) = sends.try_join_next() {
            // One that did not get through is sent again.
            trouble = sent.ok().and_then(Result::err).or(trouble);
        }
        let signatures: Vec<Signature> = flights.iter().map(|flight| flight.signature).collect();
        let Ok(statuses) = rpc.get_signature_statuses(&signatures).await else { continue };
        let height = rpc.get_block_height().await.unwrap_or(0);
        if pace::is_spent(hash.1, height)
            && let Ok(new) = rpc.get_latest_blockhash_with_commitment(rpc.commitment()).await
        {
            hash = new;
        }
        for (flight, status) in std::mem::take(&mut flights).into_iter().zip(statuses.value) {
            match status {
                Some(status) => {
                    if let Some(error) = &status.err {
                        return Err(failed(error, &[], &flight.transaction.message));
                    }
                    if status.satisfies_commitment(rpc.commitment()) {
                        landed_last = Instant::now();
                        bar.inc(1);
                    } else {
                        flights.push(flight);
                    }
                }
                None if pace::is_over(flight.last_height, height) => {
                    missing.push_back(flight.at);
                }
                None => flights.push(flight),
            }
        }
        if landed_last.elapsed() > PATIENCE {
            let words = format!("no write landed for {} s", PATIENCE.as_secs());
            return Err(match trouble {
                Some(error) => anyhow::Error::from(error).context(words),
                None => anyhow::anyhow!("{words}: raise --with-compute-unit-price"),
            });
        }
    }
    bar.finish_and_clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_cover_the_buffer_once() {
        assert_eq!(pieces(10, 10, 4), [0..4, 4..8, 8..10]);
        assert_eq!(pieces(3, 6, 4), [0..4, 4..6]);
        assert_eq!(wanted(b"abc", &(0..4)), b"abc\0");
        assert_eq!(wanted(b"abc", &(4..6)), [0, 0]);
        assert_eq!(wanted(b"abcdef", &(4..6)), b"ef");
    }
}
