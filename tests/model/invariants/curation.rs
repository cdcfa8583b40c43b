//! What a review may do and what it may not (design, section 8): it moves weight between what counts
//! and what is set aside, within the cap, and touches nothing else.

use bytemuck::bytes_of;
use thaw_client::thaw::state::Pool;

use super::{Step, require};
use crate::{
    apply::{Check, Model},
    chain::Chain,
    ops::Op,
    reference::{Amount, Said},
};

pub(super) fn reviews(model: &Model, step: &Step) -> Check {
    let weights = |chain: &Chain| -> Vec<(Amount, Amount)> {
        chain.records.iter().map(|it| (it.next_weight.into(), it.aside_weight.into())).collect()
    };
    let (old, new) = (weights(step.before), weights(step.after));
    let Some(Said::Reviewed { taken, returned, violation }) = step.done.said else {
        // Nothing else sets weight aside, but the weights that the operator sets.
        let is_set = matches!(step.op, Op::SetWeights { .. } | Op::Remove { .. });
        let is_same = old.iter().zip(&new).all(|(old, new)| old.1 == new.1);
        return require("curation", is_set || is_same, || {
            format!("weights {old:?} became {new:?}")
        });
    };
    let Op::Review { v, .. } = step.op else { unreachable!("only a review says so") };
    let v = usize::from(*v) % (step.after.records.len() + 1);
    for (index, (old, new)) in old.iter().zip(&new).enumerate() {
        let (taken, returned) = if index == v { (taken, returned) } else { (0, 0) };
        let expected = (old.0 + returned - taken, old.1 + taken - returned);
        require("curation", *new == expected, || {
            format!("validator {index}: {old:?} became {new:?}: {taken} taken, {returned} back")
        })?;
    }
    require("curation", violation.is_some() || taken == 0, || "taken without a rule".into())?;
    require("curation", violation.is_none() || returned == 0, || "back with a violation".into())?;

    let sum: Amount = old.iter().map(|(weight, _)| weight).sum();
    let config = &step.after.pool.config;
    let all = Amount::from(step.after.pool.counters.aside_weight);
    let cap = (sum + (all - taken)) * Amount::from(config.aside_bps) / 10_000;
    require("curation", taken == 0 || all <= cap, || {
        format!("{all} of {sum} set aside in one epoch, at most {cap}: {:?}", model.reference.start)
    })?;
    let left: Amount = new.iter().map(|(weight, _)| weight).sum();
    require("curation", taken == 0 || left > 0, || "the last weight is set aside".into())?;
    require("curation", rest(&step.before.pool) == rest(&step.after.pool), || {
        "a review changed more of the pool than weights".into()
    })
}

/// The pool without what a review may change.
fn rest(pool: &Pool) -> Vec<u8> {
    let mut pool = *pool;
    pool.next_weight_sum = 0;
    pool.counters = Default::default();
    pool.synced_validators = 0;
    bytes_of(&pool).to_vec()
}
