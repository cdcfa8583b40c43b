//! What the tests here share.

use anchor_lang::prelude::Pubkey;
use thaw_client::{
    replay::{Ledger, Replay, ReplayError},
    thaw::state::{LIST_HEADER_BYTES, Record},
};
use thaw_tests::{Logged, World};

/// Replays transactions from the first one of the pool on.
pub fn replay(pool: Pubkey, history: &[Logged]) -> Result<Replay, ReplayError> {
    let mut replay = Replay::new(pool);
    for sent in history {
        replay.transaction(&sent.logs, sent.has_failed)?;
    }
    Ok(replay)
}

/// What the accounts say; `tickets` are all there are.
pub fn ledger(world: &World, tickets: &[Pubkey]) -> Ledger {
    let pool = world.pool();
    let batches: Vec<_> = (0..pool.next_batch).filter_map(|serial| world.batch(serial)).collect();
    let open: Vec<_> = tickets.iter().filter_map(|key| Some((*key, world.ticket(key)?))).collect();
    let list = world.svm.get_account(&world.pool.validators).unwrap();
    let capacity = (list.data.len() - LIST_HEADER_BYTES) / size_of::<Record>();
    let open = open.iter().map(|(key, ticket)| (*key, ticket));
    Ledger::of_accounts(&pool, &world.records(), capacity as u32, &batches, open)
}

/// The logs alone lead to the accounts.
#[track_caller]
pub fn assert_replayed(world: &World, tickets: &[Pubkey]) {
    let replayed = replay(world.pool.pool, &world.history).unwrap();
    assert_eq!(replayed.ledger(), Some(&ledger(world, tickets)));
}

/// The data of a log's only event.
pub fn data_of(logs: &[String]) -> &str {
    let mut data = logs.iter().filter_map(|line| line.strip_prefix("Program data: "));
    data.next().unwrap()
}
