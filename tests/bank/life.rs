//! A pool's life in the bank, step by step, with the test's own account of it beside.

use anchor_lang::prelude::Pubkey;
use thaw_client::thaw::{
    constants::SLOTS,
    error::ThawError,
    state::{Record, Slot, SlotState},
};
use thaw_tests::{DAY, checks::code};

use crate::{
    ledger::{Ledger, Rate},
    world::World,
};

/// A life, with the test's own account of it.
pub struct Life {
    pub world: World,
    pub ledger: Ledger,
    /// Unix time at which the current epoch began.
    pub day: i64,
    /// The last exit rate seen.
    pub rate: Rate,
    /// Boundaries at which stake earned.
    pub rewarded: usize,
}

impl Life {
    /// The life of a pool that was just opened.
    pub async fn begin(world: World) -> Self {
        let day = world.clock().await.unix_timestamp;
        let rate = Rate { nav: 1, shares: 1 };
        let mut life = Self { world, ledger: Ledger::default(), day, rate, rewarded: 0 };
        life.check("opened").await;
        life
    }

    /// The exit rate is what the chain says, and never falls (INV-4).
    pub async fn check(&mut self, when: &str) {
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
    pub async fn start_epoch(&mut self) {
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
        self.ledger.pending += gain;
        self.world.sync().await.unwrap();
        let epoch = self.world.clock().await.epoch;
        let booked = |record: &Record| match record.booked_epoch == epoch {
            true => record.gain_lamports,
            false => 0,
        };
        let booked: Vec<u64> = self.world.records().await.iter().map(booked).collect();
        assert_eq!(booked, gains, "what each validator's stake earned, and what was booked");
        assert_eq!(self.world.pool().await.pending_gain_lamports, self.ledger.pending);
        self.check("synced").await;

        let (on_chain, supply) = (self.world.lamports_on_chain().await, self.world.supply().await);
        self.world.finalize().await.unwrap();
        self.ledger.finalize(on_chain, supply, self.day);
        self.check("finalized").await;
        self.world.tend().await;
        self.check("tended").await;
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
    pub async fn move_stake(&mut self) {
        self.world.move_window().await;
        self.world.set_time(self.day + DAY * 4 / 5).await;
        self.check("before the moves").await;
        self.world.move_all().await;
        self.check("moved").await;
    }

    /// Pays the oldest batch and compares with the ledger: `open` shares wait in it. Returns the
    /// shares and lamports settled, none where the reserve holds nothing above the float.
    pub async fn settle(&mut self, open: u64) -> (u64, u64) {
        let now = self.day + DAY / 10;
        self.world.set_time(now).await;
        self.check("before the settlement").await;
        let rent = self.world.rent().await;
        let kept = rent.minimum_balance(0) + self.ledger.claimable + 8 * rent.minimum_balance(200);
        let available = self.world.lamports(self.world.pool.reserve).await.saturating_sub(kept);
        let value = self.rate.value(open);
        let shares = if value <= available { open } else { self.rate.shares_for(available) };
        let expected = (shares, self.rate.value(shares));
        if expected.1 == 0 {
            return (0, 0);
        }

        let settled = self.world.settle().await;
        assert_eq!(settled, expected, "shares and lamports of a settlement");
        self.ledger.claimable += settled.1;
        self.check("settled").await;
        settled
    }

    pub async fn claim(&mut self, ticket: Pubkey, lamports: u64) {
        assert_eq!(self.world.push_claim(ticket).await, lamports, "what a ticket paid");
        self.ledger.claimable -= lamports;
        self.check("claimed").await;
    }
}
