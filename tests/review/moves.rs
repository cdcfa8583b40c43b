//! Moving stake: that it starts, ends, and cannot be steered or rushed.

use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    instructions::Weight,
    state::Config,
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, sums::down, world::config};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

#[test]
fn h5_the_first_lamport_is_delegated() {
    let (world, _) = warm();
    let idle = world.pool().reserve_lamports;
    let kept = world.pool().liquidity_target_lamports + world.float();
    assert!(idle >= kept && idle < kept + SOL, "nothing but rounding is idle: {idle}, {kept}");
}

#[test]
fn h5_fresh_sol_spread_over_many_validators_does_not_stall_below_one_sol_each() {
    let setup = Setup { validators: 40, ..Setup::default() };
    let (mut world, holder) = World::warm(setup, 2_000 * SOL);
    // 10 SOL more: a gap of a quarter SOL each.
    world.deposit(&holder, 10 * SOL).unwrap();
    world.move_all();
    assert!(world.surplus() < SOL, "{} idle", world.surplus());
    // And the other way: a shortage of a quarter SOL each.
    let mut holder = holder;
    world.request(&mut holder, 30 * SOL).unwrap();
    world.move_all();
    assert_eq!(world.shortage(), 0);
    world.assert_books();
}

#[test]
fn h5_a_rival_cannot_drain_a_chosen_validator_for_the_whole_shortage() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 900 * SOL).unwrap();
    while world.undelegate(1).is_ok() {
        world.assert_books();
    }
    let target = world.target(1, 0);
    let floor = target - world.piece(target);
    assert!(world.staked(1) >= floor, "at most one piece below its target");
    assert!(world.piece(target) <= down(target, 1_000, 10_000));
}

#[test]
fn h5_nor_overfill_one() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 300 * SOL).unwrap();
    while world.delegate(1).is_ok() {}
    let target = world.target(1, 0);
    assert!(world.staked(1) < target + world.piece(target));
}

#[test]
fn h5_pieces_do_not_travel_back_and_forth() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 100 * SOL).unwrap();
    world.move_all();
    for _ in 0..3 {
        world.begin_epoch();
        world.tend();
        world.settle_all();
        world.move_window();
        world.move_all();
    }
    // At rest: a pool that nobody uses moves nothing at all.
    for _ in 0..2 {
        world.begin_epoch();
        world.tend();
        world.move_window();
        for index in 0..3 {
            refuses(world.undelegate(index), ThawError::NothingToUndelegate);
            world.delegate(index).unwrap_err();
        }
        assert_eq!(world.pool().cooling_lamports, 0);
    }
}

#[test]
fn h6_weights_that_turn_over_move_the_pool_only_at_the_cap() {
    let (mut world, _) = warm();
    let weights = [(0, 0), (1, 0), (2, 1)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    for _ in 0..3 {
        world.begin_epoch();
        world.tend();
        world.move_window();
        let cap = down(world.assets(), 500, 10_000);
        let mut moved = 0;
        for index in [0, 1, 2, 0, 1] {
            while let Ok(sent) = world.undelegate(index) {
                let event: StakeMoved = sent.event();
                assert_eq!(event.kind, StakeMove::UndelegatedToRebalance);
                moved += event.lamports;
            }
        }
        assert!(moved > 0 && moved <= cap, "{moved} of {cap}: one cap for the whole pool");
        assert_eq!(world.pool().counters.rebalanced_lamports, moved);
        world.assert_books();
    }
}

#[test]
fn h6_an_operator_cannot_set_all_weights_to_zero() {
    let (mut world, _) = warm();
    let weights = [0, 1, 2].map(|index| Weight { index, weight: 0 });
    let accounts = world.all_accounts();
    refuses(world.set_weights(weights.to_vec()), ThawError::TooFewValidators);
    world.assert_same(&accounts, &[]);
}

#[test]
fn h6_not_even_no_weight_at_all_empties_the_pool_at_once() {
    let (mut world, _) = warm();
    for index in 0..3 {
        world.change_record(index, |record| (record.weight, record.next_weight) = (0, 0));
    }
    world.change_pool(|pool| (pool.weight_sum, pool.next_weight_sum) = (0, 0));
    let cap = down(world.assets(), 500, 10_000);
    world.move_all();
    let cooling = world.pool().cooling_lamports;
    assert!(cooling > 0 && cooling <= cap + 3 * world.slot_rent());
}

#[test]
fn m8_the_cap_of_one_validator_is_checked_when_weights_are_set() {
    let config = Config { max_validator_bps: 3_000, ..config() };
    let setup = Setup { config, validators: 0, ..Setup::default() };
    let mut world = World::with(setup);
    for _ in 0..4 {
        world.add_validator();
    }
    let set = |weights: [u32; 4]| {
        (0..4).zip(weights).map(|(index, weight)| Weight { index, weight }).collect::<Vec<_>>()
    };
    refuses(world.set_weights(set([70, 10, 10, 10])), ThawError::WeightAboveCap);
    refuses(world.set_weights(set([301, 233, 233, 233])), ThawError::WeightAboveCap);
    world.set_weights(set([300, 300, 300, 100])).unwrap();
    // So no SOL lies idle for a cap that targets alone could not meet.
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    world.move_all();
    assert!(world.surplus() < SOL);
}

#[test]
fn a_withdrawal_of_nearly_everything_leaves_in_one_epoch() {
    // INV-11: no cap, no band, no minimum keeps a requested withdrawal back.
    let (mut world, mut holder) = warm();
    let ticket = world.request(&mut holder, 3_000 * SOL).unwrap();
    world.move_all();
    for epochs in 1.. {
        world.begin_epoch();
        world.tend();
        world.settle_all();
        if world.pool().pending_shares == 0 {
            break;
        }
        assert!(epochs < 3, "{} shares wait", world.pool().pending_shares);
        world.move_window();
        world.move_all();
    }
    world.push_claim(&ticket).unwrap();
    world.assert_books();
}
