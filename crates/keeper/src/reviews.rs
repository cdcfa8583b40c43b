//! Which validators to review, and which removals to finish. Pure, like [`crate::plan()`].

use solana_account::Account;
use thaw::state::{Status, judge, review};
use thaw_client::{Snapshot, votes::evidence};

use crate::action::{Action, Reviewed};

/// True while reviews are possible: once the epoch is finalized, as long as the pool lives.
pub fn is_review_time(snapshot: &Snapshot) -> bool {
    let pool = &snapshot.pool;
    let is_finalized = snapshot.clock.epoch == pool.epoch && !snapshot.is_rewards_window;
    is_finalized && pool.status == Status::Live as u8
}

/// Reviews that change something, as many as this epoch's cap allows. `votes` are the vote accounts
/// of the snapshot's validators, in their order.
pub fn plan_reviews(snapshot: &Snapshot, votes: &[Option<Account>]) -> Vec<Action> {
    if !is_review_time(snapshot) {
        return Vec::new();
    }
    let epoch = snapshot.clock.epoch;
    let mut pool = snapshot.pool.clone();
    let mut actions = Vec::new();
    for (view, account) in snapshot.validators.iter().zip(votes) {
        let mut record = view.record;
        let evidence = evidence(snapshot, &record, account.as_ref());
        let verdict = judge(&pool, &record, epoch, &evidence);
        // What the program would refuse is not worth a transaction.
        let Ok(done) = review(&mut pool, &mut record, epoch, verdict) else { continue };
        actions.push(Action::Review(Reviewed {
            index: view.index,
            vote: record.vote,
            violation: done.violation,
            taken_weight: done.taken_weight,
            returned_weight: done.returned_weight,
        }));
    }
    actions
}

/// Removals that can be finished: of validators on their way out, and in a wind-down of all that
/// hold no stake.
pub fn plan_removals(snapshot: &Snapshot) -> Vec<Action> {
    let pool = &snapshot.pool;
    let is_live = pool.status == Status::Live as u8;
    let is_due = |record: &thaw::state::Record| {
        let is_leaving = record.is_leaving() && record.weight_at(pool.epoch) == 0;
        (is_leaving || !is_live) && !record.is_held()
    };
    let due = snapshot.validators.iter().filter(|view| is_due(&view.record));
    due.map(|view| Action::Remove { index: view.index, vote: view.record.vote }).collect()
}
