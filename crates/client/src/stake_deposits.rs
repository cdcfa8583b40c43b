//! What stake buys, and which validator has room for it.

use thaw::{
    error::{ThawError, refuse},
    instructions::{DepositQuote, validator},
    state::{Path, slot_rent},
};
use thaw_math::{Lamports, Validator};

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
        pool.require_live()?;
        pool.require_open(Path::Stake, now)?;
        if pool.is_broken(now) {
            return Err(refuse(ThawError::Paused));
        }
        pool.require_finalized(&self.clock)?;
        if self.is_rewards_window {
            return Err(refuse(ThawError::RewardsWindow));
        }
        let price = pool.price_deposit(&pool.value_at(now)?, &self.clock, lamports, false)?;
        Ok(DepositQuote { shares: price.shares, fee_lamports: price.fee, referral_shares: 0 })
    }

    /// The most lamports of stake that `deposit_stake` takes for a validator, up to `wanted`.
    pub fn stake_room(&self, view: &ValidatorView, wanted: u64) -> u64 {
        let has_slot = view.record.main().is_some() || view.record.find_free().is_some();
        if !has_slot || !self.has_weight(view) {
            return 0;
        }
        let (mut fits, mut most) = (0u64, wanted);
        while fits < most {
            // Rounded up, so that the search ends.
            let middle = most.saturating_sub(most.saturating_sub(fits).div_euclid(2));
            if self.fits(view, middle).unwrap_or(false) {
                fits = middle;
            } else {
                most = middle.saturating_sub(1);
            }
        }
        fits
    }

    /// True where a validator's weight counts, and still will after the next finalize.
    pub fn has_weight(&self, view: &ValidatorView) -> bool {
        let record = &view.record;
        let weight = validator(&self.pool, record, slot_rent(&self.rent)).weight;
        weight > 0 && record.next_weight > 0 && !record.is_set_aside()
    }

    /// With the deposit the validator holds at most its target and band.
    fn fits(&self, view: &ValidatorView, lamports: u64) -> Option<bool> {
        let Validator { staked, weight, weight_sum } =
            validator(&self.pool, &view.record, slot_rent(&self.rent));
        let mut flow = self.pool.flow(&self.value().ok()?, &self.rent, false).ok()?;
        flow.assets = flow.assets.plus(Lamports(lamports))?;
        let after = staked.plus(Lamports(lamports))?;
        let target = flow.target(&Validator { staked, weight, weight_sum });
        Some(after <= target.plus(flow.band(target))?)
    }
}
