//! `collect_fees`: fee shares become tokens.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use thaw_client::{
    instructions::TOKEN_PROGRAM,
    thaw::{error::ThawError, events::FeesCollected, state::Pool},
};
use thaw_tests::{
    DAY, Holder, SOL, Setup, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    world::config,
};

/// The token program's: the account is of another mint.
const MINT_MISMATCH: u32 = 3;

/// A pool that owes fee shares for a reward, a good treasury, and a holder.
fn owing() -> (World, Pubkey, Holder) {
    let (mut world, holder) = World::warm(Setup::default(), 1_000 * SOL);
    let treasury = world.give_treasury();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    assert!(world.pool().fee_shares_owed > 0);
    (world, treasury, holder)
}

#[test]
fn mints_all_that_is_owed_to_the_treasury() {
    let (mut world, treasury, _) = owing();
    let (old, before, supply) = (world.pool(), world.all_accounts(), world.supply());
    let (owed, nav) = (old.fee_shares_owed, world.nav());

    let sent = world.collect_fees().unwrap();

    let expected = Pool { fee_shares_owed: 0, ..*old };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!((world.tokens(&treasury), world.supply()), (owed, supply + owed));
    assert_eq!(world.nav(), nav, "nobody's rate changes");
    assert_eq!(world.supply(), world.pool().shares, "INV-3");
    world.assert_same(&before, &[world.pool.pool, world.pool.mint, treasury]);
    world.assert_books();

    let event: FeesCollected = sent.event();
    assert_eq!((event.pool, event.treasury), (world.pool.pool, treasury));
    assert_eq!((event.shares, event.epoch), (owed, world.clock().epoch));
    refuses(world.collect_fees(), ThawError::NoFeesOwed);
}

#[test]
fn refuses_when_nothing_is_owed() {
    let mut world = World::new();
    world.give_treasury();
    let before = world.all_accounts();
    refuses(world.collect_fees(), ThawError::NoFeesOwed);
    world.assert_same(&before, &[]);
}

/// Fees that were collected are shares like any others: they leave by a ticket.
#[test]
fn gives_shares_that_can_leave() {
    let (mut world, _, _) = owing();
    let mut owner = world.holder(SOL);
    world.change_pool(|pool| pool.treasury = owner.tokens);
    world.collect_fees().unwrap();
    let shares = world.tokens(&owner.tokens);
    let ticket = world.request(&mut owner, shares).unwrap();
    world.move_window();
    world.move_all();
    world.crank_epoch();
    world.push_claim(&ticket).unwrap();
    let paid = world.lamports(&owner.address()) - SOL;
    assert!(paid >= shares, "{paid} lamports for {shares} shares");
}

/// Nothing else needs the treasury: a pool with a broken one goes through whole epochs, and all
/// that was owed arrives once the treasury is repaired.
#[test]
fn harms_nobody_else_where_the_treasury_is_broken() {
    let breaks: [fn(&mut World, Pubkey); 5] = [
        // Closed.
        |world, treasury| world.put(&treasury, &Pubkey::default(), 0, vec![]),
        // A wallet.
        |world, treasury| world.put(&treasury, &Pubkey::default(), SOL, vec![]),
        // Of another mint.
        |world, treasury| world.change_account(&treasury, |data| data[0] ^= 1),
        // Not initialised.
        |world, treasury| world.put(&treasury, &TOKEN_PROGRAM, SOL, vec![0; 165]),
        // Frozen, as only a mint with a freeze authority could do.
        |world, treasury| world.change_account(&treasury, |data| data[108] = 2),
    ];
    for break_it in breaks {
        let (mut world, treasury, mut holder) = owing();
        break_it(&mut world, treasury);
        let before = world.all_accounts();
        assert!(world.collect_fees().is_err());
        world.assert_same(&before, &[]);

        let owed = world.pool().fee_shares_owed;
        let ticket = world.request(&mut holder, 100 * SOL).unwrap();
        world.deposit(&holder, 10 * SOL).unwrap();
        world.move_window();
        world.move_all();
        world.next_epoch();
        world.pay_rewards(5_000);
        world.sync().unwrap();
        world.finalize().unwrap();
        world.tend();
        world.settle().unwrap();
        world.push_claim(&ticket).unwrap();
        let owed_now = world.pool().fee_shares_owed;
        assert!(owed_now > owed, "more each epoch");

        let repaired = world.token_account(&Pubkey::new_unique());
        world.propose(config(), &repaired).unwrap();
        let ready = world.now() + 2 * DAY;
        world.go_to_time(ready);
        world.apply().unwrap();
        world.collect_fees().unwrap();
        assert_eq!(world.tokens(&repaired), owed_now, "in full");
        assert_eq!(world.tokens(&treasury), 0);
        assert_eq!(world.pool().fee_shares_owed, 0);
        world.assert_books();
    }
}

#[test]
fn refuses_a_treasury_of_another_mint() {
    let (mut world, treasury, _) = owing();
    world.change_account(&treasury, |data| data[0] ^= 1);
    refuses_with_code(world.collect_fees(), MINT_MISMATCH);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, treasury, _) = owing();
    let collect = world.pool.collect_fees(&treasury);
    refuses_each_swap(&mut world, &collect, &[], &[]);
    // Not even another token account of the mint.
    let other = world.token_account(&Pubkey::new_unique());
    let wrong = world.pool.collect_fees(&other);
    refuses(world.send(&[wrong], &[]), ThawError::WrongAccount);
    world.send(&[collect], &[]).unwrap();
}

#[test]
fn collects_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 5] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(40),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.change_pool(|pool| pool.circuit_until = i64::MAX),
        |world| world.change_pool(|pool| pool.status = 1),
    ];
    for state in states {
        let (mut world, treasury, _) = owing();
        state(&mut world);
        world.collect_fees().unwrap();
        assert!(world.tokens(&treasury) > 0);
    }
}
