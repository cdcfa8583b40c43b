//! Sending: price, sign, send until it lands or its blockhash ends.

use std::time::Duration;

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, bail};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::Error as ClientError, config::RpcSimulateTransactionConfig,
};
use solana_signature::Signature;
use solana_transaction::Transaction;
use thaw_client::{
    landing::{self, Landing as Landed, Window},
    pace::BLOCKHASH_LIFE,
};

use crate::simulate::failed;

/// Longest wait: longer than a blockhash lives on clusters with slots of twice mainnet's time too.
pub const PATIENCE: Duration = BLOCKHASH_LIFE.saturating_mul(3);
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

/// Sends a signed transaction and waits for it, see [`landing::land`]. `last_height`: the last block
/// it may land in; `None` where it does not expire.
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
    let signature = transaction.signatures.first().copied().unwrap_or_default();
    let window = Window { last_height, patience, commitment: rpc.commitment() };
    match landing::land(rpc, transaction, window).await {
        Landed::Landed(slot) => Ok(Landing::Landed(signature, slot)),
        Landed::Expired(trouble) => Ok(Landing::Expired(trouble)),
        Landed::Failed(error) => {
            let logs = logs(rpc, transaction).await;
            Err(failed(&error, &logs, &transaction.message)
                .context(format!("transaction {signature} landed and failed")))
        }
        Landed::Refused(error) => Err(match error.get_transaction_error() {
            Some(failure) => failed(&failure, &logs(rpc, transaction).await, &transaction.message),
            None => error.into(),
        }),
        Landed::Unknown(trouble) => {
            // In words: as an error it would say that the server cannot be reached, and no more.
            let trouble = trouble.map(|error| format!(", the server's last error: {error}"));
            bail!(
                "transaction {signature} is not confirmed after {} s; it may still land: look it \
                 up before you try again{}",
                patience.as_secs(),
                trouble.unwrap_or_default()
            )
        }
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
