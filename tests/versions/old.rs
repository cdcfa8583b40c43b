//! Version 1.0.1, which wants sysvar accounts that later ones do not: Thaw sends none, so that its
//! stake cannot move there. What must hold all the same: nothing is lost, SOL comes and goes, and a
//! replaced program finds the pool as it was.

use thaw_client::thaw::{error::ThawError, state::STAKE_PROGRAM};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    chain::{LAMPORTS_PER_BYTE, STAKE_VERSION, machine_with, stake_program},
    checks::code,
};

/// Refused by the stake program, not by Thaw.
#[track_caller]
fn refused_below(outcome: Outcome) {
    let refused = outcome.expect_err("the old stake program took it");
    let is_ours = refused.code().is_some_and(|it| it >= code(ThawError::Overflow));
    assert!(!is_ours, "refused before the stake program was asked: {refused:#?}");
}

#[test]
fn an_old_stake_program_loses_nothing_and_stops_no_sol() {
    let svm = machine_with(STAKE_VERSION, LAMPORTS_PER_BYTE);
    let (mut world, mut holder) = World::warm_in(svm, Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 900 * SOL).unwrap();
    world.svm.add_program(STAKE_PROGRAM, &stake_program("1.0.1")).unwrap();
    let before = world.all_accounts();
    refused_below(world.delegate(0));
    world.assert_same(&before, &[]);
    let ticket = world.request(&mut holder, 2_000 * SOL).unwrap();
    let before = world.all_accounts();
    refused_below(world.undelegate(0));
    world.assert_same(&before, &[]);

    // The books are kept, SOL goes in and out, and tickets are paid from what there is.
    world.begin_epoch();
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).unwrap().lamports_claimed > 900 * SOL);
    let late = world.holder(10_000 * SOL);
    world.deposit(&late, 3_000 * SOL).unwrap();
    world.withdraw_instant(&late, 10 * SOL).unwrap();
    let stake = world.stake_account(&holder.address(), 1, 5 * SOL);
    let deposit = world.stake_deposit(&holder, 1, &stake);
    let before = world.all_accounts();
    refused_below(world.send(&[deposit], &[&holder.key]));
    world.assert_same(&before, &[]);
    world.assert_books();

    // Replaced, it goes on where it was.
    world.svm.add_program(STAKE_PROGRAM, &stake_program(STAKE_VERSION)).unwrap();
    world.deposit_stake(&holder, 1, &stake).unwrap();
    for _ in 0..3 {
        world.crank_epoch();
    }
    world.push_claim(&ticket).unwrap();
    world.assert_books();
}
