//! `extend_validator_list`: room for more validators, 10 KiB at a time.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, events::ValidatorListExtended};
use thaw_tests::{
    Outcome, SOL, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The system program's: not enough lamports.
const TOO_FEW_LAMPORTS: u32 = 1;
/// Bytes an instruction may add.
const STEP: usize = 10_240;
/// The runtime's limit for an account.
const LIMIT: usize = 10 * 1024 * 1024;

/// Live rent, with 128 bytes for the account itself.
fn rent(bytes: usize) -> u64 {
    (128 + bytes as u64) * lamports_per_byte()
}

fn scene() -> (World, Keypair) {
    let mut world = World::new();
    let payer = world.wallet(SOL);
    (world, payer)
}

fn instruction(world: &World, payer: &Keypair) -> Instruction {
    world.pool.extend_validator_list(&payer.pubkey())
}

fn extend(world: &mut World, payer: &Keypair) -> Outcome {
    let extend = instruction(world, payer);
    world.send(&[extend], &[payer])
}

fn list(world: &World) -> solana_account::Account {
    world.svm.get_account(&world.pool.validators).unwrap()
}

/// Gives the list `bytes` bytes, its rent too.
fn resize(world: &mut World, bytes: usize) {
    let mut account = list(world);
    account.data.resize(bytes, 0);
    account.lamports = rent(bytes);
    world.svm.set_account(world.pool.validators, account).unwrap();
}

#[test]
fn adds_ten_kibibytes_of_free_records() {
    let (mut world, payer) = scene();
    let (old, before) = (list(&world), world.all_accounts());
    assert_eq!((old.data.len(), old.lamports), (STEP, rent(STEP)));

    let sent = extend(&mut world, &payer).unwrap();

    let new = list(&world);
    assert_eq!((new.data.len(), new.lamports, new.owner), (2 * STEP, rent(2 * STEP), old.owner));
    assert_eq!(new.data[..STEP], old.data[..], "no record moves");
    assert!(new.data[STEP..].iter().all(|byte| *byte == 0));
    assert_eq!(world.lamports(&payer.pubkey()), SOL - STEP as u64 * lamports_per_byte());
    world.assert_same(&before, &[world.pool.validators, payer.pubkey()]);

    let event: ValidatorListExtended = sent.event();
    // (20,480 - 64) / 192.
    assert_eq!((event.pool, event.capacity), (world.pool.pool, 106));
}

#[test]
fn grows_again_and_again() {
    let (mut world, payer) = scene();
    let step = instruction(&world, &payer);
    world.send(&[step.clone(), step.clone(), step], &[&payer]).unwrap();
    assert_eq!(list(&world).data.len(), 4 * STEP);
    extend(&mut world, &payer).unwrap();
    assert_eq!((list(&world).data.len(), list(&world).lamports), (5 * STEP, rent(5 * STEP)));
    assert_eq!(world.records().len(), 3);
}

#[test]
fn stops_at_the_largest_account() {
    let (mut world, payer) = scene();
    resize(&mut world, LIMIT - STEP);
    extend(&mut world, &payer).unwrap();
    assert_eq!(list(&world).data.len(), LIMIT);
    let before = world.all_accounts();
    refuses(extend(&mut world, &payer), ThawError::ListAtLimit);
    world.assert_same(&before, &[]);

    // A last step that is shorter, by however little.
    resize(&mut world, LIMIT - 1);
    let event: ValidatorListExtended = extend(&mut world, &payer).unwrap().event();
    assert_eq!((list(&world).data.len(), list(&world).lamports), (LIMIT, rent(LIMIT)));
    assert_eq!(event.capacity, 54_613, "every index fits 16 bits");
}

#[test]
fn refuses_a_payer_who_cannot_pay_the_rent() {
    let mut world = World::new();
    let needed = STEP as u64 * lamports_per_byte();
    let poor = world.wallet(needed - 1);
    refuses_with_code(extend(&mut world, &poor), TOO_FEW_LAMPORTS);
    let exact = world.wallet(needed);
    extend(&mut world, &exact).unwrap();
    assert_eq!(world.lamports(&exact.pubkey()), 0);
}

#[test]
fn takes_what_lies_there_as_rent() {
    for gift in [1, STEP as u64 * lamports_per_byte(), SOL] {
        let (mut world, payer) = scene();
        let validators = world.pool.validators;
        world.send_lamports(&validators, gift);
        extend(&mut world, &payer).unwrap();
        let paid = (STEP as u64 * lamports_per_byte()).saturating_sub(gift);
        assert_eq!(world.lamports(&payer.pubkey()), SOL - paid);
        assert_eq!(list(&world).lamports, rent(STEP) + gift + paid);
    }
}

#[test]
fn pays_for_rent_that_has_risen_and_returns_none_that_has_fallen() {
    let (mut world, payer) = scene();
    world.set_rent(6_960);
    extend(&mut world, &payer).unwrap();
    let risen = (128 + 2 * STEP as u64) * 6_960;
    assert_eq!(list(&world).lamports, risen);
    assert_eq!(world.lamports(&payer.pubkey()), SOL - (risen - rent(STEP)));

    world.set_rent(1_000);
    extend(&mut world, &payer).unwrap();
    assert_eq!((list(&world).data.len(), list(&world).lamports), (3 * STEP, risen));
}

#[test]
fn grows_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(30),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.change_pool(|pool| pool.status = 1),
    ];
    for state in states {
        let (mut world, payer) = scene();
        state(&mut world);
        extend(&mut world, &payer).unwrap();
    }
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, payer) = scene();
    let extend = instruction(&world, &payer);
    // 2: anyone may pay.
    refuses_each_swap(&mut world, &extend, &[&payer], &[2]);
    world.send(&[extend], &[&payer]).unwrap();
}

#[test]
fn refuses_without_the_payers_signature() {
    let (mut world, payer) = scene();
    let extend = unsigned(&instruction(&world, &payer), &payer.pubkey());
    refuses_with_code(world.send(&[extend], &[]), ACCOUNT_NOT_SIGNER);
}
