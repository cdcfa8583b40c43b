//! Addresses, amounts as text, refusals in words.

use anchor_lang::prelude::Pubkey;
use serde_json::{Map, Value, json};
use solana_instruction::error::InstructionError;
use solana_signer::Signer;
use solana_transaction::TransactionError;
use thaw_client::{
    PoolAddresses, Refusal, amount,
    amount::AmountError,
    instructions::TOKEN_PROGRAM,
    refusal::{code_of, duration},
    thaw::error::ThawError,
};

use super::{
    json::{key, number, refusal},
    scene::fixed,
};

pub fn entries() -> Map<String, Value> {
    let pairs = [
        ("addresses", addresses()),
        ("amounts", amounts()),
        ("shown", shown()),
        ("durations", durations()),
        ("rules", rules()),
        ("failures", failures()),
    ];
    pairs.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

fn addresses() -> Value {
    let all = (20u8..24).map(|number| {
        let (mint, owner, vote) = (fixed(number), fixed(number + 40), fixed(number + 80));
        let (mint, owner, vote) = (mint.pubkey(), owner.pubkey(), vote.pubkey());
        let pool = PoolAddresses::of(mint);
        let serial = u64::from(number).pow(12);
        json!({
            "mint": key(&mint),
            "owner": key(&owner),
            "vote": key(&vote),
            "serial": serial.to_string(),
            "pool": key(&pool.pool),
            "reserve": key(&pool.reserve),
            "authority": key(&pool.authority),
            "validators": key(&pool.validators),
            "escrow": key(&pool.escrow),
            "bootstrap": key(&pool.bootstrap),
            "slots": pool.slots(&vote).map(|slot| key(&slot)),
            "marker": key(&pool.marker(&vote)),
            "metadata": key(&pool.metadata()),
            "splView": key(&pool.spl_view()),
            "batch": key(&pool.batch(serial)),
            "ticket": key(&pool.ticket(&owner, serial)),
            "shares": key(&pool.token_account(&owner)),
        })
    });
    all.collect()
}

fn amounts() -> Value {
    let texts = [
        "1",
        "1.",
        ".5",
        "0",
        "00.10",
        "0.000000001",
        "0.3",
        "9007199.254740993",
        "18446744073.709551615",
        "18446744073.709551616",
        "99999999999999999999999",
        "0.0000000001",
        "1.0000000000",
        "",
        ".",
        "-1",
        "+1",
        "1e9",
        "1,5",
        " 1",
        "1 ",
        "1.2.3",
        "0x10",
        "ALL",
        "NaN",
        "½",
        "١",
    ];
    let all = texts.map(|text| {
        let (value, fault) = match amount::parse(text) {
            Ok(value) => (number(value), Value::Null),
            Err(error) => (Value::Null, json!([fault(&error), error.to_string()])),
        };
        json!([text, value, fault])
    });
    Value::from(all.to_vec())
}

fn fault(error: &AmountError) -> &'static str {
    match error {
        AmountError::Malformed(_) => "malformed",
        AmountError::TooFine(_) => "tooFine",
        AmountError::TooLarge(_) => "tooLarge",
    }
}

fn shown() -> Value {
    let all = [0, 1, 10, 999_999_999, 1_000_000_000, 1_500_000_000, 100_000_000_000, u64::MAX];
    all.map(|value| json!([number(value), amount::show(value), amount::short(value)]))
        .to_vec()
        .into()
}

fn durations() -> Value {
    let all = [0, 59, 60, 3_599, 3_600, 3_700, 86_399, 86_400, 90_000, 1_000_000, u64::MAX];
    all.map(|seconds| json!([number(seconds), duration(seconds)])).to_vec().into()
}

/// Every rule that has a code.
fn rules() -> Value {
    let codes = code_of(ThawError::Overflow)..=code_of(ThawError::CannotBeAdmitted);
    codes.map(|code| refusal(&Refusal::of_code(code))).collect()
}

/// Transactions that failed, by their logs.
fn failures() -> Value {
    let (ours, token) = (thaw_client::thaw::ID, TOKEN_PROGRAM);
    let stake = thaw_client::thaw::state::STAKE_PROGRAM;
    let system = Pubkey::default();
    let failed = |program: Pubkey, code: u32| {
        format!("Program {program} failed: custom program error: {code:#x}")
    };
    let values = |found: u64, allowed: u64| {
        vec![format!("Program log: Left: {found}"), format!("Program log: Right: {allowed}")]
    };
    let anchor = "Program log: AnchorError caused by account: pool. Error Code: \
                  AccountNotInitialized. Error Number: 3012. Error Message: The program expected \
                  this account to be already initialized.";
    let mut cases: Vec<(u32, Vec<String>)> = vec![
        (6_008, vec![]),
        (6_008, [values(900_000_000, 1_000_000_000), vec![failed(ours, 6_008)]].concat()),
        (6_043, [values(1_000, 173_800), vec![failed(ours, 6_043)]].concat()),
        (6_043, [values(173_800, 1_000), vec![failed(ours, 6_043)]].concat()),
        (6_024, values(3, 5)),
        (6_060, values(SOL_AND_A_BIT, 5)),
        (6_060, values(7, 7)),
        (6_063, values(700_000_000, 827_074_400)),
        (6_008, vec![failed(token, 6_008)]),
        (3_012, vec![anchor.into(), failed(ours, 3_012)]),
        (9_999, vec![failed(ours, 9_999)]),
        (9_999, vec![]),
    ];
    let foreign = [(token, 1), (token, 3), (token, 4), (token, 17), (system, 0), (system, 1)];
    for (program, code) in foreign.into_iter().chain([(stake, 0), (stake, 16), (stake, 99)]) {
        cases.push((code, vec![failed(program, code), failed(ours, code)]));
    }
    let told = cases.into_iter().map(|(code, logs)| {
        let error = TransactionError::InstructionError(1, InstructionError::Custom(code));
        let why = Refusal::of_transaction(&error, &logs).unwrap();
        json!({
            "code": code,
            "logs": logs,
            "refusal": refusal(&why),
            "program": why.program.map(|program| program.to_string()),
        })
    });
    told.collect()
}

/// An amount with all its places.
const SOL_AND_A_BIT: u64 = 1_000_000_001;
