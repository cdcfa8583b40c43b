//! How stake is shared among validators.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::WeightsSet,
    state::{Config, Pool, Record, Records, ValidatorList},
};

/// A validator's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct Weight {
    /// Index of its record.
    pub index: u16,
    /// Its part of the stake is this divided by the sum of all weights; 0 empties it.
    pub weight: u32,
}

/// Accounts of `set_weights`.
#[derive(Accounts)]
pub struct SetWeights<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = operator @ ThawError::WrongAuthority,
        has_one = validators @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// The pool's operator.
    pub operator: Signer<'info>,
}

/// Sets weights that count from the next finalize; validators that are not named keep theirs. The
/// stake follows within the rebalancing cap, so that not even weight 0 everywhere empties a pool.
///
/// Of a validator that a review set aside the weight can be lowered at once; what is beyond that
/// waits until the validator complies. Reviews take whole units: weights should be in the thousands.
///
/// May be called by the operator.
///
/// # Errors
/// `WrongAuthority`, `WindingDown`, `NoSuchValidator`, `ValidatorLeaving`, `WeightAboveCap` when
/// one validator's part exceeds `max_validator_bps`, or would with what was set aside of it,
/// `TooFewValidators` when fewer than `min_validators` keep weight.
///
/// # Events
/// [`WeightsSet`].
pub fn set_weights(ctx: Context<SetWeights>, weights: Vec<Weight>) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    pool.require_live()?;
    let mut list = Records::load(&accounts.validators)?;

    for Weight { index, weight } in &weights {
        weigh(pool, list.get(*index)?, *weight)?;
    }
    check_spread(&pool.config, list.all(), pool.next_weight_sum)?;

    emit!(WeightsSet { pool: pool_key, weights, next_weight_sum: pool.next_weight_sum });
    Ok(())
}

/// Sets one validator's weight. Of one that was set aside it can be lowered; what is beyond waits.
///
/// # Errors
/// `ValidatorLeaving`, `Overflow`.
#[inline(always)]
pub fn weigh(pool: &mut Pool, record: &mut Record, weight: u32) -> Result<()> {
    require!(!record.is_leaving(), ThawError::ValidatorLeaving);
    let most = if record.is_set_aside() { record.next_weight } else { u32::MAX };
    record.aside_weight = weight.saturating_sub(most);
    record.change_next_weight(pool, weight.min(most))
}

/// No validator above the cap, not even once it gets back what was set aside, and enough of them.
/// The whole list is read: this is no holder's path.
///
/// # Errors
/// `TooFewValidators`, `WeightAboveCap`.
pub fn check_spread(config: &Config, records: &[Record], sum: u64) -> Result<()> {
    let weighted = records.iter().filter(|record| record.next_weight > 0).count();
    if weighted < config.min_validators.into() {
        return Err(refuse_with(
            ThawError::TooFewValidators,
            weighted as u64,
            config.min_validators,
        ));
    }
    for record in records {
        let aside = u64::from(record.aside_weight);
        let weight = aside.saturating_add(record.next_weight.into());
        let sum = sum.saturating_add(aside);
        // cannot overflow: a list has less than 2^16 records, so the sum is below 2^48.
        let part = weight.wrapping_mul(10_000);
        let allowed = sum.wrapping_mul(config.max_validator_bps.into());
        if part > allowed {
            return Err(refuse_with(ThawError::WeightAboveCap, weight, sum));
        }
    }
    Ok(())
}
