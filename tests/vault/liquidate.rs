//! `liquidate`: a debt that its shares do not cover any more.

use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_tests::{
    Holder, Outcome, SOL,
    checks::{refuses_each_swap, refuses_with_code},
    edit::unsigned,
    sums::{down, largest},
};
use vault_client::vault_example::{self, error::VaultError};

use crate::scene::{Scene, refuses};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The token program's.
const MINT_MISMATCH: u32 = 3;

/// A position at its largest debt after a loss of 15 % of all stake, and somebody with SOL.
fn scene() -> (Scene, Holder) {
    let mut scene = Scene::with_debt();
    scene.lose(150);
    let liquidator = scene.world.holder(200 * SOL);
    (scene, liquidator)
}

fn liquidate(scene: &mut Scene, by: &Holder, min_shares: u64) -> Outcome {
    let instruction = scene.at.liquidate(&by.address(), &by.tokens, min_shares);
    scene.world.send(&[instruction], &[&by.key])
}

/// Shares for the whole debt and the bonus.
fn price(scene: &Scene) -> u64 {
    let debt = scene.position().debt_lamports;
    let pool = scene.world.pool();
    down(debt + down(debt, 500, 10_000), pool.shares, pool.nav_lamports)
}

#[test]
fn the_debt_is_paid_and_the_shares_are_worth_it_and_the_bonus() {
    let (mut scene, liquidator) = scene();
    let (debt, held, pot) = (scene.position().debt_lamports, scene.shares(), scene.pot());
    let shares = price(&scene);
    assert!(shares < held, "something is left");
    let before = scene.world.all_accounts();
    refuses(liquidate(&mut scene, &liquidator, shares + 1), VaultError::TooFewShares);
    scene.world.assert_same(&before, &[]);
    let sent = liquidate(&mut scene, &liquidator, shares).unwrap();
    assert_eq!(sent.number_of(&vault_example::ID), shares);
    assert_eq!((scene.position().debt_lamports, scene.pot()), (0, pot + debt));
    assert_eq!(scene.shares(), held - shares);
    assert_eq!(scene.world.tokens(&liquidator.tokens), shares);
    assert_eq!(scene.world.lamports(&liquidator.address()), 200 * SOL - debt);
    let changed = [
        scene.at.vault,
        scene.at.position,
        scene.at.shares,
        liquidator.tokens,
        liquidator.address(),
    ];
    scene.world.assert_same(&before, &changed);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::Covered);
}

/// To the lamport: at four fifths of the value the position is sound.
#[test]
fn a_sound_position_is_left_alone() {
    let mut scene = Scene::with_debt();
    let liquidator = scene.world.holder(200 * SOL);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::Covered);
    let (debt, shares, all) =
        (scene.position().debt_lamports, scene.shares(), scene.world.pool().shares);
    let is_due = |nav| down(down(shares, nav, all), 8_000, 10_000) < debt;
    let nav = largest(is_due, 1, scene.world.pool().nav_lamports);
    scene.world.change_pool(|pool| pool.nav_lamports = nav + 1);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::Covered);
    scene.world.change_pool(|pool| pool.nav_lamports = nav);
    liquidate(&mut scene, &liquidator, 0).unwrap();
}

#[test]
fn nothing_is_due_without_a_debt() {
    let mut scene = Scene::with_shares();
    let liquidator = scene.world.holder(SOL);
    scene.lose(500);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::Covered);
    scene.world.change_pool(|pool| pool.nav_lamports = 0);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::NoRate);
}

/// Where the shares are worth less than the debt, the lender takes them: the SOL is only lent to the
/// own pot.
#[test]
fn the_lender_takes_what_is_left_of_a_bad_debt() {
    let mut scene = Scene::with_debt();
    scene.lose(500);
    let (debt, held) = (scene.position().debt_lamports, scene.shares());
    assert!(scene.value(held) < debt);
    let tokens = scene.world.token_account(&scene.lender.pubkey());
    let lender = Holder { key: scene.lender.insecure_clone(), tokens, nonce: 0 };
    refuses(liquidate(&mut scene, &lender, held + 1), VaultError::TooFewShares);
    liquidate(&mut scene, &lender, held).unwrap();
    assert_eq!((scene.shares(), scene.world.tokens(&tokens)), (0, held));
    let take = scene.at.withdraw_pot(debt);
    scene.world.send(&[take], &[&lender.key]).unwrap();
}

#[test]
fn a_stale_pool_liquidates_nobody() {
    let (mut scene, liquidator) = scene();
    scene.world.skip_epochs(2);
    refuses(liquidate(&mut scene, &liquidator, 0), VaultError::StaleRate);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    liquidate(&mut scene, &liquidator, 0).unwrap();
}

#[test]
fn every_account_in_anothers_place_is_refused() {
    let (mut scene, liquidator) = scene();
    let (key, tokens) = (liquidator.key.insecure_clone(), liquidator.tokens);
    let instruction = scene.at.liquidate(&key.pubkey(), &tokens, 0);
    // 4: anybody may pay. 5: any token account of the mint.
    let signers: [&Keypair; 1] = [&key];
    refuses_each_swap(&mut scene.world, &instruction, &signers, &[4]);
    scene.refuses_each_other(&signers, |at| at.liquidate(&key.pubkey(), &tokens, 0));
    let twin = scene.world.twin.unwrap();
    let pool = std::mem::replace(&mut scene.world.pool, twin);
    let foreign = scene.world.token_account(&key.pubkey());
    scene.world.pool = pool;
    let elsewhere = scene.at.liquidate(&key.pubkey(), &foreign, 0);
    refuses_with_code(scene.world.send(&[elsewhere], &signers), MINT_MISMATCH);
    let alone = unsigned(&instruction, &key.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.world.send(&[instruction], &signers).unwrap();
}

/// No number of shares is worth the debt, so all of them are given.
#[test]
fn a_pool_that_lost_nearly_all_does_not_lock_the_shares_in() {
    let (mut scene, liquidator) = scene();
    let held = scene.shares();
    scene.world.change_pool(|pool| pool.nav_lamports = 4);
    liquidate(&mut scene, &liquidator, held).unwrap();
    assert_eq!((scene.shares(), scene.world.tokens(&liquidator.tokens)), (0, held));
}

#[test]
fn the_shares_have_to_go_somewhere() {
    let (mut scene, liquidator) = scene();
    let own = scene.at.shares;
    let instruction = scene.at.liquidate(&liquidator.address(), &own, 0);
    let outcome = scene.world.send(&[instruction], &[&liquidator.key]);
    refuses(outcome, VaultError::WrongAccount);
}
