//! `finalize_epoch`: an epoch's gain or loss is folded into the rate.

use solana_account::ReadableAccount;
use thaw_client::thaw::{
    error::ThawError,
    events::EpochFinalized,
    instructions::Weight,
    state::{Config, Pool},
};
use thaw_tests::{
    DAY, SOL, Setup, World,
    checks::{refuses, refuses_each_swap},
    sums::{down, is_not_below, nav, unreleased, up},
    world::config,
};

const REWARD: u64 = 600_000_000;

/// Gains are released over two days, so that half of one is left at the next finalize.
fn slow() -> World {
    let config = Config { release_seconds: 172_800, ..config() };
    World::warm(Setup { config, ..Setup::default() }, 3_000 * SOL).0
}

fn rate_holds(world: &World, before: &Pool, then: i64) -> bool {
    is_not_below((&world.pool(), world.now()), (before, then))
}

#[test]
fn a_gain_pays_the_fee_and_is_locked_to_the_lamport() {
    let mut world = slow();
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.next_epoch();
    world.reward(1, REWARD);
    world.slash(2, 1_001);
    world.sync().unwrap();

    let (before, now) = (world.pool(), world.now());
    let accounts = world.all_accounts();
    let event: EpochFinalized = world.finalize().unwrap().event();
    world.assert_same(&accounts, &[world.pool.pool]);

    let left = unreleased(&before, now);
    assert_eq!(left, before.locked_gain_lamports.div_ceil(2));
    let net = REWARD - 1_001;
    let fee = down(net, 500, 10_000);
    let assets = before.reserve_lamports + before.staked_lamports;
    let fee_shares = down(fee, before.shares, assets);
    let hidden = left + net + before.pending_fees_lamports;
    let released = up(fee_shares, assets - hidden, before.shares);

    let pool = world.pool();
    assert_eq!((event.gain_lamports, event.loss_lamports, event.epochs), (net, 0, 1));
    assert_eq!((event.fee_lamports, event.fee_shares), (fee, fee_shares));
    assert_eq!(event.locked_gain_lamports, hidden - released);
    assert_eq!(event.totals.nav_lamports, pool.nav_lamports);
    assert_eq!(pool.locked_gain_lamports, hidden - released);
    assert_eq!(pool.shares, before.shares + fee_shares);
    assert_eq!(pool.fee_shares_owed, before.fee_shares_owed + fee_shares);
    assert_eq!((pool.release_start, pool.release_end), (now, now + 172_800));
    assert_eq!(pool.nav_lamports, assets - pool.locked_gain_lamports);
    assert_eq!((pool.assets_lamports, pool.updated_at, pool.finalized_at), (assets, now, now));
    assert_eq!(pool.liquidity_target_lamports, down(assets, 100, 10_000));
    assert_eq!(
        (pool.pending_gain_lamports, pool.pending_loss_lamports, pool.pending_fees_lamports),
        (0, 0, 0)
    );

    // What the next epoch is expected to earn: the best of the last three, rounded up.
    let ppb = up(net, 1_000_000_000, before.finalized_staked_lamports);
    assert_eq!(pool.yields_ppb, [ppb, before.yields_ppb[0], before.yields_ppb[1]]);
    let best = pool.yields_ppb.into_iter().max().unwrap();
    assert_eq!(pool.epoch_gain_lamports, up(pool.staked_lamports, best, 1_000_000_000));
    assert_eq!(pool.finalized_staked_lamports, pool.staked_lamports);

    let entry = pool.ring[(before.ring_next % 64) as usize];
    assert_eq!((entry.epoch, entry.unix_time), (pool.epoch, now));
    assert_eq!((entry.assets_lamports, entry.shares), (assets, pool.shares));
    assert_eq!(pool.ring_next, before.ring_next + 1);
    assert!(rate_holds(&world, &before, now), "INV-4");
    world.assert_books();
}

#[test]
fn a_gain_is_released_by_the_second() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();
    let locked = world.pool().locked_gain_lamports;
    assert!(locked > 0);

    let mut last = (world.pool(), world.now());
    for (part, left) in [(1, 99), (25, 75), (50, 50), (99, 1), (100, 0)] {
        world.go_to(part);
        let due = up(locked, left, 100);
        let pool = world.pool();
        assert_eq!(unreleased(&pool, world.now()), due);
        world.deposit(&holder, SOL).unwrap(); // writes the head
        assert_eq!(world.pool().nav_lamports, world.pool().assets_lamports - due);
        assert!(rate_holds(&world, &last.0, last.1), "INV-4 at {part} %");
        last = (world.pool(), world.now());
    }
}

#[test]
fn a_loss_eats_what_is_not_released_before_it_touches_the_rate() {
    let mut world = slow();
    world.next_epoch();
    world.reward(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();

    // A loss smaller than what is left: the rate stays where it is.
    world.next_epoch();
    let (before, now) = (world.pool(), world.now());
    let left = unreleased(&before, now);
    let (value, small) = (nav(&before, now), left / 3);
    world.slash(1, small);
    world.sync().unwrap();
    assert_eq!(world.nav(), value, "also before finalize");
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.loss_lamports, event.fee_shares), (small, 0));
    let pool = world.pool();
    assert_eq!((pool.nav_lamports, pool.shares), (value, before.shares));
    assert_eq!(pool.locked_gain_lamports, left - small);
    assert_eq!((pool.loss_carry_lamports, pool.carry_shares), (small, before.shares));
    assert_eq!(pool.yields_ppb[0], 0);

    // A loss beyond it: exactly the rest is taken from the holders.
    world.next_epoch();
    let (before, now) = (world.pool(), world.now());
    let left = unreleased(&before, now);
    let value = nav(&before, now);
    world.slash(1, left + 5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    let pool = world.pool();
    assert_eq!((pool.nav_lamports, pool.locked_gain_lamports), (value - 5_000, 0));
    assert_eq!(pool.loss_carry_lamports, small + left + 5_000);
    world.assert_books();
}

#[test]
fn a_gain_that_makes_up_a_loss_pays_no_fee() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    world.slash(0, REWARD);
    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!(world.pool().loss_carry_lamports, REWARD);

    // INV-8: up to the loss, nothing.
    world.next_epoch();
    world.reward(1, REWARD - 1_000);
    world.sync().unwrap();
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.fee_lamports, event.fee_shares, event.loss_carry_lamports), (0, 0, 1_000));

    // Beyond it, the fee on the rest alone.
    world.next_epoch();
    world.reward(1, 1_000 + 20_000);
    world.sync().unwrap();
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.fee_lamports, event.loss_carry_lamports), (1_000, 0));
    assert_eq!(world.pool().carry_shares, 0);
}

#[test]
fn a_loss_beyond_the_limit_trips_the_circuit_breaker() {
    // Nothing is locked, so the loss is measured against all assets.
    for (beyond, trips) in [(0, false), (1, true)] {
        let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
        world.request(&mut holder, 100 * SOL).unwrap();
        world.next_epoch();
        let before = world.assets();
        world.slash(0, down(before, 1_000, 10_000) + beyond);
        world.sync().unwrap();
        world.finalize().unwrap();
        let (pool, now) = (world.pool(), world.now());
        assert_eq!(pool.circuit_until, if trips { now + DAY } else { 0 });
        if !trips {
            world.deposit(&holder, SOL).unwrap();
            continue;
        }
        refuses(world.deposit(&holder, SOL), ThawError::Paused);
        world.settle().unwrap(); // exits go on
        world.move_window();
        refuses(world.delegate(0), ThawError::Paused);
        world.wait(DAY * 20 / 100 - 1);
        refuses(world.deposit(&holder, SOL), ThawError::Paused);
        world.wait(1);
        world.deposit(&holder, SOL).unwrap();
    }
}

#[test]
fn weights_count_from_the_next_finalize() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    let weights = [(0, 6), (2, 0)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    let in_effect = |world: &World| {
        let pool = world.pool();
        let weights = [0, 1, 2].map(|index| world.record(index).weight_at(pool.epoch));
        (weights, pool.weight_sum)
    };
    assert_eq!(in_effect(&world), ([1, 1, 1], 3));
    world.next_epoch();
    world.sync().unwrap();
    assert_eq!(in_effect(&world), ([1, 1, 1], 3));
    // Set again before the finalize: the last word counts.
    world.set_weights(vec![Weight { index: 0, weight: 4 }]).unwrap();
    assert_eq!(in_effect(&world), ([1, 1, 1], 3));
    world.finalize().unwrap();
    assert_eq!(in_effect(&world), ([4, 1, 0], 5));
}

#[test]
fn lamports_that_strangers_send_to_the_reserve_are_a_gain() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    world.sync().unwrap();
    let (before, now) = (world.pool(), world.now());
    let reserve = world.pool.reserve;
    world.send_lamports(&reserve, 40_000);
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.gain_lamports, event.fee_lamports), (40_000, 2_000));
    assert_eq!(world.pool().reserve_lamports, before.reserve_lamports + 40_000);
    assert!(rate_holds(&world, &before, now));
    world.assert_books();
}

#[test]
fn a_change_of_rent_is_a_gain_or_a_loss() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    let mut per_byte = 5_080;
    for new in [2_540, 5_080, 6_960] {
        let before = world.pool();
        let (old_rent, new_rent) = (128 * per_byte, 128 * new);
        world.next_epoch();
        world.set_rent(new);
        world.sync().unwrap();
        let event: EpochFinalized = world.finalize().unwrap().event();
        let gain = u64::saturating_sub(old_rent, new_rent);
        let loss = u64::saturating_sub(new_rent, old_rent);
        assert_eq!((event.gain_lamports, event.loss_lamports), (gain, loss));
        let pool = world.pool();
        assert_eq!(pool.reserve_lamports, before.reserve_lamports + gain - loss);
        assert_eq!(pool.slot_rent_lamports, u64::from(pool.open_slots) * (128 + 200) * new);
        world.assert_books(); // INV-1 with the new rent
        per_byte = new;
    }
}

#[test]
fn a_reserve_below_its_new_rent_loses_what_it_had_and_no_more() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    let before = world.pool().reserve_lamports;
    world.sync().unwrap();
    world.set_rent(1_000_000_000);
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!(event.loss_lamports, before);
    assert_eq!(world.pool().reserve_lamports, 0);
}

#[test]
fn every_validator_that_holds_stake_must_be_synced_in_this_epoch() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    let records = world.records();
    let epoch = world.clock().epoch;
    for index in 0..3u16 {
        let refused = world.finalize().unwrap_err();
        let counted = format!("Left: {index}");
        assert!(refused.logs.iter().any(|line| line.contains(&counted)), "{:#?}", refused.logs);
        refuses(world.finalize(), ThawError::SyncIncomplete);
        let one = [(index, &records[usize::from(index)])];
        let sync = thaw_client::pack::sync_instructions(&world.pool, one, epoch, 1);
        world.send(&sync, &[]).unwrap();
    }
    world.finalize().unwrap();
}

#[test]
fn a_sync_of_an_earlier_epoch_does_not_count() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    world.sync().unwrap();
    world.next_epoch();
    refuses(world.finalize(), ThawError::SyncIncomplete);
}

#[test]
fn a_validator_that_got_its_first_stake_in_this_epoch_counts_as_synced() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    let index = world.add_validator();
    world.set_weights(vec![Weight { index, weight: 3 }]).unwrap();
    world.begin_epoch();
    world.next_epoch();
    world.sync().unwrap();
    world.deposit(&holder, 500 * SOL).unwrap();
    world.move_window();
    world.delegate(index).unwrap();
    assert_eq!((world.pool().synced_validators, world.pool().holding_validators), (4, 4));
    world.finalize().unwrap();
    world.assert_books();
}

#[test]
fn an_epoch_is_finalized_once() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    let accounts = world.all_accounts();
    refuses(world.finalize(), ThawError::AlreadyFinalized);
    world.assert_same(&accounts, &[]);
    world.begin_epoch();
    refuses(world.finalize(), ThawError::AlreadyFinalized);
}

#[test]
fn waits_for_the_end_of_the_rewards_window() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    world.sync().unwrap();
    world.rewards_window(true);
    refuses(world.finalize(), ThawError::RewardsWindow);
    world.rewards_window(false);
    world.finalize().unwrap();
}

#[test]
fn each_account_must_be_the_pools() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    world.next_epoch();
    world.sync().unwrap();
    let instruction = world.pool.finalize_epoch();
    refuses_each_swap(&mut world, &instruction, &[], &[]);
}

#[test]
fn a_pool_without_stake_is_finalized_too() {
    let mut world = World::new();
    world.next_epoch();
    world.finalize().unwrap();
    let pool = world.pool();
    assert_eq!((pool.epoch, pool.nav_lamports), (world.clock().epoch, 10 * SOL));
    let assumed = thaw_client::math::INITIAL_YIELD_PPB;
    assert_eq!(pool.yields_ppb[0], assumed, "nothing was staked, so nothing was shown");
    let reserve = world.svm.get_account(&world.pool.reserve).unwrap();
    assert!(reserve.data().is_empty());
}

#[test]
fn the_exit_rate_falls_only_by_a_recorded_loss() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    // Per epoch: reward, loss, deposit, shares to withdraw; in SOL / 1000.
    let script = [
        (600, 0, 0, 0),
        (500, 0, 90_000, 0),
        (0, 100, 0, 40_000),
        (700, 900, 10_000, 1),
        (0, 0, 500_000, 900_000),
        (550, 0, 0, 0),
        (20_000, 1_000, 3_333, 77_777),
        (0, 30_000, 0, 5),
        (100, 0, 1, 123_456),
        (640, 0, 0, 0),
    ];
    let mut last = (world.pool(), world.now());
    for (step, (reward, loss, deposit, shares)) in script.into_iter().enumerate() {
        world.next_epoch();
        world.reward((step % 3) as u16, reward * SOL / 1_000 + 1);
        world.slash(((step + 1) % 3) as u16, loss * SOL / 1_000);
        // A loss is in the rate once it is booked, and from there on the rate holds again.
        assert!(rate_holds(&world, &last.0, last.1), "INV-4 at {step}");
        world.sync().unwrap();
        if loss > 0 {
            last = (world.pool(), world.now());
        }
        type Step<'a> = &'a mut dyn FnMut(&mut World);
        let steps: [Step; 6] = [
            &mut |world| drop(world.finalize().unwrap()),
            &mut |world| world.tend(),
            &mut |world| world.settle_all(),
            &mut |world| world.move_window(),
            &mut |world| {
                if deposit > 0 {
                    world.deposit(&holder, deposit * SOL / 1_000).unwrap();
                }
                if shares > 0 {
                    world.request(&mut holder, shares * SOL / 1_000).unwrap();
                }
            },
            &mut |world| world.move_all(),
        ];
        for act in steps {
            act(&mut world);
            assert!(rate_holds(&world, &last.0, last.1), "INV-4 at {step}");
            last = (world.pool(), world.now());
            world.assert_books();
        }
    }
}
