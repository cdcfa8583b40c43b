//! `request` and `claim`: shares leave by a ticket.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, state::Ticket};
use thaw_tests::{
    Outcome, SOL, World,
    checks::{self, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    sums::{down, largest},
};
use vault_client::vault_example::{self, error::VaultError};

use crate::scene::{Scene, earn, refuses};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

/// The owner asks for a ticket; the world's payer pays for it.
fn request(scene: &mut Scene, shares: u64, nonce: u64) -> Outcome {
    let (payer, serial) = (scene.world.payer.pubkey(), scene.world.batch_to_join());
    let ticket = ticket(scene, nonce);
    scene.world.known.extend([ticket, scene.world.pool.batch(serial)]);
    scene.as_owner(scene.at.request(&payer, shares, nonce, serial))
}

/// Nobody of the position claims it: anyone may.
fn claim(scene: &mut Scene, nonce: u64) -> Outcome {
    let payer = scene.world.payer.pubkey();
    let claim = scene.at.claim(nonce, 0, &payer);
    scene.world.send(&[claim], &[])
}

fn ticket(scene: &Scene, nonce: u64) -> Pubkey {
    scene.world.pool.ticket(&scene.at.position, nonce)
}

fn settled_epoch(world: &mut World) {
    earn(world);
    world.tend();
    world.settle().unwrap();
}

#[test]
fn a_ticket_is_the_positions_and_its_sol_the_owners() {
    let mut scene = Scene::with_shares();
    let (held, owner, payer) = (scene.shares(), scene.owner.pubkey(), scene.world.payer.pubkey());
    let before = scene.world.all_accounts();
    request(&mut scene, 40 * SOL, 7).unwrap();
    assert_eq!(scene.shares(), held - 40 * SOL);
    let (address, pool) = (ticket(&scene, 7), scene.world.pool);
    let state = scene.world.ticket(&address).unwrap();
    let expected = Ticket {
        pool: pool.pool,
        owner: scene.at.position,
        first_owner: scene.at.position,
        nonce: 7,
        batch: 0,
        shares: 40 * SOL,
        lamports_claimed: 0,
        payer,
        is_pushable: false,
        bump: state.bump,
    };
    assert_eq!(state, expected);
    scene
        .world
        .assert_same(&before, &[pool.pool, pool.escrow, scene.at.shares, address, pool.batch(0)]);
    checks::refuses(claim(&mut scene, 7), ThawError::NothingToClaim);

    settled_epoch(&mut scene.world);
    let paid = scene.world.batch(0).unwrap().lamports_settled;
    assert!(paid > 40 * SOL, "it went on earning");
    // Nobody can push the SOL into the position, where it would stay.
    checks::refuses(scene.world.push_claim(&address), ThawError::PushRefused);
    let (wallet, rent) = (scene.world.lamports(&owner), scene.world.lamports(&address));
    let (before, purse) = (scene.world.all_accounts(), scene.world.lamports(&payer));
    let sent = claim(&mut scene, 7).unwrap();
    assert_eq!(sent.number_of(&vault_example::ID), paid);
    assert_eq!(scene.world.lamports(&owner), wallet + paid);
    // Less the fee of one signature.
    assert_eq!(scene.world.lamports(&payer), purse + rent - 5_000);
    assert!(scene.world.ticket(&address).is_none());
    scene.world.assert_same(&before, &[pool.pool, pool.reserve, pool.batch(0), address, owner]);
    scene.world.assert_books();
}

#[test]
fn tickets_of_one_position_are_told_apart() {
    let mut scene = Scene::with_shares();
    request(&mut scene, SOL, 0).unwrap();
    checks::refuses(request(&mut scene, SOL, 0), ThawError::TicketExists);
    request(&mut scene, 2 * SOL, 1).unwrap();
    settled_epoch(&mut scene.world);
    let before = scene.world.lamports(&scene.owner.pubkey());
    let first = claim(&mut scene, 0).unwrap().number_of(&vault_example::ID);
    let second = claim(&mut scene, 1).unwrap().number_of(&vault_example::ID);
    assert!(second / 2 <= first && first <= second / 2 + 1);
    assert_eq!(scene.world.lamports(&scene.owner.pubkey()), before + first + second);
}

/// To the share: a ticket is no collateral.
#[test]
fn a_debt_keeps_the_shares_that_cover_it() {
    let mut scene = Scene::with_shares();
    scene.borrow(scene.most() / 2).unwrap();
    let (debt, held) = (scene.position().debt_lamports, scene.shares());
    let is_covered = |out: u64| down(scene.value(held - out), 7_000, 10_000) >= debt;
    let out = largest(is_covered, 1, held);
    let before = scene.world.all_accounts();
    refuses(request(&mut scene, out + 1, 0), VaultError::NotCovered);
    scene.world.assert_same(&before, &[]);
    request(&mut scene, out, 0).unwrap();
    refuses(request(&mut scene, 1_000, 1), VaultError::NotCovered);
}

#[test]
fn a_stale_pool_keeps_a_debtor_and_nobody_else() {
    let mut scene = Scene::with_shares();
    scene.borrow(SOL).unwrap();
    scene.world.skip_epochs(30);
    refuses(request(&mut scene, SOL, 0), VaultError::StaleRate);
    let owner = scene.owner.pubkey();
    scene.as_owner(scene.at.repay(&owner, u64::MAX)).unwrap();
    let all = scene.shares();
    request(&mut scene, all, 0).unwrap();
}

#[test]
fn request_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::with_shares();
    let (owner, payer) = (scene.owner.insecure_clone(), scene.world.payer.pubkey());
    let instruction = scene.at.request(&payer, SOL, 0, 0);
    // 4: anybody may pay.
    refuses_each_swap(&mut scene.world, &instruction, &[&owner], &[4]);
    scene.refuses_each_other(&[&owner], |at| at.request(&payer, SOL, 0, 0));
    let alone = unsigned(&instruction, &owner.pubkey());
    refuses_with_code(scene.world.send(&[alone], &[]), ACCOUNT_NOT_SIGNER);
    scene.as_owner(instruction).unwrap();
}

#[test]
fn claim_refuses_every_account_in_anothers_place() {
    let mut scene = Scene::with_shares();
    request(&mut scene, SOL, 0).unwrap();
    settled_epoch(&mut scene.world);
    let payer = scene.world.payer.pubkey();
    let instruction = scene.at.claim(0, 0, &payer);
    refuses_each_swap(&mut scene.world, &instruction, &[], &[]);
    scene.refuses_each_other(&[], |at| at.claim(0, 0, &payer));
    claim(&mut scene, 0).unwrap();
}

/// Another position's ticket cannot be claimed to this owner, though both are the program's.
#[test]
fn a_ticket_pays_no_other_positions_owner() {
    let mut scene = Scene::with_shares();
    request(&mut scene, SOL, 0).unwrap();
    let (other, ..) = scene.other();
    settled_epoch(&mut scene.world);
    let payer = scene.world.payer.pubkey();
    let mut theirs = other.claim(0, 0, &payer);
    theirs.accounts[6].pubkey = ticket(&scene, 0);
    checks::refuses(scene.world.send(&[theirs], &[]), ThawError::PushRefused);
    claim(&mut scene, 0).unwrap();
}
