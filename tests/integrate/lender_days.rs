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
    assert!(!told(&world).unwrap().may_lend, "no lending on a stale pool");

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
    let booked = told(&world).unwrap();
    assert!(!booked.may_lend, "the circuit breaker holds: no lending");
    let value = world.worth(SHARES);
    assert_eq!(booked.value, value, "but liquidations");
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
/// not, at once or by tickets: never below the bound.
#[test]
fn no_loss_goes_below_the_bound() {
    let mut least = u64::MAX;
    for part in [1, 10, 50, 90, 100] {
        for (liquid, fled) in [(11, 0), (11, 95), (31, 50), (31, 95), (500, 0), (500, 95)] {
            let (mut world, holder) = pool();
            let reserve = world.float() + liquid * SOL;
            world.set_reserve(reserve);
            world.begin_epoch();
            least = least.min(lose(world, holder, part, fled, &format!("{fled} % of {liquid}")));
        }
        for tickets in [100, 1_000, 2_000] {
            let (mut world, mut holder) = pool();
            world.begin_epoch();
            world.request(&mut holder, tickets * SOL).unwrap();
            world.move_window();
            world.move_all();
            world.begin_epoch();
            world.tend();
            least = least.min(lose(world, holder, part, 95, &format!("tickets for {tickets}")));
        }
    }
    assert!(least < SOL / 100, "the bound is near: {least} lamports away at the worst");
}

/// A part of validator 1's stake is lost in an epoch that is finalized. Nothing books it before the next
/// one, and nothing caps those who see it but what is there. By how much the value ends above the bound.
fn lose(mut world: World, holder: Holder, part: u64, fled: u64, case: &str) -> u64 {
    let (bound, before) = (worst(&world), world.worth(SHARES));
    let index = 1;
    let stake = world.delegation(&world.main_slot(index));
    world.slash(index, stake / 100 * part);
    let leaving = world.liquid_shares() / 100 * fled;
    assert_eq!(arrived(&mut world, &holder, leaving) > 0, fled > 0);
    world.settle_all();
    world.sync().unwrap();
    assert!(world.worth(SHARES) >= before, "a sync books once per epoch");

    world.next_epoch();
    world.sync().unwrap();
    let value = world.worth(SHARES);
    assert!(value < before, "the loss is booked");
    assert!(value >= bound.after_slash, "{part} % lost, {case}: {value} {bound:?}");
    world.finalize().unwrap();
    if world.liquid() >= value {
        let paid = arrived(&mut world, &holder, SHARES);
        assert!(paid >= bound.after_exit, "{part} % lost, {case}: {paid} {bound:?}");
    }
    assert!(bound.at_the_caps <= bound.after_exit && bound.after_exit < bound.after_slash);
    value - bound.after_slash
}

/// What the bound leaves out, as the page says: where a loss comes after the finalize, holders can leave
/// with other validators' active stake. Without tickets all of it stays at its targets.
#[test]
fn active_stake_may_leave_before_a_loss_within_an_epoch() {
    for (tickets, is_below) in [(0, false), (500, true)] {
        let (mut world, mut holder) = pool();
        world.next_epoch();
        world.pay_rewards(5_000);
        world.sync().unwrap();
        world.finalize().unwrap();
        world.go_to(40);
        let bound = worst(&world);
        slash_largest(&mut world);
        if tickets > 0 {
            world.request(&mut holder, tickets * SOL).unwrap();
        }
        for index in world.listed() {
            while world.withdraw_stake(&holder, index, 50 * SOL).is_ok() {}
        }
        world.next_epoch();
        // At the boundary stake is closed until the loss is booked.
        assert!(world.withdraw_stake(&holder, 1, 50 * SOL).is_err());
        world.sync().unwrap();
        assert_eq!(world.worth(SHARES) < bound.after_slash, is_below, "{tickets} in tickets");
    }
}

/// A pool that is paused is not stale; one that closes or is broken takes no loans, and tells what
/// there is to liquidate; one that is worth nothing tells nothing.
#[test]
fn nobody_lends_on_a_pool_without_a_price_or_a_future() {
    let (mut world, _) = pool();
    world.change_pool(|pool| pool.paused_until[1] = i64::MAX);
    let paused = told(&world).unwrap();
    assert!(paused.may_lend && paused.instant == 0 && paused.value > 0 && paused.liquidity > 0);
    for (circuit_until, status) in [(i64::MAX, 0), (0, 1)] {
        world.change_pool(|pool| (pool.circuit_until, pool.status) = (circuit_until, status));
        assert_eq!(told(&world), Some(Collateral { may_lend: false, ..told(&world).unwrap() }));
        assert_eq!(told(&world).unwrap().value, paused.value);
    }
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
