//! `review_validator`: weight is set aside from a validator that breaks a rule, and comes back.

use bytemuck::bytes_of;
use solana_account::Account;
use thaw_client::{
    math::MAX_DEFICIT_PPM,
    thaw::{
        error::ThawError,
        events::ValidatorReviewed,
        instructions::Weight,
        state::{
            Config, Counters, NO_YIELD, Pool, Record, STAKE_PROGRAM, Seat, Status, Violation, flags,
        },
    },
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    crank::allow,
    votes::{
        Layout::{V1_14_11, V3, V4},
        VoteSpec,
    },
    world::config,
};

/// Validators with these weights in effect, which all earned in the last two epochs; up to a fifth of
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

/// The next epoch, finalized; every vote account shows credits of the last two.
fn next_epoch(world: &mut World) {
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.vote_all();
    world.assert_books();
}

/// Has a validator keep too much of the rewards, beside its credits.
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

    let sent = world.review(1).unwrap();

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
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), commission(600), "a fifth of 3,000");
    refuses(world.review(0), ThawError::AsideCapReached);
    refuses(world.review(1), ThawError::AsideCapReached);
    assert_eq!((world.record(0).next_weight, world.record(0).aside_weight), (400, 600));

    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), commission(400), "what is left");
    let outcome = world.review(1);
    assert_eq!(found(&world, outcome), commission(80), "a fifth of 2,400, less 400");
    refuses(world.review(1), ThawError::AsideCapReached);
    let record = world.record(0);
    assert_eq!((record.next_weight, record.aside_weight, record.relapses), (0, 1_000, 1));
    assert_eq!(world.pool().next_weight_sum, 1_920);
}

#[test]
fn rounds_the_epochs_part_down() {
    let config = Config { aside_bps: 1_999, ..config() };
    let mut world = scene_with(&[1_000, 1_001, 1_000], config);
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome).1, 599, "of 599.8999");

    let mut world = scene(&[1, 1, 2]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0), ThawError::AsideCapReached);
    let mut world = scene_with(&[1_000, 1_000], Config { aside_bps: 0, ..config });
    charge(&mut world, 0, 10_000);
    refuses(world.review(0), ThawError::AsideCapReached);
}

#[test]
fn never_takes_the_last_weight() {
    let mut world = scene(&[1_000, 0, 0]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0), ThawError::LastValidator);
    let mut world = scene(&[1_000_000, 1, 0]);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome).1, 200_000);
    // All others are set aside in full: what is left of the first stays.
    let mut world = scene(&[1_000, 100, 0]);
    charge(&mut world, 0, 10_000);
    charge(&mut world, 1, 10_000);
    let outcome = world.review(1);
    assert_eq!(found(&world, outcome).1, 100);
    refuses(world.review(0), ThawError::LastValidator);
}

#[test]
fn a_validator_that_keeps_the_rules_keeps_its_weight() {
    let mut world = scene(&[1_000, 1_000]);
    let before = world.all_accounts();
    refuses(world.review(0), ThawError::NothingToReview);
    world.assert_same(&before, &[]);
    charge(&mut world, 0, 1_000); // as much as the config allows
    refuses(world.review(0), ThawError::NothingToReview);
    // It earned nothing in the last epochs; what its stake did not earn tells, not that.
    let epoch = world.clock().epoch;
    world.write_vote(0, &VoteSpec::voted_in([epoch - 2]));
    refuses(world.review(0), ThawError::NothingToReview);
    world.write_vote(0, &VoteSpec::default());
    refuses(world.review(0), ThawError::NothingToReview);
}

#[test]
fn a_commission_above_the_cap_is_a_violation_in_every_layout() {
    for (layout, commission_bps) in [(V4, 1_001), (V3, 1_100), (V1_14_11, 1_100)] {
        let mut world = scene(&[1_000, 1_000]);
        world.write_vote(0, &VoteSpec { layout, commission_bps, ..VoteSpec::default() });
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 400, 0), "{layout:?}");
    }
}

#[test]
fn a_missing_bls_key_is_a_violation_where_the_config_says_so() {
    let config = config();
    for (layout, has_bls_key) in [(V4, false), (V3, false), (V1_14_11, false)] {
        for (config, is_required) in [(config, true), (Config { require_bls: 0, ..config }, false)]
        {
            let mut world = scene_with(&[1_000, 1_000], config);
            world.write_vote(0, &VoteSpec { layout, has_bls_key, ..VoteSpec::default() });
            let outcome = world.review(0);
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
    let system = |lamports| Account { lamports, ..Account::default() };
    let mut world = scene(&[1_000, 1_000]);
    let (vote, rent) = (world.votes[0], world.rent());
    let good = VoteSpec::default().account(&vote, &rent);
    // A stranger's lamports keep the account in the vote program's hands, zeroed.
    let zeroed = Account { data: vec![0; good.data.len()], ..good.clone() };
    let empty = Account { data: vec![], ..good.clone() };
    let foreign = Account { owner: STAKE_PROGRAM, ..good };
    let saved = (world.pool(), world.record(0));
    for account in [system(0), system(1_000_000), zeroed, empty, foreign] {
        world.svm.set_account(vote, account).unwrap();
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome), (Some(Violation::Closed), 400, 0));
        world.change_pool(|pool| *pool = *saved.0);
        world.change_record(0, |record| *record = saved.1);
    }
}

#[test]
fn a_vote_account_that_cannot_pay_its_ticket_is_a_violation_where_the_config_demands_keys() {
    let mut world = scene(&[1_000, 1_000]);
    let vote = world.votes[0];
    let least = Seat::least_lamports(&world.rent());
    let hold = |world: &mut World, lamports| {
        let account = world.svm.get_account(&vote).unwrap();
        world.svm.set_account(vote, Account { lamports, ..account }).unwrap();
    };
    hold(&mut world, least);
    refuses(world.review(0), ThawError::NothingToReview);
    hold(&mut world, least - 1);
    // Before the move window it may still take its next ticket in.
    refuses(world.review(0), ThawError::NothingToReview);
    world.move_window();
    world.change_pool(|pool| pool.config.require_bls = 0);
    refuses(world.review(0), ThawError::NothingToReview);
    world.change_pool(|pool| pool.config.require_bls = 1);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::CannotBeAdmitted), 400, 0));
    // It complies again as soon as it can pay.
    next_epoch(&mut world);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (None, 0, 0));
}

/// The bytes of a vote account in a layout that is yet to come.
fn later_layout(world: &mut World, index: u16) {
    let vote = world.votes[usize::from(index)];
    let spec = VoteSpec { commission_bps: 9_000, ..VoteSpec::default() };
    let mut account = spec.account(&vote, &world.rent());
    account.data[0] = 4;
    world.svm.set_account(vote, account).unwrap();
}

/// The stake earned so much in the last epoch, parts per billion; 120,000 were due.
fn earn(world: &mut World, index: u16, own_ppb: u32) {
    let epoch = world.pool().epoch;
    world.change_pool(|pool| pool.mean_yields_ppb = [120_000; 3]);
    world.change_record(index, |record| {
        (record.booked_epoch, record.yields_ppb) = (epoch, [own_ppb, 120_000, 120_000]);
    });
}

#[test]
fn an_account_that_cannot_be_read_changes_nothing() {
    let mut world = scene(&[1_000, 1_000]);
    let (vote, rent) = (world.votes[0], world.rent());
    let good = VoteSpec { commission_bps: 9_000, ..VoteSpec::default() }.account(&vote, &rent);
    let short = Account { data: good.data[..200].to_vec(), ..good.clone() };
    let mut later = good;
    later.data[0] = 4;
    for account in [short, later] {
        world.svm.set_account(vote, account).unwrap();
        let before = world.all_accounts();
        refuses(world.review(0), ThawError::VoteLayoutUnknown);
        world.assert_same(&before, &[]);
    }
}

#[test]
fn where_the_layout_is_unknown_the_yield_speaks() {
    let mut world = scene(&[1_000, 9_000]);
    later_layout(&mut world, 0);
    earn(&mut world, 0, 110_000);
    refuses(world.review(0), ThawError::NothingToReview);
    earn(&mut world, 0, 0);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::LowYield), 1_000, 0));
    // It comes back by what it pays, though nobody can read its vote account.
    for returned in [0, 1_000] {
        next_epoch(&mut world);
        later_layout(&mut world, 0);
        refuses(world.review(0), ThawError::VoteLayoutUnknown);
        earn(&mut world, 0, 110_000);
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome), (None, 0, returned));
    }
    // The rules that need no layout hold.
    let vote = world.votes[0];
    let account = world.svm.get_account(&vote).unwrap();
    world.svm.set_account(vote, Account { lamports: SOL / 2, ..account }).unwrap();
    world.move_window();
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::CannotBeAdmitted), 1_000, 0));
}

#[test]
fn a_deficit_beyond_what_luck_explains_is_a_violation() {
    const MEAN: u32 = 120_000;
    const WINDOW: u8 = 16;
    let mut world = scene(&[1_000, 1_000]);
    let saved = (world.pool(), world.record(0));
    // Windows of the newest sample, deficit so far, own yield, mean, and whether that is too much. Luck
    // explains seven windows, 85 % of the mean are owed, and less than 40 % is a fault at once.
    let cases = [
        (WINDOW, 6_900_000, 90_000, MEAN, true),
        (WINDOW, 6_900_000, 90_001, MEAN, false),
        (WINDOW, 6_999_999, 102_000, MEAN, false),
        (WINDOW, 7_000_000, 102_000, MEAN, true),
        (WINDOW, 7_000_000, NO_YIELD, MEAN, true),
        (WINDOW, 6_999_999, NO_YIELD, MEAN, false),
        (WINDOW, 7_300_000, 150_000, MEAN, false), // made up for
        (2 * WINDOW, 6_800_000, 90_000, MEAN, true),
        (2 * WINDOW, 6_799_998, 90_000, MEAN, false),
        (WINDOW, 0, 47_999, MEAN, true),
        (WINDOW, 0, 48_000, MEAN, false),
        (WINDOW, 0, 0, 0, false), // a mean that is not known
        (WINDOW, 0, NO_YIELD, u32::MAX, false),
        // Without windows only an epoch that proves a fault by itself counts.
        (0, 6_999_999, 50_000, MEAN, false),
        (0, 0, 47_999, MEAN, true),
    ];
    for (place, (windows_16, deficit, own, mean, is_violation)) in cases.into_iter().enumerate() {
        for lag in [0, 1] {
            // The sample's own epoch counts.
            let mut means = [0; 3];
            means[lag] = mean;
            world.change_pool(|pool| pool.mean_yields_ppb = means);
            world.change_record(0, |record| {
                (record.yields_ppb[0], record.deficit_ppm) = (own, deficit);
                record.windows_16 = windows_16;
                record.booked_epoch = saved.0.epoch - lag as u64;
            });
            let outcome = world.review(0);
            if is_violation {
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
fn a_fault_is_held_against_a_validator_until_its_weight_is_gone() {
    let mut world = scene(&[1_000, 1_000]);
    world.change_record(0, |record| record.deficit_ppm = MAX_DEFICIT_PPM);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::LowYield), 400, 0));
    assert_eq!(world.record(0).deficit_ppm, MAX_DEFICIT_PPM, "600 are left");
    while world.record(0).next_weight > 0 {
        next_epoch(&mut world);
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome).0, Some(Violation::LowYield));
    }
    let record = world.record(0);
    assert_eq!((record.deficit_ppm, record.yields_ppb[0]), (0, NO_YIELD), "judged");
    next_epoch(&mut world);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (None, 0, 0));
}

#[test]
fn old_relapses_are_forgotten() {
    for (epochs, expected) in [(31, 4), (32, 3), (96, 1), (200, 1)] {
        let mut world = scene(&[1_000, 9_000]);
        let epoch = world.clock().epoch;
        world.change_record(0, |record| {
            (record.relapses, record.reviewed_epoch) = (3, epoch);
        });
        world.skip_epochs(epochs - 1);
        next_epoch(&mut world);
        charge(&mut world, 0, 10_000);
        world.review(0).unwrap();
        assert_eq!(world.record(0).relapses, expected, "after {epochs} epochs");
    }
}

#[test]
fn stake_that_earns_nothing_is_found_out_in_one_epoch_and_leaves() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    world.begin_epoch();
    let weights = (0..3).map(|index| Weight { index, weight: 1_000 }).collect();
    world.set_weights(weights).unwrap();
    world.next_epoch();
    (0..2).for_each(|index| world.reward(index, 200_000_000));
    world.tip(&world.main_slot(2), 200_000_000); // tips do not help
    world.sync().unwrap();
    refuses(world.review(2), ThawError::NotFinalized);
    world.finalize().unwrap();
    world.vote_all();
    world.tend();
    for index in 0..2 {
        refuses(world.review(index), ThawError::NothingToReview);
    }
    let outcome = world.review(2);
    assert_eq!(found(&world, outcome), (Some(Violation::LowYield), 600, 0));
    let staked = world.staked(2);
    world.crank_epoch();
    // The cap for violators is twice that of a validator whose weight was lowered.
    let moved = staked - world.staked(2);
    assert!(moved > world.assets() / 20 && moved <= world.assets() / 10, "{moved} lamports");
}

/// Nothing that was just set aside, lowered or is being removed attracts SOL, though the old weight is
/// in effect until the next finalize.
#[test]
fn weight_that_is_about_to_go_attracts_no_stake() {
    type Change = fn(&mut World);
    let changes: [Change; 3] = [
        |world| {
            charge(world, 0, 10_000);
            world.review(0).unwrap();
        },
        |world| drop(world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap()),
        |world| {
            world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
            world.remove(0).unwrap();
        },
    ];
    for change in changes {
        let mut world = scene(&[1_000, 9_000]);
        let holder = world.holder(2_000 * SOL);
        world.deposit(&holder, 1_000 * SOL).unwrap();
        world.move_window();
        change(&mut world);
        assert_eq!(world.record(0).weight_in(&world.pool()), 1_000, "still in effect");
        refuses(world.delegate(0), ThawError::NothingToDelegate);
        world.delegate(1).unwrap();
    }
    // Nor does a part that shrinks because the others grow.
    let mut world = scene(&[1_000, 1_000]);
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.move_window();
    world.set_weights(vec![Weight { index: 1, weight: 9_000 }]).unwrap();
    while allow(world.delegate(0), &[ThawError::NothingToDelegate]) {}
    assert_eq!(world.staked(0) * 10 / world.assets(), 0, "a tenth, without what stays liquid");
    assert!(world.staked(0) > 90 * SOL);
    // A part that is left attracts its part.
    let mut world = scene(&[5_000, 5_000]);
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.move_window();
    charge(&mut world, 0, 10_000);
    world.review(0).unwrap();
    while allow(world.delegate(0), &[ThawError::NothingToDelegate]) {}
    assert_eq!(world.record(0).next_weight, 3_000);
    let tenths = world.staked(0) * 10 / world.assets();
    assert_eq!(tenths, 3, "3,000 of 8,000, without what stays liquid");
}

#[test]
fn weight_comes_back_after_compliant_epochs_that_double_with_each_relapse() {
    let mut world = scene(&[1_000, 9_000]);
    for (relapse, epochs) in [(1, 2), (2, 4), (3, 8)] {
        charge(&mut world, 0, 10_000);
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 1_000, 0));
        assert_eq!(world.record(0).relapses, relapse);
        for epoch in 1..=epochs {
            world.vote_all();
            refuses(world.review(0), ThawError::NothingToReview);
            next_epoch(&mut world);
            let outcome = world.review(0);
            let returned = if epoch == epochs { 1_000 } else { 0 };
            assert_eq!(found(&world, outcome), (None, 0, returned), "{epoch} of {epochs}");
            let record = world.record(0);
            assert_eq!(record.compliant, if epoch == epochs { 0 } else { epoch });
            assert_eq!(record.is_set_aside(), epoch < epochs);
            refuses(world.review(0), ThawError::NothingToReview);
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
            world.review(0).unwrap();
            assert_eq!(!world.record(0).is_set_aside(), is_returned, "{relapses} relapses");
        }
    }
    charge(&mut world, 0, 10_000);
    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    world.review(0).unwrap();
    assert_eq!(world.record(0).relapses, u8::MAX, "no more than a byte holds");
}

#[test]
fn one_violation_undoes_what_compliance_had_gathered() {
    let mut world = scene(&[1_000, 9_000]);
    charge(&mut world, 0, 10_000);
    world.review(0).unwrap();
    next_epoch(&mut world);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (None, 0, 0));
    // In the same epoch, after its compliance was counted.
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
    assert_eq!((world.record(0).compliant, world.record(0).relapses), (0, 1));
    refuses(world.review(0), ThawError::NothingToReview);
    // And before: once an epoch is known not to be compliant, it stays so.
    next_epoch(&mut world);
    charge(&mut world, 0, 10_000);
    let outcome = world.review(0);
    assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
    world.vote_all();
    refuses(world.review(0), ThawError::NothingToReview);
    assert_eq!(world.record(0).compliant, 0);
}

#[test]
fn compliance_ends_also_where_no_more_weight_can_be_taken() {
    for (others, aside_bps) in [(2_000, 0), (0, 2_000)] {
        let mut world = scene_with(&[1_000, 2_000], Config { min_validators: 1, ..config() });
        charge(&mut world, 0, 10_000);
        world.review(0).unwrap();
        assert_eq!(world.record(0).next_weight, 400);
        world.set_weights(vec![Weight { index: 1, weight: others }]).unwrap();
        world.change_pool(|pool| pool.config.aside_bps = aside_bps);
        next_epoch(&mut world);
        world.review(0).unwrap();
        assert_eq!(world.record(0).compliant, 1);
        charge(&mut world, 0, 10_000);
        let outcome = world.review(0);
        assert_eq!(found(&world, outcome), (Some(Violation::Commission), 0, 0));
        assert_eq!((world.record(0).compliant, world.record(0).next_weight), (0, 400));
        let error = if others == 0 { ThawError::LastValidator } else { ThawError::AsideCapReached };
        refuses(world.review(0), error);
    }
}

#[test]
fn a_validator_without_weight_or_on_its_way_out_is_not_reviewed() {
    let mut world = scene(&[0, 1_000, 1_000]);
    charge(&mut world, 0, 10_000);
    refuses(world.review(0), ThawError::NothingToReview);
    charge(&mut world, 1, 10_000);
    world.change_record(1, |record| record.flags = flags::LEAVING);
    refuses(world.review(1), ThawError::NothingToReview);
    world.change_record(1, |record| record.flags = 0);
    world.review(1).unwrap();
}

#[test]
fn needs_a_live_pool_that_is_finalized_and_a_validator() {
    let mut world = scene(&[1_000, 1_000]);
    charge(&mut world, 0, 10_000);
    let review = |world: &mut World, index| {
        let vote = world.votes[0];
        world.send(&[world.pool.review_validator(&vote, index)], &[])
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
    earn(&mut world, 0, 0);
    let review = world.pool.review_validator(&world.votes[0], 0);
    refuses_each_swap(&mut world, &review, &[], &[]);
    world.send(&[review], &[]).unwrap();
}
