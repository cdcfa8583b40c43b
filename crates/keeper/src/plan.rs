//! From a snapshot to actions. Pure: no clock, no network, no memory of earlier rounds.

use thaw_client::{Snapshot, pack::sync_instructions, thaw::state::SplView};

use crate::{
    action::Action,
    means::{Means, RentBudget},
    model::Model,
    moves::{Kind, plan_moves},
    reviews::plan_removals,
};

/// No move is planned this close to the end of an epoch, slots: what is sent now may land when its
/// blockhash ends, and a move that lands in the next epoch is refused.
pub const LAST_SLOTS: u64 = 150;

/// What is due, and what would be due with other means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to send, in this order.
    pub due: Vec<Action>,
    /// What is left alone because it was refused lately.
    pub benched: Vec<Action>,
    /// What is left alone because too little rent is left for its new slot.
    pub dear: Vec<Action>,
    /// Rent that is left after what is due, lamports.
    pub(crate) rent: RentBudget,
}

/// What is due for the pool of `snapshot`, by a keeper of these means.
///
/// First the bookings and the finalize of a new epoch, and nothing else: all that follows depends
/// on them, so it waits for the next snapshot. Then a view for readers of SPL stake pools that is
/// behind. Then, on a model of the books that each planned action changes as the program will: merge,
/// collect, sweep, settle, close; in the move window undelegate, then delegate; removals to be
/// finished come last. Nothing touches stake while the chain pays rewards.
pub fn plan(snapshot: &Snapshot, means: &Means) -> Plan {
    let mut plan = Plan { rent: means.rent, ..Plan::default() };
    if snapshot.is_rewards_window {
        plan.due = close_batches(snapshot);
    } else if snapshot.clock.epoch > snapshot.pool.epoch {
        plan.due = open_epoch(snapshot, means.slots_per_sync);
    } else {
        plan_epoch(snapshot, means, &mut plan);
    }
    let is_benched = |action: &mut Action| means.benched.contains(&action.key());
    plan.benched.extend(plan.due.extract_if(.., is_benched));
    plan
}

fn plan_epoch(snapshot: &Snapshot, means: &Means, plan: &mut Plan) {
    let mut model = Model::new(snapshot);
    plan.due.extend(refresh_view(snapshot));
    plan.due.extend(tend(&mut model));
    plan.due.extend(settle(&mut model));
    plan.due.extend(close_batches(snapshot));
    if is_move_window(snapshot) {
        plan_moves(&mut model, Kind::Undelegate, means, plan);
        plan_moves(&mut model, Kind::Delegate, means, plan);
    }
    plan.due.extend(plan_removals(snapshot));
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

/// True in the move window and not in the epoch's last slots.
fn is_move_window(snapshot: &Snapshot) -> bool {
    let last = snapshot.schedule.get_last_slot_in_epoch(snapshot.clock.epoch);
    snapshot.is_move_window() && last.saturating_sub(snapshot.clock.slot) >= LAST_SLOTS
}
