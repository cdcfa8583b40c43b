//! Sampled yields against real inflation rewards, and a validator that keeps all of them.

use anchor_lang::prelude::Pubkey;
use solana_program_test::tokio;
use thaw_client::{
    math::yardstick,
    thaw::{
        error::ThawError,
        events::ValidatorReviewed,
        state::{NO_YIELD, Violation},
    },
    votes::vote_account,
};
use thaw_tests::{DAY, Outcome, SOL, checks::refuses};

use crate::{
    ledger::floor,
    regime::{Seat, stake_of},
    world::World,
};

/// Three times what strangers have with the validators: what is delegated dilutes their first epoch.
const DEPOSIT: u64 = 900 * SOL;
/// The validator that keeps all rewards.
const GREEDY: u16 = 2;

/// Delegations of the validators' main slots, 0 without one.
async fn mains(world: &World) -> Vec<u64> {
    let mut mains = Vec::new();
    for (record, vote) in world.records().await.iter().zip(&world.votes) {
        mains.push(match record.main() {
            Some(main) => {
                let data = world.account(world.pool.slots(vote)[main]).await.unwrap().data;
                u64::from_le_bytes(data[156..164].try_into().unwrap())
            }
            None => 0,
        });
    }
    mains
}

/// What one epoch paid.
#[derive(Debug)]
struct Paid {
    /// What each main slot held before its boundary, and grew by, lamports.
    grown: Vec<(u64, u64)>,
    /// Each validator's stake that made the epoch's credits, and that which they were shared by, whole
    /// SOL; 0 without a seat.
    stakes: Vec<(u64, u64)>,
    /// What the cluster was paid, parts per billion of its stake.
    cluster_ppb: u32,
}

impl Paid {
    /// The sample that an epoch leaves in the record of the validator at `index`, parts per billion: of the
    /// stake that made the credits, not of what they were shared by.
    fn sample(&self, index: usize) -> u32 {
        let ((held, growth), (made_by, shared_by)) = (self.grown[index], self.stakes[index]);
        match (held, made_by) {
            (0, _) | (_, 0) => NO_YIELD,
            _ => (growth * 1_000_000 / (held / 1_000) * shared_by / made_by) as u32,
        }
    }

    /// The mean that the samples are measured by.
    fn mean(&self) -> u32 {
        let (held, growth) =
            self.grown.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        yardstick(floor(growth, 1_000_000_000, held) as u32, self.cluster_ppb)
    }
}

/// One epoch with every move but those of stake between validators.
async fn epoch(world: &mut World, day: &mut i64) -> Paid {
    let before = mains(world).await;
    let made_by = world.seats.clone();
    world.cross_boundary().await;
    let shared_by = world.shared_by().await;
    world.end_rewards_window().await;
    *day += DAY;
    let grown = mains(world).await;
    world.open_epoch(*day).await;

    let last = world.clock().await.epoch - 1;
    let effective = world.stake_history().await.get(last).unwrap().effective;
    let rewards = world.epoch_rewards().await.distributed_rewards;
    let sol = |seats: &[Seat], vote: &Pubkey| stake_of(seats, vote) / SOL;
    Paid {
        grown: before
            .into_iter()
            .zip(grown)
            .map(|(before, after)| (before, after - before))
            .collect(),
        stakes: world
            .votes
            .iter()
            .map(|vote| (sol(&made_by, vote), sol(&shared_by, vote)))
            .collect(),
        cluster_ppb: floor(rewards, 1_000_000_000, effective) as u32,
    }
}

async fn review(world: &mut World, index: u16) -> Outcome {
    let instruction = world.pool.review_validator(&world.votes[usize::from(index)], index);
    world.send(&[instruction], &[]).await
}

#[tokio::test]
async fn samples_are_the_rewards_and_tell_who_keeps_them() {
    let mut world = World::open(&[3_000, 2_000, 1_000]).await;
    let greedy = world.votes[usize::from(GREEDY)];
    world.set_commission(&greedy, 10_000).await;
    let mut day = world.clock().await.unix_timestamp;
    world.holder(DEPOSIT).await;

    let mut sampled = 0;
    while sampled < 3 {
        let paid = epoch(&mut world, &mut day).await;
        let pool = world.pool().await;
        for (index, record) in world.records().await.iter().enumerate().take(world.votes.len()) {
            // The program rounds the quotient of the stakes up, to a whole per cent.
            let (sample, due) = (record.yields_ppb[0], paid.sample(index));
            assert!(
                (due..=due.saturating_add(due / 100 + 1)).contains(&sample),
                "{sample} of {due}: {paid:?}"
            );
        }
        if paid.grown[0].0 > 0 {
            let is_paid: Vec<bool> = paid.grown.iter().map(|(_, growth)| *growth > 0).collect();
            assert_eq!(is_paid, [true, true, false], "{paid:?}");
            assert_eq!(pool.mean_yields_ppb[0], paid.mean());
            println!("mean {} ppb, {paid:?}", paid.mean());
            sampled += 1;
        }
        // The vote program's own accounts are read, and the good keep their weight.
        let now = world.clock().await.epoch;
        for (index, commission_bps) in [(0, 500), (1, 500), (GREEDY, 10_000)] {
            let account = world.account(world.votes[usize::from(index)]).await;
            let account = vote_account(account.as_ref());
            let view = account.view().unwrap();
            assert_eq!((view.commission_bps, view.has_bls_key), (commission_bps, true));
            assert_eq!(view.earned_in(now - 1), sampled > 0, "with a seat since the last epoch");
            assert!(!view.earned_in(now));
        }
        for index in [0, 1] {
            refuses(review(&mut world, index).await, ThawError::NothingToReview);
        }
        world.close_epoch(day).await;
        world.assert_books("moved").await;
    }
    let event: ValidatorReviewed = review(&mut world, GREEDY).await.unwrap().event();
    assert_eq!((event.index, event.violation), (GREEDY, Some(Violation::LowYield)));
    assert_eq!((event.taken_weight, event.next_weight_sum), (1_000, 5_000));

    // Its stake leaves, a tenth of all per epoch.
    let before = mains(&world).await[usize::from(GREEDY)];
    epoch(&mut world, &mut day).await;
    world.close_epoch(day).await;
    assert!(mains(&world).await[usize::from(GREEDY)] < before);
    world.assert_books("leaving").await;
}
