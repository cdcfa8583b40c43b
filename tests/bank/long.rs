//! Sixty-four epochs of a real bank: inflation, warm-up and cool-down limits, holders who come and
//! go by all roads, validators that join, leave and come back. The books equal the chain to the
//! lamport after every step, and whoever leaves gets what the test's own account says.

use std::collections::VecDeque;

use anchor_lang::prelude::Pubkey;
use solana_program_test::tokio;
use thaw_client::thaw::{error::ThawError, events::ValidatorRemoved};
use thaw_tests::{Holder, SOL, checks::refuses, world::config};

use crate::{ledger::floor, life::Life, world::World};

const EPOCHS: u64 = 64;

/// A ticket and what it was paid so far.
struct Claim {
    ticket: Pubkey,
    shares: u64,
    paid: u64,
}

/// A batch by the test's own account.
struct Queue {
    serial: u64,
    /// The day on which it was opened: later requests open another.
    day: u64,
    claims: Vec<Claim>,
    settled_shares: u64,
    settled_lamports: u64,
}

impl Queue {
    fn requested(&self) -> u64 {
        self.claims.iter().map(|claim| claim.shares).sum()
    }
}

/// Everybody in the pool, and all that the test has seen.
struct Town {
    life: Life,
    holders: Vec<Holder>,
    queues: VecDeque<Queue>,
    next_serial: u64,
    /// Validators that are leaving.
    leaving: Vec<u16>,
    /// Vote accounts that have left, with the places they left free.
    former: Vec<(u16, Pubkey)>,
    seen: Seen,
}

/// What must have happened for the run to show something.
#[derive(Debug, Default)]
struct Seen {
    deposits: u32,
    instant_exits: u32,
    tickets_paid: u32,
    partial_settlements: u32,
    removed: u32,
    listed_again: u32,
}

impl Town {
    async fn open() -> Self {
        let world = World::open(&[3_000, 2_000, 1_000]).await;
        Self {
            life: Life::begin(world).await,
            holders: Vec::new(),
            queues: VecDeque::new(),
            next_serial: 0,
            leaving: Vec::new(),
            former: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// Now and then more comes in than one epoch can warm up.
    async fn deposit(&mut self, day: u64) {
        let lamports = match day % 16 {
            0 => 110_000 * SOL,
            8 => 45_000 * SOL + 1,
            part => (1_000 + 137 * part) * SOL + day,
        };
        let holder = self.life.world.holder(lamports).await;
        self.holders.push(holder);
        self.seen.deposits += 1;
        self.life.check("deposited").await;
    }

    /// One holder asks for a part of what they have.
    async fn request(&mut self, day: u64, place: usize, part: u64) {
        let shares = self.life.world.tokens(self.holders[place].tokens).await / part;
        if shares == 0 {
            return;
        }
        let ticket = self.life.world.request(&mut self.holders[place], shares).await;
        if self.queues.back().is_none_or(|queue| queue.day != day) {
            let (claims, settled_shares, settled_lamports) = (Vec::new(), 0, 0);
            let serial = self.next_serial;
            self.queues.push_back(Queue { serial, day, claims, settled_shares, settled_lamports });
            self.next_serial += 1;
        }
        let queue = self.queues.back_mut().unwrap();
        queue.claims.push(Claim { ticket, shares, paid: 0 });
        self.life.check("requested").await;
    }

    /// Somebody pays to leave at once: the fee stays, and is within its bounds.
    async fn leave_at_once(&mut self, day: u64) {
        let place = (day as usize * 3) % self.holders.len();
        let tokens = self.life.world.tokens(self.holders[place].tokens).await;
        let shares = tokens.min(50 * SOL);
        if shares == 0 {
            return;
        }
        self.life.check("before the exit").await;
        let gross = self.life.rate.value(shares);
        let paid = self.life.world.leave_at_once(&self.holders[place], shares).await;
        let fee = gross - paid;
        let least = floor(gross, config().instant_fee_min_bps.into(), 10_000);
        let most = floor(gross, config().instant_fee_max_bps.into(), 10_000) + 1;
        assert!((least..=most).contains(&fee), "a fee of {fee} on {gross}");
        self.life.ledger.fees += fee;
        self.seen.instant_exits += 1;
        self.life.check("left at once").await;
    }

    /// Pays batches, oldest first, as far as the reserve reaches, then every ticket of them.
    async fn pay(&mut self) {
        while let Some(queue) = self.queues.front_mut() {
            let open = queue.requested() - queue.settled_shares;
            let (shares, lamports) = self.life.settle(open).await;
            queue.settled_shares += shares;
            queue.settled_lamports += lamports;
            let requested = queue.requested();
            for claim in &mut queue.claims {
                let due = floor(claim.shares, queue.settled_lamports, requested) - claim.paid;
                if due > 0 {
                    self.life.claim(claim.ticket, due).await;
                    claim.paid += due;
                    self.seen.tickets_paid += 1;
                }
            }
            if queue.settled_shares < requested {
                self.seen.partial_settlements += u32::from(shares > 0);
                return;
            }
            let paid: u64 = queue.claims.iter().map(|claim| claim.paid).sum();
            let dust = queue.settled_lamports - paid;
            self.life.world.close(queue.serial).await;
            self.life.ledger.claimable -= dust;
            self.life.ledger.fees += dust;
            self.queues.pop_front();
            self.life.check("closed").await;
        }
    }

    /// A validator loses its weight and begins to leave.
    async fn begin_removal(&mut self, index: u16) {
        self.life.world.set_weight(index, 0).await;
        self.life.world.remove(index).await.unwrap();
        self.leaving.push(index);
        self.life.check("leaving").await;
    }

    /// Removes who has no stake any more; what the marker's rent brings is gain.
    async fn finish_removals(&mut self) {
        for index in std::mem::take(&mut self.leaving) {
            let outcome = self.life.world.remove(index).await;
            if outcome.is_err() {
                refuses(outcome, ThawError::ValidatorNotEmpty);
                self.leaving.push(index);
                continue;
            }
            let event: ValidatorRemoved = outcome.unwrap().event();
            assert!(event.is_gone);
            self.life.ledger.pending += event.marker_lamports;
            self.former.push((index, event.vote));
            self.seen.removed += 1;
            self.life.check("removed").await;
        }
    }

    /// Another validator joins: at a free place if there is one, every other time one that has left.
    async fn join(&mut self, day: u64) {
        let (index, vote) = match self.former.pop() {
            Some((index, vote)) if day.is_multiple_of(2) => {
                self.seen.listed_again += 1;
                (index, vote)
            }
            Some((index, _)) => (index, self.life.world.create_vote_account().await),
            None => {
                let vote = self.life.world.create_vote_account().await;
                (self.life.world.votes.len() as u16, vote)
            }
        };
        self.life.world.list(vote, index).await;
        self.life.world.set_weight(index, 500 + 100 * (day % 20) as u32).await;
        self.life.check("joined").await;
    }

    async fn day(&mut self, day: u64) {
        self.life.start_epoch().await;
        self.pay().await;
        self.finish_removals().await;
        let count = self.holders.len().max(1);
        if day.is_multiple_of(2) {
            self.deposit(day).await;
        }
        if day % 3 == 1 {
            let first = day as usize * 5;
            self.request(day, first % count, 3).await;
            self.request(day, (first + 1) % count, 1 + day % 2).await;
        }
        if day % 5 == 2 {
            self.leave_at_once(day).await;
        }
        if day % 9 == 5 {
            self.join(day).await;
        }
        if day % 9 == 7 {
            let listed = self.life.world.listed().await;
            let (index, _) = listed[day as usize % listed.len()];
            if !self.leaving.contains(&index) {
                self.begin_removal(index).await;
            }
        }
        self.life.move_stake().await;
    }
}

#[tokio::test]
async fn sixty_four_epochs() {
    let mut town = Town::open().await;
    for day in 0..EPOCHS {
        town.day(day).await;
    }

    // Everybody leaves by ticket, over as many epochs as the network's cool-down takes.
    town.life.start_epoch().await;
    town.pay().await;
    for place in 0..town.holders.len() {
        town.request(EPOCHS, place, 1).await;
    }
    town.life.move_stake().await;
    while !town.queues.is_empty() {
        town.life.start_epoch().await;
        town.pay().await;
        town.life.move_stake().await;
    }
    for holder in &town.holders {
        assert_eq!(town.life.world.tokens(holder.tokens).await, 0);
    }
    println!("{:?}, {} epochs with rewards", town.seen, town.life.rewarded);
    let Seen { deposits, instant_exits, tickets_paid, partial_settlements, removed, listed_again } =
        town.seen;
    let all = [deposits, instant_exits, tickets_paid, partial_settlements, removed, listed_again];
    assert!(all.iter().all(|count| *count > 1), "not everything was seen");
}
