//! `close_batch`: a finished batch goes away.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, events::BatchClosed};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
};

/// A batch of three tickets at a rate that leaves dust, settled in full.
fn settled() -> (World, [Pubkey; 3]) {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.reward(0, SOL + 12_345);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    let tickets =
        [1_000_000_007, 3, 777_777_777].map(|shares| world.request(&mut holder, shares).unwrap());
    world.begin_epoch();
    world.settle().unwrap();
    (world, tickets)
}

fn close(world: &mut World) -> Outcome {
    let instruction = world.pool.close_batch(0, &world.payer.pubkey());
    world.send(&[instruction], &[])
}

#[test]
fn returns_the_rent_and_leaves_the_dust_to_the_holders() {
    let (mut world, tickets) = settled();
    for ticket in tickets {
        refuses(close(&mut world), ThawError::BatchNotFinished);
        world.push_claim(&ticket).unwrap();
    }
    let batch = world.batch(0).unwrap();
    let dust = batch.lamports_settled - batch.lamports_claimed;
    assert!(dust > 0 && dust <= 3, "at most one lamport per ticket: {dust}");
    let (before, address) = (world.pool(), world.pool.batch(0));
    assert_eq!(before.claimable_lamports, dust);
    let (rent, payer) = (world.lamports(&address), world.lamports(&world.payer.pubkey()));
    let accounts = world.all_accounts();

    let event: BatchClosed = close(&mut world).unwrap().event();
    world.assert_same(&accounts, &[world.pool.pool, address]);
    assert_eq!((event.batch, event.dust_lamports), (0, dust));
    assert_eq!(world.lamports(&world.payer.pubkey()) + 5_000, payer + rent);
    assert!(world.svm.get_account(&address).is_none_or(|account| account.lamports == 0));
    let pool = world.pool();
    assert_eq!(pool.claimable_lamports, 0);
    assert_eq!(pool.reserve_lamports, before.reserve_lamports + dust);
    assert_eq!(pool.pending_fees_lamports, before.pending_fees_lamports + dust);
    assert_eq!(pool.nav_lamports, before.nav_lamports, "L2: the rate does not jump");
    world.assert_books();
    close(&mut world).unwrap_err(); // it is gone

    // The next finalize shares the dust out, without a fee.
    world.begin_epoch();
    let pool = world.pool();
    assert_eq!((pool.pending_fees_lamports, pool.fee_shares_owed), (0, before.fee_shares_owed));
    assert_eq!(pool.locked_gain_lamports, dust);
}

#[test]
fn a_batch_with_open_shares_stays() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    let ticket = world.request(&mut holder, 200 * SOL).unwrap();
    refuses(close(&mut world), ThawError::BatchNotFinished);
    world.begin_epoch();
    world.settle().unwrap(); // in part
    world.push_claim(&ticket).unwrap();
    refuses(close(&mut world), ThawError::BatchNotFinished);
    // No ticket is left in this forgery, but shares are.
    let address = world.pool.batch(0);
    world.change_typed::<thaw_client::thaw::state::Batch>(&address, |batch| batch.tickets = 0);
    refuses(close(&mut world), ThawError::BatchNotFinished);
}

#[test]
fn a_batch_that_paid_more_than_was_settled_is_never_closed() {
    let (mut world, tickets) = settled();
    for ticket in tickets {
        world.push_claim(&ticket).unwrap();
    }
    let address = world.pool.batch(0);
    world.change_typed::<thaw_client::thaw::state::Batch>(&address, |batch| {
        batch.lamports_claimed = batch.lamports_settled + 1;
    });
    refuses(close(&mut world), ThawError::BalanceMismatch);
}

#[test]
fn each_account_must_be_the_right_one() {
    let (mut world, tickets) = settled();
    for ticket in tickets {
        world.push_claim(&ticket).unwrap();
    }
    let instruction = world.pool.close_batch(0, &world.payer.pubkey());
    refuses_each_swap(&mut world, &instruction, &[], &[]);
    let stranger = world.wallet(SOL);
    let theft = world.pool.close_batch(0, &stranger.pubkey());
    refuses(world.send(&[theft], &[]), ThawError::WrongAccount);
    world.send(&[instruction], &[]).unwrap();
}
