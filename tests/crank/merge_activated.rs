//! `merge_activated`: stake that has warmed up joins the main slot, or becomes it.

use solana_stake_history::StakeHistoryEntry;
use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    state::{
        SlotState::{Activating, Active, Closed, Cooling, Open},
        StakeView,
    },
};
use thaw_tests::{
    SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    sums::down,
};

/// A main slot of validator 0 and a second one that was delegated in this epoch.
fn with_fresh_slot() -> World {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Activating, Closed]);
    world
}

fn merged(world: &mut World, index: u16) -> u64 {
    let event: StakeMoved = world.merge(index).unwrap().event();
    assert_eq!((event.kind, event.index), (StakeMove::Merged, index));
    world.assert_books();
    event.lamports
}

#[test]
fn a_first_slot_becomes_the_main_one_where_it_lies() {
    let mut world = World::new();
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    world.delegate(0).unwrap();
    // Still warming up in the epoch it was delegated in.
    refuses(world.merge(0), ThawError::NothingToMerge);
    world.begin_epoch();
    let (accounts, stake) = (world.all_accounts(), world.delegation(&world.slot(0, 0)));
    assert_eq!(merged(&mut world, 0), stake);
    world.assert_same(&accounts, &[world.pool.pool, world.pool.validators]);
    assert_eq!((world.states(0), world.record(0).main()), ([Active, Closed, Closed], Some(0)));
    // INV-10: twice is once.
    let accounts = world.all_accounts();
    refuses(world.merge(0), ThawError::NothingToMerge);
    world.assert_same(&accounts, &[]);
}

#[test]
fn a_second_slot_is_moved_into_main_and_its_excess_to_the_reserve() {
    let mut world = with_fresh_slot();
    let [main, slot] = [0, 1].map(|place| world.slot(0, place));
    world.tip(&slot, 77);
    refuses(world.merge(0), ThawError::NothingToMerge);
    world.begin_epoch();
    let before = world.pool();
    let (old, stake) = (world.delegation(&main), world.delegation(&slot));
    let accounts = world.all_accounts();

    assert_eq!(merged(&mut world, 0), stake);
    world.assert_same(
        &accounts,
        &[world.pool.pool, world.pool.reserve, world.pool.validators, main, slot],
    );
    assert_eq!(world.delegation(&main), old + stake);
    assert_eq!(
        (world.lamports(&slot), world.view(&slot, 0)),
        (world.slot_rent(), StakeView::Initialized)
    );
    assert_eq!(world.states(0), [Active, Open, Closed]);
    let pool = world.pool();
    assert_eq!(pool.reserve_lamports, before.reserve_lamports + 77);
    assert_eq!(pool.staked_lamports, before.staked_lamports - 77);
    assert_eq!(pool.open_slots, before.open_slots, "slots stay open");
    refuses(world.merge(0), ThawError::NothingToMerge);
}

#[test]
fn where_main_cools_the_activated_slot_becomes_main() {
    let mut world = with_fresh_slot();
    let main = world.slot(0, 0);
    world.deactivate_by_stranger(&main);
    world.begin_epoch();
    assert_eq!(world.record(0).main(), None);
    let stake = world.delegation(&world.slot(0, 1));
    assert_eq!(merged(&mut world, 0), stake);
    assert_eq!((world.states(0), world.record(0).main()), ([Cooling, Active, Closed], Some(1)));
    world.collect(0).unwrap();
    assert_eq!(world.states(0), [Open, Active, Closed]);
    world.assert_books();
}

#[test]
fn stake_that_is_partly_warm_waits() {
    let mut world = with_fresh_slot();
    let (epoch, stake) = (world.clock().epoch, world.delegation(&world.slot(0, 1)));
    // 9 % of 1,000 SOL may warm up, 180 SOL want to: half of it per epoch.
    let entry =
        StakeHistoryEntry { effective: 1_000 * SOL, activating: 180 * SOL, deactivating: 0 };
    world.begin_epoch_after(&[(epoch, entry.clone())]);
    let view = world.view(&world.slot(0, 1), 0);
    assert!(matches!(view, StakeView::Delegated { .. }));
    refuses(world.merge(0), ThawError::NothingToMerge);
    world.begin_epoch_after(&[(epoch, entry)]);
    assert_eq!(merged(&mut world, 0), stake);
}

#[test]
fn a_change_of_rent_does_not_stop_a_merge() {
    for per_byte in [2_540, 6_960] {
        let mut world = with_fresh_slot();
        world.begin_epoch();
        world.set_rent(per_byte);
        let before = world.pool().reserve_lamports;
        let stake = world.delegation(&world.slot(0, 1));
        let event: StakeMoved = world.merge(0).unwrap().event();
        assert_eq!(event.lamports, stake);
        assert_eq!(world.states(0), [Active, Open, Closed]);
        // Freed rent is the pool's; what is missing after a rise is the pool's to pay.
        assert_eq!(world.pool().reserve_lamports + 328 * per_byte, before + 328 * 5_080);
        let slot = world.slot(0, 1);
        assert_eq!(world.lamports(&slot), 328 * per_byte);
        assert_eq!(world.recorded(0, 1).lamports, 328 * per_byte);
    }
}

#[test]
fn books_what_it_finds_before_it_moves() {
    let mut world = with_fresh_slot();
    world.next_epoch();
    world.reward(0, 1_000_000);
    let slot = world.slot(0, 1);
    world.tip(&slot, 500);
    merged(&mut world, 0);
    assert_eq!(world.pool().pending_gain_lamports, 1_000_500);
    assert_eq!(world.record(0).booked_epoch, world.clock().epoch);
    // H2: the gain is not lost to a sync that finds the record booked.
    world.sync().unwrap();
    world.finalize().unwrap();
    let pool = world.pool();
    assert_eq!(pool.locked_gain_lamports + down(1_000_500, 500, 10_000), 1_000_500);
}

#[test]
fn waits_for_the_end_of_the_rewards_window_and_needs_a_validator() {
    let mut world = with_fresh_slot();
    world.begin_epoch();
    world.rewards_window(true);
    refuses(world.merge(0), ThawError::RewardsWindow);
    world.rewards_window(false);
    let vote = world.votes[0];
    let unknown = world.pool.merge_activated(&vote, 3);
    refuses(world.send(&[unknown], &[]), ThawError::NoSuchValidator);
    let other = world.pool.merge_activated(&vote, 1);
    refuses(world.send(&[other], &[]), ThawError::WrongAccount);
    let instruction = world.pool.merge_activated(&vote, 0);
    refuses_each_swap(&mut world, &instruction, &[], &[]);
    world.merge(0).unwrap();
}
