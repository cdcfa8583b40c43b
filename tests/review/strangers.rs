//! Bad input: what strangers send, sign, create and forge.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::ValidatorsSynced,
    instructions::SyncEntry,
    state::{
        STAKE_PROGRAM,
        SlotState::{Closed, Odd},
    },
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

#[test]
fn a_copy_of_a_slot_with_our_authorities_is_not_a_slot() {
    let (mut world, _) = warm();
    // Anyone can name the pool's authority and the validator in a stake account of their own.
    let forged = Pubkey::new_unique();
    let original = world.svm.get_account(&world.slot(0, 0)).unwrap();
    world.svm.set_account(forged, original).unwrap();
    world.tip(&forged, 500 * SOL);
    world.next_epoch();
    let entries = vec![SyncEntry { index: 0, slots: 1 }];
    let sync = world.pool.sync_validators(entries, &[forged]);
    let event: ValidatorsSynced = world.send(&[sync], &[]).unwrap().event();
    assert_eq!((event.booked, event.gain_lamports), (0, 0));

    let vote = world.votes[0];
    let payer = world.payer.pubkey();
    world.move_window();
    for mut instruction in [
        world.pool.merge_activated(&vote, 0),
        world.pool.collect_cooled(&vote, 0),
        world.pool.sweep_excess(&vote, 0),
        world.pool.delegate(&payer, &vote, 0),
        world.pool.undelegate(&payer, &vote, 0, None),
    ] {
        let slot = world.slot(0, 0);
        let place = instruction.accounts.iter().position(|meta| meta.pubkey == slot).unwrap();
        instruction.accounts[place].pubkey = forged;
        refuses(world.send(&[instruction], &[]), ThawError::WrongAccount);
    }
}

#[test]
fn slots_given_in_another_order_are_refused() {
    let (mut world, _) = warm();
    let mut swapped = world.pool.sweep_excess(&world.votes[0], 0);
    swapped.accounts.swap(4, 5);
    refuses(world.send(&[swapped], &[]), ThawError::WrongAccount);
    let mut doubled = world.pool.sweep_excess(&world.votes[0], 0);
    doubled.accounts[5] = doubled.accounts[4].clone();
    refuses(world.send(&[doubled], &[]), ThawError::WrongAccount);
}

#[test]
fn a_strangers_stake_account_at_a_slot_is_worth_nothing_and_never_used() {
    let (mut world, holder) = warm();
    let (slot, stranger) = (world.slot(0, 1), Pubkey::new_unique());
    let mut account = world.svm.get_account(&world.slot(0, 0)).unwrap();
    account.data[12..44].copy_from_slice(stranger.as_ref());
    account.data[44..76].copy_from_slice(stranger.as_ref());
    world.svm.set_account(slot, account).unwrap();
    let staked = world.pool().staked_lamports;
    world.sweep(0).unwrap_err();
    world.deposit(&holder, 300 * SOL).unwrap();
    let before = world.svm.get_account(&slot).unwrap();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0)[1], Odd);
    assert_eq!(world.svm.get_account(&slot).unwrap(), before);
    assert!(world.pool().staked_lamports < staked + 300 * SOL);
    world.assert_books();
    world.begin_epoch();
}

#[test]
fn lamports_sent_to_a_slot_that_was_never_opened_are_nothing_until_it_is() {
    let (mut world, _) = warm();
    let slot = world.slot(0, 2);
    world.send_lamports(&slot, 7 * SOL);
    let before = world.pool();
    // A handler that reads all three slots, with something to do.
    let main = world.slot(0, 0);
    world.tip(&main, 1);
    world.sweep(0).unwrap();
    assert_eq!(world.states(0)[2], Closed);
    assert_eq!(world.pool().staked_lamports, before.staked_lamports);
    world.begin_epoch();
    assert_eq!(world.pool().loss_carry_lamports, 0);
    world.assert_books();
}

#[test]
fn a_prefunded_batch_ticket_or_marker_address_works() {
    let (mut world, mut holder) = warm();
    let batch = world.pool.batch(0);
    let ticket = world.pool.ticket(&holder.address(), 0);
    for address in [batch, ticket] {
        world.send_lamports(&address, 890_880);
    }
    world.request(&mut holder, SOL).unwrap();
    let vote = world.create_vote();
    let marker = world.pool.marker(&vote);
    world.send_lamports(&marker, 1);
    let operator = world.operator.insecure_clone();
    let payer = world.payer.pubkey();
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, 3);
    world.send(&[add], &[&operator]).unwrap();
    world.votes.push(vote);
    world.assert_books();
}

#[test]
fn a_full_list_is_refused_until_it_is_extended() {
    let mut world = World::new();
    let capacity = (world.svm.get_account(&world.pool.validators).unwrap().data.len() - 64) / 192;
    while world.votes.len() < capacity {
        world.add_validator();
    }
    let vote = world.create_vote();
    let operator = world.operator.insecure_clone();
    let payer = world.payer.pubkey();
    let index = u16::try_from(capacity).unwrap();
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, index);
    let accounts = world.all_accounts();
    refuses(world.send(std::slice::from_ref(&add), &[&operator]), ThawError::ListFull);
    world.assert_same(&accounts, &[]);
    world.send(&[world.pool.extend_validator_list(&payer)], &[]).unwrap();
    world.send(&[add], &[&operator]).unwrap();
}

#[test]
fn no_stake_moves_while_rewards_are_paid() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.deposit(&holder, 900 * SOL).unwrap();
    world.rewards_window(true);
    let accounts = world.all_accounts();
    for refused in
        [world.delegate(0), world.undelegate(0), world.merge(0), world.collect(0), world.sweep(0)]
    {
        refuses(refused, ThawError::RewardsWindow);
    }
    world.assert_same(&accounts, &[]);
    // What needs no stake goes on.
    world.deposit(&holder, SOL).unwrap();
    world.request(&mut holder, SOL).unwrap();
}

#[test]
fn a_stake_account_of_another_pools_validator_does_not_fit() {
    let (mut world, _) = warm();
    let twin = world.open_pool(&Setup::default()).unwrap();
    let theirs = twin.slots(&world.votes[0])[0];
    let rent = world.slot_rent();
    world.put(&theirs, &STAKE_PROGRAM, rent + SOL, vec![0; 200]);
    world.next_epoch();
    let entries = vec![SyncEntry { index: 0, slots: 1 }];
    let sync = world.pool.sync_validators(entries, &[theirs]);
    let event: ValidatorsSynced = world.send(&[sync], &[]).unwrap().event();
    assert_eq!(event.booked, 0);
}
