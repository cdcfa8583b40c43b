//! Sampled yields against real inflation rewards, and a validator that keeps all of them.

use solana_program_test::tokio;
use thaw_client::{
    thaw::{
        error::ThawError,
        events::ValidatorReviewed,
        state::{NO_YIELD, Violation},
    },
    votes::vote_account,
};
use thaw_tests::{DAY, Outcome, SOL, checks::refuses};

use crate::world::World;

/// Less than the 9 % of a million SOL that warm up in one epoch.
const DEPOSIT: u64 = 60_000 * SOL;
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

/// One epoch with every move; returns what each main slot held before its boundary and grew by.
async fn epoch(world: &mut World, day: &mut i64) -> Vec<(u64, u64)> {
    let before = mains(world).await;
    world.cross_boundary().await;
    world.end_rewards_window().await;
    *day += DAY;
    world.set_time(*day).await;
    let grown = mains(world).await;
    world.sync().await.unwrap();
    world.finalize().await.unwrap();
    world.tend().await;
    before.into_iter().zip(grown).map(|(before, after)| (before, after - before)).collect()
}

async fn review(world: &mut World, index: u16, reference: u16) -> Outcome {
    let vote = |index: u16| world.votes[usize::from(index)];
    let other = Some((reference, vote(reference)));
    let instruction = world.pool.review_validator(&vote(index), index, other);
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
    while sampled < 2 {
        let grown = epoch(&mut world, &mut day).await;
        let pool = world.pool().await;
        for (record, (before, growth)) in world.records().await.iter().zip(&grown) {
            let expected = match before {
                0 => NO_YIELD,
                _ => (growth * 1_000_000 / (before / 1_000)) as u32,
            };
            assert_eq!(record.yields_ppb[0], expected, "of {before} lamports {growth} more");
        }
        let (all, more) = grown.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if all > 0 {
            assert!(grown[0].1 > 0 && grown[1].1 > 0 && grown[2].1 == 0, "{grown:?}");
            let mean = (u128::from(more) * 1_000_000_000 / u128::from(all)) as u32;
            assert_eq!(pool.mean_yields_ppb[0], mean);
            println!("mean {mean} ppb, rewards {grown:?}");
            sampled += 1;
        }
        // The vote program's own accounts are read, and the good keep their weight.
        let now = world.clock().await.epoch;
        for (index, commission_bps) in [(0, 500), (1, 500), (GREEDY, 10_000)] {
            let account = world.account(world.votes[usize::from(index)]).await;
            let account = vote_account(account.as_ref());
            let view = account.view().unwrap();
            assert_eq!((view.commission_bps, view.has_bls_key), (commission_bps, true));
            assert!(view.voted_in(now - 1) && !view.voted_in(now), "credits of the last epoch");
        }
        for (index, reference) in [(0, 1), (1, 0)] {
            refuses(review(&mut world, index, reference).await, ThawError::NothingToReview);
        }
        world.move_window().await;
        world.set_time(day + DAY * 4 / 5).await;
        world.move_all().await;
        world.assert_books("moved").await;
    }
    let event: ValidatorReviewed = review(&mut world, GREEDY, 0).await.unwrap().event();
    assert_eq!((event.index, event.violation), (GREEDY, Some(Violation::LowYield)));
    assert_eq!((event.taken_weight, event.next_weight_sum), (1_000, 5_000));

    // Its stake leaves, a tenth of all per epoch.
    let before = mains(&world).await[usize::from(GREEDY)];
    epoch(&mut world, &mut day).await;
    world.move_window().await;
    world.move_all().await;
    assert!(mains(&world).await[usize::from(GREEDY)] < before);
    world.assert_books("leaving").await;
}
