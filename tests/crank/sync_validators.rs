//! `sync_validators`: what the chain holds becomes what the books say.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use thaw_client::thaw::{
    constants::VOTE_PROGRAM,
    error::ThawError,
    events::ValidatorsSynced,
    instructions::SyncEntry,
    state::{STAKE_PROGRAM, SlotState, flags},
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
};

fn warm() -> World {
    World::warm(Setup::default(), 3_000 * SOL).0
}

/// A sync of the given (index, slots) with these accounts.
fn sync_with(world: &mut World, entries: &[(u16, u8)], slots: &[Pubkey]) -> Outcome {
    let entries = entries.iter().map(|&(index, slots)| SyncEntry { index, slots });
    let instruction = world.pool.sync_validators(entries, slots);
    world.send(&[instruction], &[])
}

/// One validator whose only held slot is its first.
fn sync_one(world: &mut World, index: u16) -> Outcome {
    let slot = world.slot(index, 0);
    sync_with(world, &[(index, 1)], &[slot])
}

#[test]
fn books_gain_and_loss_of_each_validator_to_the_lamport() {
    let mut world = warm();
    let before = world.pool();
    world.next_epoch();
    let slots = [0, 1, 2].map(|index| world.slot(index, 0));
    world.reward(0, 7_777);
    world.slash(1, 1_234);
    world.tip(&slots[2], 55);

    let accounts = world.all_accounts();
    let sent = sync_with(&mut world, &[(0, 1), (1, 1), (2, 1)], &slots).unwrap();
    world.assert_same(&accounts, &[world.pool.pool, world.pool.validators]);

    let event: ValidatorsSynced = sent.event();
    assert_eq!((event.booked, event.synced_validators, event.holding_validators), (3, 3, 3));
    assert_eq!((event.gain_lamports, event.loss_lamports), (7_832, 1_234));
    assert_eq!((event.pool, event.epoch), (world.pool.pool, world.clock().epoch));
    let pool = world.pool();
    assert_eq!(pool.pending_gain_lamports, before.pending_gain_lamports + 7_832);
    assert_eq!(pool.pending_loss_lamports, before.pending_loss_lamports + 1_234);
    assert_eq!(pool.staked_lamports, before.staked_lamports + 7_832 - 1_234);
    assert_eq!(pool.reserve_lamports, before.reserve_lamports);
    assert_eq!((pool.shares, pool.epoch), (before.shares, before.epoch));
    let booked = [0, 1, 2].map(|index| world.record(index));
    assert_eq!(booked.map(|record| record.gain_lamports), [7_777, 0, 55]);
    assert_eq!(booked.map(|record| record.loss_lamports), [0, 1_234, 0]);
    assert_eq!(booked.map(|record| record.booked_epoch), [world.clock().epoch; 3]);
    world.assert_books();
}

#[test]
fn a_validator_booked_already_is_left_alone_until_the_next_epoch() {
    let mut world = warm();
    world.next_epoch();
    sync_one(&mut world, 0).unwrap();
    let accounts = world.all_accounts();
    let slot = world.slot(0, 0);
    world.tip(&slot, 99);

    // INV-10: twice is once.
    sync_one(&mut world, 0).unwrap();
    world.assert_same(&accounts, &[slot]);

    world.next_epoch();
    sync_one(&mut world, 0).unwrap();
    assert_eq!(world.record(0).gain_lamports, 99);
}

/// Entries and slot accounts of a sync.
type Given<'a> = (&'a [(u16, u8)], &'a [Pubkey]);

#[test]
fn an_entry_that_does_not_fit_its_record_is_skipped_without_harm() {
    let mut world = warm();
    world.next_epoch();
    sync_one(&mut world, 2).unwrap(); // starts the counters of the epoch
    let [zero, one, spare] = [world.slot(0, 0), world.slot(1, 0), world.slot(0, 1)];
    world.reward(0, 1_000);

    let accounts = world.all_accounts();
    let wrong: [Given; 9] = [
        (&[(0, 1)], &[one]),           // another validator's slot
        (&[(1, 1)], &[zero]),          // the same the other way round
        (&[(0, 1)], &[spare]),         // a slot that holds nothing
        (&[(0, 2)], &[zero, spare]),   // one account too many
        (&[(0, 2)], &[zero, zero]),    // the same account twice
        (&[(0, 0)], &[]),              // none
        (&[(0, 1)], &[]),              // announced, not given
        (&[(3, 1)], &[zero]),          // no such record
        (&[(u16::MAX, 255)], &[zero]), // nonsense
    ];
    for (entries, slots) in wrong {
        sync_with(&mut world, entries, slots).unwrap();
        world.assert_same(&accounts, &[]);
    }

    // Beside a wrong entry, the right ones count; twice in one instruction is once.
    let sent = sync_with(&mut world, &[(3, 1), (0, 1), (0, 1), (1, 1)], &[one, zero, zero, one]);
    let event: ValidatorsSynced = sent.unwrap().event();
    assert_eq!((event.booked, event.gain_lamports, event.synced_validators), (2, 1_000, 3));
    world.assert_books();
}

#[test]
fn a_free_record_is_skipped() {
    let mut world = warm();
    world.change_record(2, |record| record.vote = Pubkey::default());
    world.next_epoch();
    sync_one(&mut world, 0).unwrap();
    let accounts = world.all_accounts();
    sync_one(&mut world, 2).unwrap();
    world.assert_same(&accounts, &[]);
}

#[test]
fn waits_for_the_end_of_the_rewards_window() {
    let mut world = warm();
    world.next_epoch();
    world.rewards_window(true);
    refuses(sync_one(&mut world, 0), ThawError::RewardsWindow);
    world.rewards_window(false);
    sync_one(&mut world, 0).unwrap();
}

#[test]
fn each_named_account_must_be_the_pools() {
    let mut world = warm();
    world.next_epoch();
    let slot = world.slot(0, 0);
    let entries = vec![SyncEntry { index: 0, slots: 1 }];
    let instruction = world.pool.sync_validators(entries, &[slot]);
    // The slot's place is free: what does not fit is skipped, not refused.
    refuses_each_swap(&mut world, &instruction, &[], &[2]);
}

/// What may have become of a stake account.
type Fate = (&'static str, fn(&mut Account));

const ODD: [Fate; 14] = [
    ("gone", |account| *account = Account::default()),
    ("emptied but alive", |account| account.data.clear()),
    ("emptied, alive, one lamport", |account| {
        account.data.clear();
        account.lamports = 1;
    }),
    ("uninitialised", |account| account.data.fill(0)),
    ("a stranger stakes", |account| account.data[12] ^= 1),
    ("a stranger withdraws", |account| account.data[44] ^= 1),
    ("locked until a time", |account| account.data[76] = 1),
    ("locked until an epoch", |account| account.data[84] = 1),
    ("locked by a custodian", |account| account.data[92] = 1),
    ("another voter", |account| account.data[124] ^= 1),
    ("a rewards pool", |account| account.data[0] = 3),
    ("an unknown state", |account| account.data[0] = 200),
    ("cut off in its delegation", |account| account.data.truncate(170)),
    ("the system program's", |account| {
        account.data.clear();
        account.owner = Pubkey::default();
    }),
];

#[test]
fn no_state_of_a_slot_stops_the_crank() {
    for (name, fate) in ODD {
        let mut world = warm();
        let slot = world.slot(1, 0);
        let (lost, before) = (world.lamports(&slot), world.pool());
        let mut account = world.svm.get_account(&slot).unwrap();
        assert_eq!(account.owner, STAKE_PROGRAM);
        fate(&mut account);
        world.next_epoch();
        world.svm.set_account(slot, account).unwrap();

        world.sync().unwrap();
        let record = world.record(1);
        assert_eq!(record.slots[0].state(), SlotState::Odd, "{name}");
        assert_eq!(record.lamports(), 0, "{name}: worth nothing");
        assert_eq!(record.flags & flags::ODD_SLOT, flags::ODD_SLOT, "{name}");
        assert_eq!(record.main(), None, "{name}");
        let pool = world.pool();
        assert_eq!(pool.pending_loss_lamports, lost, "{name}");
        assert_eq!(pool.staked_lamports, before.staked_lamports - lost, "{name}");
        assert_eq!(pool.holding_validators, 2, "{name}");
        assert_eq!(pool.open_slots, before.open_slots - 1, "{name}");
        world.assert_books();

        world.finalize().unwrap();
        assert_eq!(world.pool().loss_carry_lamports, lost, "{name}");
        world.assert_books();
        world.begin_epoch();
    }
}

#[test]
fn an_account_of_another_program_at_a_slot_is_worth_nothing() {
    let mut world = warm();
    let slot = world.slot(0, 0);
    let lost = world.lamports(&slot);
    world.next_epoch();
    world.put(&slot, &VOTE_PROGRAM, lost, vec![2; 200]);
    world.sync().unwrap();
    assert_eq!(world.states(0)[0], SlotState::Odd);
    assert_eq!(world.pool().pending_loss_lamports, lost);
}

#[test]
fn notes_who_was_deactivated_by_a_stranger() {
    let mut world = warm();
    world.next_epoch();
    let slot = world.slot(0, 0);
    world.deactivate_by_stranger(&slot);
    sync_one(&mut world, 0).unwrap();
    let recorded = world.recorded(0, 0);
    assert_eq!(recorded.state(), SlotState::Cooling);
    assert_eq!(recorded.epoch, world.clock().epoch);
    let pool = world.pool();
    assert_eq!((pool.cooling_lamports, pool.cooling_slots), (recorded.lamports, 1));
    assert_eq!(world.record(0).main(), None);
    world.assert_books();
}

#[test]
fn what_is_pending_outlives_a_boundary() {
    let mut world = warm();
    world.next_epoch();
    world.reward(0, 1_000);
    world.slash(1, 300);
    sync_one(&mut world, 0).unwrap();
    sync_one(&mut world, 1).unwrap(); // never finalized
    assert_eq!(world.pool().synced_validators, 2);

    world.next_epoch();
    world.reward(0, 20);
    sync_one(&mut world, 0).unwrap();
    let pool = world.pool();
    assert_eq!((pool.pending_gain_lamports, pool.pending_loss_lamports), (1_020, 300));
    assert_eq!(pool.synced_validators, 1, "counted anew in each epoch");
    world.sync().unwrap();
    world.finalize().unwrap();
    let pool = world.pool();
    assert_eq!((pool.pending_gain_lamports, pool.pending_loss_lamports), (0, 0));
    assert_eq!(pool.locked_gain_lamports + pool.fee_shares_owed, 720);
    world.assert_books();
}

#[test]
fn one_sync_catches_up_with_many_epochs() {
    let mut world = warm();
    world.skip_epochs(40);
    world.reward(2, 123_456);
    world.sync().unwrap();
    let pool = world.pool();
    assert_eq!((pool.synced_validators, pool.pending_gain_lamports), (3, 123_456));
    world.finalize().unwrap();
    world.assert_books();
}
