//! Each SPL instruction beside the one of Thaw's that does the same work, by the name of its row.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, ensure};
use solana_signer::Signer;
use solana_system_interface::instruction::create_account_with_seed;
use thaw_client::thaw::state::STAKE_PROGRAM;
use thaw_tests::SOL;

use crate::{
    crank::VALIDATORS,
    operate::{LISTED, mean},
    send::Cost,
    spl::pool::{FEES, Fees, SplHolder, SplStage, deposit_for},
};

/// What a validator is given first, lamports.
pub const FIRST: u64 = 100 * SOL;
/// Bytes of a stake account.
const STAKE_BYTES: u64 = 200;

/// Measures them in a pool of as many validators as Thaw's.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<(&'static str, Cost)>> {
    let mut stage = staked(VALIDATORS)?;
    let mut rows = vec![("initialize", stage.opened)];
    let holder = stage.holder("depositor", 10_000 * SOL)?;
    let pair = stage.pairs[0];
    rows.push(("deposit_sol, no fee", stage.deposit(&holder, 500 * SOL)?));
    rows.push(("deposit_sol, with fee", with_fee(false)?));
    rows.push(("deposit_sol, with fee and referrer", with_fee(true)?));
    let owner = holder.key.pubkey();
    let exit = stage.pool.withdraw_sol(owner, holder.tokens, 10 * SOL);
    rows.push(("withdraw_instant", stage.send_as(&[&holder.key], &[exit])?));
    rows.push(("deposit_stake, into main", stake_in(&mut stage, &holder, 0)?));
    rows.push(("withdraw_stake", stake_out(&mut stage, &holder, 0)?));

    let increase = stage.send(stage.pool.increase(&pair, 5 * SOL))?;
    rows.push(("delegate, creates the slot", increase));
    rows.push(("delegate, into an open slot", increase));
    rows.push(("delegate, tops up", stage.send(stage.pool.increase_again(&pair, 5 * SOL))?));
    let other = stage.pairs[1];
    let decrease = stage.send(stage.pool.decrease(&other, 5 * SOL))?;
    rows.push(("undelegate, first of the epoch", decrease));

    // Removed as well, it has both its accounts merged into the reserve: the worst that there is.
    stage.send(stage.pool.remove_validator(&other))?;
    stage.world.next_epoch();
    let merging = stage.send(stage.pool.update_list(0, &[pair]))?;
    rows.push(("merge_activated, into main", merging));
    rows.push(("collect_cooled", stage.send(stage.pool.update_list(1, &[other]))?));
    let left = [other.stake, other.transient].map(|key| stage.world.lamports(&key));
    ensure!(left == [0, 0], "not all went into the reserve: {left:?}");
    stage.update()?;
    stage.world.next_epoch();
    let sync = stage.send(stage.pool.update_list(0, &[pair]))?;
    rows.push(("sync_validators of 1", sync));
    rows.extend(listing()?);
    Ok(rows)
}

/// A pool whose validators all have active stake, updated in the running epoch.
///
/// # Errors
/// When a step is refused.
pub fn staked(validators: usize) -> Result<SplStage> {
    let mut stage = SplStage::open(FEES, validators)?;
    let holder = stage.holder("founder", deposit_for(validators, 3 * FIRST))?;
    stage.deposit(&holder, deposit_for(validators, 2 * FIRST))?;
    for _ in 0..validators {
        stage.add_validator()?;
    }
    stage.world.next_epoch();
    stage.update()?;
    stage.increase_all(FIRST)?;
    stage.world.next_epoch();
    stage.update()?;
    Ok(stage)
}

/// A list of 20: adding, beginning a removal, and the cleanup after it.
fn listing() -> Result<Vec<(&'static str, Cost)>> {
    let validators = LISTED as usize;
    let mut stage = SplStage::open(FEES, validators)?;
    let holder = stage.holder("founder", 1_000 * SOL)?;
    stage.deposit(&holder, 900 * SOL)?;
    let mut costs = Vec::new();
    for _ in 0..validators {
        costs.push(stage.add_validator()?);
    }
    stage.world.next_epoch();
    stage.update()?;
    let remove = stage.send(stage.pool.remove_validator(&stage.pairs[3]))?;
    let cleanup = cleanup(&mut stage, 3)?;
    let mut rows =
        vec![("remove_validator, begins", remove), ("remove_validator, no slot is open", cleanup)];
    rows.extend(mean(&costs).map(|mean| ("add_validator, mean of 20", mean)));
    Ok(rows)
}

/// The cleanup that takes the validator at `index` off the list, an epoch after its removal began.
///
/// # Errors
/// When a step is refused, or nothing leaves the list.
pub fn cleanup(stage: &mut SplStage, index: usize) -> Result<Cost> {
    stage.world.next_epoch();
    stage.update_list()?;
    stage.send(stage.pool.update_pool())?;
    let before = listed(stage);
    let cost = stage.send(stage.pool.cleanup())?;
    ensure!(listed(stage) + 1 == before, "the cleanup took nothing off the list");
    stage.pairs.remove(index);
    Ok(cost)
}

/// Entries of the list: the length behind its header.
fn listed(stage: &SplStage) -> u32 {
    let list = stage.world.svm.get_account(&stage.pool.list).map(|list| list.data);
    list.and_then(|data| data[5..9].try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// A deposit in a pool that takes a fee of 10 basis points, half of it the referrer's if there is
/// one.
fn with_fee(has_referrer: bool) -> Result<Cost> {
    let fees = Fees { deposit: 10, referral: if has_referrer { 50 } else { 0 }, ..FEES };
    let mut stage = SplStage::open(fees, VALIDATORS)?;
    let holder = stage.holder("depositor", 10_000 * SOL)?;
    stage.deposit(&holder, 1_000 * SOL)?;
    if !has_referrer {
        return stage.deposit(&holder, 500 * SOL);
    }
    let referrer = stage.holder("referrer", SOL)?.tokens;
    let from = holder.key.pubkey();
    let deposit = stage.pool.deposit_sol(from, holder.tokens, referrer, 500 * SOL);
    let cost = stage.send_as(&[&holder.key], &[deposit])?;
    ensure!(stage.world.tokens(&referrer) > 0, "the referrer got nothing");
    Ok(cost)
}

/// A wallet's own stake in.
///
/// # Errors
/// When it is refused.
pub fn stake_in(stage: &mut SplStage, holder: &SplHolder, index: usize) -> Result<Cost> {
    let owner = holder.key.pubkey();
    let stake = stage.world.stake_account(&owner, index as u16, 5 * SOL);
    let pair = stage.pairs[index];
    let deposit = stage.pool.deposit_stake(&pair, stake, owner, holder.tokens);
    stage.send_as(&[&holder.key], &deposit)
}

/// Stake out, into an account that the wallet opens in the same transaction.
///
/// # Errors
/// When it is refused.
pub fn stake_out(stage: &mut SplStage, holder: &SplHolder, index: usize) -> Result<Cost> {
    let owner = holder.key.pubkey();
    let seed = format!("stake {index:04}");
    let stake = Pubkey::create_with_seed(&owner, &seed, &STAKE_PROGRAM)?;
    let rent = stage.world.slot_rent();
    let open =
        create_account_with_seed(&owner, &stake, &owner, &seed, rent, STAKE_BYTES, &STAKE_PROGRAM);
    let pair = stage.pairs[index];
    let exit = stage.pool.withdraw_stake(&pair, stake, owner, holder.tokens, 3 * SOL);
    stage.send_as(&[&holder.key], &[open, exit])
}
