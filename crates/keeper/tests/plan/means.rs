//! What a plan leaves out, and who takes the place.

use thaw_client::{
    Snapshot,
    pack::LEGACY_SLOTS,
    thaw::state::{SlotState, StakeView},
};
use thaw_keeper::{Action, Means, Plan, RentBudget, plan};

use crate::desk::{ACTIVE, Change, EPOCH, Part, RENT, SOL, names, pool_with};

/// Validators with 100 SOL and an open slot each, but `new` ones, which hold nothing. The pool pays
/// for no slot.
fn with_new(validators: usize, new: &[usize]) -> Snapshot {
    let slots = |index: usize| match new.contains(&index) {
        true => Vec::new(),
        false => vec![ACTIVE, (SlotState::Open, 0, 0)],
    };
    let mut snapshot = pool_with(validators, slots, 0);
    for view in &mut snapshot.validators {
        if view.record.is_held() {
            view.slots[1].1 = StakeView::Initialized;
        }
    }
    snapshot.go_to(Part::Window);
    snapshot
}

fn with_rent(snapshot: &Snapshot, tickets: u64, others: u64) -> Plan {
    let rent = RentBudget { tickets, others };
    plan(snapshot, &Means { rent, ..Means::endless(LEGACY_SLOTS) })
}

fn moved(actions: &[Action]) -> u64 {
    actions.iter().fold(0, |sum, action| match action {
        Action::Delegate(on) | Action::Undelegate { on, .. } => sum + on.lamports,
        other => panic!("{other}"),
    })
}

#[test]
fn sol_for_a_new_validator_whose_slot_nobody_pays_goes_to_the_others() {
    let mut snapshot = with_new(30, &[7]);
    snapshot.spare(130 * SOL);
    let rich = with_rent(&snapshot, 0, RENT);
    assert!(names(&rich.due).contains("delegate 7") && rich.dear.is_empty());

    let poor = with_rent(&snapshot, 0, RENT - 1);
    assert_eq!(names(&poor.dear), "delegate 7");
    assert!(!names(&poor.due).contains("delegate 7"));
    assert_eq!(moved(&poor.due), 130 * SOL, "all of it: {}", names(&poor.due));
}

#[test]
fn a_benched_move_lets_the_next_validator_take_its_place() {
    let mut snapshot = with_new(30, &[7]);
    snapshot.spare(130 * SOL);
    let benched = ["delegate 7".to_owned()].into();
    let plan = plan(&snapshot, &Means { benched, ..Means::endless(LEGACY_SLOTS) });
    assert_eq!((names(&plan.benched).as_str(), plan.dear.len()), ("delegate 7", 0));
    assert_eq!(moved(&plan.due), 130 * SOL, "{}", names(&plan.due));
}

#[test]
fn other_actions_are_benched_as_well() {
    let mut snapshot = with_new(5, &[]);
    snapshot.validators[3].slots[0].0 += 2 * SOL;
    let benched = ["sweep 3".to_owned()].into();
    let plan = plan(&snapshot, &Means { benched, ..Means::endless(LEGACY_SLOTS) });
    assert_eq!(names(&plan.benched), "sweep 3");
    assert!(!names(&plan.due).contains("sweep"));
}

/// Stake that is taken from the others could not be given to anybody.
#[test]
fn nothing_is_rebalanced_for_a_validator_that_cannot_take_it() {
    let mut snapshot = with_new(5, &[3]);
    let rich = with_rent(&snapshot, 0, 2 * RENT);
    assert!(names(&rich.due).starts_with("undelegate"), "{}", names(&rich.due));
    for too_little in [0, RENT - 1, 2 * RENT - 1] {
        assert_eq!(with_rent(&snapshot, u64::MAX, too_little).due, []);
    }

    snapshot.validators[3].seat.has_vote = false;
    assert_eq!(with_rent(&snapshot, u64::MAX, u64::MAX).due, []);
    // One that is to be left is left all the same.
    snapshot.validators[4].record.next_weight = 0;
    snapshot.validators[4].record.weight = 0;
    snapshot.pool.weight_sum -= 1;
    let due = with_rent(&snapshot, 0, 0).due;
    assert!(names(&due).starts_with("undelegate 4"), "{}", names(&due));
}

/// Freeing stake may need new slots as well: one is left for whom it is freed.
#[test]
fn rebalancing_leaves_rent_for_a_slot_of_the_validator_it_is_for() {
    let slots = |index: usize| if index == 3 { Vec::new() } else { vec![ACTIVE] };
    let mut snapshot = pool_with(5, slots, 0);
    snapshot.spare(2 * SOL);
    snapshot.go_to(Part::Window);
    let plan = with_rent(&snapshot, 0, 2 * RENT);
    let kinds: Vec<&str> = plan.due.iter().map(Action::kind).collect();
    assert_eq!(kinds, ["undelegate", "delegate"], "{}", names(&plan.due));
    assert!(names(&plan.due).ends_with("delegate 3"));
}

#[test]
fn tickets_have_a_budget_of_their_own() {
    let mut snapshot = pool_with(5, |_| vec![ACTIVE], 0);
    snapshot.open(&[(EPOCH, 80 * SOL)]);
    snapshot.go_to(Part::Window);
    let nothing = with_rent(&snapshot, 0, u64::MAX);
    assert_eq!((nothing.due.len(), nothing.dear.len()), (0, 5), "{nothing:#?}");
    let two = with_rent(&snapshot, 2 * RENT, 0);
    let given = |action: &Action| action.pays_tickets().then_some(action.rent_lamports());
    let given: Option<Vec<u64>> = two.due.iter().map(given).collect();
    assert_eq!(given.unwrap().iter().sum::<u64>(), 2 * RENT, "all for tickets: {two:#?}");
    assert_eq!(two.dear.len(), 3, "{two:#?}");
    let all = with_rent(&snapshot, 5 * RENT, 0);
    assert!(all.dear.is_empty() && moved(&all.due) >= 80 * SOL, "{all:#?}");
}

/// Two keepers choose the same moves and make them in orders of their own.
#[test]
fn every_keeper_has_an_order_of_its_own() {
    let mut snapshot = with_new(30, &[]);
    snapshot.spare(600 * SOL);
    let order = |seed| {
        let due = plan(&snapshot, &Means { seed, ..Means::endless(LEGACY_SLOTS) }).due;
        due.iter().map(Action::key).collect::<Vec<_>>()
    };
    let (one, other) = (order(1), order(2));
    assert_eq!((one.len(), one == order(1)), (30, true));
    let meet = one.iter().zip(&other).filter(|(one, other)| one == other).count();
    assert!(meet < 5, "{meet} of 30 at the same time");
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(one), sorted(other));
}
