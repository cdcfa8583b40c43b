//! `review_validator`: weight is set aside from a validator that breaks a rule, and comes back.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_account::Account;
use thaw_client::thaw::{
    error::ThawError,
    events::ValidatorReviewed,
    instructions::Weight,
    state::{Config, Counters, NO_YIELD, Pool, Record, STAKE_PROGRAM, Status, Violation, flags},
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    votes::{
        Layout::{V1_14_11, V3, V4},
        VoteSpec,
    },
    world::config,
};

/// Validators with these weights in effect, which all voted in the last two epochs; up to a fifth of
/// the weight can be set aside per epoch.
fn scene(weights: &[u32]) -> World {
    scene_with(weights, config())
}

fn scene_with(weights: &[u32], config: Config) -> World {
    let mut world = World::with(Setup { validators: weights.len(), config, ..Setup::default() });
    let weights = (0..).zip(weights).map(|(index, weight)| Weight { index, weight: *weight });
    world.set_weights(weights.collect()).unwrap();
    next_epoch(&mut world);
    world
}

/// The next epoch, finalized; every vote account shows votes in the last two.
fn next_epoch(world: &mut World) {
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.vote_all();
    world.assert_books();
}

/// Has a validator keep too much of the rewards, beside its votes.
fn charge(world: &mut World, index: u16, commission_bps: u16) {
    let epoch = world.clock().epoch;
    let spec = VoteSpec { commission_bps, ..VoteSpec::voted_in(epoch - 2..epoch) };
    world.write_vote(index, &spec);
}

/// What a review found: violation, weight taken, weight given back.
#[track_caller]
fn found(world: &World, outcome: Outcome) -> (Option<Violation>, u32, u32) {
    let event: ValidatorReviewed = outcome.unwrap().event();
    let record = world.record(event.index);
    assert_eq!(event.vote, record.vote);
    assert_eq!((event.next_weight, event.aside_weight), (record.next_weight, record.aside_weight));
    assert_eq!(event.next_weight_sum, world.pool().next_weight_sum);
    world.assert_books();
    (event.violation, event.taken_weight, event.returned_weight)
}

#[test]
fn sets_weight_aside_from_the_next_finalize_on() {
    let mut world = scene(&[1_000, 500, 1_500]);
    charge(&mut world, 1, 1_001);
    let (pool, old, before) = (world.pool(), world.records(), world.all_accounts());
    let epoch = world.clock().epoch;

    let sent = world.review(1, None).unwrap();

    let counters = Counters { epoch, aside_weight: 500, ..Counters::default() };
    let expected = Pool { next_weight_sum: 2_500, counters, ..*pool };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!(expected.weight_sum, 3_000);
    let record = Record {
        weight: 500,
        weight_epoch: epoch,
        next_weight: 0,
        aside_weight: 500,
        flags: flags::SET_ASIDE,
        relapses: 1,
        reviewed_epoch: epoch,
        ..old[1]
    };
    assert_eq!(world.records(), [old[0], record, old[2]]);
    world.assert_same(&before, &[world.pool.pool, world.pool.validators]);
    world.assert_books();

    let event: ValidatorReviewed = sent.event();
    assert_eq!((event.pool, event.vote, event.index), (world.pool.pool, world.votes[1], 1));
    assert_eq!(event.violation, Some(Violation::Commission));
    assert_eq!((event.taken_weight, event.returned_weight), (500, 0));
    assert_eq!((event.next_weight, event.aside_weight), (0, 500));
    assert_eq!((event.next_weight_sum, event.epoch), (2_500, epoch));

    next_epoch(&mut world);
    assert_eq!((world.pool().weight_sum, world.record(1).weight_at(epoch + 1)), (2_500, 0));
}

#[test]
fn takes_no_more_than_the_epochs_part_and_the_rest_in_later_ones() {
    let mut world = scene(&[1_000, 1_000, 1_000]);
    let commission = |taken| (Some(Violation::Commission), taken, 0);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), commission(600), "a fifth of 3,000");
    refuses(world.review(0, None), ThawError::AsideCapReached);
    refuses(world.review(1, None), ThawError::AsideCapReached);
    assert_eq!((world.record(0).next_weight, world.record(0).aside_weight), (400, 600));

    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), commission(400), "what is left");
    let outcome = world.review(1, None);
    assert_eq!(found(&world, outcome), commission(80), "a fifth of 2,400, less 400");
    refuses(world.review(1, None), ThawError::AsideCapReached);
    let record = world.record(0);
    assert_eq!((record.next_weight, record.aside_weight, record.relapses), (0, 1_000, 1));
    assert_eq!(world.pool().next_weight_sum, 1_920);
}

#[test]
fn rounds_the_epochs_part_down() {
    let config = Config { aside_bps: 1_999, ..config() };
    let mut world = scene_with(&[1_000, 1_001, 1_000], config);
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome).1, 599, "of 599.8999");

    let mut world = scene(&[1, 1, 2]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0, None), ThawError::AsideCapReached);
    let mut world = scene_with(&[1_000, 1_000], Config { aside_bps: 0, ..config });
    charge(&mut world, 0, 10_000);
    refuses(world.review(0, None), ThawError::AsideCapReached);
}

#[test]
fn never_takes_the_last_weight() {
    let mut world = scene(&[1_000, 0, 0]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0, None), ThawError::LastValidator);
    let mut world = scene(&[1_000_000, 1, 0]);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome).1, 200_000);
    // All others are set aside in full: what is left of the first stays.
    let mut world = scene(&[1_000, 100, 0]);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(1, None);
    assert_eq!(found(&world, outcome).1, 100);
    refuses(world.review(0, None), ThawError::LastValidator);
}

#[test]
fn a_validator_that_keeps_the_rules_keeps_its_weight() {
    let config = Config { require_bls: 1, ..config() };
    let mut world = scene_with(&[1_000, 1_000], config);
    let before = world.all_accounts();
    refuses(world.review(0, None), ThawError::NothingToReview);
    refuses(world.review(0, Some(1)), ThawError::NothingToReview);
    refuses(world.review(0, Some(0)), ThawError::NothingToReview);
    world.assert_same(&before, &[]);
    charge(&mut world, 0, 1_000); // as much as the config allows
    refuses(world.review(0, None), ThawError::NothingToReview);
    // It did not vote in the last epoch; alone that is no fault.
    let epoch = world.clock().epoch;
    world.write_vote(0, &VoteSpec::voted_in([epoch - 2]));
    refuses(world.review(0, Some(1)), ThawError::NothingToReview);
    world.write_vote(0, &VoteSpec::default());
    refuses(world.review(0, None), ThawError::NothingToReview);
}

#[test]
fn a_commission_above_the_cap_is_a_violation_in_every_layout() {
    for (layout, commission_bps) in [(V4, 1_001), (V3, 1_100), (V1_14_11, 1_100)] {
        let mut world = scene(&[1_000, 1_000]);
        world.write_vote(0, &VoteSpec { layout, commission_bps, ..VoteSpec::default() });
        let outcome = world.review(0, None);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 400, 0), "{layout:?}");
    }
}

#[test]
fn a_missing_bls_key_is_a_violation_where_the_config_says_so() {
    let config = Config { require_bls: 1, ..config() };
    for (layout, has_bls_key) in [(V4, false), (V3, false), (V1_14_11, false)] {
        for (config, is_required) in [(config, true), (Config { require_bls: 0, ..config }, false)]
        {
            let mut world = scene_with(&[1_000, 1_000], config);
            world.write_vote(0, &VoteSpec { layout, has_bls_key, ..VoteSpec::default() });
            let outcome = world.review(0, None);
            if is_required {
                assert_eq!(found(&world, outcome), (Some(Violation::NoBlsKey), 400, 0));
            } else {
                refuses(outcome, ThawError::NothingToReview);
            }
        }
    }
}

#[test]
fn a_closed_vote_account_is_a_violation() {
    for lamports in [0, 1_000_000] {
        let mut world = scene(&[1_000, 1_000]);
        let vote = world.votes[0];
        world.svm.set_account(vote, Account { lamports, ..Account::default() }).unwrap();
        let outcome = world.review(0, None);
        assert_eq!(found(&world, outcome), (Some(Violation::Closed), 400, 0));
    }
}

#[test]
fn an_account_that_cannot_be_read_changes_nothing() {
    let mut world = scene(&[1_000, 1_000]);
    let (vote, rent) = (world.votes[0], world.rent());
    let good = VoteSpec { commission_bps: 9_000, ..VoteSpec::default() }.account(&vote, &rent);
    let with = |data| Account { data, ..good.clone() };
    let mut next_layout = good.data.clone();
    next_layout[0] = 4;
    let foreign = Account { owner: STAKE_PROGRAM, ..good.clone() };
    let odd = [with(vec![0; 3_762]), with(vec![]), with(good.data[..200].to_vec())];
    for account in odd.into_iter().chain([with(next_layout), foreign]) {
        world.svm.set_account(vote, account).unwrap();
        let before = world.all_accounts();
        refuses(world.review(0, None), ThawError::VoteLayoutUnknown);
        refuses(world.review(0, Some(1)), ThawError::VoteLayoutUnknown);
        world.assert_same(&before, &[]);
    }
    // Its yield tells all the same.
    low_yield(&mut world, 0);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), (Some(Violation::LowYield), 400, 0));
}

/// Two epochs of three below four fifths of the mean.
fn low_yield(world: &mut World, index: u16) {
    let epoch = world.pool().epoch;
    world.change_pool(|pool| pool.mean_yields_ppb = [200_000, 200_000, 200_000]);
    world.change_record(index, |record| {
        (record.booked_epoch, record.yields_ppb) = (epoch, [159_999, 200_000, 0]);
    });
}

/// As if the pool's stake had been active with a validator in the last two epochs.
fn be_staked(world: &mut World, index: u16) {
    let epoch = world.pool().epoch;
    world.change_record(index, |record| {
        (record.booked_epoch, record.yields_ppb) = (epoch, [0, 0, NO_YIELD]);
    });
}

#[test]
fn missed_votes_are_shown_by_another_validator_that_voted() {
    let mut world = scene(&[1_000, 1_000, 1_000]);
    let epoch = world.clock().epoch;
    be_staked(&mut world, 0);
    let [last, before] = [epoch - 1, epoch - 2];
    let sentinel = (u64::MAX, u64::MAX, u64::MAX);
    let voted = |epochs: &[u64]| VoteSpec::voted_in(epochs.iter().copied());
    let earned =
        |credits: &[(u64, u64, u64)]| VoteSpec { credits: credits.to_vec(), ..VoteSpec::default() };
    // Its own history, the other's, and whether that is a violation.
    let cases = [
        (voted(&[before - 1]), voted(&[before, last]), true),
        (voted(&[]), voted(&[before - 1, before, last, epoch]), true),
        (voted(&[epoch]), voted(&[before, last]), true),
        (earned(&[(before, 5, 5), (last, 5, 5)]), voted(&[before, last]), true),
        (earned(&[(last, 0, 0), sentinel, (last, 0, 0)]), voted(&[before, last]), true),
        (
            voted(&[]),
            earned(&[(before, 9_000, 8_000), (last, 9_000, 9_000), sentinel, (last, 7, 0)]),
            true,
        ),
        (voted(&[before]), voted(&[before, last]), false),
        (voted(&[last]), voted(&[before, last]), false),
        (earned(&[(last, 9, 9), sentinel, (last, 1, 0)]), voted(&[before, last]), false),
        (voted(&[]), voted(&[before]), false),
        (voted(&[]), voted(&[last]), false),
        (voted(&[]), voted(&[epoch, before - 1]), false),
        (voted(&[]), earned(&[(before, 5, 4), (last, 5, 5)]), false),
        (voted(&[]), earned(&[sentinel, (u64::MAX, 5, 0)]), false),
        (voted(&[]), voted(&[]), false),
    ];
    for (place, (own, other, is_violation)) in cases.into_iter().enumerate() {
        world.write_vote(0, &own);
        world.write_vote(1, &other);
        let saved = (world.pool(), world.record(0));
        refuses(world.review(0, None), ThawError::NothingToReview);
        let outcome = world.review(0, Some(1));
        if is_violation {
            let expected = (Some(Violation::NotVoting), 600, 0);
            assert_eq!(found(&world, outcome), expected, "case {place}");
        } else {
            refuses(outcome, ThawError::NothingToReview);
        }
        world.change_pool(|pool| *pool = *saved.0);
        world.change_record(0, |record| *record = saved.1);
    }
    // A reference that cannot be read shows nothing.
    world.write_vote(0, &VoteSpec::default());
    for account in [Account::default(), Account { lamports: SOL, ..Account::default() }] {
        world.svm.set_account(world.votes[1], account).unwrap();
        refuses(world.review(0, Some(1)), ThawError::NothingToReview);
    }
}

#[test]
fn a_reference_must_be_a_listed_validator_with_its_own_account() {
    let mut world = scene(&[1_000, 1_000, 1_000]);
    world.write_vote(0, &VoteSpec::default());
    be_staked(&mut world, 0);
    let (vote, other) = (world.votes[0], world.votes[1]);
    let unlisted = world.create_vote();
    let review = |world: &mut World, reference: Option<(u16, Pubkey)>, index: Option<u16>| {
        let mut built = world.pool.review_validator(&vote, 0, reference);
        if let Some(index) = index {
            let given = world.pool.review_validator(&vote, 0, Some((index, other)));
            built.data = given.data;
        }
        world.send(&[built], &[])
    };
    refuses(review(&mut world, Some((1, unlisted)), None), ThawError::WrongAccount);
    refuses(review(&mut world, Some((2, other)), None), ThawError::WrongAccount);
    refuses(review(&mut world, Some((3, other)), None), ThawError::NoSuchValidator);
    refuses(review(&mut world, None, Some(1)), ThawError::WrongAccount);
    let mut built = world.pool.review_validator(&vote, 0, Some((1, other)));
    built.data = world.pool.review_validator(&vote, 0, None).data;
    refuses(world.send(&[built], &[]), ThawError::WrongAccount);
    review(&mut world, Some((1, other)), None).unwrap();
}

#[test]
fn a_low_yield_in_two_of_three_known_epochs_is_a_violation() {
    const N: u32 = NO_YIELD;
    let mean = [200_000, 200_000, 200_000];
    let low = 159_999;
    let cases = [
        ([low, low, 200_000], mean, true),
        ([low, 200_000, low], mean, true),
        ([300_000, 0, 0], mean, true),
        ([0, 0, 0], [1, 1, 1], true),
        ([low, low, N], mean, true),
        ([low, 200_000, 200_000], mean, false),
        ([160_000, 160_000, 160_000], mean, false), // four fifths are enough
        ([low, N, N], mean, false),
        ([N, N, N], mean, false),
        ([N, N, N], [u32::MAX; 3], false),
        ([0, 0, 0], [200_000, 0, 0], false), // means that are not known
        ([0, 0, 0], [0, 0, 0], false),
        ([low, low, 0], [100_000, 200_000, 200_000], true), // each with its own epoch
        ([low, low, 0], [100_000, 200_000, 0], false),
        ([N - 1, N - 1, N - 1], [u32::MAX; 3], false),
    ];
    let mut world = scene(&[1_000, 1_000]);
    let saved = (world.pool(), world.record(0));
    for (place, (own, mean, is_violation)) in cases.into_iter().enumerate() {
        for lag in [0, 1] {
            world.change_pool(|pool| pool.mean_yields_ppb = mean);
            world.change_record(0, |record| {
                (record.yields_ppb, record.booked_epoch) = (own, saved.0.epoch - lag);
            });
            let outcome = world.review(0, Some(1));
            if is_violation && lag == 0 {
                let expected = (Some(Violation::LowYield), 400, 0);
                assert_eq!(found(&world, outcome), expected, "case {place}");
            } else {
                refuses(outcome, ThawError::NothingToReview);
            }
            world.change_pool(|pool| *pool = *saved.0);
            world.change_record(0, |record| *record = saved.1);
        }
    }
}

#[test]
fn stake_that_earns_nothing_is_found_out_in_two_epochs_and_leaves() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let weights = (0..3).map(|index| Weight { index, weight: 1_000 }).collect();
    world.set_weights(weights).unwrap();
    for epoch in 0..2 {
        world.next_epoch();
        (0..2).for_each(|index| world.reward(index, 200_000_000));
        world.tip(&world.main_slot(2), 200_000_000); // tips do not help
        world.sync().unwrap();
        refuses(world.review(2, None), ThawError::NotFinalized);
        world.finalize().unwrap();
        world.vote_all();
        world.tend();
        for index in 0..=1 + u16::from(epoch == 0) {
            refuses(world.review(index, None), ThawError::NothingToReview);
        }
    }
    let outcome = world.review(2, None);
    assert_eq!(found(&world, outcome), (Some(Violation::LowYield), 600, 0));
    let staked = world.staked(2);
    world.crank_epoch();
    // The cap for violators is twice that of a validator whose weight was lowered.
    let moved = staked - world.staked(2);
    assert!(moved > world.assets() / 20 && moved <= world.assets() / 10, "{moved} lamports");
}

#[test]
fn weight_comes_back_after_compliant_epochs_that_double_with_each_relapse() {
    let mut world = scene(&[1_000, 9_000]);
    for (relapse, epochs) in [(1, 2), (2, 4), (3, 8)] {
        charge(&mut world, 0, 10_000);
        let outcome = world.review(0, None);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 1_000, 0));
        assert_eq!(world.record(0).relapses, relapse);
        for epoch in 1..=epochs {
            world.vote_all();
            refuses(world.review(0, None), ThawError::NothingToReview);
            next_epoch(&mut world);
            let outcome = world.review(0, None);
            let returned = if epoch == epochs { 1_000 } else { 0 };
            assert_eq!(found(&world, outcome), (None, 0, returned), "{epoch} of {epochs}");
            let record = world.record(0);
            assert_eq!(record.compliant, if epoch == epochs { 0 } else { epoch });
            assert_eq!(record.is_set_aside(), epoch < epochs);
            refuses(world.review(0, None), ThawError::NothingToReview);
        }
        let record = world.record(0);
        assert_eq!((record.next_weight, record.aside_weight, record.flags), (1_000, 0, 0));
        assert_eq!(world.pool().next_weight_sum, 10_000);
        next_epoch(&mut world);
        assert_eq!(world.pool().weight_sum, 10_000);
    }
    for (relapses, needed) in [(6, 64), (7, 64), (u8::MAX, 64)] {
        world.change_record(0, |record| {
            (record.flags, record.relapses) = (flags::SET_ASIDE, relapses);
            record.compliant = needed - 2;
        });
        for is_returned in [false, true] {
            next_epoch(&mut world);
            world.review(0, None).unwrap();
            assert_eq!(!world.record(0).is_set_aside(), is_returned, "{relapses} relapses");
        }
    }
    charge(&mut world, 0, 10_000);
    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    world.review(0, None).unwrap();
    assert_eq!(world.record(0).relapses, u8::MAX, "no more than a byte holds");
}

#[test]
fn one_violation_undoes_what_compliance_had_gathered() {
    let mut world = scene(&[1_000, 9_000]);
    charge(&mut world, 0, 10_000);
    world.review(0, None).unwrap();
    next_epoch(&mut world);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), (None, 0, 0));
    // In the same epoch, after its compliance was counted.
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
    assert_eq!((world.record(0).compliant, world.record(0).relapses), (0, 1));
    refuses(world.review(0, None), ThawError::NothingToReview);
    // And before: once an epoch is known not to be compliant, it stays so.
    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0, None);
    assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
    world.vote_all();
    refuses(world.review(0, None), ThawError::NothingToReview);
    assert_eq!(world.record(0).compliant, 0);
}

#[test]
fn compliance_ends_also_where_no_more_weight_can_be_taken() {
    for (others, aside_bps) in [(2_000, 0), (0, 2_000)] {
        let mut world = scene_with(&[1_000, 2_000], Config { min_validators: 1, ..config() });
        charge(&mut world, 0, 10_000);
        world.review(0, None).unwrap();
        assert_eq!(world.record(0).next_weight, 400);
        world.set_weights(vec![Weight { index: 1, weight: others }]).unwrap();
        world.change_pool(|pool| pool.config.aside_bps = aside_bps);
        next_epoch(&mut world);
        world.review(0, None).unwrap();
        assert_eq!(world.record(0).compliant, 1);
        charge(&mut world, 0, 10_000);
        let outcome = world.review(0, None);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
        assert_eq!((world.record(0).compliant, world.record(0).next_weight), (0, 400));
        let error = if others == 0 { ThawError::LastValidator } else { ThawError::AsideCapReached };
        refuses(world.review(0, None), error);
    }
}

#[test]
fn a_validator_without_weight_or_on_its_way_out_is_not_reviewed() {
    let mut world = scene(&[0, 1_000, 1_000]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0, None), ThawError::NothingToReview);
    charge(&mut world, 1, 10_000);
    world.change_record(1, |record| record.flags = flags::LEAVING);
    refuses(world.review(1, None), ThawError::NothingToReview);
    world.change_record(1, |record| record.flags = 0);
    world.review(1, None).unwrap();
}

#[test]
fn needs_a_live_pool_that_is_finalized_and_a_validator() {
    let mut world = scene(&[1_000, 1_000]);
    charge(&mut world, 0, 10_000);
    let review = |world: &mut World, index| {
        let vote = world.votes[0];
        world.send(&[world.pool.review_validator(&vote, index, None)], &[])
    };
    for index in [2, 52, 53, u16::MAX] {
        refuses(review(&mut world, index), ThawError::NoSuchValidator);
    }
    refuses(review(&mut world, 1), ThawError::WrongAccount);
    world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    refuses(review(&mut world, 0), ThawError::WindingDown);
    world.change_pool(|pool| pool.status = Status::Live as u8);
    world.next_epoch();
    refuses(review(&mut world, 0), ThawError::NotFinalized);
    world.finalize().unwrap();
    review(&mut world, 0).unwrap();
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = scene(&[1_000, 1_000]);
    world.write_vote(0, &VoteSpec::default());
    be_staked(&mut world, 0);
    let reference = Some((1, world.votes[1]));
    let review = world.pool.review_validator(&world.votes[0], 0, reference);
    refuses_each_swap(&mut world, &review, &[], &[]);
    world.send(&[review], &[]).unwrap();
}
