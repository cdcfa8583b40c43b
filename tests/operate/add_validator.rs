//! `add_validator`: a vote account gets a record with weight 0.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    decode,
    thaw::{
        ID,
        constants::{MARKER_SEED, VOTE_PROGRAM},
        error::ThawError,
        events::ValidatorAdded,
        instructions::Weight,
        pda,
        state::{NO_MAIN, NO_YIELD, Record, Status, ValidatorList, ValidatorMarker},
    },
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// Live rent of a marker: discriminator, pool, vote, index, bump.
fn marker_rent() -> u64 {
    (128 + 8 + 32 + 32 + 2 + 1) * lamports_per_byte()
}
/// Records that fit the first 10 KiB: (10,240 - 64) / 192.
const CAPACITY: usize = 53;

/// A pool with `validators` listed, and a wallet that pays markers' rent.
fn scene(validators: usize) -> (World, Keypair) {
    let mut world = World::with(Setup { validators, ..Setup::default() });
    let payer = world.wallet(SOL);
    (world, payer)
}

fn instruction(world: &mut World, payer: &Keypair, vote: &Pubkey, index: u16) -> Instruction {
    world.know_validator(vote);
    world.pool.add_validator(&world.operator.pubkey(), &payer.pubkey(), vote, index)
}

fn add(world: &mut World, payer: &Keypair, vote: &Pubkey, index: u16) -> Outcome {
    let add = instruction(world, payer, vote, index);
    let operator = world.operator.insecure_clone();
    world.send(&[add], &[&operator, payer])
}

fn header(world: &World) -> ValidatorList {
    decode::validators(&world.svm.get_account(&world.pool.validators).unwrap().data).unwrap().0
}

fn fresh_record(world: &World, vote: &Pubkey) -> Record {
    let mut record = Record {
        vote: *vote,
        weight_epoch: world.pool().epoch,
        main: NO_MAIN,
        yields_ppb: [NO_YIELD; 3],
        marker_bump: pda::marker(&world.pool.pool, vote).1,
        ..Record::default()
    };
    for (place, slot) in (0..).zip(&mut record.slots) {
        slot.bump = pda::slot(&world.pool.pool, vote, place).1;
    }
    record
}

#[test]
fn writes_a_record_and_a_marker() {
    let (mut world, payer) = scene(2);
    let vote = world.create_vote();
    let add = instruction(&mut world, &payer, &vote, 2);
    let (before, header_before, old) = (world.all_accounts(), header(&world), world.records());
    let operator = world.operator.insecure_clone();

    let sent = world.send(&[add], &[&operator, &payer]).unwrap();

    let records = world.records();
    assert_eq!(records[..2], old[..], "the others as before");
    assert_eq!(records[2], fresh_record(&world, &vote));
    let expected = ValidatorList { count: 3, live: 3, ..header_before };
    assert_eq!(bytemuck::bytes_of(&header(&world)), bytemuck::bytes_of(&expected));

    let marker = world.pool.marker(&vote);
    let account = world.svm.get_account(&marker).unwrap();
    let state: ValidatorMarker = decode::account(&account.data).unwrap();
    assert_eq!((state.pool, state.vote, state.index), (world.pool.pool, vote, 2));
    assert_eq!(state.bump, pda::marker(&world.pool.pool, &vote).1);
    assert_eq!((account.owner, account.lamports), (ID, marker_rent()));
    assert_eq!(world.lamports(&payer.pubkey()), SOL - marker_rent());
    world.assert_same(&before, &[world.pool.validators, marker, payer.pubkey()]);
    world.votes.push(vote);
    world.assert_books();

    let event: ValidatorAdded = sent.event();
    assert_eq!((event.pool, event.vote, event.index), (world.pool.pool, vote, 2));
}

#[test]
fn refuses_everyone_but_the_operator() {
    let (mut world, payer) = scene(1);
    let vote = world.create_vote();
    let (admin, guardian) = (world.admin.insecure_clone(), world.guardian.insecure_clone());
    for signer in [admin, guardian, payer.insecure_clone()] {
        let add = world.pool.add_validator(&signer.pubkey(), &payer.pubkey(), &vote, 1);
        refuses(world.send(&[add], &[&signer, &payer]), ThawError::WrongAuthority);
    }
}

#[test]
fn refuses_a_missing_signature() {
    let (mut world, payer) = scene(1);
    let (vote, operator) = (world.create_vote(), world.operator.insecure_clone());
    let add = instruction(&mut world, &payer, &vote, 1);
    let without = unsigned(&add, &operator.pubkey());
    refuses_with_code(world.send(&[without], &[&payer]), ACCOUNT_NOT_SIGNER);
    let without = unsigned(&add, &payer.pubkey());
    refuses_with_code(world.send(&[without], &[&operator]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_what_is_no_vote_account() {
    let (mut world, payer) = scene(1);
    let wallet = world.wallet(SOL).pubkey();
    let (pool, nobody) = (world.pool.pool, Pubkey::new_unique());
    for address in [wallet, pool, nobody] {
        refuses(add(&mut world, &payer, &address, 1), ThawError::NotAVoteAccount);
    }
    // Closed in this transaction: the vote program's, but empty.
    let closed = Pubkey::new_unique();
    let account =
        Account { lamports: SOL, owner: VOTE_PROGRAM, rent_epoch: u64::MAX, ..Account::default() };
    world.svm.set_account(closed, account.clone()).unwrap();
    refuses(add(&mut world, &payer, &closed, 1), ThawError::NotAVoteAccount);
    // What the data says is a review's business.
    world.svm.set_account(closed, Account { data: vec![0], ..account }).unwrap();
    add(&mut world, &payer, &closed, 1).unwrap();
}

/// C4 of the review: a second record would count the stake twice.
#[test]
fn refuses_a_vote_account_that_is_listed() {
    let (mut world, payer) = scene(3);
    let vote = world.votes[1];
    for index in [0, 1, 3] {
        let before = world.all_accounts();
        refuses(add(&mut world, &payer, &vote, index), ThawError::AlreadyListed);
        world.assert_same(&before, &[]);
    }
    let fresh = world.create_vote();
    add(&mut world, &payer, &fresh, 3).unwrap();
    refuses(add(&mut world, &payer, &fresh, 4), ThawError::AlreadyListed);
}

#[test]
fn lists_one_vote_account_in_two_pools() {
    let (mut world, payer) = scene(1);
    let vote = world.votes[0];
    world.pool = world.open_pool(&Setup::default()).unwrap();
    add(&mut world, &payer, &vote, 0).unwrap();
    assert_eq!(world.records()[0].vote, vote);
}

#[test]
fn refuses_a_marker_away_from_its_address() {
    let (mut world, payer) = scene(1);
    let (vote, other) = (world.create_vote(), world.create_vote());
    let operator = world.operator.insecure_clone();
    let seeds = [MARKER_SEED, world.pool.pool.as_ref(), vote.as_ref()];
    let canonical = Pubkey::find_program_address(&seeds, &ID).1;
    let lower = (0..canonical).rev().find_map(|bump| {
        let bump = [bump];
        let with_bump = [seeds[0], seeds[1], seeds[2], &bump];
        Pubkey::create_program_address(&with_bump, &ID).ok()
    });
    for marker in [world.pool.marker(&other), lower.unwrap(), world.pool.marker(&world.votes[0])] {
        let mut add = instruction(&mut world, &payer, &vote, 1);
        add.accounts[5].pubkey = marker;
        refuses(world.send(&[add], &[&operator, &payer]), ThawError::WrongAccount);
    }
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, payer) = scene(1);
    let (vote, operator) = (world.create_vote(), world.operator.insecure_clone());
    let add = instruction(&mut world, &payer, &vote, 1);
    // 3: anyone may pay the marker's rent.
    refuses_each_swap(&mut world, &add, &[&operator, &payer], &[3]);
    world.send(&[add], &[&operator, &payer]).unwrap();
}

#[test]
fn refuses_an_index_that_is_not_free() {
    let (mut world, payer) = scene(2);
    let vote = world.create_vote();
    world.know_validator(&vote);
    for index in [0, 1, 3, 53, u16::MAX] {
        let before = world.all_accounts();
        refuses(add(&mut world, &payer, &vote, index), ThawError::NoSuchValidator);
        world.assert_same(&before, &[]);
    }
    add(&mut world, &payer, &vote, 2).unwrap();
}

#[test]
fn fills_the_list_and_goes_on_once_it_is_extended() {
    let (mut world, payer) = scene(CAPACITY);
    assert_eq!(header(&world).count as usize, CAPACITY);
    let vote = world.create_vote();
    let full = CAPACITY as u16;
    refuses(add(&mut world, &payer, &vote, full), ThawError::ListFull);
    refuses(add(&mut world, &payer, &vote, full + 1), ThawError::NoSuchValidator);
    refuses(add(&mut world, &payer, &vote, full - 1), ThawError::NoSuchValidator);

    let extend = world.pool.extend_validator_list(&world.payer.pubkey());
    world.send(&[extend], &[]).unwrap();
    add(&mut world, &payer, &vote, full).unwrap();
    assert_eq!(world.records()[CAPACITY], fresh_record(&world, &vote));
    assert_eq!((header(&world).count, header(&world).live), (54, 54));

    world.votes.push(vote);
    world.set_weights(vec![Weight { index: full, weight: 7 }]).unwrap();
    assert_eq!(world.pool().next_weight_sum, CAPACITY as u64 + 7);
}

/// A removed record keeps its place, as a tombstone, and is the only one of the old that is free.
#[test]
fn reuses_the_place_of_a_removed_validator() {
    let (mut world, payer) = scene(3);
    world.change_record(1, |record| *record = Record::default());
    world.change_list(|list| list.live = 2);
    let old = world.records();
    let vote = world.create_vote();
    add(&mut world, &payer, &vote, 1).unwrap();
    assert_eq!(world.records()[1], fresh_record(&world, &vote));
    assert_eq!((world.records()[0], world.records()[2]), (old[0], old[2]));
    assert_eq!((header(&world).count, header(&world).live), (3, 3));
    // The place is taken now, the end of the list is not.
    let next = world.create_vote();
    refuses(add(&mut world, &payer, &next, 1), ThawError::NoSuchValidator);
    add(&mut world, &payer, &next, 3).unwrap();
}

#[test]
fn opens_a_marker_at_an_address_with_lamports() {
    for prefund in [1, marker_rent(), 2 * marker_rent()] {
        let (mut world, payer) = scene(0);
        let vote = world.create_vote();
        let marker = world.pool.marker(&vote);
        world.send_lamports(&marker, prefund);
        add(&mut world, &payer, &vote, 0).unwrap();
        assert_eq!(world.lamports(&marker), prefund.max(marker_rent()));
        let paid = marker_rent().saturating_sub(prefund);
        assert_eq!(world.lamports(&payer.pubkey()), SOL - paid);
        refuses(add(&mut world, &payer, &vote, 1), ThawError::AlreadyListed);
    }
}

/// What strangers sent to the addresses of slots is not the pool's until a slot is opened (INV-2).
#[test]
fn counts_no_lamports_that_lie_at_its_slots() {
    let (mut world, payer) = scene(0);
    let vote = world.create_vote();
    for slot in world.pool.slots(&vote) {
        world.send_lamports(&slot, 5 * SOL);
    }
    add(&mut world, &payer, &vote, 0).unwrap();
    assert_eq!(world.records()[0], fresh_record(&world, &vote));
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!((world.pool().staked_lamports, world.pool().pending_gain_lamports), (0, 0));
}

/// A new validator counts as synced: it stops no finalize.
#[test]
fn lists_while_a_sync_is_open() {
    let (mut world, payer) = scene(3);
    let holder = world.holder(200 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    world.crank_epoch();
    world.next_epoch();
    world.sync().unwrap();
    let vote = world.create_vote();
    add(&mut world, &payer, &vote, 3).unwrap();
    world.votes.push(vote);
    assert_eq!(world.pool().holding_validators, 3);
    world.finalize().unwrap();
    assert_eq!(world.records()[3].weight_at(world.pool().epoch), 0);
    world.assert_books();
}

#[test]
fn lists_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(30),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.set_rent(6_960),
    ];
    for state in states {
        let (mut world, payer) = scene(1);
        state(&mut world);
        let vote = world.create_vote();
        add(&mut world, &payer, &vote, 1).unwrap();
        assert_eq!(world.records()[1], fresh_record(&world, &vote));
    }
}

#[test]
fn refuses_while_the_pool_winds_down() {
    let (mut world, payer) = scene(1);
    let vote = world.create_vote();
    world.know_validator(&vote);
    world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    let before = world.all_accounts();
    refuses(add(&mut world, &payer, &vote, 1), ThawError::WindingDown);
    world.assert_same(&before, &[]);
}
