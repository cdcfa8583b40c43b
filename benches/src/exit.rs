//! SOL out: a withdrawal from the request to the end of its batch, and an exit at once.

use anyhow::{Result, anyhow, ensure};
use solana_signer::Signer;
use thaw_client::{instructions::Request, thaw::state::SlotState};
use thaw_tests::{Holder, SOL, Setup};

use crate::{
    crank::{VALIDATORS, deposit},
    results::Row,
    send::Cost,
    stage::Stage,
};

/// Measures them.
///
/// # Errors
/// When a step is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), VALIDATORS, 1_000 * SOL)?;
    stage.know_all();
    let mut holder = stage.holder(10_000 * SOL)?;
    deposit(&mut stage, &holder, 2_000 * SOL)?;
    stage.world.move_all();
    stage.world.next_epoch();
    stage.finalize()?;
    stage.world.tend();
    let instant = withdraw_instant(&mut stage, &holder, 10 * SOL)?;
    stage.world.move_window();
    let row = |name, cost| Row::new(name, VALIDATORS, &cost);

    let opens = request(&mut stage, &mut holder, 200 * SOL)?;
    ensure!(!is_cooling(&stage), "the slot is cooling before the first undelegation");
    let first = undelegate(&mut stage)?;
    ensure!(is_cooling(&stage), "no slot is cooling");
    let joins = request(&mut stage, &mut holder, 200 * SOL)?;
    let top_up = undelegate(&mut stage)?;
    stage.world.move_all();

    stage.world.next_epoch();
    stage.finalize()?;
    let collect = stage.measure(stage.world.pool.collect_cooled(&stage.world.votes[0], 0))?;
    stage.world.tend();
    let settle = stage.measure(stage.world.pool.settle_withdrawals(0))?;
    let batch = stage.world.batch(0).ok_or_else(|| anyhow!("no batch"))?;
    ensure!(batch.is_settled(), "the reserve did not pay the whole batch: {batch:?}");

    let transfer = transfer(&mut stage, &holder, 1)?;
    let claim = claim(&mut stage, &holder, 0)?;
    self::claim(&mut stage, &holder, 1)?;
    let close = stage.world.pool.close_batch(0, &batch.opener);
    let close = stage.measure(close)?;

    Ok(vec![
        row("withdraw_instant", instant),
        row("request_withdrawal, opens the batch", opens),
        row("request_withdrawal, joins it", joins),
        row("undelegate, first of the epoch", first),
        row("undelegate, tops up", top_up),
        row("collect_cooled", collect),
        row("settle_withdrawals, in full", settle),
        row("transfer_ticket", transfer),
        row("claim_withdrawal", claim),
        row("close_batch", close),
    ])
}

/// True where the first validator has a slot that was deactivated in this epoch.
fn is_cooling(stage: &Stage) -> bool {
    let epoch = stage.world.clock().epoch;
    stage.world.record(0).find_since(SlotState::Cooling, epoch).is_some()
}

fn request(stage: &mut Stage, holder: &mut Holder, shares: u64) -> Result<Cost> {
    let world = &stage.world;
    let request =
        Request { shares, nonce: holder.nonce, serial: world.batch_to_join(), is_pushable: true };
    let owner = holder.address();
    let instruction = world.pool.request_withdrawal(&request, &owner, &owner, &holder.tokens);
    holder.nonce += 1;
    stage.measure_of(&[&holder.key], &[instruction])
}

fn undelegate(stage: &mut Stage) -> Result<Cost> {
    let world = &stage.world;
    let pool = world.pool();
    let batch = (pool.oldest_batch < pool.next_batch).then_some(pool.oldest_batch);
    let undelegate = world.pool.undelegate(&world.payer.pubkey(), &world.votes[0], 0, batch);
    stage.measure(undelegate)
}

/// The owner claims to itself.
fn claim(stage: &mut Stage, holder: &Holder, nonce: u64) -> Result<Cost> {
    let owner = holder.address();
    let ticket = stage.world.pool.ticket(&owner, nonce);
    let instruction = stage.world.pool.claim_withdrawal(&ticket, 0, &owner, &owner, &owner);
    stage.measure_of(&[&holder.key], &[instruction])
}

/// To the owner itself, who claims it after that.
fn transfer(stage: &mut Stage, holder: &Holder, nonce: u64) -> Result<Cost> {
    let owner = holder.address();
    let ticket = stage.world.pool.ticket(&owner, nonce);
    let instruction = stage.world.pool.transfer_ticket(&ticket, &owner, &owner, true);
    stage.measure_of(&[&holder.key], &[instruction])
}

/// To the owner's own wallet.
fn withdraw_instant(stage: &mut Stage, holder: &Holder, shares: u64) -> Result<Cost> {
    let owner = holder.address();
    let pool = stage.world.pool;
    let instruction = pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, 0);
    stage.measure_of(&[&holder.key], &[instruction])
}
