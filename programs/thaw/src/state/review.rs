//! Curation: whether a validator keeps the rules, and what a review makes of that. Pure, so that
//! the keeper judges by the same code.

use crate::prelude::*;

use super::{
    pool::Pool,
    record::{NO_YIELD, Record, flags},
    vote::VoteAccount,
};
use crate::{constants::*, error::ThawError};

/// A rule that a validator breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub enum Violation {
    /// Its stake earned less than 80 % of the pool's mean in two of the last three epochs.
    LowYield,
    /// It keeps more than `max_commission_bps` of the rewards.
    Commission,
    /// It has no BLS key while the pool demands one.
    NoBlsKey,
    /// Its vote account is gone.
    Closed,
    /// It voted in neither of the last two epochs, in both of which another listed one did, and in
    /// both of which the pool's stake was active with it.
    NotVoting,
}

/// What a validator's stake and vote account show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It breaks a rule.
    Breaks(Violation),
    /// It keeps the rules, and voted in the last epoch.
    Keeps,
    /// It breaks no rule, and did not vote in the last epoch.
    Idle,
    /// Its vote account cannot be read: nothing is known.
    Unknown,
}

/// What a review changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The rule that is broken; `None` for a validator that keeps them.
    pub violation: Option<Violation>,
    /// Weight set aside now.
    pub taken_weight: u32,
    /// Weight given back now.
    pub returned_weight: u32,
}

/// Judges the validator of `record` in `epoch`, the pool finalized in it, by its yields and its
/// vote account. `reference` is the vote account of another listed validator: only beside one that
/// voted is a vote missed, since at times nobody can.
pub fn judge(
    pool: &Pool,
    record: &Record,
    epoch: u64,
    vote: &VoteAccount,
    reference: Option<&VoteAccount>,
) -> Verdict {
    if has_low_yield(pool, record) {
        return Verdict::Breaks(Violation::LowYield);
    }
    let view = match vote {
        VoteAccount::Closed => return Verdict::Breaks(Violation::Closed),
        VoteAccount::Unknown => return Verdict::Unknown,
        VoteAccount::Known(view) => view,
    };
    if view.commission_bps > pool.config.max_commission_bps {
        return Verdict::Breaks(Violation::Commission);
    }
    if pool.config.require_bls == 1 && !view.has_bls_key {
        return Verdict::Breaks(Violation::NoBlsKey);
    }
    let Some(last) = epoch.checked_sub(1) else { return Verdict::Idle };
    if view.voted_in(last) {
        return Verdict::Keeps;
    }
    let others_voted = |epoch: u64| {
        reference.and_then(VoteAccount::view).is_some_and(|other| other.voted_in(epoch))
    };
    match last.checked_sub(1) {
        Some(before)
            if could_vote(pool, record)
                && !view.voted_in(before)
                && others_voted(before)
                && others_voted(last) =>
        {
            Verdict::Breaks(Violation::NotVoting)
        }
        _ => Verdict::Idle,
    }
}

/// True where the pool's stake was active with the validator in all of the last two epochs, as the
/// samples of both show: without stake nobody is asked to vote, so one that was just listed or
/// drained has missed nothing.
fn could_vote(pool: &Pool, record: &Record) -> bool {
    let [last, before, _] = record.yields_ppb;
    record.booked_epoch == pool.epoch && last != NO_YIELD && before != NO_YIELD
}

/// True where at least two of the last three epochs are known to have paid less than 80 % of the
/// mean. Record and pool speak of the same epochs only if both are of the same one.
fn has_low_yield(pool: &Pool, record: &Record) -> bool {
    let is_low = |(own, mean): (u32, u32)| {
        let (own_100, mean) = (u64::from(own).wrapping_mul(100), u64::from(mean));
        own != NO_YIELD && own_100 < mean.wrapping_mul(LEAST_YIELD_PERCENT)
    };
    let pairs = record.yields_ppb.into_iter().zip(pool.mean_yields_ppb);
    record.booked_epoch == pool.epoch && pairs.filter(|pair| is_low(*pair)).count() >= LOW_EPOCHS
}

/// Changes the books as `verdict`, found in `epoch`, demands.
///
/// A violation sets weight aside, as much as this epoch's cap allows and never the last validator's;
/// the rest goes in later epochs. A validator that was set aside gets its weight back after
/// 2 compliant epochs, twice as many with each relapse. Compliant is one that keeps the rules and
/// voted; one that holds no stake of the pool need not have voted, since it may have had no stake to
/// vote with. One violation in an epoch undoes what compliance had gathered.
///
/// # Errors
/// [`ThawError::NothingToReview`], [`ThawError::VoteLayoutUnknown`],
/// [`ThawError::AsideCapReached`], [`ThawError::LastValidator`], [`ThawError::Overflow`].
pub fn review(
    pool: &mut Pool,
    record: &mut Record,
    epoch: u64,
    verdict: Verdict,
) -> Result<Reviewed> {
    pool.roll_counters(epoch);
    require!(!record.is_leaving(), ThawError::NothingToReview);
    let is_due = record.is_set_aside() && record.reviewed_epoch != epoch;
    match verdict {
        Verdict::Breaks(violation) => set_aside(pool, record, epoch, violation),
        Verdict::Keeps if is_due => comply(pool, record, epoch),
        Verdict::Idle if is_due && !record.is_held() => comply(pool, record, epoch),
        Verdict::Keeps | Verdict::Idle => err!(ThawError::NothingToReview),
        Verdict::Unknown => err!(ThawError::VoteLayoutUnknown),
    }
}

fn set_aside(
    pool: &mut Pool,
    record: &mut Record,
    epoch: u64,
    violation: Violation,
) -> Result<Reviewed> {
    let may_comply =
        record.is_set_aside() && (record.compliant > 0 || record.reviewed_epoch != epoch);
    let taken = match weight_to_take(pool, record) {
        // No more weight can be taken, but this epoch is not a compliant one, nor those before it.
        Err(_) if may_comply => 0,
        taken => taken?,
    };
    let kept = record.next_weight.checked_sub(taken).ok_or(ThawError::Overflow)?;
    record.change_next_weight(pool, kept)?;
    record.aside_weight = record.aside_weight.checked_add(taken).ok_or(ThawError::Overflow)?;
    pool.counters.aside_weight =
        pool.counters.aside_weight.checked_add(taken.into()).ok_or(ThawError::Overflow)?;
    if !record.is_set_aside() {
        record.flags |= flags::SET_ASIDE;
        record.relapses = record.relapses.saturating_add(1);
    }
    record.compliant = 0;
    record.reviewed_epoch = epoch;
    Ok(Reviewed { violation: Some(violation), taken_weight: taken, returned_weight: 0 })
}

/// Weight that a violation takes now, more than 0.
fn weight_to_take(pool: &Pool, record: &Record) -> Result<u32> {
    let weight = record.next_weight;
    require!(weight > 0, ThawError::NothingToReview);
    require!(u64::from(weight) < pool.next_weight_sum, ThawError::LastValidator);
    let taken_before = pool.counters.aside_weight;
    let all = u128::from(pool.next_weight_sum).wrapping_add(taken_before.into());
    let cap = all.wrapping_mul(pool.config.aside_bps.into()) / 10_000;
    let left = cap.saturating_sub(taken_before.into());
    require!(left > 0, ThawError::AsideCapReached);
    Ok(weight.min(u32::try_from(left).unwrap_or(u32::MAX)))
}

fn comply(pool: &mut Pool, record: &mut Record, epoch: u64) -> Result<Reviewed> {
    record.reviewed_epoch = epoch;
    record.compliant = record.compliant.saturating_add(1);
    let mut returned = 0;
    if record.compliant >= 1 << record.relapses.min(MAX_RELAPSES) {
        returned = std::mem::take(&mut record.aside_weight);
        let weight = record.next_weight.checked_add(returned).ok_or(ThawError::Overflow)?;
        record.change_next_weight(pool, weight)?;
        record.flags &= !flags::SET_ASIDE;
        record.compliant = 0;
    }
    Ok(Reviewed { violation: None, taken_weight: 0, returned_weight: returned })
}
