//! Logs that the runtime cuts off.

use thaw_client::replay::{LogError, ReplayError};
use thaw_tests::{SOL, World};

use crate::scene::{assert_replayed, ledger, replay};

/// Three deposits in one transaction, of whose log the runtime keeps so many bytes.
fn world_with(limit: usize) -> (World, usize) {
    let mut world = World::new();
    let holder = world.holder(100 * SOL);
    world.deposit(&holder, SOL).unwrap();
    let count = world.history.len();
    world.svm = world.svm.clone().with_log_bytes_limit(Some(limit));
    let deposit = |lamports| world.pool.deposit_sol(&holder.address(), &holder.tokens, lamports, 0);
    let instructions = [deposit(SOL), deposit(2 * SOL), deposit(3 * SOL)];
    world.send(&instructions, &[&holder.key]).unwrap();
    world.svm = world.svm.clone().with_log_bytes_limit(None);
    (world, count)
}

/// Bytes of the log of the three deposits.
fn whole() -> usize {
    let (world, count) = world_with(usize::MAX);
    world.history[count].logs.iter().map(String::len).sum()
}

#[test]
fn every_cut_is_told_and_none_changes_the_ledger() {
    let whole = whole();
    let mut counts = std::collections::BTreeSet::new();
    for limit in (0..=whole).step_by(97).chain([whole]) {
        let (world, before) = world_with(limit);
        let mut replayed = replay(world.pool.pool, &world.history[..before]).unwrap();
        let known = replayed.ledger().cloned();
        let logs = &world.history[before].logs;
        match replayed.transaction(logs, false) {
            Err(ReplayError::Log(LogError::Truncated { events })) => {
                assert!(events.len() <= 3);
                counts.insert(events.len());
            }
            other => panic!("{limit} of {whole} bytes: {other:?}\n{logs:#?}"),
        }
        assert_eq!(replayed.ledger(), known.as_ref());
    }
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_replayed(&world_with(whole + 1).0, &[]);
}

#[test]
fn after_a_cut_the_accounts_lead_on() {
    let (mut world, before) = world_with(900);
    let holder = world.holder(10 * SOL);
    let mut replayed = replay(world.pool.pool, &world.history[..before]).unwrap();
    let cut = &world.history[before];
    replayed.transaction(&cut.logs, cut.has_failed).unwrap_err();
    let at_the_cut = ledger(&world, &[]);

    let sent = world.deposit(&holder, SOL).unwrap();
    let gap = replayed.transaction(&sent.logs, false).unwrap_err();
    assert!(matches!(gap, ReplayError::Gap(_)), "{gap}");
    replayed.resume(at_the_cut);
    assert_eq!(replayed.transaction(&sent.logs, false).unwrap(), 1);
    assert_eq!(replayed.ledger(), Some(&ledger(&world, &[])));
    assert_eq!(replayed.flows().deposited_sol, SOL, "what the cut hid is not known");
}
