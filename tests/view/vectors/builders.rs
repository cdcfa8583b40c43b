//! Instructions as the Rust client builds them, and SPL stake pools.

use anchor_lang::{AnchorDeserialize, prelude::Pubkey};
use serde_json::{Map, Value, json};
use solana_instruction::Instruction;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    exits::{StakeDeposit, StakeExit},
    instructions::Request,
    pack::{LEGACY_SLOTS, sync_instructions},
    spl_pool::{SplPool, SplPoolState, SplValidator},
    thaw::state::{Record, STAKE_PROGRAM, SlotState},
};

use super::{
    json::{bytes, key, maybe, number},
    scene::fixed,
};

/// Who takes part.
struct Parts {
    pool: PoolAddresses,
    owner: Pubkey,
    other: Pubkey,
    vote: Pubkey,
}

pub fn entries() -> Map<String, Value> {
    let parts = Parts {
        pool: PoolAddresses::of(fixed(30).pubkey()),
        owner: fixed(31).pubkey(),
        other: fixed(32).pubkey(),
        vote: fixed(33).pubkey(),
    };
    let mut entries = Map::new();
    entries.insert(
        "parts".into(),
        json!({
            "mint": key(&parts.pool.mint),
            "owner": key(&parts.owner),
            "other": key(&parts.other),
            "vote": key(&parts.vote),
        }),
    );
    entries.insert("instructions".into(), instructions(&parts));
    entries.insert("sync".into(), sync(&parts));
    entries.insert("splPools".into(), (0..4).map(|number| spl_pool(&parts, number)).collect());
    entries
}

fn show(instruction: &Instruction) -> Value {
    let accounts = instruction
        .accounts
        .iter()
        .map(|account| json!([account.pubkey.to_string(), account.is_writable, account.is_signer]));
    json!({
        "program": key(&instruction.program_id),
        "accounts": accounts.collect::<Vec<_>>(),
        "data": bytes(&instruction.data),
    })
}

fn instructions(Parts { pool, owner, other, vote }: &Parts) -> Value {
    let shares = pool.token_account(owner);
    let stake = Pubkey::create_with_seed(owner, "seed", &STAKE_PROGRAM).unwrap();
    let taken = StakeDeposit {
        stake: *other,
        staker: *owner,
        withdrawer: *owner,
        payer: *owner,
        recipient: shares,
        referrer: Some(pool.token_account(other)),
    };
    let given = StakeExit { shares_from: shares, owner: *owner, stake, new_authority: *other };
    let request = Request { shares: 77, nonce: 9_876_543_210, serial: 12, is_pushable: false };
    let ticket = pool.ticket(owner, request.nonce);
    let referrer = Some(pool.token_account(other));
    let all = [
        ("openShareAccount", pool.create_token_account(owner, owner)),
        ("depositSol", pool.deposit_sol(owner, &shares, 5, 4)),
        ("depositSolReferred", pool.deposit_sol_referred(owner, &shares, referrer, 5, 4)),
        ("withdrawInstant", pool.withdraw_instant(&shares, owner, other, 7, 6)),
        ("requestWithdrawal", pool.request_withdrawal(&request, owner, owner, &shares)),
        ("claimWithdrawal", pool.claim_withdrawal(&ticket, 12, owner, other, other)),
        ("depositStake", pool.deposit_stake(vote, 258, &taken, 3)),
        ("withdrawStake", pool.withdraw_stake(vote, 258, &given, 11, 10)),
        ("transferTicket", pool.transfer_ticket(&ticket, owner, other, true)),
        ("finalizeEpoch", pool.finalize_epoch()),
        ("refreshSplView", pool.refresh_spl_view(owner)),
        ("quoteDeposit", pool.quote_deposit(13)),
        ("quoteWithdraw", pool.quote_withdraw(14)),
    ];
    let shown = all.iter().map(|(name, instruction)| ((*name).to_owned(), show(instruction)));
    Value::Object(shown.collect())
}

/// Validators to book: some are booked, some hold nothing, some have several slots.
fn sync(Parts { pool, .. }: &Parts) -> Value {
    let records: Vec<(u16, Record)> = (0..26u8)
        .map(|number| {
            let mut record = Record { vote: fixed(number + 50).pubkey(), ..Record::default() };
            for (place, slot) in record.slots.iter_mut().enumerate() {
                let state = match (usize::from(number) + place) % 5 {
                    0 => SlotState::Active,
                    1 => SlotState::Open,
                    2 => SlotState::Cooling,
                    _ => SlotState::Closed,
                };
                slot.state = state as u8;
            }
            record.booked_epoch = if number % 7 == 3 { 5 } else { 4 };
            (u16::from(number), record)
        })
        .collect();
    let built = sync_instructions(pool, records.iter().map(|(i, r)| (*i, r)), 5, LEGACY_SLOTS);
    let listed = records.iter().map(|(index, record)| {
        json!([index, key(&record.vote), bytes(bytemuck::bytes_of(record))])
    });
    json!({
        "records": listed.collect::<Vec<_>>(),
        "instructions": built.iter().map(show).collect::<Vec<_>>(),
    })
}

/// The account of an SPL stake pool: with all its optional parts, or without.
fn spl_account(parts: &Parts, number: u8, fee: (u64, u64), preferred: Option<Pubkey>) -> Vec<u8> {
    let mut data = vec![1];
    for place in 0..3 {
        data.extend(fixed(200 + place).pubkey().to_bytes());
    }
    data.push(254);
    let token_program = thaw_client::instructions::TOKEN_PROGRAM;
    for key in [fixed(204), fixed(205), fixed(206), fixed(207)].map(|key| key.pubkey()) {
        data.extend(key.to_bytes());
    }
    data.extend(token_program.to_bytes());
    for amount in [1_100_000_000_123 + u64::from(number), 1_000_000_000_456, 77] {
        data.extend(amount.to_le_bytes());
    }
    data.extend([0; 48]); // lock-up
    data.extend([0; 16]); // fee on rewards
    match number {
        0 => data.push(0),
        _ => {
            data.push(number.min(2));
            data.extend([9; 16]);
        }
    }
    for vote in [(number > 1).then_some(parts.other), preferred] {
        match vote {
            None => data.push(0),
            Some(vote) => {
                data.push(1);
                data.extend(vote.to_bytes());
            }
        }
    }
    data.extend([3; 16]); // fee on deposits of stake
    data.extend(fee.0.to_le_bytes());
    data.extend(fee.1.to_le_bytes());
    data.resize(611, 0);
    data
}

fn spl_validators(vote: Pubkey) -> Vec<SplValidator> {
    let entry = |active_lamports, seed, status, vote| SplValidator {
        active_lamports,
        transient_lamports: 5,
        last_update_epoch: 77,
        transient_seed: 6,
        unused: 0,
        seed,
        status,
        vote,
    };
    vec![
        entry(55_000_000_000, 0, 0, vote),
        entry(1_000_000_000, 3, 0, fixed(208).pubkey()),
        entry(9_000_000_000, 0, 1, fixed(209).pubkey()),
    ]
}

fn spl_list(validators: &[SplValidator]) -> Vec<u8> {
    let mut data = vec![2];
    data.extend(100u32.to_le_bytes());
    data.extend((validators.len() as u32).to_le_bytes());
    for entry in validators {
        data.extend(entry.active_lamports.to_le_bytes());
        data.extend(entry.transient_lamports.to_le_bytes());
        data.extend(entry.last_update_epoch.to_le_bytes());
        data.extend(entry.transient_seed.to_le_bytes());
        data.extend(entry.unused.to_le_bytes());
        data.extend(entry.seed.to_le_bytes());
        data.push(entry.status);
        data.extend(entry.vote.to_bytes());
    }
    data.resize(data.len() + 73 * 3, 0);
    data
}

fn spl_pool(parts: &Parts, number: u8) -> Value {
    let fee = [(0, 0), (1_000, 1), (3, 2), (10_000, 7)][usize::from(number)];
    let preferred = (number > 1).then_some(parts.vote);
    let account = spl_account(parts, number, fee, preferred);
    let state = SplPoolState::deserialize(&mut account.as_slice()).unwrap();
    let validators = spl_validators(parts.vote);
    let list = spl_list(&validators);
    let pool = SplPool {
        address: fixed(210).pubkey(),
        program: thaw_client::spl_pool::PROGRAMS[0],
        state,
        validators,
        takes_fee: true,
    };
    let (from, to, rent) = (pool.token_account(&parts.owner), parts.other, 1_666_240);
    let paid = [1, 99, 1_000_000_000, 987_654_321_987, u64::MAX].map(|tokens| {
        let paid = pool.withdrawal(tokens, &from);
        json!([
            tokens.to_string(),
            maybe(paid.map(|paid| paid.fee_tokens)),
            maybe(paid.map(|paid| paid.lamports)),
        ])
    });
    let withdraw = pool.withdraw_stake(&pool.validators[0], &to, &parts.owner, &from, 4_321);
    json!({
        "address": key(&pool.address),
        "program": key(&pool.program),
        "account": bytes(&account),
        "listAddress": key(&pool.state.validator_list),
        "list": bytes(&list),
        "from": key(&from),
        "withdrawals": paid,
        "preferred": pool.preferred(rent).map(|vote| vote.to_string()),
        "gives": pool.validators.iter().map(|it| number_of(&pool, it, rent)).collect::<Vec<_>>(),
        "stakeAccounts": pool.validators.iter().map(|it| key(&pool.stake_account(it))).collect::<Vec<_>>(),
        "withdrawStake": show(&withdraw),
    })
}

fn number_of(pool: &SplPool, validator: &SplValidator, rent: u64) -> Value {
    number(pool.can_give(validator, rent))
}
