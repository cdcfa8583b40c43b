//! Trying a transaction on the server: compute units, refusals, effects.

use std::{fmt, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use solana_account::Account;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_message::Message;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::TransactionError,
    config::{RpcSimulateTransactionAccountsConfig, RpcSimulateTransactionConfig},
};
use solana_signature::Signature;
use solana_transaction::Transaction;
use thaw_client::{
    Refusal, amount, instructions::TOKEN_PROGRAM, spl_pool::TOKEN_2022_PROGRAM,
    token_account::amount_in,
};
use tokio::time::sleep;

use crate::record::{Balances, Change};

/// Questions for the record of a transaction that has just landed, and the pause between them.
const RECORD_TRIES: u32 = 10;
const RECORD_WAIT: Duration = Duration::from_millis(200);

/// An account whose change is shown.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What it is: `wallet`, `shares`.
    pub name: &'static str,
    /// Its address.
    pub address: Pubkey,
}

/// A change that a transaction made or would make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What the account is.
    pub name: String,
    /// Its address.
    pub address: String,
    /// `SOL`, `shares`, or `tokens` of another pool.
    pub unit: String,
    /// Base units before.
    pub before: u64,
    /// Base units after, fees and rent included.
    pub after: u64,
}

impl Effect {
    fn new(what: &Watched, is_token: bool, before: u64, after: u64) -> Self {
        let unit = match (is_token, what.name) {
            (false, _) => "SOL",
            (true, "tokens") => "tokens",
            (true, _) => "shares",
        };
        Self {
            name: what.name.into(),
            address: what.address.to_string(),
            unit: unit.into(),
            before,
            after,
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.after < self.before { "-" } else { "+" };
        write!(
            f,
            "  {:<10} {} -> {} {} ({sign}{})",
            self.name,
            amount::show(self.before),
            amount::show(self.after),
            self.unit,
            amount::short(self.after.abs_diff(self.before))
        )
    }
}

/// What a simulation told.
#[derive(Clone, Debug, Default)]
pub struct Simulation {
    /// Compute units used.
    pub units: u64,
    /// Changes of the watched accounts.
    pub effects: Vec<Effect>,
}

/// Tries a message; nobody signs.
///
/// # Errors
/// [`Refusal`] where a program refuses, else the transaction's or the server's error.
pub async fn simulate(
    rpc: &RpcClient,
    message: &Message,
    watched: &[Watched],
) -> Result<Simulation> {
    let keys: Vec<Pubkey> = watched.iter().map(|watched| watched.address).collect();
    let before =
        if keys.is_empty() { Vec::new() } else { rpc.get_multiple_accounts(&keys).await? };
    let config = RpcSimulateTransactionConfig {
        sig_verify: false,
        replace_recent_blockhash: true,
        commitment: Some(rpc.commitment()),
        accounts: (!keys.is_empty()).then(|| RpcSimulateTransactionAccountsConfig {
            encoding: Some(UiAccountEncoding::Base64),
            addresses: keys.iter().map(ToString::to_string).collect(),
        }),
        ..RpcSimulateTransactionConfig::default()
    };
    let transaction = Transaction::new_unsigned(message.clone());
    let result = rpc.simulate_transaction_with_config(&transaction, config).await?.value;
    if let Some(error) = result.err {
        let logs = result.logs.unwrap_or_default();
        return Err(failed(&TransactionError::from(error), &logs, message));
    }
    let after = result.accounts.unwrap_or_default();
    let after = after.into_iter().map(|account| account.and_then(|account| account.to_account()));
    let changes = watched.iter().zip(before).zip(after);
    Ok(Simulation {
        units: result.units_consumed.unwrap_or(0),
        effects: changes.filter_map(|((what, old), new)| effect(what, old, new)).collect(),
    })
}

/// What a transaction on the chain changed, as its record tells; nothing where the server does not
/// have it yet.
pub async fn changed(
    rpc: &RpcClient,
    signature: &Signature,
    message: &Message,
    watched: &[Watched],
) -> Vec<Effect> {
    for _ in 0..RECORD_TRIES {
        if let Ok(Some(balances)) = Balances::fetch(rpc, signature).await {
            let changes = watched.iter().filter_map(|what| recorded(what, message, &balances));
            return changes.collect();
        }
        sleep(RECORD_WAIT).await;
    }
    Vec::new()
}

/// The change of one account in a transaction's record.
fn recorded(what: &Watched, message: &Message, balances: &Balances) -> Option<Effect> {
    let place = message.account_keys.iter().position(|key| *key == what.address)?;
    let Change { is_token, before, after } = balances.change(place)?;
    (before != after).then(|| Effect::new(what, is_token, before, after))
}

/// The error of a transaction that failed, in words.
pub fn failed(error: &TransactionError, logs: &[String], message: &Message) -> anyhow::Error {
    let payer = message.account_keys.first().copied().unwrap_or_default();
    match (Refusal::of_transaction(error, logs), error) {
        (Some(refusal), _) => refusal.into(),
        (None, TransactionError::AccountNotFound) => {
            anyhow::anyhow!("the fee payer {payer} holds no SOL")
        }
        (None, TransactionError::InsufficientFundsForFee) => {
            anyhow::anyhow!("the fee payer {payer} cannot pay the fee")
        }
        (None, TransactionError::InsufficientFundsForRent { account_index }) => {
            let key = message.account_keys.get(usize::from(*account_index));
            let key = key.map_or_else(|| "an account".into(), ToString::to_string);
            anyhow::anyhow!("{key} would keep fewer lamports than its rent")
        }
        (None, other) => anyhow::anyhow!("the transaction failed: {other}"),
    }
}

fn effect(what: &Watched, old: Option<Account>, new: Option<Account>) -> Option<Effect> {
    let is_token = |account: &Option<Account>| {
        let programs = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM];
        account.as_ref().is_some_and(|account| programs.contains(&account.owner))
    };
    let is_token = is_token(&old) || is_token(&new);
    let amount = |account: Option<Account>| {
        let account = account.unwrap_or_default();
        if is_token { amount_in(&account.data).unwrap_or(0) } else { account.lamports }
    };
    let (before, after) = (amount(old), amount(new));
    (before != after).then(|| Effect::new(what, is_token, before, after))
}

/// Shares in a token account; 0 where there is none.
///
/// # Errors
/// The server's.
pub async fn shares_in(rpc: &RpcClient, address: &Pubkey) -> Result<u64> {
    Ok(token_account(rpc, address).await?.unwrap_or(0))
}

/// Shares in a token account; `None` where there is none, though a stranger may have sent lamports
/// to its address.
///
/// # Errors
/// The server's.
pub async fn token_account(rpc: &RpcClient, address: &Pubkey) -> Result<Option<u64>> {
    let found = rpc.get_account_with_commitment(address, rpc.commitment()).await?.value;
    let Some(account) = found.filter(|account| account.owner == TOKEN_PROGRAM) else {
        return Ok(None);
    };
    let shares = amount_in(&account.data);
    shares.map(Some).with_context(|| format!("{address} is no token account"))
}
