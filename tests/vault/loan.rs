//! `borrow` and `repay`.

use solana_signer::Signer;
use thaw_tests::{
    DAY, SOL,
    checks::{refuses_each_swap, refuses_with_code},
    edit::unsigned,
};
use vault_client::vault_example::{self, error::VaultError};

use crate::scene::{POCKET, POT, Scene, refuses};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The system program's.
const TOO_FEW_LAMPORTS: u32 = 1;

#[test]
fn a_loan_goes_to_the_owner_and_the_fee_is_rounded_up() {
    let mut scene = Scene::with_shares();
    let (before, wallet) =
        (scene.world.all_accounts(), scene.world.lamports(&scene.owner.pubkey()));
    scene.borrow(10 * SOL + 1).unwrap();
    // 0.5 % of 10 SOL and a lamport, and what is left of one.
    assert_eq!(scene.position().debt_lamports, 10 * SOL + 1 + 50_000_000 + 1);
    assert_eq!(scene.pot(), POT - 10 * SOL - 1);
    assert_eq!(scene.world.lamports(&scene.owner.pubkey()), wallet + 10 * SOL + 1);
    let changed = [scene.at.vault, scene.at.position, scene.owner.pubkey()];
    scene.world.assert_same(&before, &changed);
}

#[test]
fn a_debt_is_at_most_seven_tenths_of_the_value() {
    let mut scene = Scene::with_shares();
    let most = scene.most();
    assert!(most > 69 * SOL && most < 70 * SOL, "{most}");
    let before = scene.world.all_accounts();
    refuses(scene.borrow(most + 1), VaultError::NotCovered);
    scene.world.assert_same(&before, &[]);
    scene.borrow(most).unwrap();
    refuses(scene.borrow(1), VaultError::NotCovered);
}

#[test]
fn a_position_without_shares_borrows_nothing() {
    let mut scene = Scene::new();
    refuses(scene.borrow(1), VaultError::NotCovered);
}

#[test]
fn a_loan_is_refused_beyond_all_bounds() {
    let mut scene = Scene::with_shares();
    refuses(scene.borrow(0), VaultError::ZeroAmount);
    refuses(scene.borrow(u64::MAX), VaultError::Overflow);
    let take = scene.at.withdraw_pot(POT - SOL);
    scene.world.send(&[take], &[&scene.lender]).unwrap();
    refuses(scene.borrow(SOL + 1), VaultError::PotTooLow);
    scene.borrow(SOL).unwrap();
    scene.world.change_pool(|pool| pool.nav_lamports = 0);
    refuses(scene.borrow(1), VaultError::NoRate);
    scene.world.change_pool(|pool| (pool.nav_lamports, pool.shares) = (1, 0));
    refuses(scene.borrow(1), VaultError::NoRate);
}

#[test]
fn a_repayment_is_at_most_the_debt() {
    let mut scene = Scene::with_debt();
    let (debt, pot) = (scene.position().debt_lamports, scene.pot());
    let owner = scene.owner.pubkey();
    let before = scene.world.all_accounts();
    let part = scene.as_owner(scene.at.repay(&owner, SOL)).unwrap();
    assert_eq!(part.number_of(&vault_example::ID), SOL);
    assert_eq!(scene.position().debt_lamports, debt - SOL);
    assert_eq!(scene.pot(), pot + SOL);
    scene.world.assert_same(&before, &[scene.at.vault, scene.at.position, owner]);
    let rest = scene.as_owner(scene.at.repay(&owner, u64::MAX)).unwrap();
    assert_eq!(rest.number_of(&vault_example::ID), debt - SOL);
    assert_eq!((scene.position().debt_lamports, scene.pot()), (0, pot + debt));
    // The lender has earned the fee, and the borrower has paid it.
    assert!(scene.pot() > POT);
    assert_eq!(scene.world.lamports(&owner), POCKET - 100 * SOL - (scene.pot() - POT));
    refuses(scene.as_owner(scene.at.repay(&owner, 1)), VaultError::NoDebt);
}

#[test]
fn anyone_repays_at_any_time() {
    let mut scene = Scene::with_debt();
    scene.world.skip_epochs(50);
    scene.world.wait(5 * DAY);
    scene.world.change_pool(|pool| pool.nav_lamports = 0);
    let giver = scene.world.wallet(SOL);
    let debt = scene.position().debt_lamports;
    let repay = |scene: &Scene, lamports| scene.at.repay(&giver.pubkey(), lamports);
    let (none, more, some) = (repay(&scene, 0), repay(&scene, SOL + 1), repay(&scene, SOL));
    refuses(scene.world.send(&[none], &[&giver]), VaultError::ZeroAmount);
    refuses_with_code(scene.world.send(&[more], &[&giver]), TOO_FEW_LAMPORTS);
    scene.world.send(&[some], &[&giver]).unwrap();
    assert_eq!(scene.position().debt_lamports, debt - SOL);
}

#[test]
fn borrow_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::with_shares();
    let owner = scene.owner.insecure_clone();
    let borrow = scene.at.borrow(SOL);
    refuses_each_swap(&mut scene.world, &borrow, &[&owner], &[]);
    scene.refuses_each_other(&[&owner], |at| at.borrow(SOL));
    let alone = unsigned(&borrow, &owner.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.as_owner(borrow).unwrap();
}

#[test]
fn repay_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::with_debt();
    let owner = scene.owner.insecure_clone();
    let repay = scene.at.repay(&owner.pubkey(), SOL);
    // 2: anybody may pay.
    refuses_each_swap(&mut scene.world, &repay, &[&owner], &[2]);
    scene.refuses_each_other(&[&owner], |at| at.repay(&owner.pubkey(), SOL));
    let alone = unsigned(&repay, &owner.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.as_owner(repay).unwrap();
}

#[test]
fn nothing_is_lent_on_a_pool_that_closes_or_is_broken() {
    for (status, circuit_until) in [(1, 0), (0, i64::MAX)] {
        let mut scene = Scene::with_shares();
        scene.world.change_pool(|pool| (pool.status, pool.circuit_until) = (status, circuit_until));
        refuses(scene.borrow(SOL), VaultError::NoNewLoans);
    }
}
