//! `pause`: the guardian pauses paths for a while.

use bytemuck::bytes_of;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::PathsPaused,
    state::{Path, Paths, Pool, Role},
};
use thaw_tests::{
    DAY, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    powers::values,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const HOUR: i64 = 3_600;
/// The longest pause.
const MOST: u32 = 72 * 3_600;
const NONE: Paths = Paths { deposit: false, instant_exit: false, stake: false, moves: false };

/// Each path alone, and its place in `Pool::paused_until`.
fn single() -> [(Paths, usize); 4] {
    [
        (Paths { deposit: true, ..NONE }, Path::Deposit as usize),
        (Paths { instant_exit: true, ..NONE }, Path::InstantExit as usize),
        (Paths { stake: true, ..NONE }, Path::Stake as usize),
        (Paths { moves: true, ..NONE }, Path::Moves as usize),
    ]
}

#[test]
fn pauses_the_named_paths() {
    let pair = (Paths { deposit: true, moves: true, ..NONE }, vec![0, 3]);
    let mut cases: Vec<(Paths, Vec<usize>)> =
        single().into_iter().map(|(paths, place)| (paths, vec![place])).collect();
    cases.extend([pair, (Paths::ALL, vec![0, 1, 2, 3])]);
    for (paths, places) in cases {
        let mut world = World::new();
        let (old, before) = (world.pool(), world.all_accounts());

        let sent = world.pause(paths, 1_000).unwrap();

        let until = world.now() + 1_000;
        let mut paused_until = [0; 4];
        places.iter().for_each(|place| paused_until[*place] = until);
        let expected = Pool { paused_until, guardian_ready_at: until + DAY, ..*old };
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
        world.assert_same(&before, &[world.pool.pool]);

        let event: PathsPaused = sent.event();
        assert_eq!((event.pool, event.guardian), (world.pool.pool, world.guardian.pubkey()));
        assert_eq!((event.paths, event.until), (paths, until));
        assert_eq!(event.guardian_ready_at, until + DAY);
    }
}

#[test]
fn holds_until_its_end_and_no_longer() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    world.pause(Paths { deposit: true, ..NONE }, 100).unwrap();
    for wait in [0, 99] {
        world.wait(wait);
        refuses(world.deposit(&holder, SOL), ThawError::Paused);
    }
    world.wait(1);
    world.deposit(&holder, SOL).unwrap();
}

#[test]
fn keeps_moves_back_and_nothing_else() {
    let (mut world, mut holder) = World::warm(Default::default(), 1_000 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    world.pause(Paths { moves: true, ..NONE }, MOST).unwrap();
    refuses(world.delegate(0), ThawError::Paused);
    world.deposit(&holder, SOL).unwrap();
    world.request(&mut holder, 500 * SOL).unwrap();
    world.undelegate(0).unwrap();
}

#[test]
fn takes_one_second_to_72_hours() {
    for seconds in [1, MOST] {
        let mut world = World::new();
        world.pause(Paths::ALL, seconds).unwrap();
        assert_eq!(world.pool().paused_until, [world.now() + i64::from(seconds); 4]);
    }
    let mut world = World::new();
    for seconds in [0, MOST + 1, u32::MAX] {
        refuses(world.pause(Paths::ALL, seconds), ThawError::PauseOutOfBounds);
    }
    refuses(world.pause(NONE, 60), ThawError::PauseOutOfBounds);
}

#[test]
fn refuses_the_next_pause_for_24_hours_after_the_end_of_the_last() {
    let mut world = World::new();
    world.pause(Paths { deposit: true, ..NONE }, 1_000).unwrap();
    let ready = world.pool().guardian_ready_at;
    // Of another path too, and however short.
    for (paths, _) in single() {
        let before = world.all_accounts();
        refuses(world.pause(paths, 1), ThawError::PauseCoolDown);
        world.assert_same(&before, &[]);
    }
    world.go_to_time(ready - 1);
    let outcome = world.pause(Paths::ALL, 1);
    assert_eq!(values(&outcome), (ready - 1, ready));
    refuses(outcome, ThawError::PauseCoolDown);
    world.go_to_time(ready);
    world.pause(Paths::ALL, MOST).unwrap();
}

#[test]
fn makes_a_new_guardian_wait_out_the_old_ones_cool_down() {
    let mut world = World::new();
    world.pause(Paths::ALL, MOST).unwrap();
    let nominee = world.wallet(SOL);
    world.nominate(Role::Guardian, &nominee.pubkey()).unwrap();
    world.accept(&nominee, Role::Guardian).unwrap();
    world.guardian = nominee;
    refuses(world.pause(Paths::ALL, 1), ThawError::PauseCoolDown);
    world.skip_epochs(3);
    refuses(world.pause(Paths::ALL, 1), ThawError::PauseCoolDown);
    world.skip_epochs(1);
    world.pause(Paths::ALL, 1).unwrap();
}

/// A guardian and an admin in one hand try every hour, for 40 days, whatever pause, unpause or
/// change of guardian they like: no path is closed for more than 72 of any 96 hours.
#[test]
fn never_closes_a_path_for_more_than_72_of_96_hours() {
    let mut world = World::new();
    let mut seed = 0x7A77_0002u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut closed: [Vec<bool>; 4] = Default::default();
    let mut pauses = 0;
    for hour in 0..40 * 24 {
        if hour > 0 {
            let next = world.now() + HOUR;
            world.go_to_time(next);
        }
        let paths = match random(3) {
            0 => Paths::ALL,
            1 => single()[random(4) as usize].0,
            _ => Paths { stake: random(2) == 0, instant_exit: true, ..NONE },
        };
        let hours = if random(2) == 0 { 72 } else { 1 + random(72) };
        match random(10) {
            0..7 => pauses += u32::from(world.pause(paths, hours as u32 * 3_600).is_ok()),
            7 => {
                let authority = if random(2) == 0 { &world.admin } else { &world.guardian };
                let authority = authority.insecure_clone();
                world.unpause(&authority, paths).unwrap();
            }
            8 => {
                let nominee: Keypair = world.wallet(SOL);
                world.nominate(Role::Guardian, &nominee.pubkey()).unwrap();
                world.accept(&nominee, Role::Guardian).unwrap();
                world.guardian = nominee;
            }
            _ => {}
        }
        let (pool, now) = (world.pool(), world.now());
        for (hours, until) in closed.iter_mut().zip(pool.paused_until) {
            hours.push(now < until);
        }
    }
    assert!(pauses > 8, "{pauses} pauses");
    for hours in closed {
        for window in hours.windows(96) {
            let count = window.iter().filter(|is_closed| **is_closed).count();
            assert!(count <= 72, "{count} of 96 hours");
        }
    }
}

#[test]
fn refuses_everyone_but_the_guardian() {
    let mut world = World::new();
    let stranger = world.wallet(SOL);
    let (admin, operator) = (world.admin.insecure_clone(), world.operator.insecure_clone());
    for signer in [admin, operator, stranger] {
        let pause = world.pool.pause(&signer.pubkey(), Paths::ALL, 60);
        refuses(world.send_as(&signer, pause), ThawError::WrongAuthority);
    }
    let guardian = world.guardian.pubkey();
    let pause = unsigned(&world.pool.pause(&guardian, Paths::ALL, 60), &guardian);
    refuses_with_code(world.send(&[pause], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = World::new();
    world.foreign_twin();
    let guardian = world.guardian.insecure_clone();
    let pause = world.pool.pause(&guardian.pubkey(), Paths::ALL, 60);
    refuses_each_swap(&mut world, &pause, &[&guardian], &[]);
    world.send_as(&guardian, pause).unwrap();
}
