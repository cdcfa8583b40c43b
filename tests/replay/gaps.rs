//! Transactions that are missing, twice, out of order, refused.

use anchor_lang::prelude::Pubkey;
use solana_transaction::TransactionError;
use thaw_client::replay::{Gap, Replay, ReplayError, read_events};
use thaw_tests::{Logged, SOL, World};

use crate::scene::{assert_replayed, replay};

/// A pool's first epochs: deposits, a ticket, the crank. Its transactions with events.
fn life() -> (Pubkey, Vec<Logged>) {
    let mut world = World::new();
    let mut holder = world.holder(1_000 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    world.crank_epoch();
    let ticket = world.request(&mut holder, 3 * SOL).unwrap();
    for _ in 0..3 {
        world.pay_rewards(1_000);
        world.crank_epoch();
    }
    world.deposit(&holder, SOL).unwrap();
    assert_replayed(&world, &[ticket]);
    let has_events = |sent: &Logged| !read_events(&sent.logs, sent.has_failed).unwrap().is_empty();
    world.history.retain(has_events);
    (world.pool.pool, world.history)
}

/// What changed transactions come to: a gap, or the same ledger. Returns whether there is a gap.
fn is_told(pool: Pubkey, whole: &[Logged], changed: &[Logged]) -> bool {
    match replay(pool, changed) {
        Err(ReplayError::Gap(_)) => true,
        Err(other) => panic!("{other}"),
        Ok(other) => {
            assert_eq!(other.ledger(), replay(pool, whole).unwrap().ledger());
            false
        }
    }
}

/// How often changing the history at a place is told, for all places but the last.
fn times_told(change: impl Fn(&mut Vec<Logged>, usize)) -> (usize, usize) {
    let (pool, whole) = life();
    let count = whole.len() - 1;
    let told = (0..count).filter(|place| {
        let mut changed = whole.clone();
        change(&mut changed, *place);
        is_told(pool, &whole, &changed)
    });
    (told.count(), count)
}

#[test]
fn a_transaction_that_is_missing_is_told() {
    let (told, count) = times_told(|history, place| {
        history.remove(place);
    });
    // The others end in the same ledger: where stake becomes the main one no figure changes, and a second
    // move of one validator's stake tells both.
    assert!(told * 2 >= count, "{told} of {count}");
    // Only the accounts tell the last.
    let (pool, whole) = life();
    let behind = replay(pool, &whole[..count]).unwrap();
    assert_ne!(behind.ledger(), replay(pool, &whole).unwrap().ledger());
}

#[test]
fn what_comes_twice_or_too_early_is_told() {
    let (told, count) = times_told(|history, place| history.insert(place, history[place].clone()));
    // What sets a state may come twice.
    assert!(told * 2 >= count, "{told} of {count}");
    let (told, count) = times_told(|history, place| history.swap(place, place + 1));
    // What touches different things may come in any order.
    assert!(told * 2 >= count, "{told} of {count}");
}

#[test]
fn a_gap_names_what_does_not_fit_and_by_how_much() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    world.deposit(&holder, SOL).unwrap();
    world.deposit(&holder, 2 * SOL).unwrap();
    let count = world.history.len();
    let mut fewer = world.history.clone();
    fewer.remove(count - 2);
    let Err(ReplayError::Gap(gap)) = replay(world.pool.pool, &fewer) else { panic!("no gap") };
    let Gap::Amount { event: "SolDeposited", what: "shares", expected, found } = gap else {
        panic!("{gap}")
    };
    assert_eq!(found - expected, i128::from(SOL), "one share a lamport, so early");

    let late = &world.history[count - 2..];
    let error = replay(world.pool.pool, late).unwrap_err();
    assert!(matches!(error, ReplayError::Gap(Gap::NoBeginning { event: "SolDeposited" })));
}

/// A transaction can be refused after its last instruction: its log knows of no failure.
#[test]
fn a_refusal_that_the_log_does_not_know_of_moves_nothing() {
    let mut world = World::new();
    let holder = world.holder(100 * SOL);
    world.deposit(&holder, 10 * SOL).unwrap();
    let nobody = Pubkey::new_unique();
    let exit = world.pool.withdraw_instant(&holder.tokens, &holder.address(), &nobody, 1_000, 0);
    let refused = world.send(&[exit], &[&holder.key]).unwrap_err();
    assert!(matches!(refused.error, TransactionError::InsufficientFundsForRent { .. }));

    assert_replayed(&world, &[]);
    let mut careless = Replay::new(world.pool.pool);
    for sent in &world.history {
        careless.transaction(&sent.logs, false).unwrap();
    }
    let believed = careless.flows().paid_instantly;
    assert!(believed > 0, "the log alone shows an exit: `has_failed` is needed");
}
