//! What coming in costs and leaving pays: the design's formulas (§6 and §7) a second time.

use thaw_client::thaw::state::Pool;

use crate::{
    World,
    sums::{down, nav, unreleased, up},
};

/// What a deposit buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Fee, lamports, the referrer's part included.
    pub fee: u64,
    /// Shares of the depositor.
    pub shares: u64,
    /// The referrer's part of the fee, lamports.
    pub referral: u64,
    /// What it buys the referrer.
    pub referral_shares: u64,
}

/// What an exit pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Value of the shares, lamports.
    pub gross: u64,
    /// Fee and haircut, lamports.
    pub fee: u64,
}

impl Exit {
    /// Lamports that leave.
    pub fn net(&self) -> u64 {
        self.gross - self.fee
    }
}

/// `nav + max(unreleased + max(missed * g, pending gain) + pending fees, g, pending loss - unreleased
/// - pending gain)`.
pub fn entry_nav(pool: &Pool, now: i64, missed: u64) -> u64 {
    let g = pool.epoch_gain_lamports;
    let (unreleased, gain) = (unreleased(pool, now), pool.pending_gain_lamports);
    let unshown = unreleased + (missed * g).max(gain) + pool.pending_fees_lamports;
    let may_be_made_up = pool.pending_loss_lamports.saturating_sub(unreleased + gain);
    nav(pool, now) + unshown.max(g).max(may_be_made_up)
}

/// The area under the fee curve from 0 to `liquid` lamports, times 20,000 targets: a slope from
/// `max` at 0 to `min` at the target, flat from there.
fn area(pool: &Pool, liquid: u64) -> u128 {
    let target = u128::from(pool.liquidity_target_lamports);
    let min = u128::from(pool.config.instant_fee_min_bps);
    let max = u128::from(pool.config.instant_fee_max_bps);
    let sloped = u128::from(liquid).min(target);
    let flat = u128::from(liquid) - sloped;
    sloped * (2 * target * max - (max - min) * sloped) + 2 * target * flat * min
}

impl World {
    /// Epochs since the last finalize.
    pub fn missed(&self) -> u64 {
        self.clock().epoch - self.pool().epoch
    }

    /// What `lamports` buy at this instant.
    pub fn bought(&self, lamports: u64, is_referred: bool) -> Deposit {
        let pool = self.pool();
        let entry = entry_nav(&pool, self.now(), self.missed());
        let fee = up(lamports, pool.config.deposit_fee_bps.into(), 10_000);
        let part = down(fee, pool.config.referral_bps.into(), 10_000);
        let referral_shares = if is_referred { down(part, pool.shares, entry) } else { 0 };
        Deposit {
            fee,
            shares: down(lamports - fee, pool.shares, entry),
            referral: if referral_shares > 0 { part } else { 0 },
            referral_shares,
        }
    }

    /// Lamports that instant exits may take at this instant.
    pub fn liquid(&self) -> u64 {
        let pool = self.pool();
        let kept = self.float() + self.owed() + pool.pending_fees_lamports;
        pool.reserve_lamports.saturating_sub(kept)
    }

    /// The most shares that instant exits may take at this instant.
    pub fn liquid_shares(&self) -> u64 {
        // floor(shares * nav / all) <= liquid.
        up(self.liquid() + 1, self.pool().shares, self.nav()) - 1
    }

    /// Value of `shares` at this instant.
    pub fn worth(&self, shares: u64) -> u64 {
        down(shares, self.nav(), self.pool().shares)
    }

    /// What `shares` pay at once from the reserve.
    pub fn instant_exit(&self, shares: u64) -> Exit {
        let (pool, gross, liquid) = (self.pool(), self.worth(shares), self.liquid());
        let target = pool.liquidity_target_lamports;
        let curve = if target == 0 {
            up(gross, pool.config.instant_fee_min_bps.into(), 10_000)
        } else {
            let area = area(&pool, liquid) - area(&pool, liquid - gross);
            u64::try_from(area.div_ceil(20_000 * u128::from(target))).unwrap()
        };
        let haircut = u64::from(pool.config.stale_haircut_bps) * self.missed();
        Exit { gross, fee: curve + up(gross, haircut, 10_000) }
    }

    /// What `shares` pay in active stake.
    pub fn stake_exit_price(&self, shares: u64) -> Exit {
        let gross = self.worth(shares);
        let fee = up(gross, self.pool().config.stake_withdrawal_fee_bps.into(), 10_000);
        Exit { gross, fee }
    }

    /// The fewest shares that are worth `lamports`.
    pub fn shares_for(&self, lamports: u64) -> u64 {
        up(lamports, self.pool().shares, self.nav())
    }
}
