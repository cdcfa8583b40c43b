//! Several keepers of one pool far from their servers, in simulated time: the real plans, the real
//! program, and counts that are the same in every run.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use solana_transaction::{Message, Transaction};
use thaw_client::pack::LEGACY_SLOTS;
use thaw_keeper::{Action, Means, plan};
use thaw_tests::{SOL, World};

use crate::{
    purse::{open, staked},
    seen::{carry_out, snapshot},
};

const VALIDATORS: u16 = 240;
/// What each of them is to get, SOL.
const TARGET: u64 = 20;
/// One answer of a server, milliseconds.
const ANSWER: u64 = 150;
/// From a simulation that went through until the transaction is processed: the price, the blockhash,
/// the way, half a slot.
const ON_THE_WAY: u64 = 3 * ANSWER + 200;
/// From there until the keeper hears of it.
const CONFIRMED: u64 = 2 * ANSWER;
/// A snapshot takes so many answers.
const READS: u64 = 3;
/// How long they are watched.
const WATCHED: u64 = 90_000;

/// What a keeper does at its next moment.
enum Next {
    Look,
    Simulate,
    Land(Action),
}

/// A keeper in simulated time.
struct Racer {
    seed: u64,
    at: u64,
    next: Next,
    due: std::vec::IntoIter<Action>,
}

impl Racer {
    fn new(seed: u64, at: u64) -> Self {
        Self { seed, at, next: Next::Look, due: Vec::new().into_iter() }
    }

    /// Its next moment. Returns whether a transaction landed, if one was paid for.
    fn go_on(&mut self, world: &mut World) -> Option<bool> {
        let (next, wait, paid) = match std::mem::replace(&mut self.next, Next::Look) {
            Next::Look => {
                let means = Means { seed: self.seed, ..Means::endless(LEGACY_SLOTS) };
                self.due = plan(&snapshot(world), &means).due.into_iter();
                assert!(self.due.len() > 0, "too little work for the time");
                (Next::Simulate, READS * ANSWER, None)
            }
            Next::Simulate => match self.due.next() {
                None => (Next::Look, 0, None),
                Some(action) if is_accepted(world, &action) => {
                    (Next::Land(action), ANSWER + ON_THE_WAY, None)
                }
                Some(_) => (Next::Simulate, ANSWER, None),
            },
            Next::Land(action) => {
                let has_landed = carry_out(world, &action).is_ok();
                (Next::Simulate, CONFIRMED, Some(has_landed))
            }
        };
        self.next = next;
        self.at += wait;
        paid
    }
}

fn is_accepted(world: &World, action: &Action) -> bool {
    let payer = world.payer.pubkey();
    let instruction = action.instruction(&world.pool, &payer);
    let message = Message::new(&[instruction], Some(&payer));
    let transaction = Transaction::new(&[&world.payer], message, world.svm.latest_blockhash());
    world.svm.simulate_transaction(transaction).is_ok()
}

/// A pool with a deposit for every validator, in the move window.
fn to_delegate() -> World {
    let mut world = open(VALIDATORS);
    let holder = world.holder(10_000 * SOL);
    world.deposit(&holder, TARGET * u64::from(VALIDATORS) * SOL).unwrap();
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    world
}

/// One with a ticket that needs stake of every validator.
fn to_undelegate() -> World {
    let (mut world, mut holder) = staked();
    let shares = world.pool().shares / 10;
    world.request(&mut holder, shares).unwrap();
    world.move_window();
    world
}

/// Transactions that landed and that failed, of keepers with these seeds.
fn race(mut world: World, seeds: &[u64]) -> (u64, u64) {
    let mut racers: Vec<Racer> = seeds.iter().map(|seed| Racer::new(*seed, 0)).collect();
    let (mut landed, mut failed) = (0, 0);
    loop {
        let racer = racers.iter_mut().min_by_key(|racer| racer.at).unwrap();
        if racer.at >= WATCHED {
            world.assert_books();
            return (landed, failed);
        }
        match racer.go_on(&mut world) {
            Some(true) => landed += 1,
            Some(false) => failed += 1,
            None => {}
        }
    }
}

/// The seed of a keeper's key.
fn seed(key: u8) -> u64 {
    Means::own(&Pubkey::new_from_array([key; 32]), 100)
}

/// Each pair of keys against one that works alone.
fn assert_shared(scene: fn() -> World, pairs: &[[u8; 2]]) {
    let (alone, wasted) = race(scene(), &[seed(0)]);
    assert!(alone > 70 && wasted == 0, "{alone} landed, {wasted} failed");
    for keys in pairs {
        let (landed, failed) = race(scene(), &keys.map(seed));
        println!("keys {keys:?}: {landed} landed, {failed} failed, {alone} of one");
        assert!(landed * 10 >= alone * 17, "{landed} of two, {alone} of one");
        assert!(failed * 10 < landed + failed, "{failed} of {} failed", landed + failed);
    }
}

#[test]
fn two_keepers_delegate_nearly_twice_as_much_as_one() {
    assert_shared(to_delegate, &[[1, 2], [3, 4], [5, 6], [7, 8]]);
}

#[test]
fn two_keepers_undelegate_nearly_twice_as_much_as_one() {
    assert_shared(to_undelegate, &[[1, 2], [3, 4]]);
}

/// What the orders are for: in one order, the second keeper pays for nothing.
#[test]
fn in_one_order_the_second_keeper_only_wastes() {
    let (alone, _) = race(to_delegate(), &[seed(0)]);
    let (landed, failed) = race(to_delegate(), &[seed(0); 2]);
    assert!(landed < alone + alone / 5, "{landed} of two, {alone} of one");
    assert!(failed > landed / 2, "{failed} failed, {landed} landed");
}
