//! The lender's functions against what the chain then does.

use solana_epoch_schedule::EpochSchedule;
use solana_stake_history::StakeHistoryEntry;
use thaw_tests::{DAY, Holder, Outcome, SOL, Setup, World};

use crate::{
    lender::{Collateral, Waiting, WorstCase, collateral, waiting, worst_case},
    page::read,
};

/// The collateral of these tests: 10 SOL of shares.
const SHARES: u64 = 10 * SOL;

/// 3,000 SOL with three validators; the holder has them all.
fn pool() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

fn told(world: &World) -> Option<Collateral> {
    collateral(&world.pool(), &world.clock(), &world.rent(), SHARES)
}

fn worst(world: &World) -> WorstCase {
    worst_case(&world.pool(), &world.records(), &world.clock(), &world.rent(), SHARES).unwrap()
}

fn wait(world: &World, shares: u64) -> Waiting {
    let schedule: EpochSchedule = world.svm.get_sysvar();
    waiting(&world.pool(), &world.clock(), &schedule, &world.rent(), shares).unwrap()
}

/// What arrives, or 0.
fn arrived(world: &mut World, holder: &Holder, shares: u64) -> u64 {
    let before = world.lamports(&holder.address());
    let outcome: Outcome = world.withdraw_instant(holder, shares);
    outcome.map_or(0, |_| world.lamports(&holder.address()) - before)
}

/// The validator with the most stake loses all of it.
fn slash_largest(world: &mut World) {
    let records = world.records();
    let (index, _) = (0..).zip(&records).max_by_key(|(_, record)| record.lamports()).unwrap();
    let stake = world.delegation(&world.main_slot(index));
    world.slash(index, stake);
}

/// A row of the page: what it is, lamports.
fn row(what: &str, lamports: u64) -> String {
    let digits = format!("{:010}", lamports);
    let (whole, rest) = digits.split_at(digits.len() - 9);
    format!("| {what} | {whole}.{rest} |")
}

/// The page's figures are measured here, and the bound holds for each of them.
#[test]
fn the_page_has_the_measured_worst_cases() {
    let (mut world, holder) = pool();
    world.begin_epoch();
    let (now, bound) = (told(&world).unwrap(), worst(&world));
    let mut rows = vec![
        row("value now", now.value),
        row("instant exit now", arrived(&mut world, &holder, SHARES)),
    ];
    assert_eq!(rows[1], row("instant exit now", now.instant), "told = paid");

    // Nobody finalizes: the haircut grows, and no more than the cap leaves.
    for missed in ["once", "twice", "three times"] {
        world.next_epoch();
        // Within the cap of what may leave in one epoch before the finalize.
        let paid = arrived(&mut world, &holder, SHARES / 2);
        rows.push(row(&format!("instant exit of half, finalize missed {missed}"), paid));
        assert!(paid >= bound.after_exit / 2);
    }
    assert_eq!(told(&world), None, "no lending on a stale pool");

    // A slash that nobody has booked yet: the rate is too high, and only a little can leave by it.
    let (mut world, holder) = pool();
    world.begin_epoch();
    world.next_epoch();
    slash_largest(&mut world);
    rows.push(row("value, a third of the stake lost, not booked", told(&world).unwrap().value));
    let mut left = 0;
    while arrived(&mut world, &holder, SOL) > 0 {
        left += SOL;
    }
    let cap = world.assets() / 10_000 * u64::from(world.pool().config.stale_exit_bps);
    assert!(left > 0 && left <= cap, "{left} left, {cap} may");

    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!(told(&world), None, "the circuit breaker holds: no lending");
    let value = world.worth(SHARES);
    rows.push(row("value, the loss booked", value));
    let paid = arrived(&mut world, &holder, SHARES);
    rows.push(row("instant exit, the loss booked", paid));
    assert!(value >= bound.after_slash, "{value} {bound:?}");
    assert!(paid >= bound.after_exit, "{paid} {bound:?} {}", world.liquid());
    // The bound is near: what it gives away is the reserve's part and the exits' fees.
    assert!(value < bound.after_slash + bound.after_slash / 100);

    // Down to the last liquid lamport.
    let last = world.liquid_shares();
    let gross = world.worth(last);
    let paid = arrived(&mut world, &holder, last);
    assert!(paid > 0 && gross - paid <= gross * 300 / 10_000 + 1);
    assert_eq!(arrived(&mut world, &holder, SOL), 0, "nothing liquid is left");

    rows.push(row("bound: after a slash", bound.after_slash));
    rows.push(row("bound: and an instant exit", bound.after_exit));
    rows.push(row("bound: at the highest fees the code allows", bound.at_the_caps));
    let page = read("docs/integrate.md");
    let missing: Vec<_> = rows.iter().filter(|row| !page.contains(*row)).collect();
    assert!(missing.is_empty(), "the page lacks:\n{}", rows.join("\n"));
}

/// Any part of the stake lost, at any fill of the reserve, whether others leave before it is booked or
/// not: never below the bound.
#[test]
fn no_loss_goes_below_the_bound() {
    let cases = [1, 10, 50, 90, 100].into_iter().flat_map(|part| {
        [11, 31, 500]
            .into_iter()
            .flat_map(move |liquid| [0, 50, 95].map(|fled| (part, liquid, fled)))
    });
    for (part, liquid, fled) in cases {
        let (mut world, holder) = pool();
        let reserve = world.float() + liquid * SOL;
        world.set_reserve(reserve);
        world.begin_epoch();
        let bound = worst(&world);
        let index = 1;
        let stake = world.delegation(&world.main_slot(index));
        world.slash(index, stake / 100 * part);
        // In an epoch that is finalized nothing caps those who see it first but what is liquid.
        let leaving = world.liquid_shares() / 100 * fled;
        assert_eq!(arrived(&mut world, &holder, leaving) > 0, fled > 0);
        world.next_epoch();
        world.sync().unwrap();
        assert!(world.pool().pending_loss_lamports > 0, "booked");
        world.finalize().unwrap();
        let value = world.worth(SHARES);
        assert!(value >= bound.after_slash, "{part} % lost, {fled} % fled of {liquid}: {value}");
        if world.liquid() >= value {
            let paid = arrived(&mut world, &holder, SHARES);
            assert!(paid >= bound.after_exit, "{part} % lost, {fled} % fled of {liquid}: {paid}");
        }
        assert!(bound.at_the_caps <= bound.after_exit && bound.after_exit < bound.after_slash);
    }
}

/// A pool that is paused is not stale; one that closes, is broken or is worth nothing takes no loans.
#[test]
fn nobody_lends_on_a_pool_without_a_price_or_a_future() {
    let (mut world, _) = pool();
    world.change_pool(|pool| pool.paused_until[1] = i64::MAX);
    let paused = told(&world).unwrap();
    assert!(paused.instant == 0 && paused.value > 0 && paused.liquidity > 0);
    world.change_pool(|pool| pool.circuit_until = i64::MAX);
    assert_eq!(told(&world), None);
    world.change_pool(|pool| (pool.circuit_until, pool.status) = (0, 1));
    assert_eq!(told(&world), None);
    let assets = world.assets();
    world.change_pool(|pool| (pool.status, pool.pending_fees_lamports) = (0, assets));
    assert_eq!(told(&world), None);
    let nothing =
        worst_case(&world.pool(), &world.records(), &world.clock(), &world.rent(), SHARES);
    assert_eq!(nothing, None);
    world.change_pool(|pool| pool.shares = 0);
    let nobody = worst_case(&world.pool(), &world.records(), &world.clock(), &world.rent(), SHARES);
    assert_eq!(nobody, None);
}

/// Cranks until a ticket is paid in full; how many epochs after the request.
fn epochs_until_paid(world: &mut World, ticket: &anchor_lang::prelude::Pubkey) -> u64 {
    let asked = world.clock().epoch;
    for _ in 0..20 {
        world.crank_epoch();
        let state = world.ticket(ticket).unwrap();
        if world.batch(state.batch).unwrap().is_settled() {
            return world.clock().epoch - asked;
        }
    }
    panic!("not paid in 20 epochs");
}

#[test]
fn tickets_wait_as_long_as_told() {
    // Covered by what is liquid.
    let (mut world, mut holder) = pool();
    assert_eq!(wait(&world, SHARES).epochs, 1);
    let ticket = world.request(&mut holder, SHARES).unwrap();
    assert_eq!(epochs_until_paid(&mut world, &ticket), 1);

    // Nearly all of the pool, before this epoch's moves: told 2 for safety, paid after 1.
    let (mut world, mut holder) = pool();
    world.begin_epoch();
    assert_eq!(wait(&world, 2_900 * SOL).epochs, 2);
    let ticket = world.request(&mut holder, 2_900 * SOL).unwrap();
    world.move_window();
    world.move_all();
    assert_eq!(wait(&world, 0).epochs, 1, "it cools");
    assert_eq!(epochs_until_paid(&mut world, &ticket), 1);

    // After them, in the last part of the epoch.
    let (mut world, mut holder) = pool();
    world.go_to(99);
    let told = wait(&world, 2_900 * SOL);
    let schedule: EpochSchedule = world.svm.get_sysvar();
    let slots = schedule.get_slots_in_epoch(world.clock().epoch);
    assert_eq!(told, Waiting { epochs: 2, slots: slots + slots / 100 });
    let ticket = world.request(&mut holder, 2_900 * SOL).unwrap();
    assert_eq!(epochs_until_paid(&mut world, &ticket), told.epochs);
}

/// When the whole cluster leaves at once, the network lets 9 % of its stake cool down per epoch,
/// and tickets wait for that; they earn meanwhile, and are paid in parts.
#[test]
fn tickets_wait_for_the_network_when_all_leave_at_once() {
    let (mut world, mut holder) = pool();
    world.begin_epoch();
    let ticket = world.request(&mut holder, 2_900 * SOL).unwrap();
    world.move_window();
    world.move_all();
    let asked = world.clock().epoch;
    // 100 times the pool cools down in a cluster of 100 times the pool.
    let mut crowded: Vec<(u64, StakeHistoryEntry)> = Vec::new();
    let mut parts = Vec::new();
    let mut remaining = 300_000 * SOL;
    for _ in 0..3 {
        let epoch = world.clock().epoch;
        let entry =
            StakeHistoryEntry { effective: remaining, activating: 0, deactivating: remaining };
        crowded.push((epoch, entry));
        remaining -= remaining / 100 * 9;
        world.next_epoch_after(&crowded);
        world.sync().unwrap();
        world.finalize().unwrap();
        world.tend();
        world.settle_all();
        let state = world.ticket(&ticket).unwrap();
        parts.push(world.batch(state.batch).unwrap().lamports_settled);
    }
    assert!(!world.batch(0).unwrap().is_settled(), "{parts:?}");
    assert_eq!(world.clock().epoch, asked + 3);
    assert!(world.now() >= 3 * DAY);
}
