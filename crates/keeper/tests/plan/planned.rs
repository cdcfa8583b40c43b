//! The crank of an epoch.

use bytemuck::Zeroable;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use thaw_client::{
    Snapshot,
    pack::LEGACY_SLOTS,
    thaw::state::{Seat, SplView, StakeView},
};
use thaw_keeper::{Action, Means, action::OnValidator, plan::LAST_SLOTS, plan_claims};

use crate::desk::{
    self, ACTIVE, Change, EPOCH, Part, RENT, SOL, activating, batch, cooling, desk, names,
    pool_with,
};

fn plan(snapshot: &Snapshot) -> Vec<Action> {
    thaw_keeper::plan(snapshot, &Means::endless(LEGACY_SLOTS)).due
}

/// Five validators at their targets, nothing liquid beyond the float.
fn calm() -> Snapshot {
    pool_with(5, |_| vec![ACTIVE], 100 * SOL)
}

#[test]
fn nothing_is_due_in_a_calm_pool() {
    let mut snapshot = calm();
    assert_eq!(plan(&snapshot), []);
    snapshot.go_to(Part::Window);
    assert_eq!(plan(&snapshot), []);
}

#[test]
fn a_new_epoch_is_booked_and_finalized_and_nothing_else() {
    let mut snapshot = calm();
    snapshot.spare(500 * SOL);
    snapshot.next_epoch();
    snapshot.go_to(Part::Window);
    let actions = plan(&snapshot);
    let [Action::Sync { validators, .. }, Action::Finalize { epoch, has_view: false }] =
        actions.as_slice()
    else {
        panic!("{}", names(&actions))
    };
    assert_eq!((validators.as_slice(), *epoch), ([0, 1, 2, 3, 4].as_slice(), EPOCH + 1));
}

#[test]
fn only_what_is_not_booked_is_booked() {
    let mut snapshot = calm();
    snapshot.next_epoch();
    for place in [0, 1, 3] {
        snapshot.validators[place].record.booked_epoch = EPOCH + 1;
    }
    let actions = plan(&snapshot);
    let [Action::Sync { validators, .. }, Action::Finalize { .. }] = actions.as_slice() else {
        panic!("{}", names(&actions))
    };
    assert_eq!(validators, &[2, 4]);
    snapshot.validators.iter_mut().for_each(|view| view.record.booked_epoch = EPOCH + 1);
    assert_eq!(names(&plan(&snapshot)), "finalize");
}

#[test]
fn a_pool_without_stake_is_only_finalized() {
    let mut snapshot = pool_with(5, |_| Vec::new(), 0);
    snapshot.next_epoch();
    assert_eq!(names(&plan(&snapshot)), "finalize");
}

#[test]
fn a_finalized_epoch_is_not_finalized_again() {
    let mut snapshot = calm();
    snapshot.next_epoch();
    snapshot.pool.epoch = EPOCH + 1;
    let actions = plan(&snapshot);
    assert!(!actions.iter().any(|action| action.stage() <= 1), "{}", names(&actions));
}

#[test]
fn a_view_for_spl_readers_is_brought_along_or_after() {
    let mut snapshot = calm();
    let mut view: SplView = Zeroable::zeroed();
    view.show(&snapshot.pool, snapshot.pool.value_at(snapshot.clock.unix_timestamp).unwrap().nav.0);
    snapshot.spl_view = Some(view);
    assert_eq!(plan(&snapshot), []);
    // A loss that was booked since is shown at once.
    view.total_lamports += 1;
    snapshot.spl_view = Some(view);
    assert_eq!(names(&plan(&snapshot)), "view");
    view.total_lamports -= 1;
    snapshot.spl_view = Some(view);
    snapshot.next_epoch();
    let actions = plan(&snapshot);
    assert_eq!(actions.last(), Some(&Action::Finalize { epoch: EPOCH + 1, has_view: true }));
    let payer = Keypair::new().pubkey();
    let finalize = actions.last().unwrap().instruction(&snapshot.addresses, &payer);
    assert_eq!(finalize, snapshot.addresses.finalize_epoch_and_view());

    snapshot.pool.epoch = EPOCH + 1;
    assert_eq!(names(&plan(&snapshot)), "view");
    let refresh = plan(&snapshot)[0].instruction(&snapshot.addresses, &payer);
    assert_eq!(refresh, snapshot.addresses.refresh_spl_view(&payer));
    // A view that nobody has opened is not the keeper's to pay for.
    snapshot.spl_view = None;
    assert_eq!(plan(&snapshot), []);
}

#[test]
fn nothing_touches_stake_in_the_rewards_window() {
    let mut snapshot = calm();
    snapshot.spare(500 * SOL);
    snapshot.batches = vec![batch(0, EPOCH - 1, 0)];
    snapshot.next_epoch();
    snapshot.is_rewards_window = true;
    assert_eq!(names(&plan(&snapshot)), "close 0");
}

#[test]
fn ripe_slots_are_merged_and_collected_and_young_ones_left() {
    let slots = |index: usize| match index {
        0 => vec![ACTIVE, activating(EPOCH - 1, 20 * SOL)],
        1 => vec![ACTIVE, cooling(EPOCH - 1, 20 * SOL)],
        2 => vec![activating(EPOCH - 1, 20 * SOL)],
        3 => vec![ACTIVE, activating(EPOCH, 20 * SOL)],
        _ => vec![ACTIVE, cooling(EPOCH, 20 * SOL)],
    };
    let actions = plan(&pool_with(5, slots, 100 * SOL));
    assert_eq!(names(&actions), "merge 0, merge 2, collect 1");
    let [Action::Merge(first), _, Action::Collect(collected)] = actions.as_slice() else {
        panic!("three actions")
    };
    assert_eq!((first.lamports, collected.lamports), (20 * SOL, 20 * SOL));
}

#[test]
fn tips_are_swept_and_dust_is_left() {
    let mut snapshot = calm();
    snapshot.validators[1].slots[0].0 += SOL;
    snapshot.validators[2].slots[0].0 += 1_000;
    let actions = plan(&snapshot);
    assert_eq!(names(&actions), "sweep 1");
    assert!(matches!(&actions[0], Action::Sweep(on) if on.lamports == SOL));
}

#[test]
fn batches_are_paid_oldest_first_as_far_as_the_reserve_reaches() {
    let mut snapshot = calm();
    snapshot.open(&[(EPOCH - 2, 30 * SOL), (EPOCH - 1, 50 * SOL), (EPOCH, 5 * SOL)]);
    snapshot.spare(60 * SOL);
    let actions = plan(&snapshot);
    let [
        Action::Settle { serial: 0, lamports: whole },
        Action::Settle { serial: 1, lamports: part },
    ] = actions.as_slice()
    else {
        panic!("{}", names(&actions))
    };
    assert_eq!(*whole, 30 * SOL);
    assert_eq!(whole + part, 60 * SOL);

    snapshot.spare(100 * SOL);
    assert_eq!(names(&plan(&snapshot)), "settle 0, settle 1", "not the batch of this epoch");
}

/// Nobody else would before the next move: until then no stake could be deposited there.
#[test]
fn what_keeps_a_closed_slot_alive_is_cleared() {
    let mut snapshot = pool_with(3, |_| vec![], 100 * SOL);
    snapshot.validators[2].slots[1] = (900_000, StakeView::Empty);
    let actions = plan(&snapshot);
    assert_eq!(names(&actions), "collect 2");
    let [Action::Collect(on)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(on.lamports, 0);
}

#[test]
fn what_is_collected_is_counted_when_batches_are_paid() {
    let slots = |index: usize| match index {
        0 => vec![ACTIVE, cooling(EPOCH - 1, 40 * SOL)],
        _ => vec![ACTIVE],
    };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.open(&[(EPOCH - 1, 40 * SOL)]);
    let actions = plan(&snapshot);
    assert_eq!(names(&actions), "collect 0, settle 0");
    assert!(matches!(actions[1], Action::Settle { lamports, .. } if lamports == 40 * SOL));
}

#[test]
fn finished_batches_are_closed() {
    let mut snapshot = calm();
    snapshot.batches = vec![batch(3, EPOCH - 2, 0), batch(4, EPOCH - 1, 1)];
    assert_eq!(names(&plan(&snapshot)), "close 3");
}

#[test]
fn spare_sol_is_delegated_in_the_move_window_alone() {
    let mut snapshot = calm();
    snapshot.spare(50 * SOL);
    assert_eq!(plan(&snapshot), []);
    snapshot.go_to(Part::LastSlots);
    assert_eq!(plan(&snapshot), [], "too late");
    snapshot.clock.slot -= LAST_SLOTS;
    assert!(!plan(&snapshot).is_empty(), "just in time");

    snapshot.go_to(Part::Window);
    let actions = plan(&snapshot);
    assert_eq!(actions.len(), 5, "{}", names(&actions));
    let moved: u64 = actions
        .iter()
        .map(|action| match action {
            Action::Delegate(on) => on.lamports,
            other => panic!("{other}"),
        })
        .sum();
    // Slots are opened from the reserve as well.
    assert!((50 * SOL - 10 * RENT..=50 * SOL).contains(&moved), "{moved}");
}

#[test]
fn the_largest_gap_is_filled_first() {
    let slots = |index: usize| if index == 3 { Vec::new() } else { vec![ACTIVE] };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.spare(100 * SOL);
    snapshot.go_to(Part::Window);
    assert_eq!(names(&plan(&snapshot)), "delegate 3");
}

#[test]
fn a_validator_that_cannot_be_delegated_to_or_admitted_gets_nothing() {
    let slots = |index: usize| if index == 3 { Vec::new() } else { vec![ACTIVE] };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.spare(100 * SOL);
    snapshot.go_to(Part::Window);
    let seat = snapshot.validators[3].seat;
    let no_key = Seat { lacks_bls_key: true, ..seat };
    let no_ticket = Seat { lamports: SOL / 2, ..seat };
    let cases = [
        (Seat { has_vote: false, ..seat }, 0, ""),
        (Seat { has_vote: false, ..seat }, 1, ""),
        (no_key, 0, "delegate 3"),
        (no_key, 1, ""),
        (no_ticket, 0, "delegate 3"),
        (no_ticket, 1, ""),
        (seat, 1, "delegate 3"),
    ];
    for (seat, require_bls, expected) in cases {
        snapshot.validators[3].seat = seat;
        snapshot.pool.config.require_bls = require_bls;
        assert_eq!(names(&plan(&snapshot)), expected, "{seat:?}, {require_bls}");
    }
}

#[test]
fn a_weight_that_is_about_to_go_attracts_nothing() {
    let slots = |index: usize| if index == 3 { Vec::new() } else { vec![ACTIVE] };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.spare(100 * SOL);
    snapshot.validators[3].record.set_next_weight(EPOCH, 0);
    snapshot.go_to(Part::Window);
    assert_eq!(plan(&snapshot), []);
}

#[test]
fn moves_go_by_the_stake_programs_minimum() {
    let slots = |index: usize| if index == 3 { Vec::new() } else { vec![ACTIVE] };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.spare(3 * SOL / 2);
    snapshot.go_to(Part::Window);
    assert_eq!(names(&plan(&snapshot)), "undelegate 0, delegate 3");
    snapshot.pool.min_delegation_lamports = 2 * SOL;
    assert_eq!(names(&plan(&snapshot)), "undelegate 0");
}

#[test]
fn a_shortage_is_undelegated_and_no_pause_holds_it() {
    let mut snapshot = calm();
    snapshot.open(&[(EPOCH, 80 * SOL)]);
    snapshot.pool.paused_until[3] = i64::MAX;
    assert_eq!(plan(&snapshot), []);
    snapshot.go_to(Part::Window);
    let actions = plan(&snapshot);
    let moved: u64 = actions
        .iter()
        .map(|action| match action {
            Action::Undelegate { on, batch: Some(0) } => on.lamports,
            other => panic!("{other}"),
        })
        .sum();
    assert!((80 * SOL..=85 * SOL).contains(&moved), "{moved}: {}", names(&actions));
}

#[test]
fn a_validator_of_weight_0_is_left_within_the_cap_and_not_while_moves_are_paused() {
    let mut snapshot = calm();
    snapshot.validators[2].record.next_weight = 0;
    snapshot.pool.weight_sum -= 1;
    snapshot.go_to(Part::Window);
    let actions = plan(&snapshot);
    assert_eq!(names(&actions), "undelegate 2");
    let Action::Undelegate { on: OnValidator { lamports, .. }, .. } = actions[0] else {
        panic!("undelegate")
    };
    // 5 % of the assets.
    assert!(lamports > 24 * SOL && lamports < 26 * SOL, "{lamports}");
    snapshot.pool.paused_until[3] = i64::MAX;
    assert_eq!(plan(&snapshot), []);
}

#[test]
fn everything_at_once_comes_in_order() {
    let slots = |index: usize| match index {
        0 => vec![ACTIVE, activating(EPOCH - 1, 20 * SOL)],
        1 => vec![ACTIVE, cooling(EPOCH - 1, 20 * SOL)],
        2 => Vec::new(),
        _ => vec![ACTIVE],
    };
    let mut snapshot = pool_with(5, slots, 100 * SOL);
    snapshot.open(&[(EPOCH - 1, 10 * SOL)]);
    snapshot.batches.push(batch(7, EPOCH - 3, 0));
    snapshot.validators[3].slots[0].0 += 2 * SOL;
    snapshot.validators[4].record.next_weight = 0;
    snapshot.pool.weight_sum -= 1;
    snapshot.spare(100 * SOL);
    snapshot.go_to(Part::Window);
    let actions = plan(&snapshot);
    let stages: Vec<u8> = actions.iter().map(Action::stage).collect();
    assert!(stages.is_sorted(), "{}", names(&actions));
    let start = "merge 0, collect 1, sweep 3, settle 0, close 7, undelegate 4";
    assert!(names(&actions).starts_with(start), "{}", names(&actions));
    assert!(names(&actions).contains("delegate 2"), "{}", names(&actions));
}

#[test]
fn a_thousand_validators_are_booked_in_packed_transactions_that_fit() {
    let mut snapshot = pool_with(1_000, |_| vec![ACTIVE], 100 * SOL);
    snapshot.next_epoch();
    let actions = plan(&snapshot);
    assert_eq!(actions.len(), 41, "40 of 25 each, and the finalize");
    let payer = Keypair::new();
    let mut seen: Vec<u16> = Vec::new();
    for action in &actions {
        if let Action::Sync { validators, .. } = action {
            seen.extend(validators);
            let budget =
                solana_compute_budget_interface::ComputeBudgetInstruction::set_compute_unit_limit(
                    u32::MAX,
                );
            let built = action.instruction(&snapshot.addresses, &payer.pubkey());
            let message = Message::new(&[budget, built], Some(&payer.pubkey()));
            let bytes = message.serialize().len() + 1 + 64;
            assert!(bytes <= 1_232, "{bytes} bytes");
        }
    }
    assert_eq!(seen, (0..1_000).collect::<Vec<u16>>());
}

#[test]
fn claims_are_pushed_where_the_owner_wants_it_and_it_is_worth_a_fee() {
    let mut snapshot = calm();
    let mut settled = batch(0, EPOCH - 1, 4);
    (settled.shares_requested, settled.shares_settled) = (100 * SOL, 50 * SOL);
    settled.lamports_settled = 50 * SOL;
    snapshot.batches = vec![settled];
    let ticket =
        |shares, claimed, is_pushable| desk::ticket(&snapshot, 0, shares, claimed, is_pushable);
    let tickets = [
        ticket(40 * SOL, 0, true),
        ticket(40 * SOL, 20 * SOL, true),
        ticket(19 * SOL, 0, false),
        ticket(1_000, 0, true),
    ];
    let claims = plan_claims(&snapshot, &tickets);
    let [Action::Claim(claim)] = claims.as_slice() else { panic!("{}", names(&claims)) };
    assert_eq!((claim.ticket, claim.lamports), (tickets[0].0, 20 * SOL));
    assert_eq!((claim.owner, claim.serial), (tickets[0].1.owner, 0));
}

#[test]
fn a_desk_says_what_it_holds() {
    // The other tests rest on these snapshots: their books must be in order.
    for snapshot in [calm(), pool_with(3, desk::mixed, 100 * SOL)] {
        assert_eq!(snapshot.lamports_on_chain(), snapshot.lamports_in_books());
        let cooling: u64 = desk(&snapshot).map(|slot| slot.1).sum();
        assert_eq!(snapshot.pool.cooling_lamports, cooling);
    }
}
