//! `collect_cooled`: inactive lamports come back to the reserve.

use solana_stake_history::StakeHistoryEntry;
use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    state::{
        STAKE_PROGRAM,
        SlotState::{Activating, Active, Closed, Cooling, Open},
    },
};
use thaw_tests::{
    SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    sums::down,
};

/// Validator 0 cools a part of its stake since this epoch; returns the part.
fn cooling() -> (World, u64) {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, 300 * SOL).unwrap();
    let event: StakeMoved = world.undelegate(0).unwrap().event();
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    (world, event.lamports)
}

fn collected(world: &mut World, index: u16) -> u64 {
    let event: StakeMoved = world.collect(index).unwrap().event();
    assert_eq!((event.kind, event.index), (StakeMove::Collected, index));
    world.assert_books();
    event.lamports
}

#[test]
fn brings_back_all_that_has_cooled_and_keeps_the_rent() {
    let (mut world, amount) = cooling();
    refuses(world.collect(0), ThawError::NothingToCollect);
    world.begin_epoch();
    let (before, accounts, slot) = (world.pool(), world.all_accounts(), world.slot(0, 1));
    assert_eq!(collected(&mut world, 0), amount);
    world.assert_same(
        &accounts,
        &[world.pool.pool, world.pool.reserve, world.pool.validators, slot],
    );
    assert_eq!(world.lamports(&slot), world.slot_rent());
    assert_eq!(world.states(0), [Active, Open, Closed]);
    let pool = world.pool();
    assert_eq!(pool.reserve_lamports, before.reserve_lamports + amount);
    assert_eq!(pool.staked_lamports, before.staked_lamports - amount);
    assert_eq!((pool.cooling_lamports, pool.cooling_slots), (0, 0));
    assert_eq!(pool.nav_lamports, before.nav_lamports);
    // INV-10: twice is once.
    let accounts = world.all_accounts();
    refuses(world.collect(0), ThawError::NothingToCollect);
    world.assert_same(&accounts, &[]);
}

#[test]
fn takes_only_the_released_part_of_a_partial_cool_down() {
    let (mut world, amount) = cooling();
    let epoch = world.clock().epoch;
    // L13: 9 % of 1,000 SOL may cool, 200 SOL want to: 45 % of each stake in the first epoch.
    let entry =
        StakeHistoryEntry { effective: 1_000 * SOL, activating: 0, deactivating: 200 * SOL };
    world.begin_epoch_after(&[(epoch, entry.clone())]);
    let first = down(amount, 90 * SOL, 200 * SOL);
    assert_eq!(collected(&mut world, 0), first);
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    let pool = world.pool();
    assert_eq!(pool.cooling_lamports, amount - first + world.slot_rent());
    refuses(world.collect(0), ThawError::NothingToCollect);

    // 81 of 110 SOL in the second.
    let next = StakeHistoryEntry { effective: 900 * SOL, activating: 0, deactivating: 110 * SOL };
    world.begin_epoch_after(&[(epoch, entry.clone()), (epoch + 1, next.clone())]);
    let second = down(amount - first, 81 * SOL, 110 * SOL);
    assert_eq!(collected(&mut world, 0), second);

    // Few others cool in the third: all of the rest.
    world.begin_epoch_after(&[(epoch, entry), (epoch + 1, next)]);
    assert_eq!(collected(&mut world, 0), amount - first - second);
    assert_eq!(world.states(0), [Active, Open, Closed]);
    assert_eq!(world.lamports(&world.slot(0, 1)), world.slot_rent());
}

#[test]
fn what_was_delegated_and_taken_back_in_one_epoch_is_there_at_once() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Activating, Closed]);
    world.request(&mut holder, 600 * SOL).unwrap();
    let event: StakeMoved = world.undelegate(0).unwrap().event();
    assert_eq!(collected(&mut world, 0), event.lamports);
    assert_eq!(world.states(0), [Active, Open, Closed]);
    // And the slot takes stake again in the same epoch.
    world.undelegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    world.assert_books();
}

#[test]
fn takes_from_all_cooled_slots_at_once() {
    let (mut world, amount) = cooling();
    let main = world.slot(0, 0);
    let stake = world.delegation(&main);
    world.deactivate_by_stranger(&main);
    world.begin_epoch();
    assert_eq!(collected(&mut world, 0), amount + stake);
    assert_eq!(world.states(0), [Open, Open, Closed]);
    assert_eq!(world.pool().holding_validators, 2);
    assert_eq!(world.pool().synced_validators, 2);
}

#[test]
fn a_change_of_rent_changes_what_stays() {
    for per_byte in [2_540u64, 6_960] {
        let (mut world, amount) = cooling();
        world.begin_epoch();
        world.set_rent(per_byte);
        let event: StakeMoved = world.collect(0).unwrap().event();
        assert_eq!(event.lamports, amount + 328 * 5_080 - 328 * per_byte);
        assert_eq!(world.lamports(&world.slot(0, 1)), 328 * per_byte);
        assert_eq!(world.states(0), [Active, Open, Closed]);
    }
}

#[test]
fn lamports_on_an_open_slot_come_along() {
    let (mut world, amount) = cooling();
    world.begin_epoch();
    assert_eq!(collected(&mut world, 0), amount);
    let slot = world.slot(0, 1);
    world.tip(&slot, 12);
    assert_eq!(collected(&mut world, 0), 12);
    assert_eq!(world.pool().pending_gain_lamports, 12);
    assert_eq!(world.states(0), [Active, Open, Closed]);
    // After a restart of the cluster, stake may be there undelegated: it is not stuck.
    let (main, rent) = (world.slot(1, 0), world.slot_rent());
    let stake = world.delegation(&main);
    world.change_stake(&main, |account| account.data[0] = 1);
    assert_eq!(collected(&mut world, 1), stake);
    assert_eq!((world.lamports(&main), world.states(1)[0]), (rent, Open));
}

/// What strangers keep alive at the address of a closed slot cannot be opened in the transaction that
/// clears it; no move is due that would clear it either.
#[test]
fn clears_what_keeps_closed_slots_alive() {
    let mut world = World::new();
    let bribe = world.rent().minimum_balance(0);
    let slots = [0, 2].map(|place| world.slot(1, place));
    for slot in &slots {
        world.put(slot, &STAKE_PROGRAM, bribe, vec![]);
        world.known.insert(*slot);
    }
    let prefunded = world.slot(1, 1);
    world.send_lamports(&prefunded, 1);
    let (before, pool) = (world.all_accounts(), world.pool());
    let event: StakeMoved = world.collect(1).unwrap().event();
    assert_eq!((event.kind, event.lamports), (StakeMove::Cleared, 0));
    let reserve = world.pool.reserve;
    assert_eq!(world.lamports(&reserve), before[&reserve].lamports + 2 * bribe);
    assert_eq!(world.pool().reserve_lamports, pool.reserve_lamports, "a gain of the next finalize");
    let changed = [world.pool.pool, world.pool.validators, reserve, slots[0], slots[1]];
    world.assert_same(&before, &changed);
    for slot in &slots {
        assert_eq!(world.lamports(slot), 0);
    }
    assert_eq!(world.states(1), [Closed; 3]);
    world.assert_books();
    refuses(world.collect(1), ThawError::NothingToCollect);
    world.begin_epoch();
    assert_eq!(world.pool().reserve_lamports, pool.reserve_lamports + 2 * bribe);
}

#[test]
fn books_what_it_finds_before_it_moves() {
    let (mut world, amount) = cooling();
    world.next_epoch();
    let slot = world.slot(0, 1);
    world.tip(&slot, 4_321); // H2: the last reward of the epoch it cooled in
    assert_eq!(collected(&mut world, 0), amount + 4_321);
    assert_eq!(world.pool().pending_gain_lamports, 4_321);
    assert_eq!(world.record(0).booked_epoch, world.clock().epoch);
}

#[test]
fn nothing_but_the_rewards_window_holds_it() {
    let (mut world, _) = cooling();
    world.next_epoch(); // neither synced nor finalized
    let later = world.now() + 1;
    world.change_pool(|pool| (pool.paused_until, pool.circuit_until) = ([later; 4], later));
    world.rewards_window(true);
    refuses(world.collect(0), ThawError::RewardsWindow);
    world.rewards_window(false);
    world.collect(0).unwrap();
    world.assert_books();
}

#[test]
fn needs_a_validator_and_each_of_its_accounts() {
    let (mut world, _) = cooling();
    world.begin_epoch();
    let vote = world.votes[0];
    let unknown = world.pool.collect_cooled(&vote, 3);
    refuses(world.send(&[unknown], &[]), ThawError::NoSuchValidator);
    let other = world.pool.collect_cooled(&vote, 1);
    refuses(world.send(&[other], &[]), ThawError::WrongAccount);
    let instruction = world.pool.collect_cooled(&vote, 0);
    refuses_each_swap(&mut world, &instruction, &[], &[]);
    world.collect(0).unwrap();
}
