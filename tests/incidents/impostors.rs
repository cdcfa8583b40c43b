//! Accounts and programs that stand in the place of others, tried with every instruction.

use anchor_lang::prelude::Pubkey;
use solana_instruction::{Instruction, error::InstructionError};
use solana_signer::Signer;
use solana_system_interface::program as system_program;
use solana_transaction::TransactionError;
use thaw_client::{
    instructions::TOKEN_PROGRAM,
    thaw::{
        ID,
        constants::METADATA_PROGRAM,
        error::ThawError::{
            NoSuchValidator, NotAVoteAccount, NotTicketOwner, WrongAccount, WrongAuthority,
            WrongBatch,
        },
        state::STAKE_PROGRAM,
    },
};
use thaw_tests::{
    Refused, Setup,
    chain::{STAKE_VERSION, stake_program},
    checks::code,
};

use crate::all::Scene;

/// Anchor's refusals of an account: by its constraints, its discriminator, its owner, its address.
const ACCOUNT_ERRORS: [std::ops::Range<u32>; 2] = [2_000..2_500, 3_000..4_100];
const INVALID_PROGRAM: u32 = 3_008;
/// Of a signer, and of a constraint that asks for one.
const NOT_SIGNER: [u32; 2] = [3_010, 2_002];

/// Sends each instruction with each of `others` in every place that `is_wanted` names. All must be
/// refused for the account, and change nothing.
#[track_caller]
fn try_everywhere(
    scene: &mut Scene,
    is_wanted: impl Fn(&Scene, &Pubkey) -> bool,
    others: &[Pubkey],
    refusals: &[std::ops::Range<u32>],
) -> usize {
    let mut tried = 0;
    for (name, instruction) in scene.instructions() {
        for place in 0..instruction.accounts.len() {
            let original = instruction.accounts[place].pubkey;
            if !is_wanted(scene, &original) {
                continue;
            }
            for other in others.iter().filter(|other| **other != original) {
                let swapped = with(&instruction, place, *other);
                let before = scene.world.all_accounts();
                let outcome = scene.send(&swapped);
                let what = format!("{name}: {other} in place {place} of {original}");
                let refused = outcome.expect_err(&what);
                let known = is_refused_for_an_account(&refused, refusals);
                assert!(known, "{what}: {refused:#?}");
                scene.world.assert_same(&before, &[]);
                tried += 1;
            }
        }
    }
    tried
}

/// By one of the codes, or because one account stands in two places that are both written.
fn is_refused_for_an_account(refused: &Refused, codes: &[std::ops::Range<u32>]) -> bool {
    let twice = TransactionError::InstructionError(0, InstructionError::AccountBorrowFailed);
    refused.error == twice
        || refused.code().is_some_and(|code| codes.iter().any(|codes| codes.contains(&code)))
}

fn with(instruction: &Instruction, place: usize, other: Pubkey) -> Instruction {
    let mut swapped = instruction.clone();
    swapped.accounts[place].pubkey = other;
    swapped
}

fn only(code: u32) -> std::ops::Range<u32> {
    code..code + 1
}

/// A program at another address, be it a true copy, is never called with the pool's signature.
#[test]
fn j05_no_other_program_is_called_with_the_pools_signature() {
    let mut scene = Scene::new();
    scene.world.load_metadata_program();
    let copy = Pubkey::new_unique();
    scene.world.svm.add_program(copy, &stake_program(STAKE_VERSION)).unwrap();
    let programs = [STAKE_PROGRAM, TOKEN_PROGRAM, system_program::ID, METADATA_PROGRAM];
    let others = [&[copy, ID], &programs[..]].concat();
    let refusals = [only(code(WrongAccount)), only(INVALID_PROGRAM)];
    let is_program = |_: &Scene, key: &Pubkey| programs.contains(key);
    // The empty place of a referrer or a batch holds the program's own address, which is not asked
    // for here.
    let tried = try_everywhere(&mut scene, is_program, &others, &refusals);
    assert!(tried >= 100, "{tried}");
}

/// Where one kind of account is wanted none of another is taken: pool, list, batch, ticket, marker.
#[test]
fn l04_no_account_is_taken_for_one_of_another_kind() {
    let mut scene = Scene::new();
    let pool = scene.world.pool;
    let marker = pool.marker(&scene.world.votes[0]);
    let kinds = [pool.pool, pool.validators, pool.batch(0), scene.ticket, marker];
    let mut refusals = ACCOUNT_ERRORS.to_vec();
    let named = [WrongAccount, WrongAuthority, WrongBatch, NoSuchValidator, NotTicketOwner];
    refusals.extend(named.map(|error| only(code(error))));
    refusals.push(only(code(NotAVoteAccount)));
    let is_ours = |scene: &Scene, key: &Pubkey| {
        kinds.contains(key) && scene.world.svm.get_account(key).is_some_and(|it| it.owner == ID)
    };
    let tried = try_everywhere(&mut scene, is_ours, &kinds, &refusals);
    assert!(tried >= 150, "{tried}");
}

/// Nor an account of the right bytes that another program owns.
#[test]
fn l04_no_copy_of_an_account_is_taken_for_it() {
    let mut scene = Scene::new();
    let pool = scene.world.pool;
    let marker = pool.marker(&scene.world.votes[0]);
    for original in [pool.pool, pool.validators, pool.batch(0), scene.ticket, marker] {
        let (copy, stranger) = (Pubkey::new_unique(), Pubkey::new_unique());
        let account = scene.world.svm.get_account(&original).unwrap();
        scene.world.put(&copy, &stranger, account.lamports, account.data);
        let mut refusals = ACCOUNT_ERRORS.to_vec();
        refusals.extend([WrongAccount, WrongBatch].map(|error| only(code(error))));
        let is_it = |_: &Scene, key: &Pubkey| *key == original;
        let tried = try_everywhere(&mut scene, is_it, &[copy], &refusals);
        assert!(tried > 0, "{original}");
    }
}

/// What the pool names, taken from another pool or from a stranger: refused by the program itself,
/// before any other program is asked.
#[test]
fn j08_what_another_pool_names_is_refused_by_the_program_itself() {
    let mut scene = Scene::new();
    let pool = scene.world.pool;
    let twin = scene.world.open_pool(&Setup::default()).unwrap();
    // The twin's batch, ticket and marker: those of the pool, with the other pool written in.
    let (first, owner) = (scene.world.votes[0], scene.holder.address());
    let (marker, batch) = (twin.marker(&first), twin.batch(0));
    let ticket = twin.ticket(&owner, 0);
    let own = [pool.marker(&first), pool.batch(0), scene.ticket];
    for (own, other) in own.into_iter().zip([marker, batch, ticket]) {
        scene.world.put_copy(&own, &other, &twin.pool);
    }
    let named = [pool.reserve, pool.authority, pool.validators, pool.mint, pool.escrow];
    let vote = scene.world.create_vote();
    let places = [&named[..], &own[..2], &scene.world.votes].concat();
    let theirs = [twin.reserve, twin.authority, twin.validators, twin.mint, twin.escrow];
    let stranger = scene.other.pubkey();
    let others = [&theirs[..], &[marker, batch, ticket, vote, stranger]].concat();
    let mut refusals = ACCOUNT_ERRORS.to_vec();
    refusals.extend([WrongAccount, WrongBatch].map(|error| only(code(error))));
    let is_named = |_: &Scene, key: &Pubkey| places.contains(key);
    let tried = try_everywhere(&mut scene, is_named, &others, &refusals);
    assert!(tried >= 400, "{tried}");
}

/// Every signature is asked for: one that is not there is refused as such.
#[test]
fn no_instruction_goes_through_without_each_of_its_signatures() {
    let mut scene = Scene::new();
    let payer = scene.world.payer.pubkey();
    let mut tried = 0;
    for (name, instruction) in scene.instructions() {
        let metas = &instruction.accounts;
        for place in (0..metas.len()).filter(|place| metas[*place].is_signer) {
            let key = metas[place].pubkey;
            let signs_elsewhere =
                metas.iter().filter(|it| it.is_signer && it.pubkey == key).count() > 1;
            let mut unsigned = instruction.clone();
            unsigned.accounts[place].is_signer = false;
            // Who pays for the transaction, or signs in another place, has signed.
            if key == payer || signs_elsewhere {
                unsigned.accounts[place].pubkey = scene.other.pubkey();
            }
            let before = scene.world.all_accounts();
            let refused = scene.send(&unsigned).expect_err(name);
            let is_asked = refused.code().is_some_and(|code| NOT_SIGNER.contains(&code));
            assert!(is_asked, "{name}, place {place}: {refused:#?}");
            scene.world.assert_same(&before, &[]);
            tried += 1;
        }
    }
    assert!(tried >= 25, "{tried}");
}
