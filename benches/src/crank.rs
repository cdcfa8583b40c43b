//! Deposits, and one validator's stake from delegation to the sweep.

use anyhow::{Result, ensure};
use solana_signer::Signer;
use thaw_client::thaw::{instructions::SyncEntry, state::SlotState};
use thaw_tests::{Holder, SOL, Setup};

use crate::{
    results::Row,
    send::{Cost, Order},
    stage::Stage,
};

/// Validators of the pool.
pub const VALIDATORS: usize = 5;
/// Place of the first slot in a sync's accounts, behind pool and list.
pub const SYNC_SLOTS: u8 = 2;

/// Measures them.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), VALIDATORS, 1_000 * SOL)?;
    stage.know_all();
    let holder = stage.holder(10_000 * SOL)?;
    let row = |name, cost| Row::new(name, VALIDATORS, &cost);

    ensure!(!stage.world.record(0).is_held(), "the slot exists before the first delegation");
    let new_slot = delegate(&mut stage)?;
    deposit(&mut stage, &holder, 500 * SOL)?;
    let top_up = delegate(&mut stage)?;
    stage.world.move_all();

    stage.world.next_epoch();
    stage.reward_all();
    let sync = sync_one(&mut stage)?;
    stage.finalize()?;
    ensure!(stage.world.record(0).main().is_none(), "there is a main slot before the first merge");
    let becomes_main = merge(&mut stage)?;
    stage.world.tend();
    let no_fee = deposit(&mut stage, &holder, 500 * SOL)?;
    stage.world.move_window();
    stage.world.move_all();

    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    ensure!(stage.world.record(0).main().is_some(), "there is no main slot to merge into");
    let into_main = merge(&mut stage)?;
    stage.world.tend();
    let main = stage.world.main_slot(0);
    stage.world.tip(&main, SOL / 100);
    let sweep = sweep(&mut stage)?;
    deposit(&mut stage, &holder, 500 * SOL)?;
    stage.world.move_window();
    let open = stage.world.record(0).find(SlotState::Open);
    ensure!(open.is_some(), "there is no open slot");
    let open_slot = delegate(&mut stage)?;

    Ok(vec![
        row("deposit_sol, no fee", no_fee),
        row("deposit_sol, with fee", with_fee(false)?),
        row("deposit_sol, with fee and referrer", with_fee(true)?),
        Row::new("sync_validators of 1", 1, &sync),
        row("delegate, creates the slot", new_slot),
        row("delegate, into an open slot", open_slot),
        row("delegate, tops up", top_up),
        row("merge_activated, becomes main", becomes_main),
        row("merge_activated, into main", into_main),
        row("sweep_excess", sweep),
    ])
}

/// A deposit in a pool that takes a fee of 10 basis points, half of it the referrer's if there is
/// one.
fn with_fee(has_referrer: bool) -> Result<Cost> {
    let mut setup = Setup::default();
    setup.config.deposit_fee_bps = 10;
    setup.config.referral_bps = 5_000;
    let mut stage = Stage::with(&setup, VALIDATORS, 1_000 * SOL)?;
    stage.know_all();
    let holder = stage.holder(10_000 * SOL)?;
    stage.world.move_all();
    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    if !has_referrer {
        return deposit(&mut stage, &holder, 500 * SOL);
    }
    let referrer = stage.holder(SOL)?.tokens;
    let (pool, owner) = (stage.world.pool, holder.address());
    let instruction =
        pool.deposit_sol_referred(&owner, &holder.tokens, Some(referrer), 500 * SOL, 0);
    let cost = stage.measure_of(&[&holder.key], &[instruction])?;
    ensure!(stage.world.tokens(&referrer) > 0, "the referrer got nothing");
    Ok(cost)
}

fn sync_one(stage: &mut Stage) -> Result<Cost> {
    let slot = stage.world.main_slot(0);
    let entry = SyncEntry { index: 0, slots: 1 };
    let instruction = stage.world.pool.sync_validators(vec![entry], &[slot]);
    let payer = stage.world.payer.insecure_clone();
    stage.measure_order(&Order::new(&[&payer], &[instruction]), SYNC_SLOTS)
}

fn delegate(stage: &mut Stage) -> Result<Cost> {
    let (payer, vote) = (stage.world.payer.pubkey(), stage.world.votes[0]);
    stage.measure(stage.world.pool.delegate(&payer, &vote, 0))
}

fn merge(stage: &mut Stage) -> Result<Cost> {
    stage.measure(stage.world.pool.merge_activated(&stage.world.votes[0], 0))
}

fn sweep(stage: &mut Stage) -> Result<Cost> {
    stage.measure(stage.world.pool.sweep_excess(&stage.world.votes[0], 0))
}

/// A deposit as a wallet sends it: the depositor pays the fee.
///
/// # Errors
/// When it is refused.
pub fn deposit(stage: &mut Stage, holder: &Holder, lamports: u64) -> Result<Cost> {
    let deposit = stage.world.pool.deposit_sol(&holder.address(), &holder.tokens, lamports, 0);
    stage.measure_of(&[&holder.key], &[deposit])
}
