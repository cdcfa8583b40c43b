//! `sweep_excess`: undelegated lamports of working stake come back to the reserve.

use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    state::SlotState::{Activating, Active, Closed},
};
use thaw_tests::{
    SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap},
};

fn warm() -> World {
    World::warm(Setup::default(), 3_000 * SOL).0
}

fn swept(world: &mut World, index: u16) -> u64 {
    let event: StakeMoved = world.sweep(index).unwrap().event();
    assert_eq!((event.kind, event.index), (StakeMove::Swept, index));
    event.lamports
}

#[test]
fn sweeps_active_and_activating_slots_to_the_lamport() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Activating, Closed]);
    let [main, slot] = [0, 1].map(|place| world.slot(0, place));
    refuses(world.sweep(0), ThawError::NothingToSweep);
    world.tip(&main, 1);
    world.tip(&slot, 1_000);

    let (before, accounts) = (world.pool(), world.all_accounts());
    let stakes = [main, slot].map(|slot| world.delegation(&slot));
    assert_eq!(swept(&mut world, 0), 1_001);
    world.assert_same(
        &accounts,
        &[world.pool.pool, world.pool.reserve, world.pool.validators, main, slot],
    );
    assert_eq!([main, slot].map(|slot| world.delegation(&slot)), stakes);
    let pool = world.pool();
    assert_eq!(pool.reserve_lamports, before.reserve_lamports + 1_001);
    assert_eq!(pool.staked_lamports, before.staked_lamports);
    // H2: booked as a gain before it moved, so the rate does not jump.
    assert_eq!(pool.pending_gain_lamports, 1_001);
    assert_eq!(pool.nav_lamports, before.nav_lamports);
    world.assert_books();
    // INV-10: twice is once.
    let accounts = world.all_accounts();
    refuses(world.sweep(0), ThawError::NothingToSweep);
    world.assert_same(&accounts, &[]);
}

#[test]
fn rent_that_a_rule_change_frees_is_swept() {
    let mut world = warm();
    world.set_rent(2_540);
    assert_eq!(swept(&mut world, 0), 328 * 2_540);
    let main = world.slot(0, 0);
    assert_eq!(world.lamports(&main), world.delegation(&main) + world.slot_rent());
    world.set_rent(6_960);
    refuses(world.sweep(0), ThawError::NothingToSweep);
}

#[test]
fn a_reward_is_delegated_and_stays() {
    let mut world = warm();
    world.next_epoch();
    world.reward(0, 5_000);
    refuses(world.sweep(0), ThawError::NothingToSweep);
    let main = world.slot(0, 0);
    world.tip(&main, 3);
    assert_eq!(swept(&mut world, 0), 3);
    assert_eq!(world.pool().pending_gain_lamports, 5_003);
    world.assert_books();
}

#[test]
fn what_cools_is_not_its_business() {
    let mut world = warm();
    let main = world.slot(0, 0);
    world.deactivate_by_stranger(&main);
    world.tip(&main, 9);
    refuses(world.sweep(0), ThawError::NothingToSweep);
    world.begin_epoch();
    refuses(world.sweep(0), ThawError::NothingToSweep);
    world.collect(0).unwrap();
    world.assert_books();
}

#[test]
fn waits_for_the_end_of_the_rewards_window_and_needs_its_accounts() {
    let mut world = warm();
    let main = world.slot(0, 0);
    world.tip(&main, 9);
    world.rewards_window(true);
    refuses(world.sweep(0), ThawError::RewardsWindow);
    world.rewards_window(false);
    let vote = world.votes[0];
    let unknown = world.pool.sweep_excess(&vote, 3);
    refuses(world.send(&[unknown], &[]), ThawError::NoSuchValidator);
    let other = world.pool.sweep_excess(&vote, 1);
    refuses(world.send(&[other], &[]), ThawError::WrongAccount);
    let instruction = world.pool.sweep_excess(&vote, 0);
    refuses_each_swap(&mut world, &instruction, &[], &[]);
    world.sweep(0).unwrap();
}

/// INV-1, with which every instruction ends that moves stake: books that the reserve does not cover,
/// its own rent apart, are not written.
#[test]
fn refuses_books_that_the_reserve_does_not_cover() {
    let rent = 128 * lamports_per_byte();
    for (more, is_covered) in [(rent, true), (rent + 1, false)] {
        let mut world = warm();
        let main = world.main_slot(0);
        world.tip(&main, SOL);
        world.change_pool(|pool| pool.reserve_lamports += more);
        if is_covered {
            world.sweep(0).unwrap();
        } else {
            refuses(world.sweep(0), ThawError::BalanceMismatch);
        }
    }
}
