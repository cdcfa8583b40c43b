//! What coming in costs and leaving pays. The instructions and the quotes call the same functions,
//! so a quote equals its execution (INV-7).

use crate::prelude::*;
use solana_rent::Rent;
use thaw_math::{Bps, Folded, InstantFee, Lamports, Rate, Shares};

use super::{
    gates::Path,
    pool::{Pool, Valuation},
};
use crate::error::ThawError;

/// What a deposit buys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DepositPrice {
    /// Deposit fee, lamports, the referrer's part included.
    pub fee: u64,
    /// Of the fee, what buys the referrer's shares, lamports.
    pub referral: u64,
    /// Shares for the depositor.
    pub shares: u64,
    /// Shares for the referrer.
    pub referral_shares: u64,
}

/// What an exit pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitPrice {
    /// Value of the shares at the exit rate, lamports.
    pub gross: u64,
    /// What stays with the holders, lamports: fee and haircut.
    pub fee: u64,
}

impl ExitPrice {
    /// Lamports that leave. Fees are below their amount by the caps on them.
    pub fn net(&self) -> u64 {
        self.gross.saturating_sub(self.fee)
    }
}

/// Slippage: what comes out, after every fee and clamp, must be at least what the caller accepts.
///
/// # Errors
/// [`ThawError::SlippageExceeded`] with both.
pub fn require_at_least(net: u64, least: u64) -> Result<()> {
    if net < least {
        return Err(refuse_with(ThawError::SlippageExceeded, net, least));
    }
    Ok(())
}

impl Pool {
    /// Deposits are open: the pool is live, not paused, and was finalized not long ago.
    ///
    /// # Errors
    /// `WindingDown`, `Paused`, `PoolStale`.
    pub fn require_deposits_open(&self, clock: &Clock) -> Result<()> {
        self.require_live()?;
        self.require_open(Path::Deposit, clock.unix_timestamp)?;
        self.require_fresh(clock)
    }

    /// Shares that `lamports` buy at the entry rate. Fee rounded up, shares down, the referrer's
    /// part of the fee down.
    ///
    /// # Errors
    /// `NoValue`, `AmountTooSmall`, `Overflow`.
    #[inline(always)]
    pub fn price_deposit(
        &self,
        value: &Valuation,
        clock: &Clock,
        lamports: u64,
        has_referrer: bool,
    ) -> Result<DepositPrice> {
        let rate = value
            .books
            .entry_rate(self.missed_epochs(clock), Lamports(self.epoch_gain_lamports))
            .ok_or(ThawError::NoValue)?;
        let fee = Bps(self.config.deposit_fee_bps).of_up(Lamports(lamports));
        let net = Lamports(lamports).minus_or_zero(fee);
        let shares = rate.shares_down(net).ok_or(ThawError::Overflow)?.0;
        require!(shares > 0, ThawError::AmountTooSmall);
        let mut price = DepositPrice { fee: fee.0, shares, ..DepositPrice::default() };
        if has_referrer {
            self.price_referral(rate, &mut price)?;
        }
        Ok(price)
    }

    /// The referrer's part of the fee, in shares at the same rate.
    fn price_referral(&self, rate: Rate, price: &mut DepositPrice) -> Result<()> {
        let part = Bps(self.config.referral_bps).of_down(Lamports(price.fee));
        price.referral_shares = rate.shares_down(part).ok_or(ThawError::Overflow)?.0;
        if price.referral_shares > 0 {
            price.referral = part.0;
        }
        Ok(())
    }

    /// Books the shares and the fee of a deposit; the caller books the lamports where they went.
    ///
    /// # Errors
    /// `Overflow`.
    #[inline(always)]
    pub fn book_deposit(&mut self, price: &DepositPrice) -> Result<()> {
        // The referral is a part of the fee.
        let kept = price.fee.checked_sub(price.referral).ok_or(ThawError::Overflow)?;
        self.pending_fees_lamports =
            self.pending_fees_lamports.checked_add(kept).ok_or(ThawError::Overflow)?;
        let shares = price.shares.checked_add(price.referral_shares).ok_or(ThawError::Overflow)?;
        self.shares = self.shares.checked_add(shares).ok_or(ThawError::Overflow)?;
        Ok(())
    }

    /// What `shares` pay at once from the reserve, with all that can refuse it. Before the epoch is
    /// finalized a haircut per missed epoch comes off, and all such exits together are capped.
    ///
    /// # Errors
    /// `ZeroAmount`, `Paused`, `PoolStale`, `NoValue`, `AmountTooSmall`, `NotEnoughLiquidity`,
    /// `StaleExitCapReached`, `Overflow`.
    pub fn price_instant(
        &self,
        value: &Valuation,
        clock: &Clock,
        rent: &Rent,
        shares: u64,
    ) -> Result<ExitPrice> {
        self.require_open(Path::InstantExit, clock.unix_timestamp)?;
        self.require_fresh(clock)?;
        let gross = self.worth_down(value, shares)?;
        let liquid = self.instant_liquidity(value, rent);
        let curve = InstantFee {
            min: Bps(self.config.instant_fee_min_bps),
            max: Bps(self.config.instant_fee_max_bps),
            target: Lamports(self.liquidity_target_lamports),
        };
        if gross > liquid {
            return Err(refuse_with(ThawError::NotEnoughLiquidity, gross.0, liquid.0));
        }
        let mut fee = curve.fee_up(liquid, gross).ok_or(ThawError::Overflow)?;

        // At most 3, else the pool is stale.
        let missed = self.missed_epochs(clock) as u16;
        if missed > 0 {
            let haircut = Bps(self.config.stale_haircut_bps.saturating_mul(missed)).of_up(gross);
            fee = fee.plus(haircut).ok_or(ThawError::Overflow)?;
            let left = self.stale_exit_left(value, clock)?;
            if gross > left {
                return Err(refuse_with(ThawError::StaleExitCapReached, gross.0, left.0));
            }
        }
        let price = ExitPrice { gross: gross.0, fee: fee.0 };
        require!(price.net() > 0, ThawError::AmountTooSmall);
        Ok(price)
    }

    /// Lamports that instant exits may take: above the float and what open batches are owed, and
    /// without the fees of this epoch, so that one exit's fee is not the next one's liquidity.
    pub fn instant_liquidity(&self, value: &Valuation, rent: &Rent) -> Lamports {
        let open = value.value_up(self.pending_shares);
        Lamports(self.reserve_lamports)
            .minus_or_zero(Self::float(rent))
            .minus_or_zero(thaw_math::owed_up(open))
            .minus_or_zero(Lamports(self.pending_fees_lamports))
    }

    /// What may still leave instantly in this epoch before it is finalized.
    fn stale_exit_left(&self, value: &Valuation, clock: &Clock) -> Result<Lamports> {
        let assets = value.books.assets().ok_or(ThawError::Overflow)?;
        let is_counted = self.counters.epoch == clock.epoch;
        let left = if is_counted { self.counters.stale_exit_lamports } else { 0 };
        Ok(Bps(self.config.stale_exit_bps).of_down(assets).minus_or_zero(Lamports(left)))
    }

    /// What `shares` pay in active stake, with all that can refuse it but the validator's own.
    ///
    /// # Errors
    /// `ZeroAmount`, `Paused`, `NotFinalized`, `NoValue`, `BelowMinimumDelegation`, `Overflow`.
    pub fn price_stake_exit(
        &self,
        value: &Valuation,
        clock: &Clock,
        shares: u64,
    ) -> Result<ExitPrice> {
        self.require_open(Path::Stake, clock.unix_timestamp)?;
        self.require_finalized(clock)?;
        let gross = self.worth_down(value, shares)?;
        let fee = Bps(self.config.stake_withdrawal_fee_bps).of_up(gross);
        let price = ExitPrice { gross: gross.0, fee: fee.0 };
        let least = self.min_delegation().0;
        if price.net() < least {
            return Err(refuse_with(ThawError::BelowMinimumDelegation, price.net(), least));
        }
        Ok(price)
    }

    /// Stake that came in or left active earns, or would have earned, in the running epoch already: the
    /// expected gain of an epoch and the base of its yield follow. SOL changes neither before the next
    /// finalize.
    pub fn follow_stake(&mut self, came_in: u64, left: u64) {
        self.finalized_staked_lamports =
            self.finalized_staked_lamports.saturating_add(came_in).saturating_sub(left);
        self.epoch_gain_lamports =
            Folded::epoch_gain(&self.yields_ppb, Lamports(self.finalized_staked_lamports)).0;
    }

    /// Books the shares and the fee of an exit; the caller books the lamports where they left.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn book_exit(&mut self, price: &ExitPrice, shares: u64) -> Result<()> {
        self.shares = self.shares.checked_sub(shares).ok_or(ThawError::Overflow)?;
        self.pending_fees_lamports =
            self.pending_fees_lamports.checked_add(price.fee).ok_or(ThawError::Overflow)?;
        Ok(())
    }

    /// Value of `shares` at the exit rate, rounded down.
    ///
    /// # Errors
    /// `ZeroAmount`, `NoValue`, `Overflow`.
    pub fn worth_down(&self, value: &Valuation, shares: u64) -> Result<Lamports> {
        require!(shares > 0, ThawError::ZeroAmount);
        let worth = value.exit_rate()?.lamports_down(Shares(shares));
        worth.ok_or_else(|| error!(ThawError::Overflow))
    }
}
