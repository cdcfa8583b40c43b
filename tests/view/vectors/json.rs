//! Values as JSON: amounts as text, since a parser may read numbers as floating point.

use anchor_lang::prelude::Pubkey;
use base64::Engine;
use serde_json::{Value, json};
use solana_account::Account;
use thaw_client::{Refusal, thaw::state::Seat};

/// An integer of up to 128 bits.
pub fn number(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

/// An integer or nothing.
pub fn maybe(value: Option<impl ToString>) -> Value {
    value.map_or(Value::Null, number)
}

/// An address.
pub fn key(key: &Pubkey) -> Value {
    Value::String(key.to_string())
}

/// Bytes in base64.
pub fn bytes(bytes: &[u8]) -> Value {
    Value::String(base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// An account with the first `most` bytes of its data: owner, lamports, length of the data, and the
/// data without zeros at its end.
pub fn account(account: &Account, most: usize) -> Value {
    let data = &account.data[..account.data.len().min(most)];
    let end = data.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    json!([
        account.owner.to_string(),
        account.lamports.to_string(),
        data.len(),
        bytes(&data[..end])
    ])
}

/// A refusal.
pub fn refusal(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code,
        "rule": refusal.name,
        "found": maybe(refusal.values.map(|(found, _)| found)),
        "allowed": maybe(refusal.values.map(|(_, allowed)| allowed)),
        "message": refusal.to_string(),
    })
}

/// What a vote account offers.
pub fn seat(seat: &Seat) -> Value {
    json!({
        "hasVote": seat.has_vote,
        "lacksBlsKey": seat.lacks_bls_key,
        "lamports": number(seat.lamports),
    })
}

/// A refusal without its words.
pub fn brief(refusal: &Refusal) -> Value {
    match refusal.values {
        Some((found, allowed)) => json!([refusal.code, number(found), number(allowed)]),
        None => json!([refusal.code]),
    }
}
