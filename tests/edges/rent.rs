//! Rent that changes at any moment: edge cases 15 to 18.

use anchor_lang::prelude::Pubkey;
use thaw_client::thaw::{
    error::ThawError,
    events::EpochFinalized,
    instructions::Weight,
    state::SlotState::{Active, Cooling, Open},
};
use thaw_tests::{
    Holder, SOL, Setup, World,
    chain::{LAMPORTS_PER_BYTE, RENT_LEVELS as LEVELS},
    crank::allow,
};

use crate::payout;

/// `Meta.rent_exempt_reserve` of every new stake account.
const FROZEN_RENT: u64 = 2_282_880;

/// A pool and its holder, on their way through every instruction that touches lamports.
struct Life {
    world: World,
    holder: Holder,
    ticket: Option<Pubkey>,
    /// Rent of the reserve as the books know it: of the last finalize.
    booked_rent: u64,
    /// True where no delegation shrinks.
    lags: bool,
}

type Step = (&'static str, fn(&mut Life));

/// A pool's life in its smallest steps. Validator 0 loses weight on the way and is removed.
const STEPS: [Step; 50] = [
    ("deposit", |life| life.deposit(900)),
    ("boundary", Life::boundary),
    ("finalize", Life::finalize),
    ("open a slot and delegate", |life| life.delegate(0)),
    ("open another", |life| life.delegate(1)),
    ("deposit", |life| life.deposit(300)),
    ("top the delegation up", |life| life.delegate(0)),
    ("top the other up", |life| life.delegate(1)),
    ("delegate the rest", |life| life.delegate(2)),
    ("boundary", Life::boundary),
    ("sync", Life::sync),
    ("finalize", Life::finalize),
    ("activate", |life| life.merge(0)),
    ("activate", |life| life.merge(1)),
    ("activate", |life| life.merge(2)),
    ("deposit", |life| life.deposit(300)),
    ("delegate into a second slot", |life| life.delegate(0)),
    ("boundary", Life::boundary),
    ("sync", Life::sync),
    ("finalize", Life::finalize),
    ("merge", |life| life.merge(0)),
    ("sweep", |life| life.sweep(0)),
    ("weigh", |life| life.weigh([1, 2, 2])),
    ("boundary", Life::boundary),
    ("sync", Life::sync),
    ("finalize", Life::finalize),
    ("stake in", Life::stake_in),
    ("stake out", Life::stake_out),
    ("instant exit", Life::instant_exit),
    ("request", |life| life.request(500)),
    ("undelegate a part", |life| life.undelegate(0)),
    ("request", |life| life.request(150)),
    ("undelegate more", |life| life.undelegate(0)),
    ("undelegate the rest", Life::undelegate_rest),
    ("boundary", Life::boundary),
    ("sync", Life::sync),
    ("finalize", Life::finalize),
    ("collect", |life| life.collect(0)),
    ("settle", Life::settle),
    ("claim", Life::claim),
    ("open slot again", |life| life.request(400)),
    ("undelegate", |life| life.undelegate(1)),
    ("undelegate the rest", Life::undelegate_rest),
    ("leave", Life::leave),
    ("boundary", Life::boundary),
    ("sync", Life::sync),
    ("finalize", Life::finalize),
    ("leave in steps", Life::leave_in_steps),
    ("remove", Life::remove),
    ("go on", Life::go_on),
];

impl Life {
    fn new(lags: bool) -> Self {
        let mut world = World::new();
        let holder = world.holder(10_000 * SOL);
        let booked_rent = world.rent().minimum_balance(0);
        Self { world, holder, ticket: None, booked_rent, lags }
    }

    /// The books equal the chain to the lamport: no rent is lost, none is there twice.
    fn check(&self, step: &str) {
        let (world, pool) = (&self.world, self.world.pool());
        world.assert_ledger();
        let slots = (0..world.votes.len() as u16)
            .flat_map(|index| (0..3).map(move |place| (index, place)))
            .map(|(index, place)| world.lamports(&world.slot(index, place)));
        let held = slots.sum::<u64>() + world.lamports(&world.pool.reserve);
        let known = world.assets() + pool.claimable_lamports + self.booked_rent;
        assert_eq!(held, known, "after {step}");
    }

    fn deposit(&mut self, sol: u64) {
        self.world.deposit(&self.holder, sol * SOL).unwrap();
    }

    fn boundary(&mut self) {
        self.world.next_epoch();
        if !self.lags {
            payout::shrink_all(&mut self.world);
        }
    }

    fn sync(&mut self) {
        self.world.sync().unwrap();
    }

    /// The change of the reserve's own rent is all that is gained or lost.
    fn finalize(&mut self) {
        let event: EpochFinalized = self.world.finalize().unwrap().event();
        let rent = self.world.rent().minimum_balance(0);
        assert_eq!(
            (event.gain_lamports, event.loss_lamports),
            (self.booked_rent.saturating_sub(rent), rent.saturating_sub(self.booked_rent))
        );
        self.booked_rent = rent;
        self.world.assert_books();
    }

    fn delegate(&mut self, index: u16) {
        self.world.move_window();
        self.world.delegate(index).unwrap();
    }

    fn undelegate(&mut self, index: u16) {
        self.world.move_window();
        self.world.undelegate(index).unwrap();
        assert!(self.world.states(index).contains(&Cooling));
        assert!(self.world.states(index).contains(&Active), "a part stays");
    }

    fn undelegate_rest(&mut self) {
        for index in 0..3 {
            while allow(self.world.undelegate(index), &[ThawError::NothingToUndelegate]) {}
        }
        assert_eq!(self.world.shortage(), 0, "all that is asked for is on its way");
    }

    fn merge(&mut self, index: u16) {
        self.world.merge(index).unwrap();
    }

    fn sweep(&mut self, index: u16) {
        allow(self.world.sweep(index), &[ThawError::NothingToSweep]);
    }

    fn collect(&mut self, index: u16) {
        self.world.collect(index).unwrap();
        for other in 1..3 {
            allow(self.world.collect(other), &[ThawError::NothingToCollect]);
        }
        let rent = self.world.slot_rent();
        for place in (0..3).filter(|place| self.world.states(index)[*place] == Open) {
            let lamports = self.world.lamports(&self.world.slot(index, place));
            assert!(lamports <= rent, "nothing but rent stays");
        }
    }

    fn weigh(&mut self, weights: [u32; 3]) {
        let weights = (0..).zip(weights).map(|(index, weight)| Weight { index, weight });
        self.world.set_weights(weights.collect()).unwrap();
    }

    fn stake_in(&mut self) {
        let stake = self.world.stake_account(&self.holder.address(), 1, 5 * SOL);
        self.world.deposit_stake(&self.holder, 1, &stake).unwrap();
    }

    fn stake_out(&mut self) {
        self.world.take_for_paid();
        self.world.withdraw_stake(&self.holder, 0, 5 * SOL).unwrap();
    }

    fn instant_exit(&mut self) {
        self.world.withdraw_instant(&self.holder, SOL).unwrap();
    }

    fn request(&mut self, sol: u64) {
        let ticket = self.world.request(&mut self.holder, sol * SOL).unwrap();
        self.ticket.get_or_insert(ticket);
    }

    fn settle(&mut self) {
        self.world.settle_all();
    }

    fn claim(&mut self) {
        let ticket = self.ticket.unwrap();
        self.world.push_claim(&ticket).unwrap();
        assert!(self.world.ticket(&ticket).is_none(), "paid in full");
    }

    fn leave(&mut self) {
        self.weigh([0, 1, 1]);
    }

    /// All stake of validator 0, at the pace of the rebalancing cap.
    fn leave_in_steps(&mut self) {
        for _ in 0..30 {
            self.world.move_window();
            while self.world.undelegate(0).is_ok() {
                self.check("a step of leaving");
            }
            self.boundary();
            self.sync();
            self.finalize();
            allow(self.world.collect(0), &[ThawError::NothingToCollect]);
            self.check("collecting");
            if self.world.states(0).iter().all(|state| !matches!(state, Active | Cooling)) {
                return;
            }
        }
        panic!("still there: {:?}", self.world.states(0));
    }

    fn remove(&mut self) {
        self.world.remove(0).unwrap();
        if !self.world.record(0).is_free() {
            self.boundary();
            self.sync();
            self.finalize();
            self.world.finish_removal(0).unwrap();
        }
        assert_eq!(self.world.lamports(&self.world.slot(0, 0)), 0, "its rent is back");
    }

    /// An emptied slot takes stake again, everybody is paid.
    fn go_on(&mut self) {
        self.world.tend();
        self.world.settle_all();
        self.world.move_window();
        self.world.move_all();
        assert_eq!(self.world.pool().pending_shares, 0, "all that was asked for is settled");
    }
}

/// Lives one life; `rent` is asked before each step for a new rent. Boundaries shrink delegations that
/// their account no longer backs, as the runtime does where it pays out; `lags` leaves them as they are.
fn live(lags: bool, rent: impl Fn(usize) -> Option<u64>) {
    let mut life = Life::new(lags);
    for (number, (name, step)) in STEPS.iter().enumerate() {
        if let Some(level) = rent(number) {
            life.world.set_rent(level);
        }
        step(&mut life);
        life.check(&format!("{number} {name}"));
    }
}

/// A life for each step, with rent changed once, before it.
fn change_once_to(level: u64, lags: bool) {
    for changed in 0..STEPS.len() {
        live(lags, |step| (step == changed).then_some(level));
    }
}

#[test]
fn e16_e17_rent_rises_before_any_step_of_a_pools_life() {
    change_once_to(LEVELS[0], false);
}

#[test]
fn e16_e17_rent_rises_before_any_step_and_no_delegation_shrinks() {
    change_once_to(LEVELS[0], true);
}

#[test]
fn e18_rent_falls_before_any_step_of_a_pools_life() {
    change_once_to(LEVELS[5], false);
}

#[test]
fn e18_rent_goes_through_all_levels_step_by_step() {
    live(false, |_| None);
    for stride in [1, 5] {
        for first in 0..LEVELS.len() {
            for lags in [false, true] {
                live(lags, |step| Some(LEVELS[(first + step * stride) % LEVELS.len()]));
            }
        }
    }
}

#[test]
fn e15_the_rent_written_in_a_stake_account_counts_for_nothing() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    for (level, place) in [(LAMPORTS_PER_BYTE, 0), (LEVELS[5], 1)] {
        world.set_rent(level);
        if place > 0 {
            world.deposit(&holder, 300 * SOL).unwrap();
            world.delegate(0).unwrap();
        }
        let slot = world.slot(0, place);
        let account = world.svm.get_account(&slot).unwrap();
        let meta = u64::from_le_bytes(account.data[4..12].try_into().unwrap());
        assert_eq!(meta, FROZEN_RENT, "what the stake program writes whatever rent is");
        assert_ne!(meta, world.slot_rent());
        assert_eq!(world.delegation(&slot), account.lamports - world.slot_rent());
    }
    // A holder's account that was made with twice today's rent brings it along.
    world.begin_epoch();
    let stake = world.stake_account(&holder.address(), 1, 2 * SOL);
    let before = world.pool();
    world.deposit_stake(&holder, 1, &stake).unwrap();
    let brought = world.pool().staked_lamports - before.staked_lamports;
    assert_eq!(brought, 2 * SOL + world.slot_rent());
    world.assert_books();
}

#[test]
fn e18_what_a_fall_of_rent_frees_is_booked_once() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.begin_epoch();
    world.collect(0).unwrap();
    let (before, old_rent) = (world.pool(), world.slot_rent());
    let reserve_rent = world.rent().minimum_balance(0);
    assert_eq!(before.open_slots, 4);
    world.set_rent(LEVELS[5]);
    let freed = old_rent - world.slot_rent();
    for _ in 0..2 {
        for index in 0..3 {
            allow(world.sweep(index), &[ThawError::NothingToSweep]);
            allow(world.collect(index), &[ThawError::NothingToCollect]);
        }
        let pool = world.pool();
        assert_eq!(pool.reserve_lamports, before.reserve_lamports + 4 * freed, "each slot's, once");
        assert_eq!(pool.staked_lamports, before.staked_lamports - 4 * freed);
        assert_eq!((pool.pending_gain_lamports, pool.pending_loss_lamports), (0, 0));
    }
    // The reserve's own is a gain, once, with the next finalize.
    for gain in [reserve_rent - world.rent().minimum_balance(0), 0] {
        world.next_epoch();
        world.sync().unwrap();
        let event: EpochFinalized = world.finalize().unwrap().event();
        assert_eq!((event.gain_lamports, event.loss_lamports), (gain, 0));
        world.assert_books();
    }
}
