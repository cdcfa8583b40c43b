//! Which validators are reviewed and which removals are finished.

use solana_account::Account;
use thaw_client::{
    Snapshot,
    pack::LEGACY_SLOTS,
    thaw::state::{NO_YIELD, SlotState, Status, Violation, flags},
};
use thaw_keeper::{Action, Means, action::Reviewed, plan_reviews};
use thaw_tests::votes::VoteSpec;

use crate::desk::{ACTIVE, Change, EPOCH, Held, Part, SOL, cooling, names, pool_with};

/// Five validators of weight 1,000 with active stake.
fn calm() -> Snapshot {
    weighed(pool_with(5, |_| vec![ACTIVE], 100 * SOL))
}

fn weighed(mut snapshot: Snapshot) -> Snapshot {
    for view in &mut snapshot.validators {
        (view.record.weight, view.record.next_weight) = (1_000, 1_000);
        view.record.yields_ppb = [200_000; 3];
    }
    let pool = &mut snapshot.pool;
    (pool.weight_sum, pool.next_weight_sum) = (5_000, 5_000);
    pool.mean_yields_ppb = [200_000; 3];
    (pool.config.aside_bps, pool.config.max_commission_bps) = (2_000, 1_000);
    snapshot
}

/// Vote accounts that earned in the last two epochs, changed by `change` of place and spec.
fn votes(snapshot: &Snapshot, change: impl Fn(usize, &mut VoteSpec)) -> Vec<Option<Account>> {
    let account = |(place, vote)| {
        let mut spec = VoteSpec::voted_in(EPOCH - 2..EPOCH);
        change(place, &mut spec);
        Some(spec.account(&vote, &snapshot.rent))
    };
    let votes = snapshot.validators.iter().map(|view| view.record.vote);
    votes.enumerate().map(account).collect()
}

fn plan(snapshot: &Snapshot) -> Vec<Action> {
    thaw_keeper::plan(snapshot, &Means::endless(LEGACY_SLOTS)).due
}

fn reviews(actions: &[Action]) -> Vec<Reviewed> {
    let review = |action: &Action| match action {
        Action::Review(reviewed) => *reviewed,
        other => panic!("a review expected: {other}"),
    };
    actions.iter().map(review).collect()
}

#[test]
fn nobody_is_reviewed_without_a_reason() {
    let snapshot = calm();
    assert_eq!(plan_reviews(&snapshot, &votes(&snapshot, |_, _| {})), []);
    // Nor for a layout that cannot be read.
    let mut accounts = votes(&snapshot, |_, _| {});
    accounts[2].as_mut().unwrap().data[0] = 4;
    assert_eq!(plan_reviews(&snapshot, &accounts), []);
}

#[test]
fn violators_are_reviewed_as_far_as_the_cap_allows() {
    let snapshot = calm();
    let commission = |place: usize, spec: &mut VoteSpec| {
        if place == 1 || place == 3 {
            spec.commission_bps = 1_001;
        }
    };
    let planned = reviews(&plan_reviews(&snapshot, &votes(&snapshot, commission)));
    let expected = Reviewed {
        index: 1,
        vote: snapshot.validators[1].record.vote,
        violation: Some(Violation::Commission),
        taken_weight: 1_000,
        returned_weight: 0,
    };
    assert_eq!(planned, [expected], "a fifth of 5,000 and no more");

    let mut larger = snapshot.clone();
    larger.pool.next_weight_sum = 7_500;
    let planned = reviews(&plan_reviews(&larger, &votes(&larger, commission)));
    assert_eq!(planned.iter().map(|one| one.taken_weight).collect::<Vec<_>>(), [1_000, 500]);

    let mut used_up = snapshot;
    used_up.pool.counters.aside_weight = 1_250;
    assert_eq!(plan_reviews(&used_up, &votes(&used_up, commission)), []);
}

#[test]
fn every_violation_is_seen() {
    let mut snapshot = calm();
    snapshot.pool.config.require_bls = 1;
    snapshot.pool.config.aside_bps = 10_000;
    snapshot.go_to(Part::Window);
    snapshot.validators[0].record.yields_ppb[0] = 79_999;
    let mut accounts = votes(&snapshot, |place, spec| match place {
        2 => spec.has_bls_key = false,
        3 => spec.spare_lamports = SOL / 2,
        _ => {}
    });
    accounts[1] = None;
    let planned = reviews(&plan_reviews(&snapshot, &accounts));
    let found: Vec<_> = planned.iter().map(|one| (one.index, one.violation.unwrap())).collect();
    let expected = [
        (0, Violation::LowYield),
        (1, Violation::Closed),
        (2, Violation::NoBlsKey),
        (3, Violation::CannotBeAdmitted),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_ticket_that_is_missing_counts_in_the_move_window_only() {
    let mut snapshot = calm();
    snapshot.pool.config.require_bls = 1;
    let poor = |place: usize, spec: &mut VoteSpec| spec.spare_lamports = [SOL, SOL / 2][place / 4];
    let accounts = votes(&snapshot, poor);
    assert_eq!(plan_reviews(&snapshot, &accounts), []);
    snapshot.go_to(Part::Window);
    let planned = reviews(&plan_reviews(&snapshot, &accounts));
    let found: Vec<_> = planned.iter().map(|one| (one.index, one.violation)).collect();
    assert_eq!(found, [(4, Some(Violation::CannotBeAdmitted))]);
}

#[test]
fn deficits_are_a_fault_from_seven_windows_on() {
    let mut snapshot = calm();
    let accounts = votes(&snapshot, |_, _| {});
    snapshot.validators[2].record.deficit_ppm = 6_999_999;
    assert_eq!(plan_reviews(&snapshot, &accounts), []);
    snapshot.validators[2].record.deficit_ppm = 7_000_000;
    let planned = reviews(&plan_reviews(&snapshot, &accounts));
    let found: Vec<_> = planned.iter().map(|one| (one.index, one.violation)).collect();
    assert_eq!(found, [(2, Some(Violation::LowYield))]);
}

#[test]
fn who_earned_nothing_is_not_at_fault_by_that_alone() {
    let snapshot = calm();
    let idle = |_: usize, spec: &mut VoteSpec| spec.credits.clear();
    assert_eq!(plan_reviews(&snapshot, &votes(&snapshot, idle)), []);
}

#[test]
fn one_that_had_no_stake_need_not_have_earned_to_comply() {
    let mut snapshot = weighed(pool_with(5, |place| vec![ACTIVE; (place != 4).into()], 100 * SOL));
    snapshot.validators[4].record.yields_ppb = [NO_YIELD; 3];
    let silent = votes(&snapshot, |place, spec| {
        if place == 4 {
            spec.credits.clear();
        }
    });
    assert_eq!(plan_reviews(&snapshot, &silent), []);

    let record = &mut snapshot.validators[4].record;
    (record.flags, record.relapses, record.compliant) = (flags::SET_ASIDE, 1, 1);
    (record.next_weight, record.aside_weight) = (0, 1_000);
    let planned = reviews(&plan_reviews(&snapshot, &silent));
    let found: Vec<_> =
        planned.iter().map(|one| (one.index, one.violation, one.returned_weight)).collect();
    assert_eq!(found, [(4, None, 1_000)]);
}

#[test]
fn compliance_is_counted_once_an_epoch() {
    let mut snapshot = calm();
    let record = &mut snapshot.validators[4].record;
    (record.flags, record.relapses) = (flags::SET_ASIDE, 1);
    (record.next_weight, record.aside_weight) = (400, 600);
    let good = votes(&snapshot, |_, _| {});
    let planned = reviews(&plan_reviews(&snapshot, &good));
    let all: Vec<_> =
        planned.iter().map(|one| (one.index, one.violation, one.returned_weight)).collect();
    assert_eq!(all, [(4, None, 0)]);

    snapshot.validators[4].record.compliant = 1;
    let planned = reviews(&plan_reviews(&snapshot, &good));
    assert_eq!(planned.iter().map(|one| one.returned_weight).collect::<Vec<_>>(), [600]);

    snapshot.validators[4].record.reviewed_epoch = EPOCH;
    assert_eq!(plan_reviews(&snapshot, &good), []);
}

#[test]
fn reviews_wait_for_the_finalize_and_end_with_the_pool() {
    let bad = |_: usize, spec: &mut VoteSpec| spec.commission_bps = 9_000;
    let snapshot = calm();
    assert_eq!(plan_reviews(&snapshot, &votes(&snapshot, bad)).len(), 1);
    let mut behind = snapshot.clone();
    behind.next_epoch();
    assert_eq!(plan_reviews(&behind, &votes(&behind, bad)), []);
    let mut paying = snapshot.clone();
    paying.is_rewards_window = true;
    assert_eq!(plan_reviews(&paying, &votes(&paying, bad)), []);
    let mut ending = snapshot;
    ending.pool.status = Status::WindingDown as u8;
    assert_eq!(plan_reviews(&ending, &votes(&ending, bad)), []);
}

#[test]
fn removals_are_finished_once_nothing_is_left() {
    let slots = |index: usize| -> Vec<Held> {
        match index {
            1 => vec![],
            2 => vec![(SlotState::Open, 0, 0)],
            3 => vec![cooling(EPOCH, 20 * SOL)],
            _ => vec![ACTIVE],
        }
    };
    let mut snapshot = weighed(pool_with(5, slots, 100 * SOL));
    snapshot.go_to(Part::LastSlots);
    assert_eq!(names(&plan(&snapshot)), "", "nobody is to leave");
    for view in &mut snapshot.validators[1..4] {
        view.record.flags = flags::LEAVING;
    }
    assert_eq!(names(&plan(&snapshot)), "", "their weight still counts");
    for view in &mut snapshot.validators[1..4] {
        (view.record.weight, view.record.next_weight) = (0, 0);
    }
    let actions = plan(&snapshot);
    assert_eq!(names(&actions), "remove 1, remove 2");
    assert!(actions.is_sorted_by_key(Action::stage));
    let vote = snapshot.validators[1].record.vote;
    assert_eq!(actions[0], Action::Remove { index: 1, vote });
}

#[test]
fn in_a_wind_down_every_empty_validator_goes() {
    let slots = |index: usize| if index == 2 { vec![ACTIVE] } else { vec![] };
    let mut snapshot = weighed(pool_with(5, slots, 100 * SOL));
    snapshot.pool.status = Status::WindingDown as u8;
    snapshot.go_to(Part::LastSlots);
    assert_eq!(names(&plan(&snapshot)), "remove 0, remove 1, remove 3, remove 4");
}
