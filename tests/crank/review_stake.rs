//! `review_validator` of one that was set aside: whether it has stake decides what it must show.

use thaw_client::thaw::{
    error::ThawError,
    events::ValidatorReviewed,
    instructions::Weight,
    state::{SlotState, Violation},
};
use thaw_tests::{SOL, Setup, World, checks::refuses, votes::VoteSpec};

fn reviewed(world: &mut World, index: u16) -> ValidatorReviewed {
    let event = world.review(index).unwrap().event();
    world.assert_books();
    event
}

/// Sets validator 0 of two aside for its commission, in a pool whose stake is active.
fn set_aside() -> World {
    let mut world = World::warm(Setup { validators: 2, ..Setup::default() }, 100 * SOL).0;
    let weights = [(0, 1_000), (1, 9_000)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.begin_epoch();
    world.vote_all();
    world.write_vote(0, &VoteSpec { commission_bps: 10_000, ..VoteSpec::default() });
    let event = reviewed(&mut world, 0);
    assert_eq!((event.violation, event.taken_weight), (Some(Violation::Commission), 1_000));
    world
}

#[test]
fn one_with_stake_complies_by_credits_of_the_last_epoch_alone() {
    let mut world = set_aside();
    world.begin_epoch();
    world.vote_all();
    let epoch = world.clock().epoch;
    assert!(world.record(0).is_held());
    for earned in [vec![], vec![epoch - 2, epoch]] {
        world.write_vote(0, &VoteSpec::voted_in(earned));
        refuses(world.review(0), ThawError::NothingToReview);
    }
    world.write_vote(0, &VoteSpec::voted_in([epoch - 1]));
    assert_eq!(reviewed(&mut world, 0).violation, None);
    assert_eq!(world.record(0).compliant, 1);
}

/// One without stake cannot earn, and would never comply: its patience alone decides.
#[test]
fn one_without_stake_gets_its_weight_back_without_credits() {
    let mut world = set_aside();
    let silent = VoteSpec::default();
    while world.record(0).is_held() {
        world.write_vote(0, &silent);
        refuses(world.review(0), ThawError::NothingToReview);
        world.crank_epoch();
        world.vote_all();
    }
    assert!(world.states(0).contains(&SlotState::Open));
    // All else must be in order.
    world.write_vote(0, &VoteSpec { commission_bps: 1_001, ..silent.clone() });
    assert_eq!(reviewed(&mut world, 0).violation, Some(Violation::Commission));
    for returned in [0, 1_000] {
        world.begin_epoch();
        world.vote_all();
        world.write_vote(0, &silent);
        let event = reviewed(&mut world, 0);
        assert_eq!((event.violation, event.returned_weight), (None, returned));
        refuses(world.review(0), ThawError::NothingToReview);
    }
    let record = world.record(0);
    assert_eq!((record.next_weight, record.flags, record.relapses), (1_000, 0, 1));
}

/// Stake of others shows that it could have earned.
#[test]
fn one_with_others_stake_must_show_credits() {
    let mut world = set_aside();
    while world.record(0).is_held() {
        world.crank_epoch();
    }
    world.begin_epoch();
    let vote = world.votes[0];
    world.write_vote(0, &VoteSpec::default());
    world.svm.set_epoch_stake(vote, SOL).unwrap();
    refuses(world.review(0), ThawError::NothingToReview);
    world.svm.set_epoch_stake(vote, 0).unwrap();
    assert_eq!(reviewed(&mut world, 0).violation, None);
}
