//! Which stake moves, and in which order: what one keeper sends before it looks at the pool again.

use std::collections::BTreeSet;

use crate::{
    action::Action,
    means::{Means, RentBudget},
    model::Model,
    plan::Plan,
};

/// Moves of one kind that all keepers of a pool choose from at once: the most urgent.
const MAX_CHOSEN: usize = 64;
/// Of these, what one keeper sends before it looks again. Another sends some of the rest, and the
/// next look shows which.
const MAX_SENT: usize = 32;

/// Two ways to move stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From the validator that is most above its target on.
    Undelegate,
    /// From the validator that is most below its target on.
    Delegate,
}

/// What hinders a move that the program would accept.
enum Hindrance {
    Benched(Action),
    Dear(Action),
}

/// Plans moves on the model until the program would refuse any more, or there are enough.
///
/// What is chosen is the same for all keepers, save that each leaves out what its own means do not
/// allow: the next validator takes the place. Then each keeper takes what was chosen in an order of
/// its own, and computes each amount from what the moves before it leave.
pub(crate) fn plan_moves(model: &mut Model, kind: Kind, means: &Means, plan: &mut Plan) {
    let mut chosen = choose(model, kind, means, plan);
    chosen.sort_by_cached_key(|place| means.turn(model.index(*place)));
    // A second move at one place takes what others would leave: that shows when they have moved.
    chosen.dedup();
    let mut mover = Mover { kind, means, rent: plan.rent };
    let moves = chosen.into_iter().filter_map(|place| {
        let has_room = mover.has_room(model);
        mover.step(model, place, has_room)?.ok()
    });
    plan.due.extend(moves.take(MAX_SENT));
    plan.rent = mover.rent;
}

/// Places of the most urgent moves, on a copy of the model; what is hindered goes into the plan.
fn choose(model: &Model, kind: Kind, means: &Means, plan: &mut Plan) -> Vec<usize> {
    let mut model = model.clone();
    let mut mover = Mover { kind, means, rent: plan.rent };
    let (mut chosen, mut hindered) = (Vec::new(), BTreeSet::new());
    while chosen.len() < MAX_CHOSEN {
        let mut order = model.by_excess();
        if kind == Kind::Delegate {
            order.reverse();
        }
        order.retain(|place| !hindered.contains(place));
        // What is refused changes nothing, so it is enough to ask once.
        let has_room = mover.has_room(&model);
        let mut step = |place| mover.step(&mut model, place, has_room);
        let next = order.into_iter().find_map(|place| match step(place)? {
            Ok(_) => Some(place),
            Err(hindrance) => {
                hindered.insert(place);
                match hindrance {
                    Hindrance::Benched(action) => plan.benched.push(action),
                    Hindrance::Dear(action) => plan.dear.push(action),
                }
                None
            }
        });
        let Some(place) = next else { break };
        chosen.push(place);
    }
    chosen
}

/// Makes moves on a model, within the means.
struct Mover<'a> {
    kind: Kind,
    means: &'a Means,
    rent: RentBudget,
}

impl Mover<'_> {
    /// Whether what is freed without need could go elsewhere, also when a new slot has been paid for
    /// to free it.
    fn has_room(&self, model: &Model) -> bool {
        let left = self.rent.others.saturating_sub(model.rent());
        self.kind == Kind::Undelegate && model.has_room(left)
    }

    /// Makes one move; leaves the model as it was where there is none, or something hinders it.
    fn step(
        &mut self,
        model: &mut Model,
        place: usize,
        has_room: bool,
    ) -> Option<Result<Action, Hindrance>> {
        let before = model.keep(place);
        let action = match self.kind {
            Kind::Undelegate => {
                let batch = model.oldest_batch();
                model.undelegate(place, has_room).map(|on| Action::Undelegate { on, batch })
            }
            Kind::Delegate => model.delegate(place).map(Action::Delegate),
        };
        let hindrance = match action {
            Some(action) if self.means.benched.contains(&action.key()) => {
                Some(Hindrance::Benched(action))
            }
            Some(action) if self.rent.take(&action) => return Some(Ok(action)),
            Some(action) => Some(Hindrance::Dear(action)),
            None => None,
        };
        model.restore(place, before);
        hindrance.map(Err)
    }
}
