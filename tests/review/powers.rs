//! Powers: what no authority, no pause and no silence may do.

use thaw_client::thaw::error::ThawError;
use thaw_tests::{DAY, Holder, SOL, Setup, World, checks::refuses};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// Every pause there is, the circuit breaker with them, for ever.
fn pause_everything(world: &mut World) {
    world.change_pool(|pool| {
        pool.paused_until = [i64::MAX; 4];
        pool.circuit_until = i64::MAX;
    });
}

#[test]
fn h11_no_pause_keeps_a_withdrawal_from_being_paid() {
    let (mut world, mut holder) = warm();
    pause_everything(&mut world);
    let wallet = world.lamports(&holder.address());
    let ticket = world.request(&mut holder, 1_000 * SOL).unwrap();
    for index in 0..3 {
        world.undelegate(index).unwrap();
    }
    refuses(world.delegate(0), ThawError::Paused);
    world.begin_epoch();
    for index in 0..3 {
        world.collect(index).unwrap();
    }
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()) - wallet, 1_000 * SOL, "INV-11");
    refuses(world.deposit(&holder, SOL), ThawError::Paused);
    world.assert_books();
}

#[test]
fn h11_bookkeeping_goes_on_under_every_pause() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    pause_everything(&mut world);
    world.begin_epoch();
    world.merge(0).unwrap();
    let slot = world.slot(0, 0);
    world.tip(&slot, 5);
    world.sweep(0).unwrap();
    world.assert_books();
}

#[test]
fn l7_deposits_close_after_more_than_three_missed_epochs_or_four_days() {
    let (mut world, holder) = warm();
    world.begin_epoch();
    world.skip_epochs(3);
    world.deposit(&holder, SOL).unwrap();
    world.skip_epochs(1);
    refuses(world.deposit(&holder, SOL), ThawError::PoolStale);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.deposit(&holder, SOL).unwrap();
    // By the clock: an epoch that lasts for ever.
    world.wait(4 * DAY);
    world.deposit(&holder, SOL).unwrap();
    world.wait(1);
    refuses(world.deposit(&holder, SOL), ThawError::PoolStale);
}

#[test]
fn l7_who_enters_late_pays_for_each_epoch_that_was_missed() {
    let mut prices = Vec::new();
    for missed in 0..=3 {
        let (mut world, holder) = warm();
        world.begin_epoch();
        world.skip_epochs(missed);
        let shares = world.pool().shares;
        world.deposit(&holder, 100 * SOL).unwrap();
        prices.push(world.pool().shares - shares);
    }
    assert!(prices[0] >= prices[1] && prices[1] > prices[2] && prices[2] > prices[3], "{prices:?}");
}

#[test]
fn l10_the_circuit_breaker_does_not_hold_exits() {
    let (mut world, mut holder) = warm();
    world.next_epoch();
    world.slash(0, 600 * SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    assert!(world.pool().circuit_until > world.now());
    refuses(world.deposit(&holder, SOL), ThawError::Paused);
    let ticket = world.request(&mut holder, 1_000 * SOL).unwrap();
    world.move_window();
    for index in [1, 2] {
        world.undelegate(index).unwrap();
    }
    for _ in 0..2 {
        world.crank_epoch();
    }
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
}
