//! What the admin can tune, within caps written in code.

use crate::prelude::*;

use crate::{constants::*, error::ThawError};

/// A pool's parameters. Part of the pool's head, at fixed offsets.
#[zero_copy]
#[derive(Debug, Default, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[borsh(crate = "anchor_lang::prelude::borsh")]
pub struct Config {
    /// Over how many seconds a gain is released into the rate.
    pub release_seconds: u32,
    /// Seconds between the proposal of a config and its application.
    pub config_delay_seconds: u32,
    /// Part of gains, beyond losses made up, that becomes fee shares.
    pub reward_fee_bps: u16,
    /// Part of a SOL or stake deposit that stays with the holders.
    pub deposit_fee_bps: u16,
    /// Part of a stake withdrawal that stays with the holders.
    pub stake_withdrawal_fee_bps: u16,
    /// Instant exit fee with the reserve at its target.
    pub instant_fee_min_bps: u16,
    /// Instant exit fee with an empty reserve.
    pub instant_fee_max_bps: u16,
    /// Part of the deposit fee that goes to a referrer.
    pub referral_bps: u16,
    /// Haircut per missed epoch on instant exits before finalize.
    pub stale_haircut_bps: u16,
    /// Part of assets that may leave instantly before finalize, per epoch.
    pub stale_exit_bps: u16,
    /// Part of assets the reserve aims at.
    pub liquidity_target_bps: u16,
    /// Smallest sensible move as a part of assets; at least 1 SOL moves.
    pub piece_bps: u16,
    /// Part of assets that may move per epoch for other reasons than withdrawals.
    pub max_rebalance_bps: u16,
    /// The larger cap for validators that a review set aside; what either cap lets move counts
    /// against both.
    pub max_violator_bps: u16,
    /// Largest part of all weight that one validator may have.
    pub max_validator_bps: u16,
    /// Least number of validators with weight.
    pub min_validators: u16,
    /// Highest commission a validator may take.
    pub max_commission_bps: u16,
    /// Part of all weight that reviews may set aside per epoch.
    pub aside_bps: u16,
    /// A finalize that loses more than this part of assets trips the circuit breaker.
    pub circuit_loss_bps: u16,
    /// The move window: the last part of an epoch's slots.
    pub move_window_bps: u16,
    /// 1 if validators that have no BLS key, or not the lamports of an admission ticket, violate the
    /// rules and get no stake.
    pub require_bls: u8,
    /// For later versions, 0.
    pub reserved: [u8; 19],
}

impl Config {
    /// Checks each value against its cap (INV-8).
    ///
    /// # Errors
    /// [`ThawError::ConfigOutOfBounds`], the log names the field, the value and the bounds.
    pub fn validate(&self) -> Result<()> {
        let whole = 10_000;
        within("reward_fee_bps", self.reward_fee_bps, 0, MAX_REWARD_FEE_BPS)?;
        within("deposit_fee_bps", self.deposit_fee_bps, 0, MAX_DEPOSIT_FEE_BPS)?;
        within(
            "stake_withdrawal_fee_bps",
            self.stake_withdrawal_fee_bps,
            MIN_STAKE_WITHDRAWAL_FEE_BPS,
            MAX_DEPOSIT_FEE_BPS,
        )?;
        within("instant_fee_max_bps", self.instant_fee_max_bps, 0, MAX_INSTANT_FEE_BPS)?;
        within("instant_fee_min_bps", self.instant_fee_min_bps, 0, self.instant_fee_max_bps)?;
        within("referral_bps", self.referral_bps, 0, whole)?;
        within("stale_haircut_bps", self.stale_haircut_bps, 0, MAX_STALE_HAIRCUT_BPS)?;
        within("stale_exit_bps", self.stale_exit_bps, 0, MAX_STALE_EXIT_BPS)?;
        within("liquidity_target_bps", self.liquidity_target_bps, 0, MAX_LIQUIDITY_TARGET_BPS)?;
        within("piece_bps", self.piece_bps, 0, MAX_PIECE_BPS)?;
        within("max_rebalance_bps", self.max_rebalance_bps, REBALANCE_BPS.0, REBALANCE_BPS.1)?;
        within("max_violator_bps", self.max_violator_bps, self.max_rebalance_bps, REBALANCE_BPS.1)?;
        within("max_validator_bps", self.max_validator_bps, 1, whole)?;
        within("min_validators", self.min_validators, 1, 1_000)?;
        within("max_commission_bps", self.max_commission_bps, 0, whole)?;
        within("aside_bps", self.aside_bps, 0, MAX_ASIDE_BPS)?;
        within("circuit_loss_bps", self.circuit_loss_bps, MIN_CIRCUIT_LOSS_BPS, whole)?;
        within("move_window_bps", self.move_window_bps, MOVE_WINDOW_BPS.0, MOVE_WINDOW_BPS.1)?;
        within("require_bls", self.require_bls, 0, 1)?;
        within("release_seconds", self.release_seconds, RELEASE_SECONDS.0, RELEASE_SECONDS.1)?;
        within(
            "config_delay_seconds",
            self.config_delay_seconds,
            CONFIG_DELAY_SECONDS.0,
            CONFIG_DELAY_SECONDS.1,
        )?;
        require!(self.reserved == [0; 19], ThawError::ConfigOutOfBounds);
        Ok(())
    }
}

fn within<T: Into<u64>>(name: &str, value: T, low: T, high: T) -> Result<()> {
    let (value, low, high) = (value.into(), low.into(), high.into());
    if value < low || value > high {
        msg!("{} = {} is not within {}..={}", name, value, low, high);
        return err!(ThawError::ConfigOutOfBounds);
    }
    Ok(())
}
