//! Sending: price, sign, send, resend until it lands or its blockhash ends.

use std::time::Duration;

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, bail};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind, TransactionError},
    config::{RpcSendTransactionConfig, RpcSimulateTransactionConfig},
    custom_error::JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE as BAD_SIGNATURE,
    request::RpcError,
};
use solana_signature::Signature;
use solana_transaction::Transaction;
use tokio::time::{Instant, sleep};

use crate::simulate::failed;

/// Pause between two questions whether a transaction has landed.
const POLL: Duration = Duration::from_millis(200);
/// A transaction is sent again this often until it lands: a leader may have dropped it.
const RESEND: Duration = Duration::from_secs(2);
/// Blocks that the server which answers may be behind the one that told the blockhash.
const LAG_BLOCKS: u64 = 20;
/// Longest wait: longer than a blockhash lives on any cluster that works.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// The server's code for a transaction that it cannot read, as JSON-RPC has it.
const UNREADABLE: i64 = -32602;
/// Highest price that is chosen unasked, micro-lamports per compute unit.
const MAX_PRICE: u64 = 200_000;
/// Accounts that the server takes in a question for prices.
const PRICED_ACCOUNTS: usize = 128;

/// What became of one try.
pub enum Landing {
    /// It landed in this slot.
    Landed(Signature, u64),
    /// Its blockhash ended before: another one may help. With the server's last error, if any.
    Expired(Option<ClientError>),
}

/// What others paid of late for these accounts: the upper quartile, bounded; 0 where the server
/// does not say.
pub async fn price(rpc: &RpcClient, message: &Message) -> u64 {
    let reserved = None::<&std::collections::HashSet<Pubkey>>;
    let is_writable =
        |place: usize| message.is_maybe_writable_with_reserved_addresses(place, reserved);
    let writable = message.account_keys.iter().enumerate();
    let writable = writable.filter(|(place, _)| is_writable(*place));
    let keys: Vec<_> = writable.map(|(_, key)| *key).take(PRICED_ACCOUNTS).collect();
    let Ok(paid) = rpc.get_recent_prioritization_fees(&keys).await else { return 0 };
    let mut prices: Vec<u64> = paid.into_iter().map(|paid| paid.prioritization_fee).collect();
    prices.sort_unstable();
    let place = prices.len().saturating_mul(3).checked_div(4).unwrap_or(0);
    prices.get(place).map_or(0, |price| (*price).min(MAX_PRICE))
}

/// Sends a signed transaction and waits for it. `last_height`: the last block it may land in;
/// `None` where it does not expire. An answer that is lost says nothing: the server may have taken
/// the transaction, so it is looked for and sent again.
///
/// # Errors
/// The refusal, where the server does not take it or it landed and failed; after `patience` that
/// nothing is known.
pub async fn land(
    rpc: &RpcClient,
    transaction: &Transaction,
    last_height: Option<u64>,
    patience: Duration,
) -> Result<Landing> {
    // It was simulated: a preflight would only try it once more, on an older state.
    let config = RpcSendTransactionConfig {
        skip_preflight: true,
        max_retries: Some(0),
        ..RpcSendTransactionConfig::default()
    };
    let signature = transaction.signatures.first().copied().unwrap_or_default();
    let (began, mut sent) = (Instant::now(), Instant::now());
    let send = async || rpc.send_transaction_with_config(transaction, config).await.err();
    let mut trouble = send().await;
    if let Some(error) = trouble.take_if(|error| is_refusal(error)) {
        return Err(match error.get_transaction_error() {
            Some(failure) => failed(&failure, &logs(rpc, transaction).await, &transaction.message),
            None => error.into(),
        });
    }
    let mut is_over = false;
    while began.elapsed() < patience {
        sleep(POLL).await;
        // A server that does not answer says nothing about the transaction: ask again.
        let Ok(statuses) = rpc.get_signature_statuses(&[signature]).await else { continue };
        if let Some(Some(status)) = statuses.value.first() {
            if let Some(error) = &status.err {
                let logs = logs(rpc, transaction).await;
                return Err(failed(error, &logs, &transaction.message)
                    .context(format!("transaction {signature} landed and failed")));
            }
            if status.satisfies_commitment(rpc.commitment()) {
                return Ok(Landing::Landed(signature, status.slot));
            }
        } else if is_over {
            // Not there, asked after its last block: it cannot land any more.
            return Ok(Landing::Expired(trouble));
        } else if sent.elapsed() >= RESEND {
            sent = Instant::now();
            let height = rpc.get_block_height().await.unwrap_or(0);
            is_over = last_height.is_some_and(|last| height > last.saturating_add(LAG_BLOCKS));
            if !is_over {
                // The same signature: it cannot land twice.
                trouble = send().await.or(trouble);
            }
        }
    }
    // In words: as an error it would say that the server cannot be reached, and no more.
    let trouble = trouble.map(|error| format!(", the server's last error: {error}"));
    bail!(
        "transaction {signature} is not confirmed after {} s; it may still land: look it up \
         before you try again{}",
        patience.as_secs(),
        trouble.unwrap_or_default()
    )
}

/// True where the server says that it did not take the transaction.
fn is_refusal(error: &ClientError) -> bool {
    match (error.get_transaction_error(), error.kind()) {
        (Some(failure), _) => failure != TransactionError::AlreadyProcessed,
        (None, ErrorKind::RpcError(RpcError::RpcResponseError { code, .. })) => {
            [BAD_SIGNATURE, UNREADABLE].contains(code)
        }
        (None, _) => false,
    }
}

/// The logs of a transaction that failed, as a simulation now tells them: servers forget.
async fn logs(rpc: &RpcClient, transaction: &Transaction) -> Vec<String> {
    let config = RpcSimulateTransactionConfig {
        replace_recent_blockhash: true,
        commitment: Some(rpc.commitment()),
        ..RpcSimulateTransactionConfig::default()
    };
    let simulated = rpc.simulate_transaction_with_config(transaction, config).await;
    simulated.ok().and_then(|answer| answer.value.logs).unwrap_or_default()
}

/// Signs with the keys that the message asks for; others are left out.
pub fn sign(message: Message, signers: &[&Keypair], blockhash: Hash) -> Result<Transaction> {
    use solana_signer::Signer;
    let wanted: Vec<_> = message.signer_keys().into_iter().copied().collect();
    let mut keys: Vec<&Keypair> =
        signers.iter().copied().filter(|signer| wanted.contains(&signer.pubkey())).collect();
    keys.sort_by_key(|key| key.pubkey());
    keys.dedup_by_key(|key| key.pubkey());
    let mut transaction = Transaction::new_unsigned(message);
    if !keys.is_empty() {
        transaction.try_partial_sign(&keys, blockhash)?;
    } else {
        transaction.message.recent_blockhash = blockhash;
    }
    Ok(transaction)
}
