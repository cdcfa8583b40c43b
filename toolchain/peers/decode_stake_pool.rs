//! Reads the data of a stake pool's account from stdin with the crate spl-stake-pool, and prints
//! what the crate sees as JSON, with the crate's own arithmetic for each amount that is given. Tests
//! run it, so that the crate is in nobody else's tree.

use std::io::Read;

use borsh::BorshDeserialize;
use serde_json::{json, Value};
use spl_stake_pool::state::{AccountType, Fee, FutureEpoch, StakePool};

fn main() {
    let mut data = Vec::new();
    std::io::stdin().read_to_end(&mut data).expect("stdin");
    let mut rest = &data[..];
    let pool = StakePool::deserialize(&mut rest).expect("the layout of a stake pool");
    let is_same = borsh::to_vec(&pool).expect("bytes") == data[..data.len() - rest.len()];
    let amounts = std::env::args().skip(1).map(|text| text.parse().expect("an amount"));
    let answers: Vec<Value> = amounts.map(|amount| answer(&pool, amount)).collect();
    println!("{}", json!({ "pool": show(&pool), "is_same": is_same, "answers": answers }));
}

fn show(pool: &StakePool) -> Value {
    json!({
        "is_valid": pool.is_valid() && pool.account_type == AccountType::StakePool,
        "manager": pool.manager.to_string(),
        "staker": pool.staker.to_string(),
        "stake_deposit_authority": pool.stake_deposit_authority.to_string(),
        "stake_withdraw_bump_seed": pool.stake_withdraw_bump_seed,
        "validator_list": pool.validator_list.to_string(),
        "reserve_stake": pool.reserve_stake.to_string(),
        "pool_mint": pool.pool_mint.to_string(),
        "manager_fee_account": pool.manager_fee_account.to_string(),
        "token_program_id": pool.token_program_id.to_string(),
        "total_lamports": pool.total_lamports,
        "pool_token_supply": pool.pool_token_supply,
        "last_update_epoch": pool.last_update_epoch,
        "is_locked": pool.lockup != Default::default(),
        "epoch_fee": fee(&pool.epoch_fee),
        "stake_deposit_fee": fee(&pool.stake_deposit_fee),
        "stake_withdrawal_fee": fee(&pool.stake_withdrawal_fee),
        "stake_referral_fee": pool.stake_referral_fee,
        "sol_deposit_fee": fee(&pool.sol_deposit_fee),
        "sol_referral_fee": pool.sol_referral_fee,
        "sol_withdrawal_fee": fee(&pool.sol_withdrawal_fee),
        "has_more": has_more(pool),
        "last_epoch_pool_token_supply": pool.last_epoch_pool_token_supply,
        "last_epoch_total_lamports": pool.last_epoch_total_lamports,
    })
}

/// True where any option or future fee is set.
fn has_more(pool: &StakePool) -> bool {
    let fees =
        [pool.next_epoch_fee, pool.next_stake_withdrawal_fee, pool.next_sol_withdrawal_fee];
    let keys = [
        pool.preferred_deposit_validator_vote_address,
        pool.preferred_withdraw_validator_vote_address,
        pool.sol_deposit_authority,
        pool.sol_withdraw_authority,
    ];
    fees.iter().any(|fee| *fee != FutureEpoch::None) || keys.iter().any(Option::is_some)
}

fn fee(fee: &Fee) -> Value {
    json!([fee.numerator, fee.denominator])
}

/// What the crate makes of an amount: of lamports that come in, of tokens that go out.
fn answer(pool: &StakePool, amount: u64) -> Value {
    json!({
        "tokens": pool.calc_pool_tokens_for_deposit(amount),
        "lamports": pool.calc_lamports_withdraw_amount(amount),
        "sol_deposit_fee": pool.calc_pool_tokens_sol_deposit_fee(amount),
        "stake_deposit_fee": pool.calc_pool_tokens_stake_deposit_fee(amount),
        "stake_withdrawal_fee": pool.calc_pool_tokens_stake_withdrawal_fee(amount),
        "sol_withdrawal_fee": pool.calc_pool_tokens_sol_withdrawal_fee(amount),
        "sol_referral_fee": pool.calc_pool_tokens_sol_referral_fee(amount),
    })
}
