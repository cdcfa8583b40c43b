//! Minimums, and the stake program's own word on them.

use solana_instruction::Instruction;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{
    math::MIN_DELEGATION,
    thaw::{
        error::ThawError,
        state::{Config, STAKE_PROGRAM},
    },
};
use thaw_tests::{
    SOL, Setup, World,
    chain::{machine, stake_program_with_minimum},
    crank::allow,
    world::config,
};

/// `GetMinimumDelegation` of the stake program.
const GET_MINIMUM_DELEGATION: [u8; 4] = [13, 0, 0, 0];

#[test]
fn e01_the_minimum_is_the_one_the_stake_program_tells() {
    let mut world = World::new();
    let ask = Instruction {
        program_id: STAKE_PROGRAM,
        accounts: vec![],
        data: GET_MINIMUM_DELEGATION.to_vec(),
    };
    let message = Message::new(&[ask], Some(&world.payer.pubkey()));
    let transaction = Transaction::new(&[&world.payer], message, world.svm.latest_blockhash());
    let told = world.svm.send_transaction(transaction).unwrap().return_data;
    assert_eq!(told.program_id, STAKE_PROGRAM);
    let told = u64::from_le_bytes(told.data.try_into().unwrap());
    assert_eq!(told, MIN_DELEGATION.0);
}

/// The stake program may raise its minimum: a ticket below it must be paid all the same, by a move that
/// takes as much as the program allows.
#[test]
fn e01_moves_go_by_a_minimum_that_was_raised() {
    let mut svm = machine();
    svm.add_program(STAKE_PROGRAM, &stake_program_with_minimum(2_000_000_000)).unwrap();
    let config = Config { liquidity_target_bps: 0, ..config() };
    let (mut world, mut holder) =
        World::warm_in(svm, Setup { config, ..Setup::default() }, 300 * SOL);
    assert_eq!(world.pool().min_delegation_lamports, 2 * SOL);
    let shares = world.pool().shares / 200;
    world.request(&mut holder, shares).unwrap();
    let owed = world.pool().assets_lamports / 200;
    assert!(owed > SOL && owed < 2 * SOL, "{owed}");
    world.move_all();
    assert!(world.pool().cooling_lamports >= 2 * SOL, "a whole minimum leaves");
    world.crank_epoch();
    let pool = world.pool();
    assert_eq!(
        (pool.oldest_batch, pool.pending_shares),
        (pool.next_batch, 0),
        "paid after one epoch"
    );
}

/// What is delegated obeys the minimum of the last finalize.
#[test]
fn e01_no_less_than_a_raised_minimum_is_delegated() {
    let (mut world, holder) = World::warm(Setup::default(), 300 * SOL);
    world.change_pool(|pool| pool.min_delegation_lamports = 2 * SOL);
    world.deposit(&holder, 3 * SOL / 2).unwrap();
    let refused = [ThawError::NothingToDelegate, ThawError::BelowMinimumDelegation];
    assert!((0..3).all(|index| !allow(world.delegate(index), &refused)));
    world.change_pool(|pool| pool.min_delegation_lamports = SOL);
    assert!((0..3).any(|index| allow(world.delegate(index), &refused)));
}
