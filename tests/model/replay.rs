//! The pool rebuilt from the logs of its transactions, compared with the accounts after each step.

use anchor_lang::prelude::Pubkey;
use thaw_client::{
    replay::{Event, Flows, Ledger, PoolBooks, Replay, read_events},
    thaw::{
        events::Totals,
        state::{LIST_HEADER_BYTES, Record},
    },
};

use thaw_tests::Logged;

use crate::{
    apply::{Check, Model, broken},
    chain::Chain,
};

/// Reads the transactions as they come.
pub struct Follower {
    replay: Replay,
    /// Transactions read so far.
    read: usize,
}

impl Follower {
    pub fn new(pool: Pubkey) -> Self {
        Self { replay: Replay::new(pool), read: 0 }
    }
}

/// Reads what was sent since the last step; then ledger and accounts are equal, and so is what came in
/// and what there is.
pub fn follow(model: &mut Model, chain: &Chain) -> Check {
    let follower = &mut model.follower;
    for sent in &model.world.history[follower.read..] {
        if let Err(error) = follower.replay.transaction(&sent.logs, sent.has_failed) {
            return broken("replay", format!("{error}\n{:#?}", sent.logs));
        }
    }
    follower.read = model.world.history.len();
    let replay = &model.follower.replay;
    let Some(found) = replay.ledger() else {
        return broken("replay", "no event of the pool".into());
    };
    let expected = ledger(model, chain);
    if *found != expected {
        return broken("replay", differences(&expected, found));
    }
    let now = chain.now();
    let value = found.books.value_at(now).map(|value| value.nav.0.into());
    if value != Some(chain.nav()) {
        return broken("replay", format!("nav {value:?}, not {}", chain.nav()));
    }
    conserve(replay, found)
}

/// What the accounts say.
pub fn ledger(model: &Model, chain: &Chain) -> Ledger {
    let (_, bytes) = chain.list;
    let capacity = (bytes as usize - LIST_HEADER_BYTES) / size_of::<Record>();
    let tickets = chain.tickets.iter().map(|(name, held)| (model.tickets[name], &held.data));
    let batches = chain.batches.values().map(|held| &held.data);
    Ledger::of_accounts(&chain.pool, &chain.records, capacity as u32, batches, tickets)
}

/// INV-9, of the sums alone: what came in and was earned is there or has left.
fn conserve(replay: &Replay, ledger: &Ledger) -> Check {
    let (flows, books) = (replay.flows(), &ledger.books);
    let sum = |parts: &[u64]| parts.iter().map(|part| i128::from(*part)).sum::<i128>();
    let came =
        sum(&[flows.deposited_sol, flows.deposited_stake, flows.gain, books.pending_gain_lamports]);
    let went = sum(&[
        flows.paid_instantly,
        flows.paid_in_stake,
        flows.claimed,
        flows.loss,
        books.pending_loss_lamports,
    ]);
    let totals = &books.totals;
    let held = sum(&[totals.reserve_lamports, totals.staked_lamports, totals.claimable_lamports]);
    if came - went != held {
        return broken("replay", format!("{came} in, {went} out, {held} there: {flows:?}"));
    }
    Ok(())
}

/// The lines in which they differ.
fn differences(expected: &Ledger, found: &Ledger) -> String {
    let (expected, found) = (format!("{expected:#?}"), format!("{found:#?}"));
    let lines = expected.lines().zip(found.lines()).filter(|(expected, found)| expected != found);
    let told: Vec<String> =
        lines.map(|(expected, found)| format!("{} is {}", expected.trim(), found.trim())).collect();
    told.join("\n  ")
}

/// Leaves each transaction out in turn and replays the others: whatever moved lamports or shares must be
/// missed by an event after it, as long as one has the totals. Only two in a row that book one validator,
/// or the first of them an empty one, can pass for one, with the same figures in the end.
pub fn miss_each(model: &Model) -> Check {
    let pool = model.world.pool.pool;
    let read = |sent: &Logged| {
        let mut events = read_events(&sent.logs, sent.has_failed).expect("read before");
        events.retain(|event| event.pool() == pool);
        events
    };
    let all: Vec<Vec<Event>> = model.world.history.iter().map(read).collect();
    let last = all.iter().rposition(|events| events.iter().any(has_totals)).unwrap_or(0);
    let mut before = Replay::new(pool);
    for (place, events) in all[..last].iter().enumerate() {
        let mut after = before.clone();
        if events.iter().try_for_each(|event| after.event(event)).is_err() {
            return broken("replay", format!("transaction {place} was read before"));
        }
        if moved(&before) != moved(&after) {
            let mut rest = all[place + 1..].iter().flatten();
            let mut without = before;
            let is_told = rest.try_for_each(|event| without.event(event)).is_err();
            let is_healed = figures(&without) == figures(&model.follower.replay);
            if !is_told && !is_healed {
                return broken("replay", format!("nobody misses transaction {place}: {events:?}"));
            }
        }
        before = after;
    }
    Ok(())
}

/// Books, flows and each validator's lamports.
fn figures(replay: &Replay) -> (Option<PoolBooks>, Flows, Vec<u64>) {
    let ledger = replay.ledger();
    let validators = ledger.into_iter().flat_map(|ledger| ledger.validators.values());
    let lamports = validators.map(|validator| validator.lamports).filter(|lamports| *lamports > 0);
    (ledger.map(|ledger| ledger.books), *replay.flows(), lamports.collect())
}

/// The totals without the value, which time changes.
fn moved(replay: &Replay) -> Option<Totals> {
    replay.ledger().map(|ledger| Totals { nav_lamports: 0, ..ledger.books.totals })
}

fn has_totals(event: &Event) -> bool {
    matches!(
        event,
        Event::SolDeposited(_)
            | Event::StakeDeposited(_)
            | Event::WithdrawnInstantly(_)
            | Event::StakeWithdrawn(_)
            | Event::WithdrawalsSettled(_)
            | Event::BatchClosed(_)
            | Event::ValidatorsSynced(_)
            | Event::EpochFinalized(_)
            | Event::StakeMoved(_)
            | Event::ValidatorRemoved(_)
            | Event::WindDownStarted(_)
    )
}
