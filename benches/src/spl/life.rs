//! A whole SPL pool of N validators: an epoch with a move for every validator, a quiet one, and what
//! its users and its staker send at that size.

use anyhow::{Context, Result};
use solana_signer::Signer;
use thaw_tests::SOL;

use crate::{
    life::{Life, MOVED, WORKS},
    lut,
    operate::mean,
    send::{Cost, Order, send},
    spl::{
        build::{CLOCK, Pair},
        pool::SplStage,
        story::{cleanup, stake_in, stake_out, staked},
    },
    stage::most,
    total::Total,
};

/// Pairs that the 64 accounts of a transaction have room for, beside seven others of the
/// instruction, payer, program and the budget's program.
pub const MOST_PAIRS: usize = 27;
/// Validators that a single transaction is sent for.
const SAMPLES: usize = 8;

/// Measures a pool of `validators`.
///
/// # Errors
/// When a step is refused.
pub fn measure(validators: usize) -> Result<Life> {
    let mut stage = staked(validators)?;
    let middle = validators / 2;
    let moves = stage.increase_all(MOVED)?;
    stage.world.next_epoch();
    stage.reward_all();
    let busy = stage.update()?;
    stage.world.next_epoch();
    stage.reward_all();
    let packed = packed(&stage)?;
    let quiet = stage.update()?;

    let holder = stage.holder("depositor", 100_000 * SOL)?;
    let deposit = stage.deposit(&holder, 500 * SOL)?;
    let owner = holder.key.pubkey();
    let exit = stage.pool.withdraw_sol(owner, holder.tokens, 10 * SOL);
    let exit = stage.send_as(&[&holder.key], &[exit])?;
    let some: Vec<usize> = (middle..validators.min(middle + SAMPLES)).collect();
    let stake_in = mean_of(&some, |index| stake_in(&mut stage, &holder, index))?;
    let stake_out = mean_of(&some, |index| stake_out(&mut stage, &holder, index))?;
    let increase =
        mean_of(&some, |index| stage.send(stage.pool.increase(&stage.pairs[index], 5 * SOL)))?;
    stage.world.next_epoch();
    stage.update()?;
    let decrease =
        mean_of(&some, |index| stage.send(stage.pool.decrease(&stage.pairs[index], 5 * SOL)))?;
    stage.world.next_epoch();
    stage.update()?;
    stage.send(stage.pool.remove_validator(&stage.pairs[middle]))?;
    let cleanup = cleanup(&mut stage, middle)?;

    let costs = [deposit, exit, stake_in, stake_out, increase, decrease, quiet.pool, cleanup];
    let costs = costs.into_iter().map(Some).chain([None]);
    Ok(Life {
        validators,
        works: WORKS.into_iter().zip(costs).collect(),
        sync: quiet.list,
        sync_floor: None,
        packed: Some(packed),
        finalize: quiet.pool,
        quiet: quiet.total(),
        busy: busy.total().plus(&moves),
    })
}

/// The mean over several validators: the program searches their addresses, at 1,500 units a try.
fn mean_of(some: &[usize], mut each: impl FnMut(usize) -> Result<Cost>) -> Result<Cost> {
    let costs = some.iter().map(|index| each(*index)).collect::<Result<Vec<_>>>()?;
    mean(&costs).context("a pool without validators")
}

/// What a refresh of the list takes in as few transactions as there can be, with lookup tables: in a
/// copy of the machine.
fn packed(stage: &SplStage) -> Result<Total> {
    let mut svm = stage.world.svm.clone();
    let payer = &stage.world.payer;
    let mut total = Total::default();
    for (place, pairs) in stage.pairs.chunks(MOST_PAIRS).enumerate() {
        let update = stage.pool.update_list(place * MOST_PAIRS, pairs);
        let mut addresses = vec![stage.pool.pool, stage.pool.authority, stage.pool.list, CLOCK];
        addresses.extend(pairs.iter().flat_map(|pair: &Pair| [pair.stake, pair.transient]));
        let table = lut::write(&mut svm, &format!("spl table {place}"), addresses)?;
        let order = Order { signers: &[payer], instructions: &[most(), update], tables: &[table] };
        svm.expire_blockhash();
        let sent: Cost = send(&mut svm, &order)?.cost;
        total.add(&sent);
    }
    Ok(total)
}
