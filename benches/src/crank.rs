//! Deposits, and one validator's stake from delegation to the sweep.

use anyhow::{Result, ensure};
use solana_keypair::Keypair;
use thaw_client::thaw::{instructions::SyncEntry, state::SlotState};
use thaw_tests::{Holder, SOL, Sent, Setup};

use crate::{
    results::Row,
    stage::{Stage, went},
};

/// Validators of the pool.
const VALIDATORS: usize = 5;

/// Measures them.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), VALIDATORS, 1_000 * SOL)?;
    let holder = stage.world.holder(10_000 * SOL);
    let row = |name, sent| Row::new(name, VALIDATORS, &sent);

    ensure!(!stage.world.record(0).is_held(), "the slot exists before the first delegation");
    let new_slot = went(stage.world.delegate(0))?;
    deposit(&mut stage, &holder, 500 * SOL)?;
    let top_up = went(stage.world.delegate(0))?;
    stage.world.move_all();

    stage.world.next_epoch();
    stage.reward_all();
    let sync = sync_one(&mut stage)?;
    stage.finalize()?;
    ensure!(stage.world.record(0).main().is_none(), "there is a main slot before the first merge");
    let becomes_main = went(stage.world.merge(0))?;
    stage.world.tend();
    let no_fee = deposit(&mut stage, &holder, 500 * SOL)?;
    stage.world.move_window();
    stage.world.move_all();

    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    ensure!(stage.world.record(0).main().is_some(), "there is no main slot to merge into");
    let into_main = went(stage.world.merge(0))?;
    stage.world.tend();
    let main = stage.world.main_slot(0);
    stage.world.tip(&main, SOL / 100);
    let sweep = went(stage.world.sweep(0))?;
    deposit(&mut stage, &holder, 500 * SOL)?;
    stage.world.move_window();
    let open = stage.world.record(0).find(SlotState::Open);
    ensure!(open.is_some(), "there is no open slot");
    let open_slot = went(stage.world.delegate(0))?;

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
fn with_fee(has_referrer: bool) -> Result<Sent> {
    let mut setup = Setup::default();
    setup.config.deposit_fee_bps = 10;
    setup.config.referral_bps = 5_000;
    let mut stage = Stage::with(&setup, VALIDATORS, 1_000 * SOL)?;
    let holder = stage.world.holder(10_000 * SOL);
    stage.world.move_all();
    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    if !has_referrer {
        return deposit(&mut stage, &holder, 500 * SOL);
    }
    let referrer = stage.world.holder(SOL).tokens;
    let (pool, owner) = (stage.world.pool, holder.address());
    let instruction =
        pool.deposit_sol_referred(&owner, &holder.tokens, Some(referrer), 500 * SOL, 0);
    let sent = stage.send_as(&holder.key, instruction)?;
    ensure!(stage.world.tokens(&referrer) > 0, "the referrer got nothing");
    Ok(sent)
}

fn sync_one(stage: &mut Stage) -> Result<Sent> {
    let slot = stage.world.main_slot(0);
    let entry = SyncEntry { index: 0, slots: 1 };
    let instruction = stage.world.pool.sync_validators(vec![entry], &[slot]);
    went(stage.world.send(&[instruction], &[]))
}

/// A deposit as a wallet sends it: the depositor pays the fee.
pub fn deposit(stage: &mut Stage, holder: &Holder, lamports: u64) -> Result<Sent> {
    let pool = stage.world.pool;
    let key: Keypair = holder.key.insecure_clone();
    stage.send_as(&key, pool.deposit_sol(&holder.address(), &holder.tokens, lamports, 0))
}
