//! The books at their ends: nothing left, many epochs late, another clock. Edge cases 35, 38 and 40.

use solana_clock::Clock;
use solana_epoch_schedule::EpochSchedule;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, events::EpochFinalized, state::Pool};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, sums::is_not_below};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// What a late crank must not change: all sums of lamports, and what is open.
fn sums(pool: &Pool) -> [u64; 12] {
    [
        pool.assets_lamports,
        pool.reserve_lamports,
        pool.staked_lamports,
        pool.claimable_lamports,
        pool.cooling_lamports,
        pool.pending_gain_lamports,
        pool.pending_loss_lamports,
        pool.loss_carry_lamports,
        pool.liquidity_target_lamports,
        pool.open_slots.into(),
        pool.holding_validators.into(),
        pool.synced_validators.into(),
    ]
}

/// A pool with stake in every state, and what its validators earn or lose in an epoch.
fn busy() -> (World, Holder) {
    let (mut world, mut holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(1).unwrap();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    (world, holder)
}

fn earn(world: &mut World, day: u64) {
    for index in 0..3 {
        world.reward(index, 40_000_000 + 7 * day + u64::from(index));
    }
    if day == 2 {
        world.slash(2, 10_000_001);
    }
}

#[test]
fn e38_missed_epochs_caught_up_in_any_order_give_the_same_books() {
    type Step = fn(&mut World);
    let steps: [Step; 4] = [
        |world| world.sync().unwrap(),
        |world| drop(world.collect(0).unwrap()),
        |world| drop(world.merge(1).unwrap()),
        |world| drop(world.sweep(2).unwrap()),
    ];
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 1, 3, 0]];
    for missed in 1..=6 {
        // Cranked in each epoch.
        let (mut cranked, _) = busy();
        for day in 0..missed {
            cranked.next_epoch();
            earn(&mut cranked, day);
            if day + 1 == missed {
                let tipped = cranked.slot(2, 0);
                cranked.tip(&tipped, 1_000);
            }
            cranked.sync().unwrap();
            cranked.finalize().unwrap();
            if day + 1 < missed {
                continue;
            }
            for step in &steps[1..] {
                step(&mut cranked);
            }
        }
        cranked.settle_all();

        let mut late = None;
        for order in orders {
            let (mut world, _) = busy();
            for day in 0..missed {
                world.next_epoch();
                earn(&mut world, day);
            }
            let tipped = world.slot(2, 0);
            world.tip(&tipped, 1_000);
            for step in order {
                steps[step](&mut world);
                world.assert_books();
            }
            let event: EpochFinalized = world.finalize().unwrap().event();
            assert_eq!(event.epochs, missed);
            world.settle_all();
            world.assert_books();
            let pool = world.pool();
            let rates = (pool.nav_lamports, pool.shares, pool.locked_gain_lamports);
            let ended = (sums(&pool), pool.fee_shares_owed, rates);
            assert_eq!(*late.get_or_insert(ended), ended, "{missed}: {order:?}");
        }
        let (late, fees, _) = late.unwrap();
        // What was settled at another day's rate was settled at another rate; all else is equal.
        let (early, paid) = (cranked.pool(), |sums: [u64; 12]| sums[0] + sums[3]);
        assert_eq!(paid(late), paid(sums(&early)), "{missed}: lamports");
        for place in [2, 4, 5, 6, 9, 10, 11] {
            assert_eq!(late[place], sums(&early)[place], "{missed}: {place}");
        }
        let apart = fees.abs_diff(early.fee_shares_owed);
        assert!(apart <= fees / 1_000, "{missed}: fee shares {fees} and {}", early.fee_shares_owed);
    }
}

#[test]
fn e38_a_pool_that_was_left_alone_goes_on() {
    for missed in 1..=6 {
        let (mut world, mut holder) = busy();
        world.skip_epochs(missed);
        let closed = missed > 3;
        let deposit = world.deposit(&holder, SOL);
        if closed {
            refuses(deposit, ThawError::PoolStale);
        } else {
            deposit.unwrap();
        }
        let ticket = world.request(&mut holder, 50 * SOL).unwrap();
        world.sync().unwrap();
        world.finalize().unwrap();
        world.tend();
        world.settle_all();
        world.move_window();
        world.move_all();
        world.crank_epoch();
        world.push_claim(&ticket).unwrap();
        assert!(world.ticket(&ticket).is_none(), "{missed}");
        world.deposit(&holder, SOL).unwrap();
        world.assert_books();
    }
}

#[test]
fn e35_the_last_holder_leaves_and_another_comes() {
    let (mut world, mut holder) = warm();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    // All there is, but for the first deposit's shares, which nobody holds.
    let shares = world.tokens(&holder.tokens);
    let ticket = world.request(&mut holder, shares).unwrap();
    world.move_all();
    world.crank_epoch();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    let pool = world.pool();
    let locked = world.tokens(&world.pool.bootstrap);
    assert_eq!((locked, world.tokens(&holder.tokens)), (10 * SOL, 0));
    assert_eq!(pool.shares, locked + pool.fee_shares_owed);
    assert!(world.nav() >= pool.shares, "nobody left with more than was theirs");

    // A share costs what one is worth, and no lamport less.
    let before = world.pool();
    let other = world.holder(100 * SOL);
    world.deposit(&other, SOL).unwrap();
    let (after, now) = (world.pool(), world.now());
    assert!(world.tokens(&other.tokens) <= SOL);
    assert!(is_not_below((&after, now), (&before, now)));
    // What rounds to nothing is refused on the way in, and burned by nobody's mistake on the way out.
    refuses(world.deposit(&other, 1), ThawError::AmountTooSmall);
    refuses(world.deposit(&other, 0), ThawError::ZeroAmount);
    refuses(world.withdraw_instant(&other, 0), ThawError::ZeroAmount);
    world.withdraw_instant(&other, 1).unwrap_err();
    world.crank_epoch();
}

#[test]
fn e35_a_pool_winds_down_to_its_last_share() {
    let (mut world, mut holder) = warm();
    world.give_treasury();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.start_wind_down();
    let shares = world.tokens(&holder.tokens);
    // In three parts, the last of one share.
    let parts = [shares / 2, shares - shares / 2 - 1, 1];
    let tickets = parts.map(|part| world.request(&mut holder, part).unwrap());
    for _ in 0..3 {
        world.crank_epoch();
    }
    for ticket in tickets {
        world.push_claim(&ticket).unwrap();
        assert!(world.ticket(&ticket).is_none());
    }
    assert_eq!(world.tokens(&holder.tokens), 0);
    let opener = world.payer.pubkey();
    let close = world.pool.close_batch(0, &opener);
    world.send(&[close], &[]).unwrap();
    world.collect_fees().unwrap();
    let pool = world.pool();
    assert_eq!((pool.pending_shares, pool.claimable_lamports), (0, 0));
    assert_eq!(world.supply(), pool.shares, "INV-3: to the share");
    let rent = u64::from(pool.open_slots) * world.slot_rent();
    assert_eq!(pool.staked_lamports, rent, "nothing but the rent of open slots is not liquid");
    world.crank_epoch();
}

/// Where a life ended: what must not depend on slots.
fn lived(slots_per_epoch: u64) -> (Box<Pool>, u64) {
    let mut world = World::new();
    let schedule = EpochSchedule::custom(slots_per_epoch, slots_per_epoch, false);
    world.svm.set_sysvar(&schedule);
    let clock = world.clock();
    let slot = schedule.get_first_slot_in_epoch(clock.epoch);
    world.svm.set_sysvar(&Clock { slot, ..clock });
    let mut holder = world.holder(5_000 * SOL);
    world.deposit(&holder, 3_000 * SOL).unwrap();
    world.crank_epoch();
    world.crank_epoch();
    let ticket = world.request(&mut holder, 200 * SOL).unwrap();
    world.move_all();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.tend();
    world.settle_all();
    world.go_to(37);
    world.push_claim(&ticket).unwrap();
    world.deposit(&holder, 33 * SOL).unwrap();
    world.withdraw_instant(&holder, 3 * SOL).unwrap();
    (world.pool(), world.nav())
}

#[test]
fn e40_the_length_of_an_epoch_in_slots_changes_no_amount() {
    let (pool, nav) = lived(432_000);
    for slots in [216_000, 8_192, 1_000_000] {
        let (other, value) = lived(slots);
        assert_eq!(value, nav);
        assert_eq!(sums(&other), sums(&pool), "{slots} slots");
        let rest = |pool: &Pool| {
            (
                pool.nav_lamports,
                pool.shares,
                pool.locked_gain_lamports,
                (pool.release_start, pool.release_end, pool.finalized_at, pool.updated_at),
                (pool.pending_fees_lamports, pool.fee_shares_owed, pool.epoch_gain_lamports),
            )
        };
        assert_eq!(rest(&other), rest(&pool), "{slots} slots");
    }
}

#[test]
fn e40_slots_that_pass_in_no_time_release_nothing() {
    let (mut world, holder) = warm();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.wait(1_000);
    let (value, original) = (world.nav(), world.svm.clone());
    let mut minted = Vec::new();
    for slots in [0, 1, 100_000, 400_000] {
        world.svm = original.clone();
        let clock = world.clock();
        world.svm.set_sysvar(&Clock { slot: clock.slot + slots, ..clock });
        assert_eq!(world.nav(), value);
        let shares = world.tokens(&holder.tokens);
        world.deposit(&holder, 5 * SOL).unwrap();
        minted.push(world.tokens(&holder.tokens) - shares);
    }
    minted.dedup();
    assert_eq!(minted.len(), 1, "one price at one time: {minted:?}");
    // Time alone releases.
    world.svm = original;
    world.wait(1_000);
    assert!(world.nav() > value);
}
