//! A whole pool of N validators: an epoch with a move for every validator, a quiet one, and what its
//! users and its cranks send at that size.
//!
//! The pools are built by the program's own instructions. Sync transactions are v0 with lookup
//! tables.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, ensure};
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;
use thaw_client::{instructions::Request, pack::sync_instructions, thaw::instructions::Weight};
use thaw_tests::{Holder, SOL, Setup};

use crate::{
    crank::{SYNC_SLOTS, deposit},
    lut,
    send::{Cost, Order},
    stage::{Stage, most, went},
    stake::{stake_in, stake_out},
    total::Total,
};

/// What is measured at every size.
pub const WORKS: [&str; 9] = [
    "deposit SOL",
    "exit at once",
    "deposit stake",
    "withdraw stake",
    "increase a validator",
    "decrease a validator",
    "pool update",
    "cleanup",
    "set a weight",
];
/// Lamports that a busy epoch moves to each validator.
pub const MOVED: u64 = 20 * SOL;
/// First deposit for each validator, lamports.
const FIRST: u64 = 100 * SOL;
/// Accounts a transaction may lock.
const LOCKS: usize = 64;
/// Locks that are no slots: payer, pool, list, Thaw, and the compute budget program, which a real
/// keeper needs for its priority fee.
const FIXED: usize = 5;
/// Largest pool whose floor is measured at every step of a sync: the machine is copied for each.
const FLOOR: usize = 1_000;

/// What a pool's life took.
#[derive(Clone, Debug)]
pub struct Life {
    /// Validators.
    pub validators: usize,
    /// One transaction of each work; `None` where a program has no such thing.
    pub works: BTreeMap<&'static str, Option<Cost>>,
    /// The refresh of the whole list in a quiet epoch.
    pub sync: Total,
    /// Units of the floor under it.
    pub sync_floor: Option<u64>,
    /// The same in the fewest transactions, where the client's own way takes more.
    pub packed: Option<Total>,
    /// The update of the pool after it.
    pub finalize: Cost,
    /// A quiet epoch: refresh, update, one batch settled.
    pub quiet: Total,
    /// A busy one: the same, and stake moved to each validator and merged there.
    pub busy: Total,
}

/// Measures a pool of `validators`.
///
/// # Errors
/// When a step is refused.
pub fn measure(validators: usize) -> Result<Life> {
    let mut stage = staked(validators)?;
    let mut holder = stage.holder(FIRST * 30 * validators as u64 + 10_000 * SOL)?;
    let middle = (validators / 2) as u16;
    let share = FIRST * validators as u64;

    // Moves for all, refreshed, merged and settled in the next epoch.
    deposit(&mut stage, &holder, MOVED * validators as u64 + share / 2)?;
    request(&mut stage, &mut holder, share / 50)?;
    stage.world.move_window();
    let mut busy = delegate_all(&mut stage)?;
    stage.world.next_epoch();
    stage.reward_all();
    busy = busy.plus(&sync(&mut stage, false)?.0);
    busy.add(&finalize(&mut stage)?);
    for index in 0..validators as u16 {
        let merge = stage.world.pool.merge_activated(&vote(&stage, index), index);
        busy.add(&stage.send_alone(merge)?);
    }
    busy.add(&settle(&mut stage)?);

    request(&mut stage, &mut holder, share / 100)?;
    stage.world.next_epoch();
    stage.reward_all();
    let (mut quiet, floor) = sync(&mut stage, validators <= FLOOR)?;
    let synced = quiet;
    let finalize = finalize(&mut stage)?;
    quiet.add(&finalize);
    quiet.add(&settle(&mut stage)?);

    let stake_in = stake_in(&mut stage, &holder, middle, 3 * SOL / 2)?;
    let stake_out = stake_out(&mut stage, &holder, middle, 11 * SOL / 10)?;
    let deposit = deposit(&mut stage, &holder, share / 20)?;
    let owner = holder.address();
    let exit = stage.world.pool.withdraw_instant(&holder.tokens, &owner, &owner, SOL, 0);
    let exit = stage.measure_of(&[&holder.key], &[exit])?;
    stage.world.move_window();
    let payer = stage.world.payer.pubkey();
    let moved = vote(&stage, middle);
    let increase = stage.measure(stage.world.pool.delegate(&payer, &moved, middle))?;
    request(&mut stage, &mut holder, share / 4)?;
    let serial = stage.world.pool().oldest_batch;
    let decrease = stage.world.pool.undelegate(&payer, &moved, middle, Some(serial));
    let decrease = stage.measure(decrease)?;
    let operator = stage.world.operator.insecure_clone();
    let weights = vec![Weight { index: middle, weight: 1 }];
    let weight = stage.world.pool.set_weights(&operator.pubkey(), weights);
    let weight = stage.measure_of(&[&operator], &[most(), weight])?;
    stage.world.assert_books();

    let costs = [deposit, exit, stake_in, stake_out, increase, decrease, finalize].map(Some);
    Ok(Life {
        validators,
        works: WORKS.into_iter().zip(costs.into_iter().chain([None, Some(weight)])).collect(),
        sync: synced,
        sync_floor: floor,
        packed: None,
        finalize,
        quiet,
        busy,
    })
}

/// A pool whose validators all have active stake in their main slot, finalized in the running epoch.
fn staked(validators: usize) -> Result<Stage> {
    let mut stage = Stage::with(&Setup::default(), validators, FIRST * validators as u64)?;
    delegate_all(&mut stage)?;
    stage.world.next_epoch();
    sync(&mut stage, false)?;
    went(stage.world.finalize())?;
    stage.merge_all()?;
    // The accounts of the one that is moved below.
    let vote = stage.world.votes[validators / 2];
    stage.know(&vote);
    Ok(stage)
}

fn delegate_all(stage: &mut Stage) -> Result<Total> {
    let payer = stage.world.payer.pubkey();
    let mut total = Total::default();
    for index in 0..stage.world.votes.len() as u16 {
        let delegate = stage.world.pool.delegate(&payer, &vote(stage, index), index);
        total.add(&stage.send_alone(delegate)?);
    }
    Ok(total)
}

fn finalize(stage: &mut Stage) -> Result<Cost> {
    stage.measure(stage.world.pool.finalize_epoch())
}

fn settle(stage: &mut Stage) -> Result<Cost> {
    let serial = stage.world.pool().oldest_batch;
    let cost = stage.measure(stage.world.pool.settle_withdrawals(serial))?;
    let batch = stage.world.batch(serial);
    ensure!(batch.is_some_and(|batch| batch.is_settled()), "the batch is not settled");
    Ok(cost)
}

fn request(stage: &mut Stage, holder: &mut Holder, shares: u64) -> Result<Cost> {
    let serial = stage.world.batch_to_join();
    let request = Request { shares, nonce: holder.nonce, serial, is_pushable: true };
    let owner = holder.address();
    let request = stage.world.pool.request_withdrawal(&request, &owner, &owner, &holder.tokens);
    holder.nonce += 1;
    let key = holder.key.insecure_clone();
    stage.send(&[&key], &[request])
}

/// Syncs every validator; also returns the floor where that is asked for.
fn sync(stage: &mut Stage, has_floor: bool) -> Result<(Total, Option<u64>)> {
    let world = &stage.world;
    let epoch = world.clock().epoch;
    let records = world.records();
    let fixed = [world.pool.pool, world.pool.validators];
    let payer = world.payer.insecure_clone();
    let instructions = sync_instructions(&world.pool, (0u16..).zip(&records), epoch, LOCKS - FIXED);
    let (mut total, mut floor) = (Total::default(), 0);
    for (place, instruction) in instructions.into_iter().enumerate() {
        let slots = instruction.accounts.iter().skip(fixed.len()).map(|account| account.pubkey);
        let addresses: Vec<Pubkey> = fixed.into_iter().chain(slots).collect();
        let name = format!("table {place} of epoch {epoch}");
        let table: AddressLookupTableAccount = lut::write(&mut stage.world.svm, &name, addresses)?;
        let order = Order { signers: &[&payer], instructions: &[instruction], tables: &[table] };
        let cost = if has_floor {
            stage.measure_order(&order, SYNC_SLOTS)?
        } else {
            stage.send_order(&order)?
        };
        ensure!(cost.accounts < LOCKS, "no place for the compute budget program");
        floor += cost.floor.unwrap_or(0);
        total.add(&cost);
    }
    let pool = stage.world.pool();
    ensure!(pool.synced_validators as usize == records.len(), "not all are synced");
    Ok((total, has_floor.then_some(floor)))
}

fn vote(stage: &Stage, index: u16) -> Pubkey {
    stage.world.votes[usize::from(index)]
}
