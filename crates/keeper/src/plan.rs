//! From a snapshot to actions. Pure: no clock, no network, no memory of earlier rounds.

use thaw_client::{Snapshot, pack::sync_instructions, thaw::state::SplView};
use thaw_math::{Bps, Lamports};

use crate::{action::Action, model::Model, reviews::plan_removals};

/// No move is planned this close to the end of an epoch, slots: what is sent now may land when its
/// blockhash ends, and a move that lands in the next epoch is refused.
pub const LAST_SLOTS: u64 = 150;
/// Moves of one kind planned at once; the next round plans the rest from what has become of these.
const MAX_MOVES: usize = 64;

/// What is due for the pool of `snapshot`, in the order it should be sent; a sync names at most
/// `slots_per_sync` slots.
///
/// First the bookings and the finalize of a new epoch, and nothing else: all that follows depends
/// on them, so it waits for the next snapshot. Then a view for readers of SPL stake pools that is
/// behind. Then, on a model of the books that each planned
/// action changes as the program will: merge, collect, sweep, settle, close; in the move window
/// undelegate, then delegate; removals to be finished come last. Nothing touches stake while the chain
/// pays rewards.
pub fn plan(snapshot: &Snapshot, slots_per_sync: usize) -> Vec<Action> {
    if snapshot.is_rewards_window {
        return close_batches(snapshot);
    }
    if snapshot.clock.epoch > snapshot.pool.epoch {
        return open_epoch(snapshot, slots_per_sync);
    }
    let mut model = Model::new(snapshot);
    let mut actions: Vec<Action> = refresh_view(snapshot).into_iter().collect();
    actions.extend(tend(&mut model));
    actions.extend(settle(&mut model));
    actions.extend(close_batches(snapshot));
    if is_move_window(snapshot) {
        actions.extend(undelegate(&mut model));
        actions.extend(delegate(&mut model));
    }
    actions.extend(plan_removals(snapshot));
    actions
}

fn open_epoch(snapshot: &Snapshot, slots_per_sync: usize) -> Vec<Action> {
    let epoch = snapshot.clock.epoch;
    let records = || snapshot.validators.iter().map(|view| (view.index, &view.record));
    let instructions = sync_instructions(&snapshot.addresses, records(), epoch, slots_per_sync);
    let mut indices = records()
        .filter(|(_, record)| record.is_held() && record.booked_epoch != epoch)
        .map(|(index, record)| (index, record.slots.iter().filter(|slot| slot.is_held()).count()));
    let mut actions = Vec::with_capacity(instructions.len().saturating_add(1));
    for instruction in instructions {
        // The slots follow the pool and the list; each belongs to the next validator in turn.
        let mut slots = instruction.accounts.len().saturating_sub(2);
        let mut validators = Vec::new();
        while slots > 0 {
            let Some((index, held)) = indices.next() else { break };
            slots = slots.saturating_sub(held);
            validators.push(index);
        }
        actions.push(Action::Sync { instruction, validators });
    }
    actions.push(Action::Finalize { epoch, has_view: snapshot.spl_view.is_some() });
    actions
}

/// A finalize brings the view along; another's may not have. What it shows is a floor of the rate, save
/// where a loss was booked since (INV-4): that is shown at once.
fn refresh_view(snapshot: &Snapshot) -> Option<Action> {
    let epoch = snapshot.pool.epoch;
    let view = snapshot.spl_view?;
    let is_behind = view.last_update_epoch != epoch || shows_more(&view, snapshot);
    is_behind.then_some(Action::RefreshView { epoch })
}

/// Whether shares are worth less now than the view shows.
fn shows_more(view: &SplView, snapshot: &Snapshot) -> bool {
    let pool = &snapshot.pool;
    let Ok(value) = pool.value_at(snapshot.clock.unix_timestamp) else { return false };
    let product = |lamports: u64, shares: u64| u128::from(lamports).saturating_mul(shares.into());
    product(view.total_lamports, pool.shares) > product(value.nav.0, view.pool_token_supply)
}

fn tend(model: &mut Model) -> Vec<Action> {
    let mut actions = Vec::new();
    for place in 0..model.len() {
        while let Some(on) = model.merge(place) {
            actions.push(Action::Merge(on));
        }
    }
    actions.extend((0..model.len()).filter_map(|place| model.collect(place)).map(Action::Collect));
    actions.extend((0..model.len()).filter_map(|place| model.sweep(place)).map(Action::Sweep));
    actions
}

fn settle(model: &mut Model) -> Vec<Action> {
    std::iter::from_fn(|| model.settle())
        .map(|(serial, lamports)| Action::Settle { serial, lamports })
        .collect()
}

fn close_batches(snapshot: &Snapshot) -> Vec<Action> {
    snapshot
        .batches
        .iter()
        .filter(|batch| batch.is_settled() && batch.tickets == 0)
        .map(|batch| Action::CloseBatch { serial: batch.serial, opener: batch.opener })
        .collect()
}

/// From the validator that is most above its target on, until the program would refuse any more.
fn undelegate(model: &mut Model) -> Vec<Action> {
    let batch = model.oldest_batch();
    let mut actions = Vec::new();
    while actions.len() < MAX_MOVES {
        let order = model.by_excess();
        let Some(on) = order.into_iter().find_map(|place| model.undelegate(place)) else { break };
        actions.push(Action::Undelegate { on, batch });
    }
    actions
}

/// From the validator that is most below its target on, until the program would refuse any more.
fn delegate(model: &mut Model) -> Vec<Action> {
    let mut actions = Vec::new();
    while actions.len() < MAX_MOVES {
        let order = model.by_excess();
        let next = order.into_iter().rev().find_map(|place| model.delegate(place));
        let Some(on) = next else { break };
        actions.push(Action::Delegate(on));
    }
    actions
}

/// True in the move window and not in the epoch's last slots: the rule of
/// `Pool::require_move_window`, which reads the schedule where the program runs.
fn is_move_window(snapshot: &Snapshot) -> bool {
    let (clock, pool) = (&snapshot.clock, &snapshot.pool);
    let last = snapshot.schedule.get_last_slot_in_epoch(clock.epoch);
    if last.saturating_sub(clock.slot) < LAST_SLOTS {
        return false;
    }
    if pool.is_winding_down() {
        return true;
    }
    let slots = snapshot.schedule.get_slots_in_epoch(clock.epoch);
    let window = Bps(pool.config.move_window_bps).of_up(Lamports(slots)).0;
    let first = snapshot.schedule.get_first_slot_in_epoch(clock.epoch);
    clock.slot >= first.saturating_add(slots.saturating_sub(window))
}
