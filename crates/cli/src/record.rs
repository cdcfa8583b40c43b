//! A transaction's record on the server: what it did to balances, and nothing else.
//!
//! The record is read by our own few fields. The client library's type refuses a whole record for one
//! reward of a type that it does not know, and the runtime adds such types (`VATDebit`).

use serde::Deserialize;
use serde_json::json;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{client_error::Error as ClientError, request::RpcRequest};
use solana_signature::Signature;

/// Newest version of transactions that is asked for: without it the server refuses those of version 1.
const NEWEST_VERSION: u8 = 1;

/// Balances of a transaction's accounts before and after it, by their places in its message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balances {
    pre_balances: Vec<u64>,
    post_balances: Vec<u64>,
    pre_token_balances: Option<Vec<TokenBalance>>,
    post_token_balances: Option<Vec<TokenBalance>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenBalance {
    account_index: usize,
    ui_token_amount: TokenAmount,
}

#[derive(Debug, Deserialize)]
struct TokenAmount {
    amount: String,
}

#[derive(Debug, Deserialize)]
struct Record {
    meta: Option<Balances>,
}

/// What one account held before a transaction and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Tokens in base units, else lamports.
    pub is_token: bool,
    /// Before the transaction.
    pub before: u64,
    /// After it.
    pub after: u64,
}

impl Balances {
    /// Reads the record of a transaction; `None` while the server does not have it.
    ///
    /// # Errors
    /// The server's, and when its answer is no record.
    pub async fn fetch(
        rpc: &RpcClient,
        signature: &Signature,
    ) -> Result<Option<Self>, ClientError> {
        let config = json!({
            "encoding": "base64",
            "commitment": rpc.commitment().commitment,
            "maxSupportedTransactionVersion": NEWEST_VERSION,
        });
        let params = json!([signature.to_string(), config]);
        let record: Option<Record> = rpc.send(RpcRequest::GetTransaction, params).await?;
        Ok(record.and_then(|record| record.meta))
    }

    /// The change of the account at `place`; `None` if the record does not tell of it.
    pub fn change(&self, place: usize) -> Option<Change> {
        let tokens = |balances: &Option<Vec<TokenBalance>>| {
            let found = balances.as_ref()?.iter().find(|one| one.account_index == place)?;
            found.ui_token_amount.amount.parse::<u64>().ok()
        };
        let (old, new) = (tokens(&self.pre_token_balances), tokens(&self.post_token_balances));
        let is_token = old.is_some() || new.is_some();
        let (before, after) = if is_token {
            (old.unwrap_or(0), new.unwrap_or(0))
        } else {
            (*self.pre_balances.get(place)?, *self.post_balances.get(place)?)
        };
        Some(Change { is_token, before, after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of a record of version 1, with rewards of the types that came with Alpenglow.
    const VERSION_1: &str = include_str!("../tests/records/version_1.json");

    #[test]
    fn a_record_of_version_1_with_new_rewards_is_read() {
        let record: Record = serde_json::from_str(VERSION_1).expect("a record");
        let balances = record.meta.expect("balances");
        let lamports = Change { is_token: false, before: 5_000_000_000, after: 3_999_995_000 };
        assert_eq!(balances.change(0), Some(lamports));
        // A token account that the transaction opened.
        let shares = Change { is_token: true, before: 0, after: 987_654_321 };
        assert_eq!(balances.change(1), Some(shares));
        assert_eq!(balances.change(9), None);
    }

    #[test]
    fn a_record_may_be_missing_or_without_balances() {
        let absent: Option<Record> = serde_json::from_str("null").expect("no record");
        assert!(absent.is_none());
        let bare: Record = serde_json::from_str(r#"{"slot":1,"meta":null}"#).expect("a record");
        assert!(bare.meta.is_none());
    }
}
