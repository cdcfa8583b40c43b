//! INV-10: bookings and the tending of slots, in any order and any number of times, give the same
//! state.

use bytemuck::bytes_of;
use thaw_client::{
    pack::sync_instructions,
    thaw::state::{Pool, Record},
};
use thaw_tests::World;

use crate::{
    apply::{Check, Model, broken},
    rng::Rng,
};

/// After so many rounds nothing is left to tend.
const ROUNDS: usize = 8;

/// One call of the crank, on a validator.
type Call = fn(&mut World, u16) -> bool;

const CALLS: [Call; 4] = [
    |world, index| sync_one(world, index),
    |world, index| world.merge(index).is_ok(),
    |world, index| world.collect(index).is_ok(),
    |world, index| world.sweep(index).is_ok(),
];

/// Cranks two copies of the world in two orders; they must end equal, and a third pass over one of
/// them changes nothing.
pub fn both_orders(model: &Model, order: u32) -> Check {
    if model.reference.network.is_paying_rewards {
        return Ok(());
    }
    let mut rng = Rng::new(order.into());
    let mut calls: Vec<(usize, u16)> = (0..CALLS.len())
        .flat_map(|call| (0..model.slots.len() as u16).map(move |index| (call, index)))
        .collect();
    let (mut one, mut other) = (copy(&model.world), copy(&model.world));
    tend(&mut one, &calls);
    rng.shuffle(&mut calls);
    tend(&mut other, &calls);
    compare("two orders of tending", model, &one, &other)?;

    let _ = (one.finalize(), other.finalize());
    compare("finalize after two orders", model, &one, &other)?;
    settle_all(&mut one);
    rng.shuffle(&mut calls);
    tend(&mut one, &calls);
    settle_all(&mut other);
    let _ = (one.finalize(), one.settle());
    compare("the crank a second time", model, &one, &other)
}

/// Goes through the calls until a whole round of them is refused.
fn tend(world: &mut World, calls: &[(usize, u16)]) {
    for _ in 0..ROUNDS {
        let done = calls.iter().filter(|(call, index)| CALLS[*call](world, *index)).count();
        if done == 0 {
            return;
        }
    }
    panic!("tending does not come to an end");
}

/// Books one validator, if it holds stake and is not booked.
fn sync_one(world: &mut World, index: u16) -> bool {
    let (record, epoch) = (world.record(index), world.clock().epoch);
    let instructions = sync_instructions(&world.pool, [(index, &record)], epoch, 3);
    let mut sent = instructions.into_iter().map(|instruction| world.send(&[instruction], &[]));
    sent.any(|outcome| outcome.is_ok())
}

fn settle_all(world: &mut World) {
    while world.pool().oldest_batch < world.pool().next_batch && world.settle().is_ok() {}
}

fn compare(what: &str, model: &Model, one: &World, other: &World) -> Check {
    let (left, right) = (net(one.pool()), net(other.pool()));
    if bytes_of(&*left) != bytes_of(&*right) {
        let (left, right) = (amounts(&left), amounts(&right));
        return broken("INV-10", format!("{what}: the pool:\n{left}\n{right}"));
    }
    for (left, right) in one.records().into_iter().zip(other.records()) {
        let (left, right) = (net_record(left), net_record(right));
        if left != right {
            return broken("INV-10", format!("{what}: a record:\n{left:?}\n{right:?}"));
        }
    }
    let slots = model.slots.iter().flatten();
    for key in slots.chain(&model.batches).chain([&model.world.pool.reserve]) {
        let (left, right) = (one.svm.get_account(key), other.svm.get_account(key));
        if left.unwrap_or_default() != right.unwrap_or_default() {
            let (left, right) = (one.lamports(key), other.lamports(key));
            return broken("INV-10", format!("{what}: {key}: {left} or {right} lamports"));
        }
    }
    Ok(())
}

/// A booking nets what it finds in a record's slots, and a sync leaves idle slots out. So the order
/// decides whether a gain and a loss of one validator are both told or only their difference. Only
/// the difference counts.
fn net(mut pool: Box<Pool>) -> Box<Pool> {
    let both = pool.pending_gain_lamports.min(pool.pending_loss_lamports);
    pool.pending_gain_lamports -= both;
    pool.pending_loss_lamports -= both;
    pool
}

fn net_record(mut record: Record) -> Record {
    let both = record.gain_lamports.min(record.loss_lamports);
    record.gain_lamports -= both;
    record.loss_lamports -= both;
    record
}

fn amounts(pool: &Pool) -> String {
    format!(
        "reserve {} staked {} cooling {} gain {} loss {} fees {} nav {} slots {} synced {}/{}",
        pool.reserve_lamports,
        pool.staked_lamports,
        pool.cooling_lamports,
        pool.pending_gain_lamports,
        pool.pending_loss_lamports,
        pool.pending_fees_lamports,
        pool.nav_lamports,
        pool.open_slots,
        pool.synced_validators,
        pool.holding_validators,
    )
}

/// The same world again.
fn copy(world: &World) -> World {
    World {
        svm: world.svm.clone(),
        payer: world.payer.insecure_clone(),
        admin: world.admin.insecure_clone(),
        operator: world.operator.insecure_clone(),
        guardian: world.guardian.insecure_clone(),
        pool: world.pool,
        votes: world.votes.clone(),
        twin: world.twin,
        known: world.known.clone(),
        history: Vec::new(),
    }
}
