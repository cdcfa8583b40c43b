//! `review_validator` where the pool's stake decides: who had none could not vote.

use solana_account::Account;
use thaw_client::thaw::{
    error::ThawError,
    events::ValidatorReviewed,
    instructions::Weight,
    state::{NO_YIELD, STAKE_PROGRAM, SlotState, Violation},
};
use thaw_tests::{SOL, Setup, World, checks::refuses, crank::allow, votes::VoteSpec};

/// Three validators of weight 1,000 with active stake, and one of the same weight without any.
fn newcomer() -> World {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 900 * SOL).unwrap();
    world.add_validator();
    let weights = (0..4).map(|index| Weight { index, weight: 1_000 }).collect();
    world.set_weights(weights).unwrap();
    world
}

/// One whole epoch of the crank; all but validator 3 voted in the last two.
fn next_epoch(world: &mut World) {
    world.crank_epoch();
    world.vote_all();
    world.write_vote(3, &VoteSpec::default());
}

fn reviewed(world: &mut World, index: u16, reference: u16) -> ValidatorReviewed {
    let event = world.review(index, Some(reference)).unwrap().event();
    world.assert_books();
    event
}

/// Votes are asked for only in epochs in all of which the pool's stake was active there.
#[test]
fn one_just_listed_or_just_delegated_to_has_missed_no_vote() {
    let mut world = newcomer();
    let mut waited = 0;
    loop {
        next_epoch(&mut world);
        let record = world.record(3);
        if record.yields_ppb[1] != NO_YIELD {
            break;
        }
        refuses(world.review(3, Some(0)), ThawError::NothingToReview);
        assert_eq!((record.flags, record.relapses), (0, 0));
        waited += 1;
        assert!(waited < 9);
    }
    // Weight in effect and delegated, active and merged, two epochs of yield.
    assert_eq!(waited, 3);
    let event = reviewed(&mut world, 3, 0);
    assert_eq!((event.violation, event.taken_weight), (Some(Violation::NotVoting), 800));
}

#[test]
fn both_epochs_must_be_known_and_the_last_ones() {
    let mut world = newcomer();
    next_epoch(&mut world);
    let epoch = world.clock().epoch;
    let saved = (world.pool(), world.record(3));
    const N: u32 = NO_YIELD;
    let cases = [
        ([0, 0, N], epoch, true),
        ([200_000, 0, 0], epoch, true),
        ([N, 0, 0], epoch, false),
        ([0, N, 0], epoch, false),
        ([N, N, N], epoch, false),
        ([0, 0, 0], epoch - 1, false),
    ];
    for (yields_ppb, booked_epoch, is_violation) in cases {
        world.change_record(3, |record| {
            (record.yields_ppb, record.booked_epoch) = (yields_ppb, booked_epoch);
        });
        let outcome = world.review(3, Some(0));
        assert_eq!(allow(outcome, &[ThawError::NothingToReview]), is_violation, "{yields_ppb:?}");
        world.change_pool(|pool| *pool = *saved.0);
        world.change_record(3, |record| *record = saved.1);
    }
}

/// Sets validator 0 of two aside for its commission, in a pool whose stake is active.
fn set_aside() -> World {
    let mut world = World::warm(Setup { validators: 2, ..Setup::default() }, 100 * SOL).0;
    let weights = [(0, 1_000), (1, 9_000)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.begin_epoch();
    world.vote_all();
    world.write_vote(0, &VoteSpec { commission_bps: 10_000, ..VoteSpec::default() });
    let event = reviewed(&mut world, 0, 1);
    assert_eq!((event.violation, event.taken_weight), (Some(Violation::Commission), 1_000));
    world
}

#[test]
fn one_with_stake_complies_by_a_vote_in_the_last_epoch_alone() {
    let mut world = set_aside();
    world.begin_epoch();
    world.vote_all();
    let (vote, epoch) = (world.votes[0], world.clock().epoch);
    assert!(world.record(0).is_held());
    for voted in [vec![], vec![epoch - 2, epoch]] {
        world.write_vote(0, &VoteSpec::voted_in(voted));
        refuses(world.review(0, None), ThawError::NothingToReview);
    }
    let account = Account { lamports: SOL, owner: STAKE_PROGRAM, ..Account::default() };
    world.svm.set_account(vote, account).unwrap();
    refuses(world.review(0, None), ThawError::VoteLayoutUnknown);
    world.write_vote(0, &VoteSpec::voted_in([epoch - 1]));
    assert_eq!(reviewed(&mut world, 0, 1).violation, None);
    assert_eq!(world.record(0).compliant, 1);
}

/// One without stake may not be able to vote, and would never comply: its patience alone decides.
#[test]
fn one_without_stake_gets_its_weight_back_without_a_vote() {
    let mut world = set_aside();
    let silent = VoteSpec::default();
    while world.record(0).is_held() {
        world.write_vote(0, &silent);
        refuses(world.review(0, None), ThawError::NothingToReview);
        world.crank_epoch();
        world.vote_all();
    }
    assert!(world.states(0).contains(&SlotState::Open));
    // All else must be in order.
    world.write_vote(0, &VoteSpec { commission_bps: 1_001, ..silent.clone() });
    assert_eq!(reviewed(&mut world, 0, 1).violation, Some(Violation::Commission));
    for returned in [0, 1_000] {
        world.begin_epoch();
        world.vote_all();
        world.write_vote(0, &silent);
        let event = reviewed(&mut world, 0, 1);
        assert_eq!((event.violation, event.returned_weight), (None, returned));
        refuses(world.review(0, Some(1)), ThawError::NothingToReview);
    }
    let record = world.record(0);
    assert_eq!((record.next_weight, record.flags, record.relapses), (1_000, 0, 1));
}
