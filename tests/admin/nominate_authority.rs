//! `nominate_authority`: an authority is offered.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::AuthorityNominated,
    instructions::Weight,
    state::{Pool, Role},
};
use thaw_tests::{
    SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ROLES: [Role; 3] = [Role::Admin, Role::Operator, Role::Guardian];

/// `pool` with another nominee for `role`.
fn with(pool: &Pool, role: Role, nominee: Pubkey) -> Pool {
    match role {
        Role::Admin => Pool { nominated_admin: nominee, ..*pool },
        Role::Operator => Pool { nominated_operator: nominee, ..*pool },
        Role::Guardian => Pool { nominated_guardian: nominee, ..*pool },
    }
}

#[test]
fn writes_the_nominee_down_and_nothing_else() {
    for role in ROLES {
        let mut world = World::new();
        let (nominee, second) = (Pubkey::new_unique(), Pubkey::new_unique());
        let (old, before) = (world.pool(), world.all_accounts());

        let sent = world.nominate(role, &nominee).unwrap();

        let expected = with(&old, role, nominee);
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
        world.assert_same(&before, &[world.pool.pool]);
        let authority = match role {
            Role::Admin => world.admin.pubkey(),
            Role::Operator => world.operator.pubkey(),
            Role::Guardian => world.guardian.pubkey(),
        };
        let event: AuthorityNominated = sent.event();
        assert_eq!((event.pool, event.role, event.authority), (world.pool.pool, role, authority));
        assert_eq!((event.old_nominee, event.nominee), (Pubkey::default(), nominee));

        // Another one replaces it, the zero key withdraws it.
        for (old_nominee, nominee) in [(nominee, second), (second, Pubkey::default())] {
            let event: AuthorityNominated = world.nominate(role, &nominee).unwrap().event();
            assert_eq!((event.old_nominee, event.nominee), (old_nominee, nominee));
        }
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&*old));
    }
}

#[test]
fn gives_no_power_before_it_is_accepted() {
    let mut world = World::new();
    let nominee = world.wallet(SOL);
    for role in ROLES {
        world.nominate(role, &nominee.pubkey()).unwrap();
    }
    let key = nominee.pubkey();
    let powers = [
        world.pool.cancel_config(&key),
        world.pool.set_weights(&key, Vec::<Weight>::new()),
        world.pool.pause(&key, thaw_client::thaw::state::Paths::ALL, 1),
    ];
    for power in powers {
        refuses(world.send_as(&nominee, power), ThawError::WrongAuthority);
    }
}

#[test]
fn refuses_everyone_but_the_admin() {
    let mut world = World::new();
    let stranger = world.wallet(SOL);
    let (operator, guardian) = (world.operator.insecure_clone(), world.guardian.insecure_clone());
    for signer in [operator, guardian, stranger] {
        for role in ROLES {
            let key = signer.pubkey();
            let nominate = world.pool.nominate_authority(&key, role, key);
            refuses(world.send_as(&signer, nominate), ThawError::WrongAuthority);
        }
    }
    let admin = world.admin.pubkey();
    let nominate = world.pool.nominate_authority(&admin, Role::Admin, admin);
    refuses_with_code(world.send(&[unsigned(&nominate, &admin)], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = World::new();
    world.foreign_twin();
    let admin = world.admin.insecure_clone();
    let nominee = Pubkey::new_unique();
    let nominate = world.pool.nominate_authority(&admin.pubkey(), Role::Guardian, nominee);
    refuses_each_swap(&mut world, &nominate, &[&admin], &[]);
    world.send_as(&admin, nominate).unwrap();
}

#[test]
fn refuses_a_role_that_does_not_exist() {
    let mut world = World::new();
    let admin = world.admin.insecure_clone();
    let mut nominate =
        world.pool.nominate_authority(&admin.pubkey(), Role::Guardian, admin.pubkey());
    nominate.data[8] = 3;
    // Anchor's: the arguments do not decode.
    refuses_with_code(world.send_as(&admin, nominate), 102);
}
