//! `apply_config`: a proposed config comes into force.

use anchor_lang::prelude::Pubkey;
use bytemuck::{Zeroable, bytes_of};
use thaw_client::thaw::{
    error::ThawError,
    events::{ConfigApplied, SolDeposited},
    state::{Config, Pool},
};
use thaw_tests::{
    DAY, SOL, World,
    checks::{refuses, refuses_each_swap},
    powers::values,
    world::config,
};

/// How long a proposal may be applied.
const LIFE: i64 = 7 * DAY;

fn other() -> Config {
    Config { deposit_fee_bps: 50, config_delay_seconds: 259_200, ..config() }
}

/// A pool with a proposal that waits; its treasury, and when it is ready.
fn proposed() -> (World, Pubkey, i64) {
    let mut world = World::new();
    let treasury = Pubkey::new_unique();
    world.propose(other(), &treasury).unwrap();
    let ready = world.pool().config_ready_at;
    (world, treasury, ready)
}

#[test]
fn puts_it_in_force_at_the_end_of_the_delay() {
    let (mut world, treasury, ready) = proposed();
    world.go_to_time(ready);
    let (old, before) = (world.pool(), world.all_accounts());

    let sent = world.apply().unwrap();

    let expected = Pool {
        config: other(),
        treasury,
        proposed_config: Config::zeroed(),
        proposed_treasury: Pubkey::default(),
        config_ready_at: 0,
        ..*old
    };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    world.assert_same(&before, &[world.pool.pool]);

    let event: ConfigApplied = sent.event();
    assert_eq!(event.pool, world.pool.pool);
    assert_eq!((event.old_config, event.config), (config(), other()));
    assert_eq!((event.old_treasury, event.treasury), (old.treasury, treasury));
}

#[test]
fn is_what_the_pool_works_by_from_then_on() {
    let (mut world, _, ready) = proposed();
    let holder = world.holder(10 * SOL);
    let event: SolDeposited = world.deposit(&holder, SOL).unwrap().event();
    assert_eq!(event.fee_lamports, 0);
    world.go_to_time(ready);
    world.finalize().unwrap();
    world.apply().unwrap();
    let event: SolDeposited = world.deposit(&holder, SOL).unwrap().event();
    assert_eq!(event.fee_lamports, SOL / 200);
    // The delay too.
    world.propose(config(), &Pubkey::new_unique()).unwrap();
    assert_eq!(world.pool().config_ready_at, world.now() + 3 * DAY);
}

#[test]
fn refuses_until_the_last_second_of_the_delay() {
    let (mut world, _, ready) = proposed();
    for early in [2 * DAY, DAY, 1] {
        world.go_to_time(ready - early);
        let before = world.all_accounts();
        let outcome = world.apply();
        assert_eq!(values(&outcome), (ready - early, ready));
        refuses(outcome, ThawError::TooEarly);
        world.assert_same(&before, &[]);
    }
    world.go_to_time(ready);
    world.apply().unwrap();
}

#[test]
fn refuses_what_was_not_applied_within_seven_days() {
    let (mut world, ..) = proposed();
    let ready = world.pool().config_ready_at;
    world.go_to_time(ready + LIFE + 1);
    refuses(world.apply(), ThawError::ProposalLapsed);
    // A new proposal takes its place, with all of the delay.
    world.propose(other(), &Pubkey::new_unique()).unwrap();
    refuses(world.apply(), ThawError::TooEarly);

    let (mut world, _, ready) = proposed();
    world.go_to_time(ready + LIFE);
    world.apply().unwrap();
}

#[test]
fn refuses_when_nothing_waits() {
    let mut world = World::new();
    refuses(world.apply(), ThawError::NothingProposed);
    let (mut world, _, ready) = proposed();
    world.go_to_time(ready);
    world.apply().unwrap();
    refuses(world.apply(), ThawError::NothingProposed);

    let (mut world, _, ready) = proposed();
    world.cancel().unwrap();
    world.go_to_time(ready);
    refuses(world.apply(), ThawError::NothingProposed);
}

/// The caps of the program that applies count, not those of the one that took the proposal.
#[test]
fn refuses_a_config_that_passes_the_caps_no_longer() {
    let (mut world, _, ready) = proposed();
    world.go_to_time(ready);
    world.change_pool(|pool| pool.proposed_config.reward_fee_bps = 1_001);
    let before = world.all_accounts();
    refuses(world.apply(), ThawError::ConfigOutOfBounds);
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_another_account_in_the_pools_place() {
    let (mut world, _, ready) = proposed();
    world.go_to_time(ready);
    let apply = world.pool.apply_config();
    refuses_each_swap(&mut world, &apply, &[], &[]);
    world.send(&[apply], &[]).unwrap();
}

#[test]
fn applies_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.change_pool(|pool| pool.epoch = 1),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.change_pool(|pool| pool.status = 1),
    ];
    for state in states {
        let (mut world, _, ready) = proposed();
        world.go_to_time(ready);
        state(&mut world);
        world.apply().unwrap();
    }
}
