//! `open_vault`, `withdraw_pot`, `open_position`.

use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_tests::{
    SOL,
    checks::{refuses_each_swap, refuses_with_code},
    edit::unsigned,
};
use vault_client::{
    PositionAddresses,
    vault_example::{
        error::VaultError,
        state::{Position, Vault},
    },
};

use crate::scene::{POCKET, POT, Scene, refuses};

const CONSTRAINT_SEEDS: u32 = 2006;
const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The system program's.
const ACCOUNT_IN_USE: u32 = 0;

/// Somebody who has nothing yet.
fn newcomer(scene: &mut Scene) -> (Keypair, PositionAddresses) {
    let key = scene.world.wallet(POCKET);
    let at = PositionAddresses::of(scene.world.pool, key.pubkey(), key.pubkey());
    scene.world.known.extend([at.vault, at.position, at.shares]);
    (key, at)
}

#[test]
fn a_vault_and_a_position_open_and_another_pays() {
    let scene = Scene::new();
    let (pool, mint) = (scene.world.pool.pool, scene.world.pool.mint);
    assert_eq!(scene.vault(), Vault { lender: scene.lender.pubkey(), pool, mint });
    let position = scene.position();
    let expected = Position {
        vault: scene.at.vault,
        owner: scene.owner.pubkey(),
        shares: scene.at.shares,
        debt_lamports: 0,
        bump: position.bump,
    };
    assert_eq!(position, expected);
    for key in [&scene.lender, &scene.owner] {
        assert_eq!(scene.world.lamports(&key.pubkey()), POCKET);
    }
    assert_eq!(scene.pot(), POT);
}

#[test]
fn neither_opens_twice() {
    let mut scene = Scene::new();
    let payer = scene.world.payer.pubkey();
    let vault = scene.at.open_vault(&payer);
    refuses_with_code(scene.world.send(&[vault], &[&scene.lender]), ACCOUNT_IN_USE);
    let [_, position] = scene.at.open_position(&payer);
    refuses_with_code(scene.as_owner(position), ACCOUNT_IN_USE);
}

#[test]
fn neither_opens_in_anothers_name() {
    let mut scene = Scene::new();
    let (key, at) = newcomer(&mut scene);
    let payer = scene.world.payer.pubkey();
    let vault = unsigned(&at.open_vault(&payer), &key.pubkey());
    refuses_with_code(scene.world.send(&[vault], &[]), ACCOUNT_NOT_SIGNER);
    let [tokens, position] = at.open_position(&payer);
    scene.world.send(&[at.open_vault(&payer), tokens], &[&key]).unwrap();
    let position = unsigned(&position, &key.pubkey());
    refuses_with_code(scene.world.send(&[position], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn open_vault_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::new();
    let (key, at) = newcomer(&mut scene);
    let payer = scene.world.payer.pubkey();
    let open = at.open_vault(&payer);
    // 2: anybody may pay.
    refuses_each_swap(&mut scene.world, &open, &[&key], &[2]);
    scene.world.send(&[open], &[&key]).unwrap();
}

#[test]
fn open_position_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::new();
    let (key, at) = newcomer(&mut scene);
    let payer = scene.world.payer.pubkey();
    let [tokens, open] = at.open_position(&payer);
    scene.world.send(&[at.open_vault(&payer), tokens], &[&key]).unwrap();
    // 2: anybody may pay.
    refuses_each_swap(&mut scene.world, &open, &[&key], &[2]);
    // Shares of the right owner in another account, and another's shares.
    for shares in [scene.world.token_account(&at.position), scene.at.shares] {
        let mut swapped = open.clone();
        swapped.accounts[4].pubkey = shares;
        refuses_with_code(scene.world.send(&[swapped], &[&key]), CONSTRAINT_SEEDS);
    }
    scene.world.send(&[open], &[&key]).unwrap();
}

#[test]
fn the_lender_takes_the_pot_and_not_its_rent() {
    let mut scene = Scene::new();
    let take = |scene: &mut Scene, lamports| {
        let withdraw = scene.at.withdraw_pot(lamports);
        scene.world.send(&[withdraw], &[&scene.lender])
    };
    refuses(take(&mut scene, 0), VaultError::ZeroAmount);
    let before = scene.world.all_accounts();
    take(&mut scene, 7).unwrap();
    assert_eq!(scene.pot(), POT - 7);
    assert_eq!(scene.world.lamports(&scene.lender.pubkey()), POCKET + 7);
    scene.world.assert_same(&before, &[scene.at.vault, scene.lender.pubkey()]);
    refuses(take(&mut scene, POT - 6), VaultError::PotTooLow);
    refuses(take(&mut scene, u64::MAX), VaultError::PotTooLow);
    take(&mut scene, POT - 7).unwrap();
    assert_eq!(scene.pot(), 0);
}

#[test]
fn nobody_else_takes_the_pot() {
    let mut scene = Scene::new();
    let take = scene.at.withdraw_pot(SOL);
    let lender = scene.lender.insecure_clone();
    refuses_each_swap(&mut scene.world, &take, &[&lender], &[]);
    scene.refuses_each_other(&[&lender], |at| at.withdraw_pot(SOL));
    let take = unsigned(&take, &lender.pubkey());
    refuses_with_code(scene.world.send(&[take], &[]), ACCOUNT_NOT_SIGNER);
}
