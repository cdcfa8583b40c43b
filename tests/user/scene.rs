//! Where the tests of this folder start from.

use thaw_client::thaw::{
    instructions::Weight,
    state::{Path, Status},
};
use thaw_tests::{Holder, SOL, World};

/// A pool in its fourth epoch whose stake has just earned 2 bp, synced and finalized: it has
/// locked gain, a measured yield and an exit rate that is no whole number. The holder deposited
/// 1,000 SOL.
pub fn earning() -> (World, Holder) {
    let (mut world, holder) = staked();
    world.next_epoch();
    pay_rewards(&mut world, 5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    (world, holder)
}

/// The earning pool at 40 % of its epoch, with 300 SOL to be delegated: each validator is 100 SOL
/// below its target.
pub fn roomy() -> (World, Holder) {
    let (mut world, holder) = earning();
    depositor(&mut world, 300 * SOL);
    world.go_to(40);
    (world, holder)
}

/// A roomy pool one epoch later, with a fourth validator that holds nothing yet and weighs as much as
/// the others.
pub fn newcomer() -> (World, Holder) {
    let (mut world, holder) = roomy();
    depositor(&mut world, 200 * SOL);
    let index = world.add_validator();
    world.set_weights(vec![Weight { index, weight: 1 }]).unwrap();
    finalized_epoch(&mut world);
    world.go_to(40);
    (world, holder)
}

/// The same pool, two epochs old, nearly all of it staked, before its first reward.
pub fn staked() -> (World, Holder) {
    let mut world = World::new();
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.crank_epoch();
    world.crank_epoch();
    (world, holder)
}

/// Pays each validator one lamport per `part` of its stake.
pub fn pay_rewards(world: &mut World, part: u64) {
    for index in 0..world.votes.len() as u16 {
        let stake = world.delegation(&world.main_slot(index));
        world.reward(index, stake / part);
    }
}

/// A new epoch, booked and folded, nothing else.
pub fn finalized_epoch(world: &mut World) {
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
}

/// Pauses every path for ever, trips the circuit breaker, starts the wind-down, and holds the
/// rewards window open.
pub fn pause_everything(world: &mut World) {
    world.change_pool(|pool| {
        for path in [Path::Deposit, Path::InstantExit, Path::Stake, Path::Moves] {
            pool.paused_until[path as usize] = i64::MAX;
        }
        pool.circuit_until = i64::MAX;
        pool.status = Status::WindingDown as u8;
    });
    world.rewards_window(true);
}

/// A holder who has deposited `lamports`.
pub fn depositor(world: &mut World, lamports: u64) -> Holder {
    let holder = world.holder(lamports + SOL);
    world.deposit(&holder, lamports).unwrap();
    holder
}
