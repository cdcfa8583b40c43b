//! The books: that nothing is counted twice, early, late, or in the wrong order.

use solana_signer::Signer;
use thaw_client::{
    math::Lamports,
    thaw::{
        error::ThawError,
        events::EpochFinalized,
        instructions::SyncEntry,
        state::{Pool, SlotState},
    },
};
use thaw_tests::{
    Holder, SOL, Setup, World,
    checks::refuses,
    sums::{down, nav, up},
};

const REWARD: u64 = 600_000_000;

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// All amounts of a pool.
fn amounts(pool: &Pool) -> [u64; 16] {
    [
        pool.nav_lamports,
        pool.shares,
        pool.assets_lamports,
        pool.locked_gain_lamports,
        pool.epoch_gain_lamports,
        pool.reserve_lamports,
        pool.staked_lamports,
        pool.cooling_lamports,
        pool.pending_gain_lamports,
        pool.pending_loss_lamports,
        pool.fee_shares_owed,
        pool.loss_carry_lamports,
        pool.liquidity_target_lamports,
        pool.open_slots.into(),
        pool.holding_validators.into(),
        pool.synced_validators.into(),
    ]
}

#[test]
fn c4_one_vote_account_has_one_record() {
    let (mut world, _) = warm();
    let operator = world.operator.insecure_clone();
    let payer = world.payer.pubkey();
    let again = world.pool.add_validator(&operator.pubkey(), &payer, &world.votes[0], 3);
    let accounts = world.all_accounts();
    refuses(world.send(&[again], &[&operator]), ThawError::AlreadyListed);
    world.assert_same(&accounts, &[]);
}

#[test]
fn h1_a_sync_does_not_move_the_rate_up_before_the_fee_and_the_lock() {
    let (mut world, holder) = warm();
    world.next_epoch();
    let (value, shares) = (world.nav(), world.pool().shares);
    for index in 0..3 {
        world.reward(index, REWARD);
        let slot = world.slot(index, 0);
        let entries = vec![SyncEntry { index, slots: 1 }];
        world.send(&[world.pool.sync_validators(entries, &[slot])], &[]).unwrap();
        assert_eq!(world.nav(), value, "a gain is hidden until it is released");
        assert_eq!(world.pool().nav_lamports, value);
    }
    // Who comes in between pays for it.
    world.deposit(&holder, 100 * SOL).unwrap();
    let minted = world.pool().shares - shares;
    assert!(minted <= down(100 * SOL, shares, value + 3 * REWARD) + 1);
    // A loss bites at once.
    let before = world.nav();
    world.next_epoch();
    world.slash(0, 3 * REWARD + 777);
    world.sync().unwrap();
    assert_eq!(world.nav(), before - 777);
    let fee_before = world.pool().fee_shares_owed;
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.fee_shares, event.loss_lamports), (0, 777), "net, over both epochs");
    assert_eq!(world.pool().fee_shares_owed, fee_before);
}

#[test]
fn h2_bookings_and_moves_commute() {
    type Step = fn(&mut World);
    let steps: [Step; 5] = [
        |world| world.sync().unwrap(),
        |world| drop(world.collect(0).unwrap()),
        |world| drop(world.merge(1).unwrap()),
        |world| drop(world.sweep(2).unwrap()),
        |world| drop(world.collect(0).unwrap_err()),
    ];
    // INV-10: each order of the first four ends in the same books; the fifth changes nothing.
    let orders = [[0, 1, 2, 3], [1, 2, 3, 0], [3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 3, 2]];
    let mut first = None;
    for order in orders {
        let (mut world, mut holder) = warm();
        world.deposit(&holder, 90 * SOL).unwrap();
        world.delegate(1).unwrap();
        world.request(&mut holder, 300 * SOL).unwrap();
        world.undelegate(0).unwrap();
        world.next_epoch();
        for index in 0..3 {
            world.reward(index, 1_000 + u64::from(index));
        }
        let [cooling, fresh, tipped] = [world.slot(0, 1), world.slot(1, 1), world.slot(2, 0)];
        world.tip(&cooling, 70_000);
        world.tip(&fresh, 500);
        world.tip(&tipped, 30_000);
        for step in order {
            steps[step](&mut world);
            world.assert_books();
        }
        steps[4](&mut world);
        let gain = 3_003 + 70_000 + 500 + 30_000;
        assert_eq!(world.pool().pending_gain_lamports, gain, "{order:?}: nothing is lost");
        world.finalize().unwrap();
        let ended = amounts(&world.pool());
        assert_eq!(*first.get_or_insert(ended), ended, "{order:?}");
    }
}

#[test]
fn h2_a_tip_after_the_sync_of_the_epoch_is_booked_by_whoever_moves() {
    let (mut world, _) = warm();
    world.begin_epoch();
    let (before, slot) = (world.pool(), world.slot(0, 0));
    world.tip(&slot, 12_345);
    world.sweep(0).unwrap();
    let pool = world.pool();
    assert_eq!(pool.pending_gain_lamports, 12_345);
    assert_eq!(pool.reserve_lamports, before.reserve_lamports + 12_345);
    assert_eq!(pool.nav_lamports, before.nav_lamports, "no step in the rate");
}

#[test]
fn m3_deposits_do_not_make_a_gain_free_of_fee() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 3_000 * SOL).unwrap(); // doubles the pool, no loss before
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!(event.fee_lamports, down(REWARD, 500, 10_000));
}

#[test]
fn m3_the_loss_to_make_up_shrinks_with_the_shares_that_bore_it() {
    let (mut world, mut holder) = warm();
    world.next_epoch();
    world.slash(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();
    let bore = world.pool().shares;
    assert_eq!((world.pool().loss_carry_lamports, world.pool().carry_shares), (REWARD, bore));
    // Half of the shares leave: their part of the loss is theirs.
    let ticket = world.request(&mut holder, 1_500 * SOL).unwrap();
    world.move_window();
    world.move_all();
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.tend();
    world.settle_all();
    world.push_claim(&ticket).unwrap();
    let left = world.pool().shares;
    assert_eq!(left, bore - 1_500 * SOL);
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    let carry = up(REWARD, left, bore);
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!(event.fee_lamports, down(REWARD - carry, 500, 10_000), "INV-8");
}

#[test]
fn m3_washing_deposits_through_does_not_shrink_the_loss_to_make_up() {
    let (mut world, _) = warm();
    world.next_epoch();
    world.slash(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();
    let mut washer = world.holder(10_000 * SOL);
    for _ in 0..2 {
        world.deposit(&washer, 4_000 * SOL).unwrap();
        let shares = world.tokens(&washer.tokens);
        world.request(&mut washer, shares).unwrap();
        world.move_window();
        world.move_all();
        world.begin_epoch();
        world.tend();
        world.settle_all();
    }
    world.begin_epoch();
    assert_eq!(world.pool().loss_carry_lamports, REWARD);
}

#[test]
fn m14_finalize_needs_no_token_account() {
    let (mut world, _) = warm();
    // The treasury of this pool does not exist at all.
    assert!(world.svm.get_account(&world.pool().treasury).is_none());
    let accounts = world.pool.finalize_epoch().accounts.len();
    assert_eq!(accounts, 3, "pool, reserve, stake program");
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    let supply = world.supply();
    let event: EpochFinalized = world.finalize().unwrap().event();
    let pool = world.pool();
    assert_eq!(pool.fee_shares_owed, event.fee_shares);
    assert!(event.fee_shares > 0);
    // INV-3: the shares exist in the books before a token stands for them.
    assert_eq!(world.supply() + pool.fee_shares_owed, pool.shares);
    assert_eq!(world.supply(), supply);
}

#[test]
fn m1_booking_a_validator_costs_less_than_deriving_one_address() {
    let mut world = World::warm(Setup { validators: 20, ..Setup::default() }, 3_000 * SOL).0;
    let mut units = |indices: std::ops::Range<u16>| {
        world.next_epoch();
        let slots: Vec<_> = indices.clone().map(|index| world.slot(index, 0)).collect();
        let entries = indices.map(|index| SyncEntry { index, slots: 1 });
        world.send(&[world.pool.sync_validators(entries, &slots)], &[]).unwrap().units
    };
    let each = (units(0..20) - units(0..1)) / 19;
    // `create_program_address` alone is 1,500. The budget itself is the benchmark's to measure.
    assert!(each < 1_250, "{each} units per validator");
}

#[test]
fn l5_a_full_sync_stays_far_below_the_log_limit() {
    let mut world = World::warm(Setup { validators: 25, ..Setup::default() }, 3_000 * SOL).0;
    world.next_epoch();
    let slots: Vec<_> = (0..25).map(|index| world.slot(index, 0)).collect();
    let entries = (0..25).map(|index| SyncEntry { index, slots: 1 });
    let sent = world.send(&[world.pool.sync_validators(entries, &slots)], &[]).unwrap();
    let bytes: usize = sent.logs.iter().map(String::len).sum();
    assert!(bytes < 1_000, "{bytes} of 10,000");
    assert!(sent.bytes <= 1_232, "{} bytes", sent.bytes);
}

#[test]
fn l8_a_pool_worth_nothing_divides_by_nothing() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 10 * SOL).unwrap();
    world.next_epoch();
    for index in 0..3 {
        let slot = world.slot(index, 0);
        world.svm.set_account(slot, Default::default()).unwrap();
    }
    world.set_reserve(0);
    world.sync().unwrap();
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.totals.nav_lamports, world.pool().staked_lamports), (0, 0));
    let pool = world.pool();
    assert_eq!(pool.books(Lamports(0)).exit_rate(), None);
    refuses(world.settle(), ThawError::NoValue);
    world.change_pool(|pool| pool.circuit_until = 0);
    refuses(world.deposit(&holder, SOL), ThawError::NoValue);
    world.move_window();
    refuses(world.undelegate(0), ThawError::NothingToUndelegate);
    refuses(world.delegate(1), ThawError::NothingToDelegate);
    // A donation gives it a value again, which belongs to those who hold shares.
    let reserve = world.pool.reserve;
    world.send_lamports(&reserve, 50 * SOL);
    world.next_epoch();
    world.finalize().unwrap();
    world.go_to(100);
    world.settle().unwrap();
    world.assert_books();
}

#[test]
fn m13_a_validator_whose_stake_vanished_counts_no_longer() {
    let (mut world, _) = warm();
    world.next_epoch();
    let slot = world.slot(0, 0);
    world.svm.set_account(slot, Default::default()).unwrap();
    // Before its sync, as after it, the counts of the others decide.
    refuses(world.finalize(), ThawError::SyncIncomplete);
    world.sync().unwrap();
    assert_eq!((world.pool().synced_validators, world.pool().holding_validators), (2, 2));
    world.finalize().unwrap();
    assert_eq!(world.states(0)[0], SlotState::Odd);
    // The pool lives on: exits, deposits and delegations to the others.
    world.begin_epoch();
    assert_eq!(world.pool().nav_lamports, nav(&world.pool(), world.now()));
}
