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
/// May be called by the operator.
///
/// # Errors
/// `WrongAuthority`, `WindingDown`, `NoSuchValidator`, `WeightAboveCap` when one validator's part exceeds
/// `max_validator_bps`, `TooFewValidators` when fewer than `min_validators` keep weight.
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
        let record = list.get(*index)?;
        pool.next_weight_sum = pool
            .next_weight_sum
            .checked_add((*weight).into())
            .and_then(|sum| sum.checked_sub(record.next_weight.into()))
            .ok_or(ThawError::Overflow)?;
        record.set_next_weight(pool.epoch, *weight);
    }
    check_spread(&pool.config, list.all(), pool.next_weight_sum)?;

    emit!(WeightsSet { pool: pool_key, weights, next_weight_sum: pool.next_weight_sum });
    Ok(())
}

/// No validator above the cap, and enough of them. The whole list is read: this is no holder's path.
fn check_spread(config: &Config, records: &[Record], sum: u64) -> Result<()> {
    let mut largest = 0u64;
    let mut weighted = 0u16;
    for record in records.iter().filter(|record| record.next_weight > 0) {
        largest = largest.max(record.next_weight.into());
        weighted = weighted.saturating_add(1);
    }
    if weighted < config.min_validators {
        return Err(
            error!(ThawError::TooFewValidators).with_values((weighted, config.min_validators))
        );
    }
    let part = u128::from(largest).wrapping_mul(10_000);
    let allowed = u128::from(sum).wrapping_mul(config.max_validator_bps.into());
    if part > allowed {
        return Err(error!(ThawError::WeightAboveCap).with_values((largest, sum)));
    }
    Ok(())
}
