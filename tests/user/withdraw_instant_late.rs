//! `withdraw_instant` before the epoch is finalized: haircut, cap, and when it closes.

use thaw_client::thaw::{
    error::ThawError,
    events::WithdrawnInstantly,
    state::{Config, Counters},
};
use thaw_tests::{
    Holder, SOL, World,
    checks::refuses,
    prices::Exit,
    sums::{down, up},
    world::config,
};

use crate::scene::{earning, pay_rewards};

/// The earning pool with 60 SOL for instant exits, `missed` epochs after its last finalize. Nobody
/// has cranked since.
fn late(missed: u64) -> (World, Holder) {
    let (mut world, holder) = earning();
    let reserve = world.float() + 60 * SOL;
    world.set_reserve(reserve);
    world.skip_epochs(missed);
    (world, holder)
}

/// What may leave in an epoch before it is finalized: 25 bp of the assets.
fn cap(world: &World) -> u64 {
    down(world.assets(), 25, 10_000)
}

/// The most shares that are worth at most `lamports`.
fn at_most(world: &World, lamports: u64) -> u64 {
    world.shares_for(lamports + 1) - 1
}

/// Leaves at the formula's price, to the lamport.
fn exit_exactly(world: &mut World, holder: &Holder, shares: u64) -> Exit {
    let price = world.instant_exit(shares);
    let event: WithdrawnInstantly = world.withdraw_instant(holder, shares).unwrap().event();
    assert_eq!((event.lamports, event.fee_lamports), (price.net(), price.fee));
    world.assert_books();
    price
}

#[test]
fn takes_a_haircut_for_each_missed_epoch() {
    for missed in 1..=3 {
        let (mut world, holder) = late(missed);
        let price = exit_exactly(&mut world, &holder, SOL);
        // All the fee that was paid stays with the holders: 3 bp, and 5 bp per epoch.
        let expected = up(price.gross, 3, 10_000) + up(price.gross, 5 * missed, 10_000);
        assert_eq!((price.fee, world.pool().pending_fees_lamports), (expected, expected));
        assert_eq!(world.pool().counters.stale_exit_lamports, price.gross);
    }
}

#[test]
fn takes_the_haircut_also_once_the_validators_are_synced() {
    let (mut world, holder) = late(1);
    pay_rewards(&mut world, 5_000);
    world.sync().unwrap();
    assert!(world.pool().pending_gain_lamports > 0);
    let price = exit_exactly(&mut world, &holder, SOL);
    assert_eq!(price.fee, up(price.gross, 3, 10_000) + up(price.gross, 5, 10_000));
    world.finalize().unwrap();
    let price = exit_exactly(&mut world, &holder, SOL);
    assert_eq!(price.fee, up(price.gross, 3, 10_000), "the loss is in the rate now");
}

#[test]
fn caps_what_leaves_in_an_epoch_over_all_exits() {
    let (mut world, holder) = late(1);
    let all = at_most(&world, cap(&world));
    let before = world.all_accounts();
    refuses(world.withdraw_instant(&holder, all + 1), ThawError::StaleExitCapReached);
    world.assert_same(&before, &[]);

    // Pieces, each counted by its value before fees, whoever leaves.
    let (mut left, half) = (0, world.tokens(&holder.tokens) / 2);
    let other = world.holder(0);
    world.give(&holder, &other, half);
    for (who, shares) in [(&holder, all / 2), (&other, all / 3)] {
        left += exit_exactly(&mut world, who, shares).gross;
        assert_eq!(world.pool().counters.stale_exit_lamports, left);
    }
    // The assets have shrunk by what left, and the cap with them.
    let rest = at_most(&world, cap(&world) - left);
    refuses(world.withdraw_instant(&holder, rest + 1), ThawError::StaleExitCapReached);
    exit_exactly(&mut world, &holder, rest);
    refuses(world.withdraw_instant(&holder, 2), ThawError::StaleExitCapReached);
}

#[test]
fn starts_the_cap_anew_in_the_next_epoch_whoever_cranks() {
    let (mut world, holder) = late(1);
    let first = at_most(&world, cap(&world));
    exit_exactly(&mut world, &holder, first);
    refuses(world.withdraw_instant(&holder, SOL), ThawError::StaleExitCapReached);
    world.skip_epochs(1);
    let second = at_most(&world, cap(&world));
    exit_exactly(&mut world, &holder, second);
    refuses(world.withdraw_instant(&holder, SOL), ThawError::StaleExitCapReached);
    // Once finalized nothing is capped, and nothing is counted.
    world.sync().unwrap();
    world.finalize().unwrap();
    let counted = world.pool().counters.stale_exit_lamports;
    exit_exactly(&mut world, &holder, 5 * SOL);
    assert_eq!(world.pool().counters.stale_exit_lamports, counted);
}

/// The first instruction of an epoch starts its counters, whichever it is.
#[test]
fn rolls_the_counters_where_nobody_has_cranked() {
    let (mut world, holder) = late(0);
    let old = world.pool().counters.epoch;
    world.change_pool(|pool| {
        pool.counters = Counters {
            epoch: old,
            rebalanced_lamports: 1,
            violator_lamports: 2,
            aside_weight: 3,
            stale_exit_lamports: u64::MAX,
            sampled_lamports: 5,
            growth_lamports: 6,
        };
    });
    // Of the epoch that is finalized nothing rolls.
    exit_exactly(&mut world, &holder, SOL);
    assert_eq!(world.pool().counters.rebalanced_lamports, 1);
    world.skip_epochs(1);
    assert_eq!(world.pool().synced_validators, 3);
    let price = exit_exactly(&mut world, &holder, SOL);
    let counters =
        Counters { epoch: old + 1, stale_exit_lamports: price.gross, ..Counters::default() };
    assert_eq!(world.pool().counters, counters);
    assert_eq!(world.pool().synced_validators, 0);
    refuses(world.finalize(), ThawError::SyncIncomplete);
    world.sync().unwrap();
    world.finalize().unwrap();
}

#[test]
fn keeps_what_is_synced_already() {
    let (mut world, holder) = late(1);
    let slot = world.slot(0, 0);
    let entries = vec![thaw_client::thaw::instructions::SyncEntry { index: 0, slots: 1 }];
    world.send(&[world.pool.sync_validators(entries, &[slot])], &[]).unwrap();
    exit_exactly(&mut world, &holder, SOL);
    assert_eq!(world.pool().synced_validators, 1);
    world.sync().unwrap();
    assert_eq!(world.pool().synced_validators, 3);
    world.finalize().unwrap();
}

#[test]
fn closes_after_more_than_three_missed_epochs() {
    let (mut world, holder) = late(3);
    exit_exactly(&mut world, &holder, SOL);
    let (mut world, holder) = late(4);
    let before = world.all_accounts();
    refuses(world.withdraw_instant(&holder, SOL), ThawError::PoolStale);
    world.assert_same(&before, &[]);
    world.sync().unwrap();
    world.finalize().unwrap();
    exit_exactly(&mut world, &holder, SOL);
}

/// All that the caps on fees allow at once: 3 % and 3 times 1 %; and none at all.
#[test]
fn takes_the_highest_haircut_and_none() {
    for (fee, haircut, taken) in [(300, 100, 600), (0, 0, 0)] {
        let (mut world, holder) = late(3);
        world.change_pool(|pool| {
            pool.config = Config {
                instant_fee_min_bps: fee,
                instant_fee_max_bps: fee,
                stale_haircut_bps: haircut,
                ..config()
            };
        });
        let price = exit_exactly(&mut world, &holder, SOL);
        assert!(price.fee.abs_diff(up(price.gross, taken, 10_000)) <= 1);
    }
}

#[test]
fn stays_closed_where_the_config_allows_no_exit_before_finalize() {
    let (mut world, holder) = late(1);
    world.change_pool(|pool| pool.config.stale_exit_bps = 0);
    refuses(world.withdraw_instant(&holder, SOL), ThawError::StaleExitCapReached);
}
