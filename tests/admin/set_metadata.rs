//! `set_metadata`: the share token's name, written by the real token metadata program.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    instructions::TOKEN_PROGRAM,
    thaw::{constants::METADATA_PROGRAM, error::ThawError, events::MetadataSet},
};
use thaw_tests::{
    Outcome, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const NAME: &str = "Thawed SOL";
const SYMBOL: &str = "thSOL";
const URI: &str = "https://example.com/thsol.json";

/// A pool, the metadata program, and a wallet that pays.
fn scene() -> (World, Keypair) {
    let mut world = World::new();
    world.load_metadata_program();
    let payer = world.wallet(SOL);
    world.known.insert(world.pool.metadata());
    world.known.insert(world.pool.authority);
    (world, payer)
}

fn instruction(world: &World, payer: &Keypair, texts: [&str; 3]) -> Instruction {
    let [name, symbol, uri] = texts;
    world.pool.set_metadata(&world.admin.pubkey(), &payer.pubkey(), name, symbol, uri)
}

fn set(world: &mut World, payer: &Keypair, texts: [&str; 3]) -> Outcome {
    let set = instruction(world, payer, texts);
    let admin = world.admin.insecure_clone();
    world.send(&[set], &[&admin, payer])
}

/// The fields of a metadata account that a wallet reads.
#[derive(Debug, PartialEq, Eq)]
struct Metadata {
    update_authority: Pubkey,
    mint: Pubkey,
    texts: [String; 3],
    royalty_bps: u16,
    has_creators: bool,
    is_sold: bool,
    is_mutable: bool,
}

/// Reads the account: a tag, two keys, three texts that are filled up with zeros, then the rest.
fn metadata(world: &World) -> Metadata {
    let account = world.svm.get_account(&world.pool.metadata()).unwrap();
    assert_eq!(account.owner, METADATA_PROGRAM);
    assert!(account.lamports >= world.rent().minimum_balance(account.data.len()));
    let (tag, mut rest) = account.data.split_first().unwrap();
    assert_eq!(*tag, 4, "a metadata account, version 1");
    let mut take = |bytes: usize| {
        let (taken, left) = rest.split_at(bytes);
        rest = left;
        taken.to_vec()
    };
    let update_authority = Pubkey::try_from(take(32)).unwrap();
    let mint = Pubkey::try_from(take(32)).unwrap();
    let texts = [(); 3].map(|()| {
        let length = u32::from_le_bytes(take(4).try_into().unwrap()) as usize;
        String::from_utf8(take(length)).unwrap().trim_end_matches('\0').to_string()
    });
    let royalty_bps = u16::from_le_bytes(take(2).try_into().unwrap());
    let [has_creators, is_sold, is_mutable] = [(); 3].map(|()| take(1)[0] == 1);
    Metadata { update_authority, mint, texts, royalty_bps, has_creators, is_sold, is_mutable }
}

/// What the account must hold.
fn expected(world: &World, texts: [&str; 3]) -> Metadata {
    Metadata {
        update_authority: world.pool.authority,
        mint: world.pool.mint,
        texts: texts.map(String::from),
        royalty_bps: 0,
        has_creators: false,
        is_sold: false,
        is_mutable: true,
    }
}

#[test]
fn opens_the_account_at_the_payers_cost() {
    let (mut world, payer) = scene();
    assert_eq!(world.lamports(&world.pool.authority), 0, "the authority pays nothing");
    let before = world.all_accounts();

    let sent = set(&mut world, &payer, [NAME, SYMBOL, URI]).unwrap();

    assert_eq!(metadata(&world), expected(&world, [NAME, SYMBOL, URI]));
    let address = world.pool.metadata();
    assert_eq!(world.lamports(&payer.pubkey()) + world.lamports(&address), SOL);
    // Not the pool, not the mint.
    world.assert_same(&before, &[address, payer.pubkey()]);
    let event: MetadataSet = sent.event();
    assert_eq!((event.pool, event.mint), (world.pool.pool, world.pool.mint));
    assert_eq!((event.metadata, event.is_new), (address, true));
    assert_eq!([event.name, event.symbol, event.uri], [NAME, SYMBOL, URI]);
}

#[test]
fn changes_it_for_nothing() {
    let (mut world, payer) = scene();
    set(&mut world, &payer, [NAME, SYMBOL, URI]).unwrap();
    for texts in [["Other", "O", "ipfs://other"], ["", "", ""], [NAME, SYMBOL, URI]] {
        let before = world.all_accounts();
        let event: MetadataSet = set(&mut world, &payer, texts).unwrap().event();
        assert!(!event.is_new);
        assert_eq!(metadata(&world), expected(&world, texts));
        world.assert_same(&before, &[world.pool.metadata()]);
    }
}

#[test]
fn takes_texts_up_to_their_places() {
    let (name, symbol, uri) = ("n".repeat(33), "s".repeat(11), "u".repeat(201));
    let longest = [&name[1..], &symbol[1..], &uri[1..]];
    let too_long = [
        [&name[..], &symbol[1..], &uri[1..]],
        [&name[1..], &symbol[..], &uri[1..]],
        [&name[1..], &symbol[1..], &uri[..]],
        // Bytes count, not letters.
        ["ååååååååååååååååå", "s", "u"],
    ];
    let (mut world, payer) = scene();
    for round in 0..2 {
        for texts in too_long {
            let before = world.all_accounts();
            refuses(set(&mut world, &payer, texts), ThawError::MetadataTooLong);
            world.assert_same(&before, &[]);
        }
        // First a new account, then one that is changed.
        let event: MetadataSet = set(&mut world, &payer, longest).unwrap().event();
        assert_eq!(event.is_new, round == 0);
        assert_eq!(metadata(&world), expected(&world, longest));
    }
}

/// Anyone can send lamports to the address first.
#[test]
fn opens_an_account_that_was_prefunded() {
    for lamports in [1, SOL] {
        let (mut world, payer) = scene();
        let address = world.pool.metadata();
        world.send_lamports(&address, lamports);
        let event: MetadataSet = set(&mut world, &payer, [NAME, SYMBOL, URI]).unwrap().event();
        assert!(event.is_new);
        assert_eq!(metadata(&world), expected(&world, [NAME, SYMBOL, URI]));
    }
}

#[test]
fn takes_the_admin_as_payer_and_lamports_on_the_authority() {
    let (mut world, _) = scene();
    let authority = world.pool.authority;
    world.send_lamports(&authority, SOL);
    let admin = world.admin.insecure_clone();
    set(&mut world, &admin, [NAME, SYMBOL, URI]).unwrap();
    assert_eq!(world.lamports(&authority), SOL);
}

#[test]
fn refuses_everyone_but_the_admin() {
    let (mut world, payer) = scene();
    let (operator, guardian) = (world.operator.insecure_clone(), world.guardian.insecure_clone());
    for signer in [operator, guardian, payer.insecure_clone()] {
        let (key, payer_key) = (signer.pubkey(), payer.pubkey());
        let set = world.pool.set_metadata(&key, &payer_key, NAME, SYMBOL, URI);
        refuses(world.send(&[set], &[&signer, &payer]), ThawError::WrongAuthority);
    }
    let admin = world.admin.insecure_clone();
    let set = instruction(&world, &payer, [NAME, SYMBOL, URI]);
    let without = unsigned(&set, &admin.pubkey());
    refuses_with_code(world.send(&[without], &[&payer]), ACCOUNT_NOT_SIGNER);
    let without = unsigned(&set, &payer.pubkey());
    refuses_with_code(world.send(&[without], &[&admin]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, payer) = scene();
    let admin = world.admin.insecure_clone();
    for texts in [[NAME, SYMBOL, URI], ["Other", "O", "ipfs://other"]] {
        let set = instruction(&world, &payer, texts);
        // 5: anyone may pay.
        refuses_each_swap(&mut world, &set, &[&admin, &payer], &[5]);
        world.send(&[set], &[&admin, &payer]).unwrap();
    }
}

/// Not even an account that the metadata program itself would take for the authority's, nor another
/// program.
#[test]
fn refuses_metadata_at_another_address_and_another_program() {
    let (mut world, payer) = scene();
    set(&mut world, &payer, [NAME, SYMBOL, URI]).unwrap();
    let account = world.svm.get_account(&world.pool.metadata()).unwrap();
    let copy = Pubkey::new_unique();
    world.put(&copy, &METADATA_PROGRAM, account.lamports, account.data);
    let admin = world.admin.insecure_clone();
    for (place, other) in [(4, copy), (6, TOKEN_PROGRAM)] {
        let mut set = instruction(&world, &payer, ["Other", "O", "ipfs://other"]);
        set.accounts[place].pubkey = other;
        refuses(world.send(&[set], &[&admin, &payer]), ThawError::WrongAccount);
    }
}

#[test]
fn names_the_token_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(40),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.change_pool(|pool| pool.status = 1),
    ];
    for state in states {
        let (mut world, payer) = scene();
        state(&mut world);
        set(&mut world, &payer, [NAME, SYMBOL, URI]).unwrap();
    }
}
