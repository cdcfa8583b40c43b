//! Accounts of a pool that has lived, read by the interface and by the program.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use thaw_client::interface::{
    self, Account, Batch, Pool, Ticket, ValidatorList, ValidatorMarker, records,
};
use thaw_tests::{SOL, World};

fn data(world: &World, address: &Pubkey) -> Vec<u8> {
    let account = world.svm.get_account(address).unwrap();
    assert_eq!(account.owner, interface::ID);
    account.data
}

#[test]
fn accounts_of_a_run_are_read_as_the_program_reads_them() {
    let mut world = World::new();
    let index = world.add_validator();
    let mut holder = world.holder(100 * SOL);
    world.deposit(&holder, 50 * SOL).unwrap();
    let ticket = world.request(&mut holder, 20 * SOL).unwrap();

    let bytes = data(&world, &world.pool.pool);
    let (pool, expected) = (Pool::view(&bytes).unwrap(), world.pool());
    assert_eq!(bytes_of(pool), bytes_of(&*expected));
    assert_eq!((pool.mint, pool.pending_shares), (world.pool.mint, 20 * SOL));
    let at = 8 + Pool::NAV_LAMPORTS;
    assert_eq!(bytes[at..at + 8], expected.nav_lamports.to_le_bytes());
    assert_eq!(Pool::BYTES, bytes.len());

    let bytes = data(&world, &ticket);
    let (found, expected) = (Ticket::read(&bytes).unwrap(), world.ticket(&ticket).unwrap());
    assert_eq!(bytes.len(), Ticket::BYTES);
    assert_eq!((found.owner, found.pool), (holder.address(), world.pool.pool));
    assert_eq!(({ found.shares }, { found.batch }), (expected.shares, expected.batch));

    let serial = expected.batch;
    let bytes = data(&world, &world.pool.batch(serial));
    let (found, expected) = (Batch::read(&bytes).unwrap(), world.batch(serial).unwrap());
    assert_eq!(bytes.len(), Batch::BYTES);
    assert_eq!(({ found.shares_requested }, { found.tickets }), (20 * SOL, 1));
    assert_eq!((found.opener, found.bump), (expected.opener, expected.bump));

    let bytes = data(&world, &world.pool.validators);
    let list = ValidatorList::view(&bytes).unwrap();
    assert_eq!(bytes_of(list), bytes_of(&world.list()));
    let (found, expected) = (records(&bytes).unwrap(), world.records());
    assert_eq!(found.len(), expected.len());
    assert!(found.len() > usize::from(index));
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(bytes_of(found), bytes_of(expected));
    }
    assert!(records(&bytes[..ValidatorList::BYTES]).is_err(), "the records are cut off");

    let vote = expected[usize::from(index)].vote;
    let marker = ValidatorMarker::read(&data(&world, &world.pool.marker(&vote))).unwrap();
    assert_eq!((marker.pool, marker.vote, { marker.index }), (world.pool.pool, vote, index));
    assert!(Pool::read(&data(&world, &world.pool.validators)).is_err(), "another type");
}
