//! `wind_down`: the end of a pool is scheduled, and starts.

use anchor_lang::prelude::Pubkey;
use bytemuck::{Zeroable, bytes_of};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::{WindDownScheduled, WindDownStarted},
    state::{Config, Pool, Status},
};
use thaw_tests::{
    DAY, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    powers::values,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// How long a schedule holds.
const LIFE: i64 = 7 * DAY;
/// A pool that nobody has finalized for longer is abandoned.
const ABANDONED: i64 = 30 * DAY;

/// A pool, its admin and a stranger.
fn scene() -> (World, Keypair, Keypair) {
    let mut world = World::new();
    let (admin, stranger) = (world.admin.insecure_clone(), world.wallet(SOL));
    world.begin_epoch();
    (world, admin, stranger)
}

/// The same with a wind-down scheduled, and when it is due.
fn scheduled() -> (World, Keypair, Keypair, i64) {
    let (mut world, admin, stranger) = scene();
    world.wind_down(&admin).unwrap();
    let at = world.pool().wind_down_at;
    (world, admin, stranger, at)
}

/// `pool` once the wind-down has started.
fn started(pool: &Pool) -> Pool {
    Pool {
        status: Status::WindingDown as u8,
        weight_sum: 0,
        next_weight_sum: 0,
        wind_down_at: 0,
        proposed_config: Config::zeroed(),
        proposed_treasury: Pubkey::default(),
        config_ready_at: 0,
        ..*pool
    }
}

#[test]
fn is_scheduled_by_the_admin_after_the_delay_in_force() {
    for delay in [172_800, 2_592_000] {
        let (mut world, admin, _) = scene();
        world.change_pool(|pool| pool.config.config_delay_seconds = delay);
        let (old, before) = (world.pool(), world.all_accounts());

        let sent = world.wind_down(&admin).unwrap();

        let wind_down_at = world.now() + i64::from(delay);
        let expected = Pool { wind_down_at, ..*old };
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
        world.assert_same(&before, &[world.pool.pool]);
        let event: WindDownScheduled = sent.event();
        assert_eq!((event.pool, event.wind_down_at), (world.pool.pool, wind_down_at));
    }
}

#[test]
fn is_started_by_anyone_once_it_is_due() {
    let (mut world, _, stranger, at) = scheduled();
    world.propose(config(), &Pubkey::new_unique()).unwrap();
    world.go_to_time(at);
    let (old, before) = (world.pool(), world.all_accounts());
    assert!(old.weight_sum == 3 && old.next_weight_sum == 3 && old.config_ready_at > 0);

    let sent = world.wind_down(&stranger).unwrap();

    assert_eq!(bytes_of(&*world.pool()), bytes_of(&started(&old)), "every other field as before");
    world.assert_same(&before, &[world.pool.pool]);
    let event: WindDownStarted = sent.event();
    assert_eq!((event.pool, event.starter), (world.pool.pool, stranger.pubkey()));
    assert_eq!((event.is_abandoned, event.epoch), (false, world.clock().epoch));
    assert_eq!((event.totals.shares, event.totals.reserve_lamports), (10 * SOL, 10 * SOL));
}

#[test]
fn is_too_early_before_that_also_for_the_admin() {
    let (mut world, admin, stranger, at) = scheduled();
    for early in [2 * DAY, 1] {
        world.go_to_time(at - early);
        for caller in [&admin, &stranger] {
            let before = world.all_accounts();
            let outcome = world.wind_down(caller);
            assert_eq!(values(&outcome), (at - early, at), "the delay is not restarted");
            refuses(outcome, ThawError::TooEarly);
            world.assert_same(&before, &[]);
        }
    }
}

#[test]
fn lapses_seven_days_after_it_was_due() {
    let (mut world, _, stranger, at) = scheduled();
    world.go_to_time(at + LIFE);
    world.wind_down(&stranger).unwrap();

    let (mut world, admin, stranger, at) = scheduled();
    world.go_to_time(at + LIFE + 1);
    refuses(world.wind_down(&stranger), ThawError::WrongAuthority);
    // The admin schedules anew.
    let event: WindDownScheduled = world.wind_down(&admin).unwrap().event();
    assert_eq!(event.wind_down_at, world.now() + 2 * DAY);
    assert_eq!(world.pool().wind_down_at, world.now() + 2 * DAY);
    refuses(world.wind_down(&stranger), ThawError::TooEarly);
}

#[test]
fn is_not_a_strangers_to_schedule() {
    let (mut world, _, stranger) = scene();
    let (operator, guardian) = (world.operator.insecure_clone(), world.guardian.insecure_clone());
    for caller in [operator, guardian, stranger] {
        refuses(world.wind_down(&caller), ThawError::WrongAuthority);
    }
}

#[test]
fn is_anyones_to_start_when_nobody_has_finalized_for_30_days() {
    let (mut world, _, stranger) = scene();
    let finalized_at = world.pool().finalized_at;
    world.go_to_time(finalized_at + ABANDONED);
    refuses(world.wind_down(&stranger), ThawError::WrongAuthority);
    world.wait(1);
    let old = world.pool();
    let event: WindDownStarted = world.wind_down(&stranger).unwrap().event();
    assert!(event.is_abandoned);
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&started(&old)));

    // One finalize is enough to keep it.
    let (mut world, _, stranger) = scene();
    world.go_to_time(finalized_at + ABANDONED + 1);
    world.finalize().unwrap();
    refuses(world.wind_down(&stranger), ThawError::WrongAuthority);
}

#[test]
fn starts_an_abandoned_pool_whatever_is_scheduled() {
    for lapsed in [false, true] {
        let (mut world, admin, stranger) = scene();
        world.change_pool(|pool| pool.config.config_delay_seconds = 2_592_000);
        world.skip_epochs(if lapsed { 1 } else { 25 });
        world.wind_down(&admin).unwrap();
        world.skip_epochs(if lapsed { 40 } else { 6 });
        let event: WindDownStarted = world.wind_down(&stranger).unwrap().event();
        assert!(event.is_abandoned);
    }
}

#[test]
fn starts_once() {
    let (mut world, admin, stranger, at) = scheduled();
    world.go_to_time(at);
    world.wind_down(&admin).unwrap();
    for caller in [&admin, &stranger] {
        let before = world.all_accounts();
        refuses(world.wind_down(caller), ThawError::WindingDown);
        world.assert_same(&before, &[]);
    }
}

#[test]
fn can_be_called_off_until_it_starts() {
    let (mut world, _, stranger, at) = scheduled();
    world.cancel().unwrap();
    world.go_to_time(at);
    refuses(world.wind_down(&stranger), ThawError::WrongAuthority);
}

#[test]
fn starts_under_every_pause() {
    let (mut world, _, stranger, at) = scheduled();
    world.go_to_time(at);
    world.rewards_window(true);
    world.change_pool(|pool| {
        pool.paused_until = [i64::MAX; 4];
        pool.circuit_until = i64::MAX;
    });
    world.wind_down(&stranger).unwrap();
}

#[test]
fn refuses_without_the_callers_signature() {
    let (mut world, _, stranger, at) = scheduled();
    world.go_to_time(at);
    let key = stranger.pubkey();
    let wind_down = unsigned(&world.pool.wind_down(&key), &key);
    refuses_with_code(world.send(&[wind_down], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, admin, ..) = scene();
    world.foreign_twin();
    let wind_down = world.pool.wind_down(&admin.pubkey());
    refuses_each_swap(&mut world, &wind_down, &[&admin], &[]);
    world.send_as(&admin, wind_down).unwrap();
}
