//! `deposit`: SOL becomes collateral.

use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, state::Path};
use thaw_tests::{
    SOL,
    checks::{self, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};
use vault_client::vault_example;

use crate::scene::{POCKET, Scene};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

#[test]
fn the_position_gets_the_shares_of_the_entry_rate() {
    let mut scene = Scene::new();
    for lamports in [7 * SOL + 1, 1_000_003] {
        let (shares, pot) = (scene.world.bought(lamports, false).shares, scene.pot());
        let (held, wallet) = (scene.shares(), scene.world.lamports(&scene.owner.pubkey()));
        let before = scene.world.all_accounts();
        let sent = scene.as_owner(scene.at.deposit(&scene.owner.pubkey(), lamports, shares));
        assert_eq!(sent.unwrap().number_of(&vault_example::ID), shares);
        assert_eq!(scene.shares(), held + shares);
        assert_eq!(scene.world.lamports(&scene.owner.pubkey()), wallet - lamports);
        assert_eq!(scene.pot(), pot);
        let pool = scene.world.pool;
        let changed = [pool.pool, pool.reserve, pool.mint, scene.at.shares, scene.owner.pubkey()];
        scene.world.assert_same(&before, &changed);
        scene.world.assert_books();
    }
}

#[test]
fn anyone_deposits_for_anyone() {
    let mut scene = Scene::new();
    let giver = scene.world.wallet(10 * SOL);
    let deposit = scene.at.deposit(&giver.pubkey(), 10 * SOL, 0);
    let shares = scene.world.bought(10 * SOL, false).shares;
    scene.world.send(&[deposit], &[&giver]).unwrap();
    assert_eq!(scene.shares(), shares);
    assert_eq!(scene.world.lamports(&scene.owner.pubkey()), POCKET);
}

#[test]
fn the_minimum_is_passed_on() {
    let mut scene = Scene::new();
    let shares = scene.world.bought(SOL, false).shares;
    let before = scene.world.all_accounts();
    let deposit =
        |scene: &mut Scene, min| scene.as_owner(scene.at.deposit(&scene.owner.pubkey(), SOL, min));
    checks::refuses(deposit(&mut scene, shares + 1), ThawError::SlippageExceeded);
    scene.world.assert_same(&before, &[]);
    deposit(&mut scene, shares).unwrap();
}

#[test]
fn refusals_of_thaw_arrive_as_they_are() {
    let mut scene = Scene::new();
    let deposit = |scene: &mut Scene, lamports| {
        scene.as_owner(scene.at.deposit(&scene.owner.pubkey(), lamports, 0))
    };
    checks::refuses(deposit(&mut scene, 0), ThawError::ZeroAmount);
    scene.world.change_pool(|pool| pool.paused_until[Path::Deposit as usize] = i64::MAX);
    checks::refuses(deposit(&mut scene, SOL), ThawError::Paused);
}

#[test]
fn every_account_in_anothers_place_is_refused() {
    let mut scene = Scene::new();
    let owner = scene.owner.insecure_clone();
    let deposit = scene.at.deposit(&owner.pubkey(), SOL, 0);
    // 3: anybody may pay.
    refuses_each_swap(&mut scene.world, &deposit, &[&owner], &[3]);
    scene.refuses_each_other(&[&owner], |at| at.deposit(&owner.pubkey(), SOL, 0));
    let alone = unsigned(&deposit, &owner.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.as_owner(deposit).unwrap();
}
