//! What stake buys, and which validator has room for it.

use thaw::{
    error::{ThawError, refuse},
    instructions::{DepositQuote, room},
};

use crate::{
    quotes::told,
    refusal::Refusal,
    snapshot::{Snapshot, ValidatorView},
};

impl Snapshot {
    /// What a stake account of `lamports` in all buys at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] as `deposit_stake` refuses, but for what its stake account and its validator
    /// refuse.
    pub fn quote_stake_deposit(&self, lamports: u64) -> Result<DepositQuote, Refusal> {
        told(self.price_stake_deposit(lamports))
    }

    fn price_stake_deposit(&self, lamports: u64) -> anchor_lang::Result<DepositQuote> {
        let (pool, now) = (&self.pool, self.clock.unix_timestamp);
        room::require_stake_deposits_open(pool, &self.clock)?;
        if self.is_rewards_window {
            return Err(refuse(ThawError::RewardsWindow));
        }
        let price = pool.price_deposit(&pool.value_at(now)?, &self.clock, lamports, false)?;
        Ok(DepositQuote { shares: price.shares, fee_lamports: price.fee, referral_shares: 0 })
    }

    /// The most lamports of stake that `deposit_stake` takes for a validator, up to `wanted`.
    pub fn stake_room(&self, view: &ValidatorView, wanted: u64) -> u64 {
        let has_slot = view.record.main().is_some() || view.record.find_free().is_some();
        if !has_slot {
            return 0;
        }
        let (mut fits, mut most) = (0u64, wanted);
        while fits < most {
            // Rounded up, so that the search ends.
            let middle = most.saturating_sub(most.saturating_sub(fits).div_euclid(2));
            if self.has_room(view, middle) {
                fits = middle;
            } else {
                most = middle.saturating_sub(1);
            }
        }
        fits
    }

    fn has_room(&self, view: &ValidatorView, lamports: u64) -> bool {
        self.value().is_ok_and(|value| {
            room::require_room(&self.pool, &view.record, &value, &self.rent, lamports).is_ok()
        })
    }
}
