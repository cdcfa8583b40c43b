//! `cancel_config`: the admin takes back what waits.

use anchor_lang::prelude::Pubkey;
use bytemuck::{Zeroable, bytes_of};
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::ProposalsCancelled,
    state::{Config, Pool},
};
use thaw_tests::{
    DAY, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

fn other() -> Config {
    Config { reward_fee_bps: 0, ..config() }
}

/// A pool with a proposed config, and one with a scheduled wind-down as well.
fn waiting(has_config: bool, has_wind_down: bool) -> (World, Pubkey) {
    let mut world = World::new();
    let (admin, treasury) = (world.admin.insecure_clone(), Pubkey::new_unique());
    if has_config {
        world.propose(other(), &treasury).unwrap();
    }
    world.wait(60);
    if has_wind_down {
        world.wind_down(&admin).unwrap();
    }
    (world, treasury)
}

#[test]
fn clears_all_that_waits() {
    for (has_config, has_wind_down) in [(true, true), (true, false), (false, true)] {
        let (mut world, treasury) = waiting(has_config, has_wind_down);
        let (old, before) = (world.pool(), world.all_accounts());

        let sent = world.cancel().unwrap();

        let expected = Pool {
            proposed_config: Config::zeroed(),
            proposed_treasury: Pubkey::default(),
            config_ready_at: 0,
            wind_down_at: 0,
            ..*old
        };
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
        world.assert_same(&before, &[world.pool.pool]);

        let event: ProposalsCancelled = sent.event();
        let start = world.now() - 60;
        assert_eq!(event.pool, world.pool.pool);
        let (config, treasury, ready) = match has_config {
            true => (other(), treasury, start + 2 * DAY),
            false => (Config::zeroed(), Pubkey::default(), 0),
        };
        assert_eq!(
            (event.config, event.treasury, event.config_ready_at),
            (config, treasury, ready)
        );
        let wind_down_at = if has_wind_down { start + 60 + 2 * DAY } else { 0 };
        assert_eq!(event.wind_down_at, wind_down_at);
    }
}

#[test]
fn clears_what_has_lapsed() {
    let (mut world, _) = waiting(true, true);
    world.skip_epochs(20);
    world.cancel().unwrap();
    assert_eq!((world.pool().config_ready_at, world.pool().wind_down_at), (0, 0));
}

#[test]
fn refuses_when_nothing_waits() {
    let (mut world, _) = waiting(false, false);
    refuses(world.cancel(), ThawError::NothingProposed);
    world.propose(other(), &Pubkey::new_unique()).unwrap();
    world.cancel().unwrap();
    refuses(world.cancel(), ThawError::NothingProposed);
}

#[test]
fn refuses_once_the_wind_down_has_started() {
    let (mut world, _) = waiting(true, true);
    let at = world.pool().wind_down_at;
    world.go_to_time(at);
    let admin = world.admin.insecure_clone();
    world.wind_down(&admin).unwrap();
    refuses(world.cancel(), ThawError::NothingProposed);
    assert_eq!(world.pool().status, 1);
}

#[test]
fn refuses_everyone_but_the_admin() {
    let (mut world, _) = waiting(true, true);
    let stranger = world.wallet(SOL);
    let (operator, guardian) = (world.operator.insecure_clone(), world.guardian.insecure_clone());
    for signer in [operator, guardian, stranger] {
        let cancel = world.pool.cancel_config(&signer.pubkey());
        refuses(world.send_as(&signer, cancel), ThawError::WrongAuthority);
    }
    let admin = world.admin.pubkey();
    let cancel = unsigned(&world.pool.cancel_config(&admin), &admin);
    refuses_with_code(world.send(&[cancel], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, _) = waiting(true, true);
    world.foreign_twin();
    let admin = world.admin.insecure_clone();
    let cancel = world.pool.cancel_config(&admin.pubkey());
    refuses_each_swap(&mut world, &cancel, &[&admin], &[]);
    world.send_as(&admin, cancel).unwrap();
}
