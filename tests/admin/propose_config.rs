//! `propose_config`: a config is proposed, for later.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::ConfigProposed,
    state::{Config, Pool},
};
use thaw_tests::{
    DAY, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

/// Another config inside all caps, whose own delay is not the one in force.
fn other() -> Config {
    Config { reward_fee_bps: 1_000, config_delay_seconds: 2_592_000, ..config() }
}

#[test]
fn writes_down_what_waits_and_changes_nothing_in_force() {
    let mut world = World::new();
    let treasury = Pubkey::new_unique();
    let (old, before) = (world.pool(), world.all_accounts());

    let sent = world.propose(other(), &treasury).unwrap();

    let ready_at = world.now() + 2 * DAY;
    let expected = Pool {
        proposed_config: other(),
        proposed_treasury: treasury,
        config_ready_at: ready_at,
        ..*old
    };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    world.assert_same(&before, &[world.pool.pool]);

    let event: ConfigProposed = sent.event();
    assert_eq!((event.pool, event.ready_at), (world.pool.pool, ready_at));
    assert_eq!((event.old_config, event.config), (config(), other()));
    assert_eq!((event.old_treasury, event.treasury), (old.treasury, treasury));
}

#[test]
fn replaces_what_waited_and_starts_the_delay_anew() {
    let mut world = World::new();
    let (first, second) = (Pubkey::new_unique(), Pubkey::new_unique());
    world.propose(other(), &first).unwrap();
    world.wait(2 * DAY - 1);
    world.propose(config(), &second).unwrap();
    let pool = world.pool();
    assert_eq!((pool.proposed_config, pool.proposed_treasury), (config(), second));
    assert_eq!(pool.config_ready_at, world.now() + 2 * DAY);
    world.wait(1);
    refuses(world.apply(), ThawError::TooEarly);
}

#[test]
fn waits_for_the_delay_in_force() {
    for delay in [172_800, 172_801, 2_592_000] {
        let mut world = World::new();
        world.change_pool(|pool| pool.config.config_delay_seconds = delay);
        let shortest = Config { config_delay_seconds: 172_800, ..config() };
        world.propose(shortest, &Pubkey::new_unique()).unwrap();
        assert_eq!(world.pool().config_ready_at, world.now() + i64::from(delay));
    }
}

#[test]
fn leaves_a_scheduled_wind_down() {
    let mut world = World::new();
    let admin = world.admin.insecure_clone();
    world.wind_down(&admin).unwrap();
    let at = world.pool().wind_down_at;
    world.propose(other(), &Pubkey::new_unique()).unwrap();
    assert_eq!(world.pool().wind_down_at, at);
}

#[test]
fn refuses_a_value_outside_its_caps() {
    let changes: [fn(&mut Config); 8] = [
        |config| config.reward_fee_bps = 1_001,
        |config| config.instant_fee_min_bps = config.instant_fee_max_bps + 1,
        |config| config.liquidity_target_bps = 2_001,
        |config| config.move_window_bps = 999,
        |config| config.config_delay_seconds = 172_799,
        |config| config.release_seconds = 259_201,
        |config| config.max_rebalance_bps = 99,
        |config| config.reserved[18] = 1,
    ];
    let mut world = World::new();
    let treasury = world.pool().treasury;
    for change in changes {
        let mut config = config();
        change(&mut config);
        let before = world.all_accounts();
        refuses(world.propose(config, &treasury), ThawError::ConfigOutOfBounds);
        world.assert_same(&before, &[]);
    }
}

#[test]
fn refuses_no_treasury() {
    let mut world = World::new();
    refuses(world.propose(config(), &Pubkey::default()), ThawError::ConfigOutOfBounds);
}

#[test]
fn refuses_everyone_but_the_admin() {
    let mut world = World::new();
    let stranger = world.wallet(SOL);
    let (operator, guardian) = (world.operator.insecure_clone(), world.guardian.insecure_clone());
    for signer in [operator, guardian, stranger] {
        let propose = world.pool.propose_config(&signer.pubkey(), other(), signer.pubkey());
        refuses(world.send_as(&signer, propose), ThawError::WrongAuthority);
    }
    let admin = world.admin.pubkey();
    let propose = world.pool.propose_config(&admin, other(), admin);
    refuses_with_code(world.send(&[unsigned(&propose, &admin)], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = World::new();
    world.foreign_twin();
    let admin = world.admin.insecure_clone();
    let propose = world.pool.propose_config(&admin.pubkey(), other(), admin.pubkey());
    refuses_each_swap(&mut world, &propose, &[&admin], &[]);
    world.send_as(&admin, propose).unwrap();
}

#[test]
fn proposes_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(40),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        // Also a pool that winds down may need a better treasury.
        |world| world.change_pool(|pool| pool.status = 1),
    ];
    for state in states {
        let mut world = World::new();
        state(&mut world);
        world.propose(other(), &Pubkey::new_unique()).unwrap();
        assert_eq!(world.pool().proposed_config, other());
    }
}
