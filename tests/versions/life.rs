//! A life through every instruction that calls the stake program.

use thaw_client::thaw::{
    instructions::Weight,
    state::{Config, Record},
};
use thaw_tests::{
    SOL, Setup, World,
    chain::{RENT_LEVELS, STAKE_VERSIONS, machine_with},
    world::config,
};

/// Delegates, merges, tops up, sweeps, splits, moves, deactivates, collects, removes, winds down, and
/// pays everybody. Returns what each instant of it left in the books.
fn live(version: &str, rent: u64) -> Vec<[u64; 6]> {
    let config = Config { max_rebalance_bps: 2_000, max_violator_bps: 2_000, ..config() };
    let setup = Setup { config, ..Setup::default() };
    let (mut world, mut holder) = World::warm_in(machine_with(version, rent), setup, 3_000 * SOL);
    let mut books = Vec::new();
    let mut note = |world: &World| {
        world.assert_books();
        let pool = world.pool();
        books.push([
            pool.reserve_lamports,
            pool.staked_lamports,
            pool.cooling_lamports,
            pool.shares,
            pool.claimable_lamports,
            world.lamports(&world.pool.reserve),
        ]);
    };
    note(&world);

    // Stake in: into main, then as a second slot that merges.
    world.begin_epoch();
    let brought = world.stake_account(&holder.address(), 1, 7 * SOL);
    world.deposit_stake(&holder, 1, &brought).unwrap();
    world.deposit(&holder, 400 * SOL).unwrap();
    world.move_window();
    world.move_all();
    note(&world);
    let tipped = world.main_slot(0);
    world.tip(&tipped, SOL / 3);
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.merge(1).unwrap();
    world.sweep(0).unwrap();
    note(&world);

    // Out: a ticket, a second one that tops the cooling slot up, stake, and at once.
    let first = world.request(&mut holder, 300 * SOL).unwrap();
    world.move_window();
    world.move_all();
    let second = world.request(&mut holder, 200 * SOL).unwrap();
    world.move_all();
    note(&world);
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.tend();
    world.settle_all();
    note(&world);
    for ticket in [first, second] {
        world.push_claim(&ticket).unwrap();
    }
    world.withdraw_instant(&holder, SOL).unwrap();
    let weights = [(0, 1), (1, 4), (2, 0)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.begin_epoch();
    world.take_for_paid();
    let taken = world.withdraw_stake(&holder, 0, 10 * SOL).unwrap();
    assert!(world.delegation(&taken) >= 9 * SOL);
    note(&world);

    // Validator 2 is emptied and removed, the rest winds down.
    while world.record(2).is_held() {
        world.crank_epoch();
    }
    world.remove(2).unwrap();
    assert_eq!(world.record(2), Record::default());
    world.start_wind_down();
    let shares = world.tokens(&holder.tokens);
    let last = world.request(&mut holder, shares).unwrap();
    for _ in 0..3 {
        world.crank_epoch();
        note(&world);
    }
    world.push_claim(&last).unwrap();
    assert_eq!(world.pool().shares, 10 * SOL + world.pool().fee_shares_owed);
    books
}

/// Both versions that mainnet has run since June 2026 leave the same books, lamport for lamport, at
/// every level of rent.
#[test]
fn every_version_in_force_and_every_rent_gives_a_pool_its_whole_life() {
    for rent in RENT_LEVELS {
        let [_, old, new] = STAKE_VERSIONS.map(|version| (version, rent));
        assert_eq!(live(old.0, old.1), live(new.0, new.1), "at {rent} lamports per byte");
    }
}
