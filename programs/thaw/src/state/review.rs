//! Curation: whether a validator keeps the rules, and what a review makes of that. Pure, so that
//! the keeper judges by the same code.

use crate::prelude::*;
use thaw_math::DEFICIT_LIMIT_PPM;

use super::{
    pool::Pool,
    record::{NO_YIELD, Record, flags},
    vote::VoteAccount,
};
use crate::{constants::*, error::ThawError};

/// A rule that a validator breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub enum Violation {
    /// Its stake earned less than the pool's yardstick by more than bad luck as a leader explains.
    LowYield,
    /// It keeps more than `max_commission_bps` of the rewards.
    Commission,
    /// It has no BLS key while the pool demands one.
    NoBlsKey,
    /// Its vote account is gone.
    Closed,
    /// Its vote account does not hold its rent and an admission ticket in the move window, while the pool
    /// demands BLS keys.
    CannotBeAdmitted,
}

/// What a review goes by beside the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// The vote account.
    pub vote: VoteAccount<'a>,
    /// Its lamports.
    pub lamports: u64,
    /// The least that it must hold to be admitted, see [`Seat::least_lamports`](super::Seat).
    pub least_lamports: u64,
    /// True in the move window. Before it a vote account has all day to take in its next ticket.
    pub is_move_window: bool,
    /// The validator has stake, the pool's or others', that could earn.
    pub has_stake: bool,
}

/// What a validator's stake and vote account show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It breaks a rule.
    Breaks(Violation),
    /// It keeps the rules, and earned in the last epoch if it has stake.
    Keeps,
    /// It breaks no rule, and has stake that did not earn in the last epoch, or not yet a ticket for the
    /// next.
    Idle,
    /// Its vote account cannot be read, and no yield tells of the last epoch.
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
/// vote account.
pub fn judge(pool: &Pool, record: &Record, epoch: u64, evidence: &Evidence) -> Verdict {
    if record.deficit_with_newest(pool) >= DEFICIT_LIMIT_PPM {
        return Verdict::Breaks(Violation::LowYield);
    }
    if evidence.vote == VoteAccount::Closed {
        return Verdict::Breaks(Violation::Closed);
    }
    let needs_seat = pool.config.require_bls == 1;
    match &evidence.vote {
        VoteAccount::Known(view) if view.commission_bps > pool.config.max_commission_bps => {
            Verdict::Breaks(Violation::Commission)
        }
        VoteAccount::Known(view) if needs_seat && !view.has_bls_key => {
            Verdict::Breaks(Violation::NoBlsKey)
        }
        _ if needs_seat && evidence.lamports < evidence.least_lamports => {
            let is_late = evidence.is_move_window;
            if is_late { Verdict::Breaks(Violation::CannotBeAdmitted) } else { Verdict::Idle }
        }
        VoteAccount::Known(view) => {
            let has_earned = epoch.checked_sub(1).is_some_and(|last| view.earned_in(last));
            if has_earned || !evidence.has_stake { Verdict::Keeps } else { Verdict::Idle }
        }
        // What it paid shows that it keeps the rules; nothing else need be read.
        _ if has_paid(pool, record) => Verdict::Keeps,
        _ => Verdict::Unknown,
    }
}

/// True where the last epoch was sampled and paid something: not too little, or it would be a fault.
fn has_paid(pool: &Pool, record: &Record) -> bool {
    let [newest, ..] = record.yields_ppb;
    record.booked_epoch == pool.epoch && newest != NO_YIELD && newest > 0
}

/// Changes the books as `verdict`, found in `epoch`, demands.
///
/// A violation sets weight aside, as much as this epoch's cap allows and never the last validator's;
/// the rest goes in later epochs. A validator that was set aside gets its weight back after
/// 2 compliant epochs, twice as many with each relapse; a relapse is forgotten after 32 epochs.
/// Compliant is one that keeps the rules and earned; one without stake need not have earned. One
/// violation in an epoch undoes what compliance had gathered. Yields that led to a violation are not
/// held against the validator again.
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
        let forgotten = epoch.saturating_sub(record.reviewed_epoch) / RELAPSE_EPOCHS;
        let forgotten = forgotten.min(u8::MAX.into()) as u8;
        record.relapses = record.relapses.saturating_sub(forgotten).saturating_add(1);
    }
    if violation == Violation::LowYield && kept == 0 {
        record.deficit_ppm = 0;
        record.yields_ppb[0] = NO_YIELD;
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
