//! Weights that take several transactions: the list must be within the rules after each of them.

use std::cmp::Reverse;

use anyhow::{Context as _, Result};
use thaw_client::{
    Refusal, Snapshot,
    thaw::{
        instructions::{Weight, check_spread, weigh},
        state::{Pool, Record},
    },
};

/// Weights in one transaction of 1,232 bytes.
const PER_TRANSACTION: usize = 140;
/// How often the way is halved at most.
const HALVINGS: u32 = 8;

/// The transactions that lead to `wanted`. Where one is enough the program judges it.
///
/// # Errors
/// The rule that `wanted` breaks, or that every way found so far breaks before its end.
pub fn steps(snapshot: &Snapshot, wanted: Vec<Weight>) -> Result<Vec<Vec<Weight>>> {
    match wanted.len() {
        0 => Ok(Vec::new()),
        1..=PER_TRANSACTION => Ok(vec![wanted]),
        _ => List::of(snapshot).steps(&wanted),
    }
}

/// The validators as the transactions so far leave them, by the program's own functions. A record's
/// place is its index.
#[derive(Clone)]
struct List {
    pool: Box<Pool>,
    records: Vec<Record>,
}

impl List {
    fn of(snapshot: &Snapshot) -> Self {
        let mut records = Vec::new();
        for view in &snapshot.validators {
            let place = usize::from(view.index);
            records.resize(records.len().max(place.saturating_add(1)), Record::default());
            records[place] = view.record;
        }
        Self { pool: snapshot.pool.clone(), records }
    }

    fn steps(&self, wanted: &[Weight]) -> Result<Vec<Vec<Weight>>> {
        self.after(wanted).context("the weights in the end")?;
        let mut steps = Vec::new();
        self.lead(wanted, HALVINGS, &mut steps).with_context(|| {
            format!(
                "{} weights take several transactions, and no order was found in which each of \
                 them keeps the rules: go there by way of another file, with fewer changes or with \
                 weights between the old and the new",
                wanted.len()
            )
        })?;
        Ok(steps)
    }

    /// Adds the transactions that lead to `wanted`, by way of the middle where it must be: where old
    /// and new weights are within the cap, all between them are. Returns what they leave.
    fn lead(
        &self,
        wanted: &[Weight],
        halvings: u32,
        steps: &mut Vec<Vec<Weight>>,
    ) -> Result<Self, Refusal> {
        let refusal = match self.straight(wanted) {
            Ok((more, list)) => {
                steps.extend(more);
                return Ok(list);
            }
            Err(refusal) => refusal,
        };
        let Some(halvings) = halvings.checked_sub(1) else { return Err(refusal) };
        // Nobody who has weight in the end is without in the middle.
        let middle = |one: &Weight| Weight {
            weight: one.weight.midpoint(self.weight(one)).max(one.weight.min(1)),
            ..*one
        };
        let middle: Vec<Weight> = wanted.iter().map(middle).collect();
        self.lead(&middle, halvings, steps)?.lead(wanted, halvings, steps)
    }

    /// Each weight at once from the old to the new. What rises goes first, the smallest ahead: the
    /// sum grows under what comes later. Of what falls the largest is ahead.
    fn straight(&self, wanted: &[Weight]) -> Result<(Vec<Vec<Weight>>, Self), Refusal> {
        let changes = wanted.iter().copied().filter(|one| one.weight != self.weight(one));
        let (mut up, mut down): (Vec<_>, Vec<_>) =
            changes.partition(|one| one.weight > self.weight(one));
        up.sort_by_key(|one| one.weight);
        down.sort_by_key(|one| Reverse(self.weight(one)));
        let largest_ahead: Vec<Weight> = up.iter().rev().copied().collect();
        self.in_order(&[&up[..], &down[..]].concat())
            .or_else(|_| self.in_order(&[&largest_ahead[..], &down[..]].concat()))
            .or_else(|_| self.in_order(&[down, up].concat()))
    }

    /// As many in each transaction as fit and as the rules allow.
    fn in_order(&self, mut rest: &[Weight]) -> Result<(Vec<Vec<Weight>>, Self), Refusal> {
        let (mut steps, mut list) = (Vec::new(), self.clone());
        while !rest.is_empty() {
            let most = rest.len().min(PER_TRANSACTION);
            let first = |count: usize| list.after(&rest[..count]).map(|next| (count, next));
            let fewer =
                |refusal| (1..most).rev().find_map(|count| first(count).ok()).ok_or(refusal);
            let (count, next) = first(most).or_else(fewer)?;
            let (step, left) = rest.split_at(count);
            steps.push(step.to_vec());
            (rest, list) = (left, next);
        }
        Ok((steps, list))
    }

    /// What a transaction leaves, if the program takes it.
    fn after(&self, weights: &[Weight]) -> Result<Self, Refusal> {
        let mut list = self.clone();
        list.set(weights).map_err(|error| Refusal::of_error(&error))?;
        Ok(list)
    }

    fn set(&mut self, weights: &[Weight]) -> anchor_lang::Result<()> {
        for Weight { index, weight } in weights {
            weigh(&mut self.pool, &mut self.records[usize::from(*index)], *weight)?;
        }
        check_spread(&self.pool.config, &self.records, self.pool.next_weight_sum)
    }

    /// The weight from the next finalize on, with what is set aside.
    fn weight(&self, of: &Weight) -> u32 {
        let record = &self.records[usize::from(of.index)];
        record.next_weight.saturating_add(record.aside_weight)
    }
}

#[cfg(test)]
mod tests {
    use anchor_lang::Discriminator;
    use thaw_client::{decode, thaw::state::flags};

    use super::*;

    /// A pool whose caps are a part of the sum in basis points and a least number, with weights.
    fn list(caps: (u16, u16), weights: impl IntoIterator<Item = u32>) -> List {
        let bytes = [Pool::DISCRIMINATOR, &[0; size_of::<Pool>()]].concat();
        let mut pool = decode::pool(&bytes).unwrap();
        (pool.config.max_validator_bps, pool.config.min_validators) = caps;
        let record = |next_weight| Record { next_weight, ..Record::default() };
        let records: Vec<Record> = weights.into_iter().map(record).collect();
        pool.next_weight_sum = records.iter().map(|record| u64::from(record.next_weight)).sum();
        List { pool, records }
    }

    fn wanted(weights: impl IntoIterator<Item = u32>) -> Vec<Weight> {
        (0..).zip(weights).map(|(index, weight)| Weight { index, weight }).collect()
    }

    /// The transactions, each of which the program takes after those before it.
    #[track_caller]
    fn led(from: &List, wanted: &[Weight]) -> Vec<Vec<Weight>> {
        let steps = from.steps(wanted).unwrap();
        let mut list = from.clone();
        for step in &steps {
            assert!(step.len() <= PER_TRANSACTION);
            list = list.after(step).unwrap();
        }
        let end = from.after(wanted).unwrap();
        assert_eq!(list.records, end.records);
        assert_eq!(list.pool.next_weight_sum, end.pool.next_weight_sum);
        steps
    }

    /// The rule because of which there is no way.
    #[track_caller]
    fn stuck(from: &List, wanted: &[Weight]) -> String {
        let error = from.steps(wanted).unwrap_err();
        error.downcast_ref::<Refusal>().unwrap().name.clone()
    }

    fn times(count: usize, weight: u32) -> impl Iterator<Item = u32> {
        std::iter::repeat_n(weight, count)
    }

    #[test]
    fn an_order_is_found_in_which_each_transaction_is_taken() {
        // In the order of the list the first 140 would be led by one that is far above the cap.
        let new = list((100, 100), times(300, 0));
        let file = wanted(times(1, 1_500).chain(times(139, 10)).chain(times(160, 1_000)));
        assert!(new.after(&file[..PER_TRANSACTION]).is_err());
        assert_eq!(led(&new, &file).len(), 3);
        // Those who lose their weight must not leave before the others have theirs.
        let half = list((100, 100), times(150, 1_000).chain(times(150, 0)));
        let other = wanted(times(150, 0).chain(times(150, 1_000)));
        assert!(half.after(&other[..PER_TRANSACTION]).is_err());
        led(&half, &other);
        // One whose weight is beyond a cap that was lowered must go before anything else.
        let above = list((1_000, 1), times(1, 100_000).chain(times(200, 1_000)));
        led(&above, &wanted(times(1, 10).chain(times(200, 900))));
    }

    #[test]
    fn weights_go_by_way_of_the_middle_where_no_order_helps() {
        // With 111 at 100 the others at 1,000 are at the cap, and they are more than fit.
        let high = list((50, 100), times(300, 1_000));
        let low = wanted(times(300, 100));
        assert!(high.straight(&low).is_err());
        let steps = led(&high, &low);
        assert!((4..=32).contains(&steps.len()), "{}", steps.len());
        let low = list((50, 100), times(300, 100));
        led(&low, &wanted(times(300, 5_000)));
    }

    #[test]
    fn what_is_set_aside_ends_as_in_one_transaction() {
        let mut from = list((200, 50), (0..200).map(|place| 500 + place));
        for record in from.records.iter_mut().step_by(3) {
            record.flags |= flags::SET_ASIDE;
            record.aside_weight = 300;
        }
        led(&from, &wanted((0..200).map(|place| 1_200 - 5 * place)));
    }

    #[test]
    fn where_no_way_leads_the_rule_is_named() {
        let equal = wanted(times(300, 1_000));
        assert_eq!(stuck(&list((100, 150), times(300, 0)), &equal), "TooFewValidators");
        assert_eq!(stuck(&list((50, 1), times(300, 0)), &equal), "WeightAboveCap");
        // The end itself is against the rules.
        let alone = wanted(times(1, 9_000).chain(times(299, 1)));
        assert_eq!(stuck(&list((100, 1), times(300, 0)), &alone), "WeightAboveCap");
        let mut leaving = list((100, 1), times(300, 0));
        leaving.records[7].flags |= flags::LEAVING;
        assert_eq!(stuck(&leaving, &equal), "ValidatorLeaving");
    }
}
