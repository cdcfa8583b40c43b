//! `accept_authority`: an authority changes hands.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use litesvm::LiteSVM;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::{Transaction, TransactionError};
use thaw_client::thaw::{
    error::ThawError,
    events::AuthorityAccepted,
    state::{Paths, Pool, Role},
};
use thaw_tests::{
    SOL, World,
    checks::{code, refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ROLES: [Role; 3] = [Role::Admin, Role::Operator, Role::Guardian];

/// A pool where a wallet is nominated for `role`.
fn nominated(role: Role) -> (World, Keypair) {
    let mut world = World::new();
    let nominee = world.wallet(SOL);
    world.nominate(role, &nominee.pubkey()).unwrap();
    (world, nominee)
}

#[test]
fn makes_the_nominee_the_authority() {
    for role in ROLES {
        let (mut world, nominee) = nominated(role);
        let (old, before) = (world.pool(), world.all_accounts());

        let sent = world.accept(&nominee, role).unwrap();

        let (key, nobody) = (nominee.pubkey(), Pubkey::default());
        let expected = match role {
            Role::Admin => Pool { admin: key, nominated_admin: nobody, ..*old },
            Role::Operator => Pool { operator: key, nominated_operator: nobody, ..*old },
            Role::Guardian => Pool { guardian: key, nominated_guardian: nobody, ..*old },
        };
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
        world.assert_same(&before, &[world.pool.pool]);
        let old_authority = match role {
            Role::Admin => old.admin,
            Role::Operator => old.operator,
            Role::Guardian => old.guardian,
        };
        let event: AuthorityAccepted = sent.event();
        assert_eq!((event.pool, event.role), (world.pool.pool, role));
        assert_eq!((event.old_authority, event.authority), (old_authority, key));

        refuses(world.accept(&nominee, role), ThawError::NotNominated);
    }
}

#[test]
fn hands_the_power_over() {
    let (mut world, nominee) = nominated(Role::Admin);
    world.accept(&nominee, Role::Admin).unwrap();
    let treasury = Pubkey::new_unique();
    refuses(world.propose(config(), &treasury), ThawError::WrongAuthority);
    world.admin = nominee;
    world.propose(config(), &treasury).unwrap();

    let (mut world, nominee) = nominated(Role::Operator);
    world.accept(&nominee, Role::Operator).unwrap();
    refuses(world.set_weights(vec![]), ThawError::WrongAuthority);
    world.operator = nominee;
    world.set_weights(vec![]).unwrap();

    let (mut world, nominee) = nominated(Role::Guardian);
    world.accept(&nominee, Role::Guardian).unwrap();
    refuses(world.pause(Paths::ALL, 1), ThawError::WrongAuthority);
    world.guardian = nominee;
    world.pause(Paths::ALL, 1).unwrap();
}

/// What the old admin proposed stays, and the new one may cancel it.
#[test]
fn leaves_what_was_proposed() {
    let (mut world, nominee) = nominated(Role::Admin);
    world.propose(config(), &Pubkey::new_unique()).unwrap();
    let ready = world.pool().config_ready_at;
    world.accept(&nominee, Role::Admin).unwrap();
    assert_eq!(world.pool().config_ready_at, ready);
    world.admin = nominee;
    world.cancel().unwrap();
}

#[test]
fn refuses_who_is_not_nominated() {
    for role in ROLES {
        let (mut world, nominee) = nominated(role);
        let stranger = world.wallet(SOL);
        let admin = world.admin.insecure_clone();
        refuses(world.accept(&stranger, role), ThawError::NotNominated);
        refuses(world.accept(&admin, role), ThawError::NotNominated);
        // For this authority, not for another.
        for other in ROLES.into_iter().filter(|other| *other != role) {
            refuses(world.accept(&nominee, other), ThawError::NotNominated);
        }
        world.nominate(role, &stranger.pubkey()).unwrap();
        refuses(world.accept(&nominee, role), ThawError::NotNominated);
        world.nominate(role, &Pubkey::default()).unwrap();
        refuses(world.accept(&stranger, role), ThawError::NotNominated);
    }
}

/// On a machine that checks no signature, even the zero key can "sign".
#[test]
fn refuses_the_zero_key_where_nobody_is_nominated() {
    let mut world = World::new();
    let machine = std::mem::replace(&mut world.svm, LiteSVM::new());
    world.svm = machine.with_sigverify(false);
    for role in ROLES {
        let accept = world.pool.accept_authority(&Pubkey::default(), role);
        world.svm.expire_blockhash();
        let mut message = Message::new(&[accept], Some(&world.payer.pubkey()));
        message.recent_blockhash = world.svm.latest_blockhash();
        let failed = world.svm.send_transaction(Transaction::new_unsigned(message)).unwrap_err();
        let expected = code(ThawError::NotNominated);
        let TransactionError::InstructionError(0, error) = failed.err else {
            panic!("{:?}", failed.err)
        };
        assert_eq!(error, solana_instruction::error::InstructionError::Custom(expected));
    }
}

#[test]
fn refuses_without_the_nominees_signature() {
    let (mut world, nominee) = nominated(Role::Operator);
    let key = nominee.pubkey();
    let accept = unsigned(&world.pool.accept_authority(&key, Role::Operator), &key);
    refuses_with_code(world.send(&[accept], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, nominee) = nominated(Role::Admin);
    let accept = world.pool.accept_authority(&nominee.pubkey(), Role::Admin);
    refuses_each_swap(&mut world, &accept, &[&nominee], &[]);
    world.send_as(&nominee, accept).unwrap();
}
