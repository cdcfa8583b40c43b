//! Which validator takes a holder's stake, and which one gives it. Clients ask the same functions.

use crate::prelude::*;
use solana_rent::Rent;
use thaw_math::Lamports;

use crate::{
    error::ThawError,
    instructions::crank::{taker, validator},
    state::{Path, Pool, Record, Valuation, slot_rent},
};

/// Stake may come in: the pool is live, not paused for it, and finalized in this epoch, so that the
/// rate knows the epoch's losses.
///
/// # Errors
/// `WindingDown`, `Paused`, `NotFinalized`.
pub fn require_stake_deposits_open(pool: &Pool, clock: &Clock) -> Result<()> {
    pool.require_live()?;
    pool.require_open(Path::Stake, clock.unix_timestamp)?;
    require!(!pool.is_broken(clock.unix_timestamp), ThawError::Paused);
    pool.require_finalized(clock)
}

/// The validator's weight counts, and still will after the next finalize.
pub fn has_weight(pool: &Pool, record: &Record) -> bool {
    record.weight_in(pool) > 0 && record.next_weight > 0 && !record.is_set_aside()
}

/// With `lamports` more the validator holds at most its target and band, and it has weight.
///
/// # Errors
/// `ValidatorAboveTarget` with what it would hold and the most it may, `Overflow`.
pub fn require_room(
    pool: &Pool,
    record: &Record,
    value: &Valuation,
    rent: &Rent,
    lamports: u64,
) -> Result<()> {
    let validator = taker(pool, record, slot_rent(rent));
    let mut flow = pool.flow(value, rent, false)?;
    flow.assets = flow.assets.plus(Lamports(lamports)).ok_or(ThawError::Overflow)?;
    let after = validator.staked.plus(Lamports(lamports)).ok_or(ThawError::Overflow)?;
    let target = flow.target(&validator);
    let most = target.plus(flow.band(target)).ok_or(ThawError::Overflow)?;
    if !has_weight(pool, record) || after > most {
        return Err(refuse_with(ThawError::ValidatorAboveTarget, after.0, most.0));
    }
    Ok(())
}

/// Lamports that the validator keeps above its target where its main slot, which has `stake`
/// delegated, gives `lamports`. What stays is a delegation the network allows.
///
/// # Errors
/// `BelowMinimumDelegation` and `ValidatorBelowTarget` with what would stay and the least that must,
/// `Overflow`.
pub fn room_above_target(
    pool: &Pool,
    record: &Record,
    value: &Valuation,
    rent: &Rent,
    stake: u64,
    lamports: u64,
) -> Result<u64> {
    let (left, least) = (stake.saturating_sub(lamports), pool.min_delegation().0);
    if left < least {
        return Err(refuse_with(ThawError::BelowMinimumDelegation, left, least));
    }
    let validator = validator(pool, record, slot_rent(rent));
    let mut flow = pool.flow(value, rent, false)?;
    flow.assets = flow.assets.minus_or_zero(Lamports(lamports));
    let (after, target) =
        (validator.staked.minus_or_zero(Lamports(lamports)), flow.target(&validator));
    if after < target {
        return Err(refuse_with(ThawError::ValidatorBelowTarget, after.0, target.0));
    }
    Ok(after.minus_or_zero(target).0)
}
