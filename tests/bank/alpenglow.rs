//! What the chain pays under Alpenglow, and what the pool makes of it.

use anchor_lang::prelude::Pubkey;
use solana_program_test::tokio;
use solana_stake_interface::{program as stake_program, state::StakeStateV2};
use solana_vote_interface::state::VoteStateV4;
use thaw_client::thaw::{error::ThawError, state::NO_YIELD};
use thaw_tests::{DAY, SOL, checks::refuses};

use crate::{ledger::floor, regime::stake_of, world::World};

/// Less than the 9 % of a million SOL that warm up in one epoch.
const DEPOSIT: u64 = 60_000 * SOL;
/// An admission ticket in this bank, lamports. On mainnet it is half of that: the gates that shorten
/// slots halve it, and do nothing here, where slots are shorter already.
const TICKET: u64 = 1_600_000_000;
/// What the validators leave to their delegators, basis points.
const SHARED_BPS: u64 = 9_500;

/// A stake account as the chain has it.
#[derive(Clone, Copy, Debug)]
struct Stake {
    address: Pubkey,
    vote: Pubkey,
    delegation: u64,
    lamports: u64,
    credits_observed: u64,
}

/// A pool whose stake earns by its own size, at the start of an epoch that is done with its crank.
struct Town {
    world: World,
    /// When the epoch began.
    day: i64,
}

impl Town {
    async fn open(mut world: World, deposit: u64) -> Self {
        world.holder(deposit).await;
        let day = world.clock().await.unix_timestamp;
        Self { world, day }
    }

    /// The same, three epochs later: delegated in the first, effective in the second, and with the
    /// seats for it in the third.
    async fn earning(weights: &[u32]) -> Self {
        let mut town = Self::open(World::open(weights).await, DEPOSIT).await;
        town.delegate().await;
        town.cross().await;
        town.crank().await;
        town
    }

    /// Delegates all there is, and goes on to the epoch in which it is effective.
    async fn delegate(&mut self) {
        self.cross().await;
        self.crank().await;
        self.world.close_epoch(self.day).await;
        self.cross().await;
        self.crank().await;
    }

    /// Lets everybody with a seat earn the mean, and crosses the boundary.
    async fn cross(&mut self) {
        self.world.cross_boundary().await;
        self.day += DAY;
    }

    async fn crank(&mut self) {
        self.world.open_epoch(self.day).await;
        self.world.assert_books("cranked").await;
    }

    /// Every stake account of the chain.
    async fn stakes(&self) -> Vec<Stake> {
        let genesis = self.world.context.genesis_config().accounts.iter();
        let genesis = genesis.filter(|(_, account)| account.owner == stake_program::ID);
        let mut addresses: Vec<Pubkey> = genesis.map(|(address, _)| *address).collect();
        addresses.extend(&self.world.strangers);
        addresses.extend(self.world.votes.iter().flat_map(|vote| self.world.pool.slots(vote)));
        let mut stakes = Vec::new();
        for address in addresses {
            stakes.extend(self.stake(address).await);
        }
        stakes
    }

    async fn stake(&self, address: Pubkey) -> Option<Stake> {
        let account = self.world.account(address).await?;
        let state: StakeStateV2 = bincode::deserialize(&account.data).ok()?;
        let stake = state.stake()?;
        Some(Stake {
            address,
            vote: stake.delegation.voter_pubkey,
            delegation: stake.delegation.stake,
            lamports: account.lamports,
            credits_observed: stake.credits_observed,
        })
    }

    /// The pool's stake with a validator.
    async fn main(&self, index: usize) -> Stake {
        let main = self.world.records().await[index].main().unwrap();
        self.stake(self.world.pool.slots(&self.world.votes[index])[main]).await.unwrap()
    }

    /// Credits at the end and at the start of the vote account's last entry, and its epoch.
    async fn credits(&self, vote: &Pubkey) -> (u64, u64, u64) {
        let data = self.world.account(*vote).await.unwrap().data;
        VoteStateV4::deserialize(&data, vote).unwrap().epoch_credits.pop().unwrap()
    }

    async fn set_balance(&mut self, vote: &Pubkey, lamports: u64) {
        let mut account = self.world.account(*vote).await.unwrap();
        account.lamports = lamports;
        self.world.context.set_account(vote, &account.into());
    }

    /// What a vote account must hold to be admitted, lamports.
    async fn admission(&self) -> u64 {
        self.world.rent().await.minimum_balance(VoteStateV4::size_of()) + TICKET
    }
}

#[tokio::test]
async fn delegators_share_what_their_validator_earned() {
    let mut town = Town::earning(&[3, 2, 1]).await;
    let votes = town.world.votes.clone();
    let mut earned = Vec::new();
    // Luck as a leader: half as much again, half, and the mean.
    for (vote, percent) in votes.iter().zip([150, 50, 100]) {
        let credits = floor(town.world.mean_credits(vote).await, percent, 100);
        assert!(credits > 1_000_000, "{credits}");
        town.world.earn(vote, credits).await;
        earned.push(credits);
    }
    let before = town.stakes().await;
    let nav = town.world.pool().await.value_at(town.day + DAY).unwrap().nav.0;
    let mut balances = Vec::new();
    for vote in &votes {
        balances.push(town.world.lamports(*vote).await);
    }
    town.world.cross_unpaid().await;
    town.day += DAY;
    let shared = town.world.shared_by().await;
    town.world.end_rewards_window().await;

    let mut gains = Vec::new();
    for ((vote, credits), balance) in votes.iter().zip(earned).zip(balances) {
        let delegators: Vec<&Stake> = before.iter().filter(|stake| stake.vote == *vote).collect();
        let all: u64 = delegators.iter().map(|stake| stake.delegation).sum();
        let denominator = stake_of(&shared, vote);
        assert_eq!(denominator, all, "all of it is effective");
        let (mut commission, mut gain) = (0, 0);
        for stake in delegators {
            let gross = floor(credits, stake.delegation, all);
            let net = floor(gross, SHARED_BPS, 10_000);
            let after = town.stake(stake.address).await.unwrap();
            assert_eq!(after.delegation - stake.delegation, net);
            assert_eq!(after.lamports - stake.lamports, net);
            commission += gross - net;
            gain += if town.world.strangers.contains(&stake.address) { 0 } else { net };
        }
        let paid = town.world.lamports(*vote).await + TICKET - balance;
        assert_eq!(paid, commission, "a fraction of a lamport goes to the validator");
        gains.push(gain);
    }

    // The books follow to the lamport, and so does what all shares are worth once it is released.
    town.world.set_time(town.day).await;
    town.world.sync().await.unwrap();
    let booked: Vec<u64> =
        town.world.records().await.iter().map(|record| record.gain_lamports).collect();
    assert_eq!(booked, gains);
    town.world.finalize().await.unwrap();
    let gain: u64 = gains.iter().sum();
    let pool = town.world.pool().await;
    assert_eq!(pool.value_at(town.day + DAY).unwrap().nav.0, nav + gain);
    assert!(pool.value_at(town.day).unwrap().nav.0 < nav + gain, "not at once");
}

#[tokio::test]
async fn a_validator_that_cannot_pay_its_ticket_costs_its_delegators_two_epochs() {
    let mut town = Town::earning(&[1, 1]).await;
    let vote = town.world.votes[1];
    let least = town.admission().await;
    let before = town.main(1).await;

    // One lamport short when the epoch ends: that epoch is not paid, and the seat of the next but one
    // is not given.
    town.set_balance(&vote, least - 1).await;
    let other = town.main(0).await;
    town.cross().await;
    assert!(town.world.shared_by().await.iter().all(|seat| seat.vote != vote));
    assert_eq!(town.world.lamports(vote).await, least - 1, "no ticket was taken");
    town.crank().await;
    let unpaid = town.main(1).await;
    assert_eq!(unpaid.delegation, before.delegation);
    assert_eq!(unpaid.credits_observed, before.credits_observed);
    assert_eq!(town.world.records().await[1].gain_lamports, 0);
    assert!(town.main(0).await.delegation > other.delegation);

    // With the last lamport it is admitted. The seat of this epoch was given before: it is paid, and
    // nothing of what the last one left.
    town.set_balance(&vote, least).await;
    town.cross().await;
    let (epoch, credits, credits_before) = town.credits(&vote).await;
    assert_eq!(epoch + 1, town.world.clock().await.epoch);
    assert!(credits_before > unpaid.credits_observed, "there is something to lose");
    let shared = town.world.shared_by().await;
    let all = stake_of(&shared, &vote);
    town.crank().await;
    let paid = town.main(1).await;
    let due = floor(floor(credits - credits_before, unpaid.delegation, all), SHARED_BPS, 10_000);
    assert!(due > 1_000_000, "{due}");
    assert_eq!(paid.delegation - unpaid.delegation, due);
    assert_eq!(paid.credits_observed, credits, "what was not paid is lost");

    // No seat: nothing to earn, though admission was paid for.
    town.set_balance(&vote, least).await;
    assert_eq!(town.world.mean_credits(&vote).await, 0);
    town.cross().await;
    assert!(town.world.shared_by().await.iter().any(|seat| seat.vote == vote));
    town.crank().await;
    assert_eq!(town.main(1).await.delegation, paid.delegation);

    // All is well again.
    town.set_balance(&vote, least).await;
    town.cross().await;
    town.crank().await;
    assert!(town.main(1).await.delegation > paid.delegation);
}

#[tokio::test]
async fn epoch_rewards_say_what_the_cluster_was_paid_once_inactive() {
    let mut town = Town::earning(&[1, 1]).await;
    // The pool's own validators earn nothing, so that its yardstick is the cluster's.
    let own = town.world.votes.clone();
    town.world.earn_all_but(&own).await;
    // But for one that pays a little, part of it to itself.
    let payer = own[0];
    town.world.earn(&payer, 1_000_000).await;
    let before = town.stakes().await;
    let held = |stakes: &[Stake]| stakes.iter().map(|stake| stake.lamports).sum::<u64>();
    let balance = town.world.lamports(payer).await;
    town.world.cross_unpaid().await;
    town.day += DAY;

    // The first block: commissions are paid, and count.
    let last = town.world.clock().await.epoch - 1;
    let commission = town.world.lamports(payer).await + TICKET - balance;
    let first = town.world.epoch_rewards().await;
    assert!(first.active && commission > 0);
    assert_eq!((first.total_points, first.distributed_rewards), (0, commission));
    assert_eq!(held(&town.stakes().await), held(&before), "no delegator has anything yet");
    let effective = town.world.stake_history().await.get(last).unwrap().effective;
    let shared = town.world.shared_by().await;
    assert_eq!(effective, shared.iter().map(|seat| seat.stake).sum::<u64>());
    assert_eq!(effective, before.iter().map(|stake| stake.delegation).sum::<u64>());
    refuses(town.world.finalize().await, ThawError::RewardsWindow);

    // The block in which it is inactive has all of it, and nothing changes it in this epoch.
    town.world.end_rewards_window().await;
    let done = town.world.epoch_rewards().await;
    let grown = held(&town.stakes().await) - held(&before);
    assert!(grown > 0);
    assert_eq!(done.distributed_rewards, commission + grown);
    assert_eq!(
        (done.active, done.total_points, done.total_rewards),
        (false, 0, first.total_rewards)
    );
    assert!(done.distributed_rewards < done.total_rewards, "not what is paid");
    town.world.move_window().await;
    assert_eq!(town.world.epoch_rewards().await, done);

    // What finalize reads: the cluster's yield. Its own validators' is far below.
    town.world.set_time(town.day).await;
    town.world.sync().await.unwrap();
    town.world.finalize().await.unwrap();
    let cluster = floor(done.distributed_rewards, 1_000_000_000, effective);
    assert!(cluster > 100, "{cluster}");
    assert_eq!(u64::from(town.world.pool().await.mean_yields_ppb[0]), (cluster * 9).div_ceil(10));
}

#[tokio::test]
async fn fresh_stake_shares_what_the_stake_before_it_earns() {
    let mut world = World::open(&[1, 1]).await;
    // A validator without other stake: its first epoch has no seat.
    let lone = world.create_lone_vote_account().await;
    world.list(lone, 2).await;
    world.set_weight(2, 1).await;
    // Three times what strangers have with each of the others.
    let mut town = Town::open(world, 900 * SOL).await;
    town.delegate().await;
    let vote = town.world.votes[0];
    let fresh = [town.main(0).await, town.main(2).await];
    let seat = stake_of(&town.world.seats, &vote);
    assert!(fresh[0].delegation > 5 * seat / 2, "{fresh:?} beside {seat}");
    assert_eq!(town.world.mean_credits(&lone).await, 0);
    let credits = town.world.mean_credits(&vote).await;
    town.cross().await;
    let shared = town.world.shared_by().await;
    let all = stake_of(&shared, &vote);
    town.crank().await;
    let first = [town.main(0).await, town.main(2).await];
    let due = floor(floor(credits, fresh[0].delegation, all), SHARED_BPS, 10_000);
    assert_eq!(first[0].delegation - fresh[0].delegation, due);
    assert_eq!(first[1].delegation, fresh[1].delegation);

    // Neither is the validator's fault, and a review knows it.
    let records = town.world.records().await;
    let mean = town.world.pool().await.mean_yields_ppb[0];
    assert_eq!(records[2].yields_ppb[0], NO_YIELD);
    let undiluted = records[0].yields_ppb[0];
    assert!(undiluted >= mean / 100 * 95 && mean > 100, "{undiluted} of {mean}");
    assert!(floor(due, 1_000_000_000, fresh[0].delegation) < u64::from(mean) / 3);
    for index in [0, 1, 2] {
        let review = town.world.pool.review_validator(&town.world.votes[usize::from(index)], index);
        refuses(town.world.send(&[review], &[]).await, ThawError::NothingToReview);
    }

    // From the next epoch on both earn the mean.
    town.cross().await;
    town.crank().await;
    for (index, first) in [(0, first[0]), (2, first[1])] {
        let gain = town.main(index).await.delegation - first.delegation;
        assert!(gain > 3 * due, "{gain} {due}");
    }
}
