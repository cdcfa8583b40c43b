//! What a second review found, by its numbers.

use solana_rent::Rent;
use thaw_client::thaw::{
    constants::VOTE_PROGRAM,
    events::{StakeMove, StakeMoved},
    state::SlotState,
};
use thaw_tests::{Holder, SOL, Setup, World};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// The fresh delegation is taken back, which leaves a slot cooling that cannot be reactivated; a
/// part cools beside it. A dust ticket then must not bring the whole main slot down.
#[test]
fn f1_a_dust_ticket_does_not_take_a_whole_stake_down() {
    let (mut world, mut holder) = warm();
    world.deposit(&holder, 3 * SOL).unwrap();
    world.delegate(0).unwrap();
    let liquid = world.pool().reserve_lamports - world.float();
    world.request(&mut holder, liquid + 8 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.undelegate(0).unwrap();
    let slots = [SlotState::Active, SlotState::Cooling, SlotState::Cooling];
    assert_eq!(world.states(0), slots);

    world.request(&mut holder, SOL).unwrap();
    let event: StakeMoved = world.undelegate(0).unwrap().event();
    assert_eq!(event.kind, StakeMove::UndelegatedForWithdrawals);
    assert!(event.lamports < 2 * SOL, "{}", event.lamports);
    assert_eq!(world.states(0), slots);
    assert!(world.delegation(&world.main_slot(0)) > 900 * SOL);
    world.assert_books();
}

/// Lamports that reach a slot after it was emptied must come back, or the last batch waits for ever.
#[test]
fn f2_lamports_in_an_open_slot_pay_the_last_batch() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.begin_epoch();
    world.tend();
    world.settle_all();
    assert_eq!(world.record(0).slots[1].state(), SlotState::Open);

    world.tip(&world.slot(0, 1), 50 * SOL);
    world.tip(&world.slot(0, 0), 1);
    world.sweep(0).unwrap();
    world.assert_books();
    let rest = world.tokens(&holder.tokens);
    world.request(&mut holder, rest).unwrap();
    for _ in 0..3 {
        world.crank_epoch();
    }
    assert_eq!(world.pool().pending_shares, 0);
    assert_eq!(world.lamports(&world.slot(0, 1)), world.slot_rent());
}

/// A closed vote account that a stranger keeps alive, zeroed, cannot take a delegation back.
#[test]
fn f3_a_zeroed_vote_account_does_not_stop_undelegating() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 100 * SOL).unwrap();
    world.undelegate(0).unwrap();
    let vote = world.votes[0];
    let lamports = world.lamports(&vote);
    world.put(&vote, &VOTE_PROGRAM, lamports, vec![0; 3_762]);

    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    let record = world.record(0);
    let cooling = record.slots.iter().filter(|slot| slot.state() == SlotState::Cooling).count();
    assert_eq!(cooling, 2);
    world.assert_books();
}

/// A slot funded at a lower rent still merges after rent has risen.
#[test]
fn f4_a_rent_rise_does_not_stop_a_merge() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.move_all();
    world.begin_epoch();
    world.svm.set_sysvar(&Rent { lamports_per_byte: 6_960, ..Rent::default() });
    world.merge(0).unwrap();
    assert_eq!(world.record(0).slots[1].state(), SlotState::Open);
    // The reserve's own rent has risen too: the next finalize books it (INV-1).
    world.begin_epoch();
    world.assert_books();
}

/// The head shows a booked loss at once: a lender must not lend against what is gone.
#[test]
fn f5_a_sync_stamps_the_head() {
    let (mut world, _) = warm();
    world.next_epoch();
    world.slash(0, 100 * SOL);
    let before = world.pool().nav_lamports;
    world.sync().unwrap();
    let pool = world.pool();
    assert_eq!(pool.assets_lamports, pool.reserve_lamports + pool.staked_lamports);
    assert!(pool.nav_lamports < before - 99 * SOL);
}
