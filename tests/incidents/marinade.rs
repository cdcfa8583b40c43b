//! Findings and incidents of Marinade.

use thaw_client::thaw::{
    error::ThawError,
    instructions::Weight,
    state::{Config, Record, SlotState},
};
use thaw_tests::{SOL, Setup, World, checks::refuses, world::config};

/// Stake that strangers deactivated was counted wrong for years, and a removal could strand it. Here
/// a removal ends only when all of it has come home.
#[test]
fn m06_stake_that_strangers_deactivated_is_not_stranded_by_a_removal() {
    let config = Config { max_rebalance_bps: 2_000, max_violator_bps: 2_000, ..config() };
    let (mut world, _) = World::warm(Setup { config, ..Setup::default() }, 300 * SOL);
    let (assets, main) = (world.assets(), world.main_slot(0));
    let marker = world.lamports(&world.pool.marker(&world.votes[0]));
    let held = world.lamports(&main);
    world.deactivate_by_stranger(&main);
    world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
    world.remove(0).unwrap();
    refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);
    world.begin_epoch();
    assert_eq!(world.assets(), assets, "nothing drops out of the books");
    assert_eq!(world.states(0)[0], SlotState::Cooling);
    assert_eq!(world.lamports(&main), held);
    refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);
    world.collect(0).unwrap();
    world.finish_removal(0).unwrap();
    assert_eq!(world.record(0), Record::default());
    let home = assets + marker;
    assert_eq!((world.assets(), world.lamports(&main)), (home, 0), "every lamport came home");
    world.assert_books();
}

/// A strategist's mistake kept stake with the worst of the list for 126 epochs. Here whoever sets the
/// weights, a review sets a violator's aside, and nobody can put it back before it complies.
#[test]
fn m03_weights_cannot_undo_what_a_review_found() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let weights = [(0, 10), (1, 100), (2, 100)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    for _ in 0..3 {
        world.next_epoch();
        for index in 1..3 {
            let stake = world.delegation(&world.main_slot(index));
            world.reward(index, stake / 5_000);
        }
        world.sync().unwrap();
        world.finalize().unwrap();
    }
    world.review(0).unwrap();
    assert!(world.record(0).is_set_aside());
    world.begin_epoch();
    let weighed = |world: &World| world.record(0).weight_at(world.pool().epoch);
    assert_eq!(weighed(&world), 0);
    for weight in [10, 20, 1] {
        // Refused or taken: none of it counts while the violation stands.
        drop(world.set_weights(vec![Weight { index: 0, weight }]));
        world.begin_epoch();
        assert_eq!(weighed(&world), 0);
    }
}
