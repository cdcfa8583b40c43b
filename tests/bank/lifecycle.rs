//! A pool's life over ten epochs of a real bank: deposits larger than one epoch can warm up,
//! inflation rewards, one holder who leaves at once, one whose stake needs two epochs to cool down.

use anchor_lang::prelude::Pubkey;
use solana_program_test::tokio;
use thaw_client::thaw::{
    constants::SLOTS,
    error::ThawError,
    state::{Slot, SlotState},
};
use thaw_tests::{DAY, SOL, checks::code};

use crate::{
    ledger::{Ledger, Rate},
    world::World,
};

/// Alice's deposit, lamports.
const ALICE: u64 = 120_000 * SOL;
/// Bob's deposit, lamports; with Alice's more than the 9 % of a million SOL that warm up at once.
const BOB: u64 = 40_000 * SOL;

/// A life, with the test's own account of it.
struct Life {
    world: World,
    ledger: Ledger,
    /// Unix time at which the current epoch began.
    day: i64,
    /// The last exit rate seen.
    rate: Rate,
    /// Boundaries at which stake earned.
    rewarded: usize,
}

impl Life {
    /// The exit rate is what the chain says, and never falls (INV-4).
    async fn check(&mut self, when: &str) {
        self.world.assert_books(when).await;
        let now = self.world.clock().await.unix_timestamp;
        let on_chain = self.world.lamports_on_chain().await;
        let rate = self.ledger.rate(on_chain, self.world.supply().await, now);
        let pool = self.world.pool().await;
        assert_eq!(pool.value_at(now).unwrap().nav.0, rate.nav, "{when}: lamports behind the rate");
        assert_eq!(pool.shares, rate.shares, "{when}: shares");
        assert!(rate.is_at_least(&self.rate), "{when}: {rate:?} is below {:?}", self.rate);
        self.rate = rate;
    }

    /// Crosses a boundary, books and folds what the bank has paid.
    async fn start_epoch(&mut self) {
        self.day += DAY;
        // The last gain is released in full before the next one is booked.
        self.world.set_time(self.day - 1).await;
        self.check("end of the epoch").await;
        let before = self.world.stakes().await;
        let earning = self.earning().await;
        let last = self.rate;

        self.world.cross_boundary().await;
        if self.world.pool().await.holding_validators > 0 {
            let refused = self.world.sync().await.expect_err("a sync while rewards are paid");
            assert_eq!(refused.code(), Some(code(ThawError::RewardsWindow)));
        }
        self.world.end_rewards_window().await;
        self.world.set_time(self.day).await;

        let after = self.world.stakes().await;
        let mut gains = vec![0; after.len()];
        for (validator, slot) in (0..after.len()).flat_map(|v| [0, 1, 2].map(|slot| (v, slot))) {
            let gain = after[validator][slot] - before[validator][slot];
            let has_earned = earning[validator][slot];
            assert_eq!(gain > 0, has_earned, "slot {slot} of validator {validator}: {gain}");
            gains[validator] += gain;
        }
        let gain: u64 = gains.iter().sum();
        self.rewarded += usize::from(gains.iter().all(|gain| *gain > 0));
        self.ledger.pending = gain;
        self.world.sync().await.unwrap();
        let booked: Vec<u64> =
            self.world.records().await.iter().map(|record| record.gain_lamports).collect();
        assert_eq!(booked, gains, "what each validator's stake earned, and what was booked");
        assert_eq!(self.world.pool().await.pending_gain_lamports, gain);
        self.check("synced").await;

        let (on_chain, supply) = (self.world.lamports_on_chain().await, self.world.supply().await);
        self.world.finalize().await.unwrap();
        self.ledger.finalize(on_chain, supply, self.day);
        self.check("finalized").await;
        self.world.tend().await;
        self.check("tended").await;
        let epoch = self.world.clock().await.epoch;
        println!(
            "epoch {epoch}: gain {gain} lamports {gains:?}, 1,000 shares are worth {} lamports \
             after {} at the last end",
            self.rate.per_thousand(),
            last.per_thousand()
        );
    }

    /// Which slots earn in the epoch that ends: those delegated in an earlier one, also where they
    /// are still warming up or cooling down.
    async fn earning(&self) -> Vec<[bool; SLOTS]> {
        let epoch = self.world.clock().await.epoch;
        let records = self.world.records().await;
        let earns = |slot: &Slot| match slot.state() {
            SlotState::Active | SlotState::Cooling => true,
            SlotState::Activating => slot.epoch < epoch,
            _ => false,
        };
        records.iter().map(|record| record.slots.each_ref().map(earns)).collect()
    }

    /// The move window, with every move the program allows.
    async fn move_stake(&mut self) {
        self.world.move_window().await;
        self.world.set_time(self.day + DAY * 4 / 5).await;
        self.check("before the moves").await;
        self.world.move_all().await;
        self.check("moved").await;
    }

    /// Pays the oldest batch and compares with the ledger: `open` shares wait in it. Returns the
    /// shares and lamports settled.
    async fn settle(&mut self, open: u64) -> (u64, u64) {
        let now = self.day + DAY / 10;
        self.world.set_time(now).await;
        self.check("before the settlement").await;
        let rent = self.world.rent().await;
        let kept = rent.minimum_balance(0) + self.ledger.claimable + 8 * rent.minimum_balance(200);
        let available = self.world.lamports(self.world.pool.reserve).await - kept;
        let value = self.rate.value(open);
        let shares = if value <= available { open } else { self.rate.shares_for(available) };
        let expected = (shares, self.rate.value(shares));

        let settled = self.world.settle().await;
        assert_eq!(settled, expected, "shares and lamports of a settlement");
        self.ledger.claimable += settled.1;
        self.check("settled").await;
        settled
    }

    async fn claim(&mut self, ticket: Pubkey, lamports: u64) {
        assert_eq!(self.world.push_claim(ticket).await, lamports, "what a ticket paid");
        self.ledger.claimable -= lamports;
        self.check("claimed").await;
    }
}

#[tokio::test]
async fn books_equal_the_chain_over_epochs() {
    let mut world = World::open(&[3, 2, 1]).await;
    let day = world.clock().await.unix_timestamp;
    let mut alice = world.holder(ALICE).await;
    let mut bob = world.holder(BOB).await;
    let rate = Rate { nav: 1, shares: 1 };
    let mut life = Life { world, ledger: Ledger::default(), day, rate, rewarded: 0 };
    life.check("opened").await;
    let bob_shares = life.world.tokens(bob.tokens).await;
    let alice_shares = life.world.tokens(alice.tokens).await;

    // The weights count, the deposits are delegated.
    life.start_epoch().await;
    life.move_stake().await;
    assert!(life.world.pool().await.staked_lamports > 150_000 * SOL);

    // Nothing is active yet when this epoch starts; 9 % of the cluster's stake is afterwards.
    life.start_epoch().await;
    assert_eq!(life.rewarded, 0);
    let partly = life.world.records().await;
    assert!(partly.iter().all(|record| record.main().is_none()), "warm-up takes two epochs");
    life.move_stake().await;

    // The first rewards, on the part that was active; the rest is active now.
    life.start_epoch().await;
    assert_eq!(life.rewarded, 1);
    let history = life.world.stake_history().await;
    let before = history.get(life.world.clock().await.epoch - 1).unwrap();
    assert!(before.activating > 50_000 * SOL, "still warming up in the epoch before: {before:?}");
    let warm = life.world.records().await;
    assert!(warm.iter().all(|record| record.main().is_some()), "all stake is active");
    let ticket = life.world.request(&mut bob, bob_shares).await;
    life.move_stake().await;
    assert!(life.world.pool().await.cooling_lamports > 39_000 * SOL);

    // Bob leaves: his stake cooled down in one epoch.
    life.start_epoch().await;
    let (shares, lamports) = life.settle(bob_shares).await;
    assert_eq!(shares, bob_shares);
    assert!(lamports > BOB, "{lamports}");
    life.claim(ticket, lamports).await;
    life.world.close(0).await;
    life.check("closed").await;
    life.move_stake().await;

    // Alice takes most of hers, more than cools down in one epoch: paid in parts, each at the rate
    // of its time.
    life.start_epoch().await;
    let mut open = alice_shares / 10 * 9;
    let ticket = life.world.request(&mut alice, open).await;
    life.move_stake().await;
    let mut parts = 0;
    while open > 0 {
        life.start_epoch().await;
        let (shares, lamports) = life.settle(open).await;
        open -= shares;
        life.claim(ticket, lamports).await;
        life.move_stake().await;
        parts += 1;
    }
    assert!(parts > 1, "the cool-down takes more than one epoch");
    life.world.close(1).await;
    life.check("closed").await;

    // What is left goes on earning.
    while life.rewarded < 6 {
        life.start_epoch().await;
        life.move_stake().await;
    }
    let first = Rate { nav: 1, shares: 1 };
    assert!(life.rate.is_at_least(&first) && life.rate.per_thousand() > 1_000 * SOL);
}
