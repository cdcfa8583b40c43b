//! `settle_withdrawals`: the oldest batch is paid.

use anchor_lang::prelude::Pubkey;
use thaw_client::thaw::{error::ThawError, events::WithdrawalsSettled};
use thaw_tests::{
    Holder, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    sums::{down, is_not_below, nav},
};

/// A pool whose rate is not 1, with a batch of 200 SOL in shares from the epoch before, finalized.
fn waiting() -> (World, Holder, Pubkey) {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.reward(0, SOL + 12_345);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    let ticket = world.request(&mut holder, 200 * SOL).unwrap();
    world.begin_epoch();
    (world, holder, ticket)
}

/// Leaves exactly `lamports` above the float.
fn leave_above_float(world: &mut World, lamports: u64) {
    let reserve = world.float() + lamports;
    world.set_reserve(reserve);
}

#[test]
fn pays_the_whole_batch_at_the_exit_rate() {
    let (mut world, _, _) = waiting();
    leave_above_float(&mut world, 500 * SOL);
    let (before, accounts) = (world.pool(), world.all_accounts());
    let lamports = down(200 * SOL, nav(&before, world.now()), before.shares);
    assert_ne!(lamports, 200 * SOL, "the rate is not 1");
    let supply = world.supply();

    let event: WithdrawalsSettled = world.settle().unwrap().event();
    assert_eq!((event.batch, event.shares, event.lamports), (0, 200 * SOL, lamports));
    assert_eq!(event.open_shares, 0);
    let batch = world.pool.batch(0);
    world.assert_same(&accounts, &[world.pool.pool, world.pool.mint, world.pool.escrow, batch]);
    let pool = world.pool();
    assert_eq!(pool.shares, before.shares - 200 * SOL);
    assert_eq!(world.supply(), supply - 200 * SOL);
    assert_eq!(world.tokens(&world.pool.escrow), 0);
    assert_eq!((pool.pending_shares, pool.oldest_batch), (0, 1));
    assert_eq!(pool.reserve_lamports, before.reserve_lamports - lamports);
    assert_eq!(pool.claimable_lamports, lamports);
    assert_eq!(pool.nav_lamports, nav(&before, world.now()) - lamports);
    let settled = world.batch(0).unwrap();
    assert_eq!((settled.shares_settled, settled.lamports_settled), (200 * SOL, lamports));
    assert!(is_not_below((&pool, world.now()), (&before, world.now())), "INV-4");
    world.assert_books();
    world.settle().unwrap_err(); // there is no next batch
}

#[test]
fn pays_in_part_what_there_is_above_the_float_each_time_at_the_rate_of_its_day() {
    let (mut world, holder, ticket) = waiting();
    leave_above_float(&mut world, 50 * SOL);
    let before = world.pool();
    let shares = down(50 * SOL, before.shares, world.nav());
    let lamports = down(shares, world.nav(), before.shares);
    let event: WithdrawalsSettled = world.settle().unwrap().event();
    assert_eq!((event.shares, event.lamports), (shares, lamports));
    assert_eq!(event.open_shares, 200 * SOL - shares);
    let pool = world.pool();
    assert_eq!((pool.oldest_batch, pool.pending_shares), (0, 200 * SOL - shares));
    let left = pool.reserve_lamports - world.float();
    assert!(left <= 2, "INV-1: the float stays, rounding apart: {left}");
    world.assert_books();
    refuses(world.settle(), ThawError::NothingToSettle);

    // The rest at another rate: the ticket gets both, to the lamport.
    world.push_claim(&ticket).unwrap();
    world.next_epoch();
    world.slash(0, 30 * SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    leave_above_float(&mut world, 500 * SOL);
    let before = world.pool();
    let rest = down(200 * SOL - shares, world.nav(), before.shares);
    let event: WithdrawalsSettled = world.settle().unwrap().event();
    assert_eq!((event.shares, event.lamports), (200 * SOL - shares, rest));
    let wallet = world.lamports(&holder.address());
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()) - wallet, rest);
    assert_eq!(world.pool().claimable_lamports, 0);
    world.assert_books();
}

#[test]
fn the_float_is_never_paid_out() {
    let (mut world, _, _) = waiting();
    let accounts = world.all_accounts();
    leave_above_float(&mut world, 0);
    refuses(world.settle(), ThawError::NothingToSettle);
    world.set_reserve(0);
    refuses(world.settle(), ThawError::NothingToSettle);
    world.assert_same(&accounts, &[world.pool.pool, world.pool.reserve]);
    // From the first lamport on it is paid, but no share is burned for nothing.
    for lamports in 1..4 {
        leave_above_float(&mut world, lamports);
        let (nav, all) = (world.nav(), world.pool().shares);
        let shares = down(lamports, all, nav);
        assert!(shares > 0 && shares <= lamports + 1, "a rate near 1");
        let paid = down(shares, nav, all);
        if paid == 0 {
            refuses(world.settle(), ThawError::NothingToSettle);
            continue;
        }
        let event: WithdrawalsSettled = world.settle().unwrap().event();
        assert_eq!((event.shares, event.lamports), (shares, paid));
        world.assert_books();
    }
}

#[test]
fn batches_are_paid_in_their_order() {
    let (mut world, mut holder, _) = waiting();
    world.request(&mut holder, 10 * SOL).unwrap();
    world.begin_epoch();
    leave_above_float(&mut world, 500 * SOL);
    let second = world.pool.settle_withdrawals(1);
    refuses(world.send(std::slice::from_ref(&second), &[]), ThawError::WrongBatch);
    world.settle().unwrap();
    // One that is paid is not paid again.
    let first = world.pool.settle_withdrawals(0);
    refuses(world.send(&[first], &[]), ThawError::WrongBatch);
    world.send(&[second], &[]).unwrap();
    assert_eq!(world.pool().oldest_batch, 2);
    world.assert_books();
}

#[test]
fn needs_a_finalize_of_this_epoch_and_a_batch_of_an_earlier_one() {
    let (mut world, mut holder, _) = waiting();
    leave_above_float(&mut world, 500 * SOL);
    world.next_epoch();
    refuses(world.settle(), ThawError::NotFinalized);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.settle().unwrap();
    // INV-6: a batch that can still be joined cannot be settled.
    world.request(&mut holder, SOL).unwrap();
    refuses(world.settle(), ThawError::WrongBatch);
    world.next_epoch();
    refuses(world.settle(), ThawError::NotFinalized);
    world.sync().unwrap();
    refuses(world.settle(), ThawError::NotFinalized);
    world.finalize().unwrap();
    world.settle().unwrap();
}

#[test]
fn no_pause_holds_it() {
    let (mut world, _, _) = waiting();
    let later = world.now() + 1;
    world.change_pool(|pool| (pool.paused_until, pool.circuit_until) = ([later; 4], later));
    world.settle().unwrap();
}

#[test]
fn a_pool_that_is_worth_nothing_has_no_rate() {
    let (mut world, _, _) = waiting();
    world.change_pool(|pool| (pool.reserve_lamports, pool.staked_lamports) = (0, 0));
    world.change_pool(|pool| pool.locked_gain_lamports = 0);
    refuses(world.settle(), ThawError::NoValue);
}

#[test]
fn shares_worth_less_than_a_lamport_are_burned_for_nothing() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, 1).unwrap();
    world.next_epoch();
    world.slash(0, SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    let event: WithdrawalsSettled = world.settle().unwrap().event();
    assert_eq!((event.shares, event.lamports, event.open_shares), (1, 0, 0));
    world.assert_books();
}

#[test]
fn each_account_must_be_the_pools() {
    let (mut world, _, _) = waiting();
    let instruction = world.pool.settle_withdrawals(0);
    refuses_each_swap(&mut world, &instruction, &[], &[]);
    world.send(&[instruction], &[]).unwrap();
}

/// A batch like the oldest in all but its pool.
#[test]
fn takes_no_batch_of_another_pool() {
    let (mut world, _, _) = waiting();
    let mut settle = world.pool.settle_withdrawals(0);
    let twin = world.open_pool(&Setup::default()).unwrap();
    let own = world.pool.batch(0);
    world.put_copy(&own, &twin.batch(0), &twin.pool);
    let place = settle.accounts.iter().position(|meta| meta.pubkey == own).unwrap();
    settle.accounts[place].pubkey = twin.batch(0);
    refuses(world.send(&[settle], &[]), ThawError::WrongAccount);
}
