//! What shares are worth to the vault, and when it says nothing of it.

use anchor_lang::error::ERROR_CODE_OFFSET;
use solana_signer::Signer;
use thaw_tests::{DAY, Outcome, SOL, checks::refuses_with_code};
use vault_client::vault_example::error::VaultError;

use crate::scene::{Scene, earn, refuses};

/// A loan of one lamport: it asks for the rate.
fn ask(scene: &mut Scene) -> Outcome {
    scene.borrow(1)
}

#[test]
fn the_value_follows_what_the_stake_earns() {
    let mut scene = Scene::with_shares();
    let shares = scene.shares();
    let first = scene.value(shares);
    assert!(first < 100 * SOL, "the depositor has paid for gain that is not released yet");
    let mut last = first;
    for _ in 0..3 {
        earn(&mut scene.world);
        assert!(scene.value(shares) > last);
        last = scene.value(shares);
    }
    assert!(last > 100 * SOL, "and more than that has come in since: {last}");
    // What the vault lends by is what Thaw itself would pay, or less.
    for part in [0, 30, 60, 99] {
        scene.world.go_to(part);
        assert!(scene.value(shares) <= scene.world.worth(shares));
        let most = scene.most();
        refuses(scene.borrow(most + 1), VaultError::NotCovered);
    }
    // It shows the gain that was released meanwhile once somebody moves the pool.
    let (before, holder) = (scene.value(shares), scene.world.holder(2 * SOL));
    scene.world.deposit(&holder, SOL).unwrap();
    assert!(scene.value(shares) > before);
    assert_eq!(scene.value(shares), scene.world.worth(shares));
    scene.borrow(scene.most()).unwrap();
}

#[test]
fn a_loss_is_in_the_value_with_its_finalize() {
    let mut scene = Scene::with_debt();
    let (shares, before) = (scene.shares(), scene.value(scene.shares()));
    scene.lose(20);
    assert!(scene.value(shares) < before);
    refuses(ask(&mut scene), VaultError::NotCovered);
}

#[test]
fn one_missed_finalize_is_usual_and_two_are_stale() {
    let mut scene = Scene::with_shares();
    ask(&mut scene).unwrap();
    scene.world.next_epoch();
    ask(&mut scene).unwrap();
    scene.world.next_epoch();
    // However short the epochs were.
    scene.world.wait(-2 * DAY);
    refuses(ask(&mut scene), VaultError::StaleRate);
    scene.world.wait(2 * DAY);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    ask(&mut scene).unwrap();
}

#[test]
fn a_rate_older_than_two_days_is_stale() {
    let mut scene = Scene::with_shares();
    let finalized_at = scene.world.pool().finalized_at;
    let age = scene.world.now() - finalized_at;
    scene.world.wait(2 * DAY - age);
    ask(&mut scene).unwrap();
    scene.world.wait(1);
    refuses(ask(&mut scene), VaultError::StaleRate);
}

/// Whoever likes can open a second token account of a position and send shares to it.
#[test]
fn no_shares_count_but_those_at_the_positions_own_address() {
    let mut scene = Scene::with_debt();
    let payer = scene.world.payer.pubkey();
    let second = scene.world.token_account(&scene.at.position);
    let give = scene.world.pool.deposit_sol(&payer, &second, 100 * SOL, 0);
    scene.world.send(&[give], &[]).unwrap();
    let tokens = scene.world.token_account(&payer);
    let all = [
        scene.at.deposit(&scene.owner.pubkey(), SOL, 0),
        scene.at.borrow(1),
        scene.at.liquidate(&scene.owner.pubkey(), &tokens, 0),
        scene.at.request(&payer, SOL, 0, 0),
        scene.at.exit(SOL, 0),
    ];
    for mut instruction in all {
        let own = instruction.accounts.iter_mut().find(|one| one.pubkey == scene.at.shares);
        own.unwrap().pubkey = second;
        refuses(scene.as_owner(instruction), VaultError::WrongAccount);
    }
}

/// Anyone can open a pool whose rate is what they like.
#[test]
fn no_other_pool_tells_the_rate() {
    let mut scene = Scene::with_debt();
    let (owner, payer) = (scene.owner.pubkey(), scene.world.payer.pubkey());
    let tokens = scene.world.token_account(&payer);
    let pool = scene.at.pool.pool;
    let twin = scene.world.twin_of(&pool).unwrap();
    let all = [
        scene.at.deposit(&owner, SOL, 0),
        scene.at.borrow(1),
        scene.at.liquidate(&owner, &tokens, 0),
        scene.at.request(&payer, SOL, 0, 0),
        scene.at.claim(0, 0, &payer),
        scene.at.exit(SOL, 0),
    ];
    for mut instruction in all {
        instruction.accounts.iter_mut().find(|one| one.pubkey == pool).unwrap().pubkey = twin;
        let signers = [scene.owner.insecure_clone()];
        let is_signed = instruction.accounts.iter().any(|one| one.is_signer && one.pubkey == owner);
        let with: Vec<_> = signers.iter().filter(|_| is_signed).collect();
        refuses(scene.world.send(&[instruction], &with), VaultError::WrongAccount);
    }
}

/// A caller must be able to tell whose refusal it is.
#[test]
fn no_code_is_one_of_thaws() {
    assert_eq!(u32::from(VaultError::Overflow), ERROR_CODE_OFFSET + 1_000);
    let mut scene = Scene::with_shares();
    refuses_with_code(scene.borrow(0), 7_001);
}
