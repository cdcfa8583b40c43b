//! What a lender needs to know of collateral: value, staleness, liquidity, the worst case.

use anchor_lang::prelude::Clock;
use solana_epoch_schedule::EpochSchedule;
use thaw_client::{
    math::Shares,
    thaw::{
        constants::{MAX_INSTANT_FEE_BPS, MAX_MISSED_EPOCHS, MAX_STALE_HAIRCUT_BPS},
        rent::Rent,
        state::{Pool, Record},
    },
};

// region: collateral
/// The oldest finalize a lender lends on, two days, as the vault example's; seconds.
const MAX_AGE: i64 = 2 * 86_400;

/// What collateral is worth at one instant, lamports.
#[derive(Debug, PartialEq, Eq)]
pub struct Collateral {
    /// Whether to lend more on it: the pool is neither stale nor closing nor broken. What is lent
    /// already is valued all the same, to be liquidated.
    pub may_lend: bool,
    /// At the exit rate, rounded down: what a ticket would pay now.
    pub value: u64,
    /// What an instant exit of all of it pays, fee and haircut taken off; 0 where it is refused.
    pub instant: u64,
    /// What all instant exits together may take.
    pub liquidity: u64,
}

/// `None` where the pool is worth nothing.
pub fn collateral(pool: &Pool, clock: &Clock, rent: &Rent, shares: u64) -> Option<Collateral> {
    let now = clock.unix_timestamp;
    let is_fresh =
        pool.missed_epochs(clock) <= 1 && now.saturating_sub(pool.finalized_at) <= MAX_AGE;
    let value = pool.value_at(now).ok()?;
    let instant = pool.price_instant(&value, clock, rent, shares);
    Some(Collateral {
        may_lend: is_fresh && !pool.is_winding_down() && !pool.is_broken(now),
        value: value.exit_rate().ok()?.lamports_down(Shares(shares))?.0,
        instant: instant.map_or(0, |price| price.net()),
        liquidity: pool.instant_liquidity(&value, rent).0,
    })
}
// endregion

// region: worst-case
/// The worst that can happen to collateral before it is sold, lamports.
#[derive(Debug, PartialEq, Eq)]
pub struct WorstCase {
    /// Value if the validator with the most of the pool's stake loses all of it, and all that is
    /// liquid or cools leaves at the old rate before the loss is booked, at once and by tickets.
    /// Active stake is not counted among it: see below.
    pub after_slash: u64,
    /// What an instant exit of that pays, at the end of the fee curve and with no finalize for three
    /// epochs, at the fees of now.
    pub after_exit: u64,
    /// The same with the highest fees that any config may have.
    pub at_the_caps: u64,
}

/// From the pool and the records of its validator list.
pub fn worst_case(
    pool: &Pool,
    records: &[Record],
    clock: &Clock,
    rent: &Rent,
    shares: u64,
) -> Option<WorstCase> {
    let value = pool.value_at(clock.unix_timestamp).ok()?;
    let part = |amount: u64, of: u64, whole: u64| {
        let part = (u128::from(amount) * u128::from(of)).checked_div(whole.into())?;
        u64::try_from(part).ok()
    };
    // No more than the recorded lamports can be lost there; unreleased gain only softens it.
    let lost = records.iter().map(Record::lamports).max().unwrap_or(0);
    let nav = value.nav.0;
    let paying = pool.reserve_lamports.saturating_add(pool.cooling_lamports);
    let fled = paying.saturating_sub(Pool::float(rent).0).min(nav);
    let left = nav.saturating_sub(lost).saturating_sub(fled);
    // left / (shares that did not flee), rounded down twice.
    let after_slash = part(part(shares, left, value.books.shares.0)?, nav, nav.checked_sub(fled)?)?;
    // Fee and haircut are each rounded up, by less than a lamport.
    let less = |fee: u16, haircut: u16| {
        let bps = u64::from(fee) + u64::from(haircut) * MAX_MISSED_EPOCHS;
        Some(part(after_slash, 10_000 - bps, 10_000)?.saturating_sub(2))
    };
    Some(WorstCase {
        after_slash,
        after_exit: less(pool.config.instant_fee_max_bps, pool.config.stale_haircut_bps)?,
        at_the_caps: less(MAX_INSTANT_FEE_BPS, MAX_STALE_HAIRCUT_BPS)?,
    })
}
// endregion

// region: waiting
/// How long a ticket that is requested now waits, where the pool is cranked. It may be an epoch more
/// where a validator has all of its slots in use, and never more than that (INV-11).
#[derive(Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Epochs: 1 where what is liquid or cooling covers it, 2 where stake has to be undelegated and
    /// this epoch's moves are over.
    pub epochs: u64,
    /// Slots until the last of them begins.
    pub slots: u64,
}

/// `None` where the pool has no price.
pub fn waiting(
    pool: &Pool,
    clock: &Clock,
    schedule: &EpochSchedule,
    rent: &Rent,
    shares: u64,
) -> Option<Waiting> {
    let value = pool.value_at(clock.unix_timestamp).ok()?;
    let mut flow = pool.flow(&value, rent, false).ok()?;
    flow.open = value.value_up(pool.pending_shares.checked_add(shares)?);
    let epochs = if flow.shortage().0 == 0 { 1 } else { 2 };
    let first = schedule.get_first_slot_in_epoch(clock.epoch + epochs);
    Some(Waiting { epochs, slots: first.saturating_sub(clock.slot) })
}
// endregion
