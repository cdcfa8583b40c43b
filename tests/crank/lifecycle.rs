//! A pool's life from the first deposit to the last claim.

use thaw_tests::{SOL, World};

#[test]
fn lives_through_epochs() {
    let mut world = World::new();
    let mut alice = world.holder(2_000 * SOL);
    world.deposit(&alice, 1_000 * SOL).unwrap();
    assert_eq!(world.tokens(&alice.tokens), 1_000 * SOL);
    world.assert_books();

    world.crank_epoch();
    let staked = world.pool().staked_lamports;
    assert!(staked > 990 * SOL, "{staked}");
    world.crank_epoch();

    // One epoch's reward of 2 bp on each validator.
    world.next_epoch();
    for index in 0..3 {
        let stake = world.delegation(&world.main_slot(index));
        world.reward(index, stake / 5_000);
    }
    world.sync().unwrap();
    world.finalize().unwrap();
    world.assert_books();
    let locked = world.pool().locked_gain_lamports;
    assert!(locked > 0);
    world.tend();
    world.move_window();
    world.move_all();
    world.assert_books();

    let ticket = world.request(&mut alice, 400 * SOL).unwrap();
    world.move_all();
    world.assert_books();
    world.crank_epoch();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    world.assert_books();
    let paid = world.lamports(&alice.address()) - 1_000 * SOL;
    assert!(paid > 400 * SOL && paid < 401 * SOL, "{paid}");
}
