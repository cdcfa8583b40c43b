//! `withdraw_stake` where the stake's last reward was put off: it would go to whoever holds the stake
//! when it is paid, and the rate at which shares leave does not know of it.

use thaw_client::{
    exits::StakeExit,
    thaw::{error::ThawError, instructions::Weight, state::NO_YIELD},
};
use thaw_tests::{Holder, Outcome, SOL, World, checks::refuses};

use crate::scene::earning;

/// The earning pool; validators 0 and 1 have more than their targets from now on.
fn heavy() -> (World, Holder) {
    let (mut world, holder) = earning();
    let weights = [(0, 1), (1, 1), (2, 8)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    (world, holder)
}

/// An epoch later, the validators were paid so many lamports.
fn paid(world: &mut World, rewards: [u64; 3]) {
    world.next_epoch();
    (0..).zip(rewards).for_each(|(index, reward)| world.reward(index, reward));
    world.sync().unwrap();
    world.finalize().unwrap();
}

fn exit(world: &mut World, holder: &Holder, index: u16) -> Outcome {
    let with = StakeExit {
        shares_from: holder.tokens,
        owner: holder.address(),
        stake: world.fresh_stake(),
        new_authority: holder.address(),
    };
    let vote = world.votes[usize::from(index)];
    let instruction = world.pool.withdraw_stake(&vote, index, &with, 5 * SOL, 0);
    world.send(&[instruction], &[&holder.key])
}

const REWARD: u64 = 60_000_000;

#[test]
fn stake_that_is_owed_a_reward_stays_until_it_is_paid() {
    let (mut world, holder) = heavy();
    paid(&mut world, [0, REWARD, REWARD]);
    refuses(exit(&mut world, &holder, 0), ThawError::RewardsOutstanding);
    exit(&mut world, &holder, 1).unwrap();
    paid(&mut world, [0, REWARD, REWARD]);
    refuses(exit(&mut world, &holder, 0), ThawError::RewardsOutstanding);
    // Three epochs at once: the holders have got them.
    paid(&mut world, [3 * REWARD, REWARD, REWARD]);
    exit(&mut world, &holder, 0).unwrap();
    world.assert_books();
}

/// An epoch that was not sampled shows nothing: the one before it tells.
#[test]
fn the_last_epoch_that_is_known_counts() {
    let (mut world, holder) = heavy();
    paid(&mut world, [REWARD; 3]);
    const N: u32 = NO_YIELD;
    let saved = (world.pool(), world.record(0));
    let mean = [200_000; 3];
    let cases = [
        ([N, 0, 200_000], mean, true),
        ([N, N, 0], mean, true),
        ([N, 200_000, 0], mean, false),
        ([1, 0, 0], mean, false),
        ([N, N, N], mean, false),
        // Also where nobody was paid: who has just come in has no part in what is owed.
        ([0, 200_000, 200_000], [0, 200_000, 200_000], true),
        ([N, 0, 0], [200_000, 0, 0], true),
    ];
    for (own, mean, is_owed) in cases {
        world.change_pool(|pool| pool.mean_yields_ppb = mean);
        world.change_record(0, |record| record.yields_ppb = own);
        if is_owed {
            refuses(exit(&mut world, &holder, 0), ThawError::RewardsOutstanding);
            world.change_pool(|pool| *pool = *saved.0);
            world.change_record(0, |record| *record = saved.1);
        } else {
            exit(&mut world, &holder, 0).unwrap();
        }
    }
}
