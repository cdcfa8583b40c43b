//! `exit`: shares leave at once.

use solana_signer::Signer;
use thaw_client::thaw::error::ThawError;
use thaw_tests::{
    Outcome, SOL,
    checks::{self, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    sums::{down, largest},
};
use vault_client::vault_example::{self, error::VaultError};

use crate::scene::{Scene, refuses};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

fn exit(scene: &mut Scene, shares: u64, min_lamports: u64) -> Outcome {
    scene.as_owner(scene.at.exit(shares, min_lamports))
}

#[test]
fn the_owner_is_paid_the_instant_price() {
    let mut scene = Scene::with_shares();
    let (shares, owner) = (scene.shares() / 3 + 1, scene.owner.pubkey());
    let price = scene.world.instant_exit(shares);
    assert!(price.fee > 0);
    let (held, wallet) = (scene.shares(), scene.world.lamports(&owner));
    let before = scene.world.all_accounts();
    checks::refuses(exit(&mut scene, shares, price.net() + 1), ThawError::SlippageExceeded);
    scene.world.assert_same(&before, &[]);
    let sent = exit(&mut scene, shares, price.net()).unwrap();
    assert_eq!(sent.number_of(&vault_example::ID), price.net());
    assert_eq!(scene.world.lamports(&owner), wallet + price.net());
    assert_eq!(scene.shares(), held - shares);
    let pool = scene.world.pool;
    let changed = [pool.pool, pool.reserve, pool.mint, scene.at.shares, owner];
    scene.world.assert_same(&before, &changed);
    scene.world.assert_books();
}

/// To the share: what stays must carry the debt.
#[test]
fn a_debt_keeps_the_shares_that_cover_it() {
    let mut scene = Scene::with_shares();
    scene.borrow(scene.most() / 2).unwrap();
    let (debt, held) = (scene.position().debt_lamports, scene.shares());
    let (nav, all) = (scene.world.nav(), scene.world.pool().shares);
    let is_covered = |out: u64| {
        let left = down(held - out, nav - down(out, nav, all), all - out);
        down(left, 7_000, 10_000) >= debt
    };
    let out = largest(is_covered, 1, held);
    let before = scene.world.all_accounts();
    refuses(exit(&mut scene, out + 1, 0), VaultError::NotCovered);
    scene.world.assert_same(&before, &[]);
    exit(&mut scene, out, 0).unwrap();
    let rest = scene.shares();
    refuses(exit(&mut scene, rest, 0), VaultError::NotCovered);
    let owner = scene.owner.pubkey();
    scene.as_owner(scene.at.repay(&owner, u64::MAX)).unwrap();
    exit(&mut scene, rest, 0).unwrap();
    assert_eq!(scene.shares(), 0);
}

#[test]
fn a_stale_pool_keeps_a_debtor_and_nobody_else() {
    let mut scene = Scene::with_shares();
    scene.borrow(SOL).unwrap();
    scene.world.skip_epochs(2);
    refuses(exit(&mut scene, SOL, 0), VaultError::StaleRate);
    let owner = scene.owner.pubkey();
    scene.as_owner(scene.at.repay(&owner, u64::MAX)).unwrap();
    exit(&mut scene, SOL, 0).unwrap();
}

#[test]
fn refusals_of_thaw_arrive_as_they_are() {
    let mut scene = Scene::with_shares();
    checks::refuses(exit(&mut scene, 0, 0), ThawError::ZeroAmount);
    let more = scene.world.liquid_shares() + 1;
    checks::refuses(exit(&mut scene, more, 0), ThawError::NotEnoughLiquidity);
}

#[test]
fn every_account_in_anothers_place_is_refused() {
    let mut scene = Scene::with_shares();
    let owner = scene.owner.insecure_clone();
    let instruction = scene.at.exit(SOL, 0);
    refuses_each_swap(&mut scene.world, &instruction, &[&owner], &[]);
    scene.refuses_each_other(&[&owner], |at| at.exit(SOL, 0));
    let alone = unsigned(&instruction, &owner.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.as_owner(instruction).unwrap();
}
