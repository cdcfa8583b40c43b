//! What a ticket waits for a purse.

use solana_signer::Signer;
use thaw_client::{
    pack::LEGACY_SLOTS,
    thaw::{
        instructions::Weight,
        state::{LIST_HEADER_BYTES, Pool, Record},
    },
};
use thaw_keeper::{
    Action, Means, Options, RentBudget,
    fees::{FeePolicy, Purse},
    plan,
};
use thaw_tests::{Holder, SOL, World, world::Setup};

use crate::seen::{carry_out, snapshot};

/// What a signature costs, lamports.
const SIGNATURE: u64 = 5_000;

/// Validators of equal weight that hold nothing, and a bootstrap deposit of 1 SOL, which pays for a
/// slot of each and no more.
pub fn open(validators: u16) -> World {
    let setup = Setup { validators: 0, bootstrap_lamports: SOL, ..Setup::default() };
    let mut world = World::with(setup);
    let payer = world.payer.pubkey();
    let bytes = LIST_HEADER_BYTES + usize::from(validators) * size_of::<Record>();
    while world.svm.get_account(&world.pool.validators).unwrap().data.len() < bytes {
        world.send(&[world.pool.extend_validator_list(&payer)], &[]).unwrap();
    }
    let indices: Vec<u16> = (0..validators).map(|_| world.add_validator()).collect();
    for part in indices.chunks(100) {
        let weights = part.iter().map(|index| Weight { index: *index, weight: 1 });
        world.set_weights(weights.collect()).unwrap();
    }
    world
}

/// Sends what is due until nothing is.
fn crank(world: &mut World, purse: &Purse, budget: RentBudget) {
    purse.enter(world.clock().epoch);
    loop {
        let rent = purse.rent_left(budget);
        let due = plan(&snapshot(world), &Means { rent, ..Means::endless(LEGACY_SLOTS) }).due;
        if due.is_empty() {
            return;
        }
        for action in &due {
            assert!(purse.give_rent(action, budget), "more than was left: {action}");
            let before = world.lamports(&world.payer.pubkey());
            carry_out(world, action).unwrap();
            if matches!(action, Action::Undelegate { .. } | Action::Delegate(_)) {
                let paid = before - world.lamports(&world.payer.pubkey());
                assert_eq!(paid, SIGNATURE + action.rent_lamports(), "{action}");
            }
        }
    }
}

/// 300 validators of 100 SOL each, and the holder of all.
pub fn staked() -> (World, Holder) {
    let mut world = open(300);
    let holder = world.holder(40_000 * SOL);
    world.deposit(&holder, 30_000 * SOL).unwrap();
    let purse = Purse::new(FeePolicy::default());
    for _ in 0..2 {
        world.next_epoch();
        crank(&mut world, &purse, RentBudget::ENDLESS);
        world.move_window();
        crank(&mut world, &purse, RentBudget::ENDLESS);
    }
    (world, holder)
}

/// Epochs from the request of a tenth of all shares until all of it is settled.
fn epochs_of_a_tenth(world: &mut World, holder: &mut Holder, budget: RentBudget) -> u64 {
    let purse = Purse::new(FeePolicy::default());
    let shares = world.pool().shares / 10;
    let serial = world.batch_to_join();
    world.request(holder, shares).unwrap();
    let asked = world.clock().epoch;
    while !world.batch(serial).unwrap().is_settled() {
        world.move_window();
        crank(world, &purse, budget);
        world.next_epoch();
        crank(world, &purse, budget);
        assert!(world.clock().epoch < asked + 20, "it is never paid");
    }
    world.assert_books();
    world.clock().epoch - asked
}

/// INV-11 gives three epochs.
#[test]
fn a_ticket_of_a_tenth_of_300_validators_is_paid_after_one_epoch() {
    let (mut world, mut holder) = staked();
    let budget = Options::default().rent;
    assert_eq!(epochs_of_a_tenth(&mut world, &mut holder, budget), 1);
}

/// What the budget is for: as small as that of other moves, it makes tickets wait.
#[test]
fn a_small_ticket_budget_makes_tickets_wait() {
    let (mut world, mut holder) = staked();
    let others = Options::default().rent.others;
    let budget = RentBudget { tickets: others, others: u64::MAX };
    // In the third, the batch is overdue: any validator may be taken from, also without a new slot.
    assert_eq!(epochs_of_a_tenth(&mut world, &mut holder, budget), 3);
}

/// Lamports that could be delegated and are not.
fn idle(world: &World) -> u64 {
    let pool = world.pool();
    let kept = pool.liquidity_target_lamports + Pool::float(&world.rent()).0;
    pool.reserve_lamports.saturating_sub(kept)
}

#[test]
fn without_a_budget_the_sol_of_a_new_validator_goes_to_those_with_a_slot() {
    let (mut world, mut holder) = staked();
    // The ticket leaves a second slot to each.
    epochs_of_a_tenth(&mut world, &mut holder, RentBudget::ENDLESS);
    let new = world.add_validator();
    world.set_weights(vec![Weight { index: new, weight: 1 }]).unwrap();
    let (purse, budget) = (Purse::new(FeePolicy::default()), RentBudget::default());
    world.next_epoch();
    crank(&mut world, &purse, budget);
    // More than the target of the new one, which is about 90 SOL.
    world.deposit(&holder, 150 * SOL).unwrap();
    world.move_window();
    assert!(idle(&world) > 140 * SOL);
    crank(&mut world, &purse, budget);
    assert!(idle(&world) < SOL, "{} lamports lie idle", idle(&world));
    assert!(!world.record(new).is_held());
    world.assert_books();
}
