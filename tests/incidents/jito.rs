//! Findings in Jito's steward.

use thaw_client::{instructions::Request, pack::sync_instructions, thaw::error::ThawError};
use thaw_tests::{SOL, Setup, World, checks::refuses};

/// Work of one epoch was carried out in the next. Here what was made ready before a boundary counts
/// for nothing after it, or is refused.
#[test]
fn j02_work_made_ready_before_a_boundary_is_not_done_after_it() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, 300 * SOL).unwrap();
    let (payer, vote) = (solana_signer::Signer::pubkey(&world.payer), world.votes[0]);
    let undelegate = world.pool.undelegate(&payer, &vote, 0, Some(0));
    let with = Request { shares: SOL, nonce: 77, serial: 0, is_pushable: true };
    let request = world.pool.request_withdrawal(&with, &holder.address(), &payer, &holder.tokens);
    let records = world.records();

    world.next_epoch();
    refuses(world.send(&[undelegate], &[]), ThawError::OutsideMoveWindow);
    refuses(world.send(&[request], &[&holder.key]), ThawError::WrongBatch);
    refuses(world.settle(), ThawError::NotFinalized);

    // A sync that was begun in one epoch and ended in the next.
    let sync = |world: &mut World, index: u16| {
        let epoch = world.clock().epoch;
        let one = sync_instructions(&world.pool, [(index, &records[usize::from(index)])], epoch, 3);
        world.send(&one, &[]).unwrap();
    };
    sync(&mut world, 0);
    sync(&mut world, 1);
    world.next_epoch();
    sync(&mut world, 2);
    refuses(world.finalize(), ThawError::SyncIncomplete);
    sync(&mut world, 0);
    refuses(world.finalize(), ThawError::SyncIncomplete);
    sync(&mut world, 1);
    world.finalize().unwrap();
    world.assert_books();
}
