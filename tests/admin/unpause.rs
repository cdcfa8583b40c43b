//! `unpause`: a pause ends early.

use bytemuck::bytes_of;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::PathsUnpaused,
    state::{Paths, Pool},
};
use thaw_tests::{
    SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const NONE: Paths = Paths { deposit: false, instant_exit: false, stake: false, moves: false };

fn paused() -> World {
    let mut world = World::new();
    world.pause(Paths::ALL, 10_000).unwrap();
    world.wait(100);
    world
}

#[test]
fn opens_the_named_paths_at_once() {
    let cases = [
        (Paths { deposit: true, ..NONE }, 0),
        (Paths { instant_exit: true, ..NONE }, 1),
        (Paths { stake: true, ..NONE }, 2),
        (Paths { moves: true, ..NONE }, 3),
    ];
    for (paths, place) in cases {
        let mut world = paused();
        for authority in [world.admin.insecure_clone(), world.guardian.insecure_clone()] {
            let (old, before) = (world.pool(), world.all_accounts());

            let sent = world.unpause(&authority, paths).unwrap();

            let mut expected = *old;
            expected.paused_until[place] = 0;
            assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "the cool-down stays");
            world.assert_same(&before, &[world.pool.pool]);

            let event: PathsUnpaused = sent.event();
            assert_eq!((event.pool, event.authority), (world.pool.pool, authority.pubkey()));
            assert_eq!((event.paths, event.old_paused_until), (paths, old.paused_until));
        }
    }
}

#[test]
fn opens_all_paths_and_leaves_the_cool_down() {
    let mut world = paused();
    let (old, admin) = (world.pool(), world.admin.insecure_clone());
    world.unpause(&admin, Paths::ALL).unwrap();
    let expected = Pool { paused_until: [0; 4], ..*old };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected));
    let holder = world.holder(10 * SOL);
    world.deposit(&holder, SOL).unwrap();
    refuses(world.pause(Paths::ALL, 1), ThawError::PauseCoolDown);
}

#[test]
fn leaves_the_circuit_breaker() {
    let mut world = paused();
    let until = world.now() + 1_000;
    world.change_pool(|pool| pool.circuit_until = until);
    let admin = world.admin.insecure_clone();
    world.unpause(&admin, Paths::ALL).unwrap();
    assert_eq!(world.pool().circuit_until, until);
    let holder = world.holder(10 * SOL);
    refuses(world.deposit(&holder, SOL), ThawError::Paused);
}

#[test]
fn changes_nothing_where_nothing_is_paused() {
    let mut world = World::new();
    let (admin, before) = (world.admin.insecure_clone(), world.all_accounts());
    world.unpause(&admin, Paths::ALL).unwrap();
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_no_path() {
    let mut world = paused();
    let admin = world.admin.insecure_clone();
    refuses(world.unpause(&admin, NONE), ThawError::PauseOutOfBounds);
}

#[test]
fn refuses_everyone_but_the_admin_and_the_guardian() {
    let mut world = paused();
    let (operator, stranger) = (world.operator.insecure_clone(), world.wallet(SOL));
    for signer in [operator, stranger] {
        refuses(world.unpause(&signer, Paths::ALL), ThawError::WrongAuthority);
    }
    let admin = world.admin.pubkey();
    let unpause = unsigned(&world.pool.unpause(&admin, Paths::ALL), &admin);
    refuses_with_code(world.send(&[unpause], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = paused();
    world.foreign_twin();
    for authority in [world.admin.insecure_clone(), world.guardian.insecure_clone()] {
        let unpause = world.pool.unpause(&authority.pubkey(), Paths::ALL);
        refuses_each_swap(&mut world, &unpause, &[&authority], &[]);
        world.send_as(&authority, unpause).unwrap();
    }
}
