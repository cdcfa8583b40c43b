//! Withdrawals: who is paid when, and that nobody can jump the queue or hold it up.

use solana_signer::Signer;
use thaw_client::{instructions::Request, thaw::error::ThawError};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, sums::down};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

#[test]
fn c1_a_request_cannot_be_settled_and_claimed_at_once() {
    let (mut world, holder) = warm();
    let reserve = 500 * SOL;
    world.set_reserve(reserve);
    let serial = world.batch_to_join();
    let request = Request { shares: 10 * SOL, nonce: 0, serial, is_pushable: true };
    let (owner, payer) = (holder.address(), world.payer.pubkey());
    let ticket = world.pool.ticket(&owner, 0);
    let pool = world.pool;
    let at_once = [
        pool.request_withdrawal(&request, &owner, &payer, &holder.tokens),
        pool.settle_withdrawals(serial),
        pool.claim_withdrawal(&ticket, serial, &owner, &owner, &payer),
    ];
    let accounts = world.all_accounts();
    refuses(world.send(&at_once, &[&holder.key]), ThawError::WrongBatch);
    // Nor in an epoch that is not finalized, whose loss somebody may know of.
    world.next_epoch();
    refuses(world.send(&at_once, &[&holder.key]), ThawError::NotFinalized);
    world.assert_same(&accounts, &[]);
}

#[test]
fn c1_nobody_joins_a_batch_that_has_been_settled_in_part() {
    let (mut world, mut holder) = warm();
    let mut late = world.holder(500 * SOL);
    world.deposit(&late, 200 * SOL).unwrap();
    let ticket = world.request(&mut holder, 100 * SOL).unwrap();
    world.begin_epoch();
    world.set_reserve(world.float() + 50 * SOL);
    world.settle().unwrap();
    let settled = world.batch(0).unwrap();
    assert!(settled.shares_settled > 0 && settled.shares_settled < 100 * SOL);

    // The old batch is closed to joiners, in this epoch and in one that is behind.
    let join = |world: &mut World| {
        let request = Request { shares: SOL, nonce: 7, serial: 0, is_pushable: true };
        let (owner, payer) = (late.address(), world.payer.pubkey());
        let join = world.pool.request_withdrawal(&request, &owner, &payer, &late.tokens);
        world.send(&[join], &[&late.key])
    };
    refuses(join(&mut world), ThawError::WrongBatch);
    world.next_epoch();
    refuses(join(&mut world), ThawError::WrongBatch);
    world.request(&mut late, 100 * SOL).unwrap();
    assert_eq!(world.batch(0).unwrap().shares_requested, 100 * SOL);
    assert_eq!(world.batch(1).unwrap().epoch, world.clock().epoch);

    // So the first ticket gets all that was settled for it, and later the rest.
    let before = world.lamports(&holder.address());
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()) - before, settled.lamports_settled);
    world.assert_books();
}

#[test]
fn h10_a_round_trip_through_deposit_and_ticket_earns_nothing() {
    // INV-5: every epoch earns 2 bp; whoever comes and goes gets none of it. The attack is as large
    // as the pool, and as early in the epoch as can be.
    for part in [0, 10, 79] {
        let (mut world, _) = warm();
        let mut attacker = world.holder(10_000 * SOL);
        let reward = |world: &mut World| {
            for index in 0..3 {
                let stake = world.delegation(&world.main_slot(index));
                world.reward(index, stake / 5_000);
            }
        };
        for _ in 0..3 {
            world.next_epoch();
            reward(&mut world);
            world.sync().unwrap();
            world.finalize().unwrap();
            world.go_to(part);
            let wallet = world.lamports(&attacker.address());
            world.deposit(&attacker, 3_000 * SOL).unwrap();
            let shares = world.tokens(&attacker.tokens);
            let ticket = world.request(&mut attacker, shares).unwrap();
            world.move_window();
            world.move_all();
            world.next_epoch();
            reward(&mut world);
            world.sync().unwrap();
            world.finalize().unwrap();
            world.tend();
            world.settle_all();
            world.push_claim(&ticket).unwrap();
            let back = world.lamports(&attacker.address());
            assert!(back <= wallet, "at {part} %: won {}", back - wallet);
            world.assert_books();
        }
    }
}

#[test]
fn m4_what_is_cooling_never_pays_for_a_delegation() {
    let (mut world, mut holder) = warm();
    // Liquid SOL covers a batch; the same amount cools as well.
    world.request(&mut holder, 100 * SOL).unwrap();
    world.move_all();
    assert!(world.pool().cooling_lamports > 0);
    let kept = world.owed() + world.float() + world.pool().liquidity_target_lamports;
    world.set_reserve(kept + SOL - 1);
    for index in 0..3 {
        world.delegate(index).unwrap_err();
    }
    world.set_reserve(kept + 9 * SOL);
    world.move_all();
    assert!(world.pool().reserve_lamports >= kept);
}

#[test]
fn m5_the_gain_until_settlement_is_covered_by_what_was_undelegated() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 1_000 * SOL).unwrap();
    world.move_all();
    world.next_epoch();
    // 19 bp for the day, all released when it is settled at the end of it.
    for index in 0..3 {
        let stake = world.delegation(&world.main_slot(index));
        world.reward(index, down(stake, 19, 10_000));
    }
    world.sync().unwrap();
    world.finalize().unwrap();
    for index in 0..3 {
        world.collect(index).unwrap();
    }
    world.go_to(100);
    let value = down(1_000 * SOL, world.nav(), world.pool().shares);
    assert!(value > 1_001 * SOL);
    world.settle().unwrap();
    assert_eq!(world.pool().pending_shares, 0, "paid in full, not all but a basis point");
    assert_eq!(world.pool().claimable_lamports, value);
    world.assert_books();
}

#[test]
fn m6_epochs_without_requests_leave_no_gap_in_the_queue() {
    let (mut world, mut holder) = warm();
    let mut tickets = Vec::new();
    for quiet in [1, 5, 2] {
        tickets.push(world.request(&mut holder, SOL).unwrap());
        tickets.push(world.request(&mut holder, SOL).unwrap());
        world.skip_epochs(quiet);
    }
    assert_eq!((world.pool().oldest_batch, world.pool().next_batch), (0, 3));
    world.sync().unwrap();
    world.finalize().unwrap();
    world.settle_all();
    assert_eq!(world.pool().oldest_batch, 3);
    for ticket in tickets {
        world.push_claim(&ticket).unwrap();
    }
    let payer = world.payer.pubkey();
    for serial in 0..3 {
        world.send(&[world.pool.close_batch(serial, &payer)], &[]).unwrap();
    }
    assert_eq!(world.pool().claimable_lamports, 0);
    world.assert_books();
}

#[test]
fn m11_a_rise_of_rent_does_not_stop_the_last_claim() {
    let (mut world, mut holder) = warm();
    let ticket = world.request(&mut holder, 20 * SOL).unwrap();
    world.begin_epoch();
    world.settle().unwrap();
    let claimable = world.pool().claimable_lamports;
    world.set_reserve(world.float());
    world.set_rent(6_960);
    // The books owe more than the account can spare now; the float covers it.
    let before = world.lamports(&holder.address());
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()) - before, claimable);
    world.begin_epoch();
    world.assert_books();
}

#[test]
fn tiny_tickets_never_claim_more_than_was_settled() {
    let (mut world, mut holder) = warm();
    world.next_epoch();
    world.reward(0, 123_456_789);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    let sizes = [1, 1, 2, 3, 5, 8, 1_000_000_007, 13];
    let tickets = sizes.map(|shares| world.request(&mut holder, shares).unwrap());
    let total: u64 = sizes.iter().sum();
    for lamports in [7, 999_999, 2 * SOL] {
        world.begin_epoch();
        world.set_reserve(world.float() + lamports);
        world.settle().unwrap();
        for ticket in &tickets {
            if world.ticket(ticket).is_some() {
                // INV-6: nothing to get yet, or exactly the part of what is settled.
                let _ = world.push_claim(ticket);
            }
            let batch = world.batch(0).unwrap();
            assert!(batch.lamports_claimed <= batch.lamports_settled);
        }
        world.assert_books();
    }
    let batch = world.batch(0).unwrap();
    assert_eq!((batch.shares_settled, batch.tickets), (total, 0));
    assert!(batch.lamports_settled - batch.lamports_claimed <= sizes.len() as u64);
}
