//! What the pool's numbers should be, worked out from the chain alone: lamports in accounts and
//! tokens in existence. Nothing here reads the pool's books or calls its arithmetic.

use thaw_tests::{DAY, SOL, world::config};

/// The test's own account of a pool.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Fee shares that no token stands for.
    pub fee_shares: u64,
    /// Lamports set aside for tickets and not claimed.
    pub claimable: u64,
    /// Gain that arrived since the last finalize: the rate does not show it yet.
    pub pending: u64,
    /// Fees of exits and dust of batches since the last finalize: nor does it show these.
    pub fees: u64,
    locked: u64,
    locked_at: i64,
}

/// Lamports and shares whose quotient is the exit rate.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Lamports behind the shares.
    pub nav: u64,
    /// Shares in existence.
    pub shares: u64,
}

impl Rate {
    /// What `shares` are worth, rounded down.
    pub fn value(&self, shares: u64) -> u64 {
        floor(shares, self.nav, self.shares)
    }

    /// Shares that `lamports` are worth, rounded down.
    pub fn shares_for(&self, lamports: u64) -> u64 {
        floor(lamports, self.shares, self.nav)
    }

    /// True where this rate is at least `other`.
    pub fn is_at_least(&self, other: &Self) -> bool {
        u128::from(self.nav) * u128::from(other.shares)
            >= u128::from(other.nav) * u128::from(self.shares)
    }

    /// Lamports per 1,000 SOL of shares, for people.
    pub fn per_thousand(&self) -> u64 {
        self.value(1_000 * SOL)
    }
}

impl Ledger {
    /// Gain of earlier epochs that is not released at `now`, rounded up.
    fn unreleased(&self, now: i64) -> u64 {
        let left = (self.locked_at + DAY - now).clamp(0, DAY) as u64;
        ceil(self.locked, left, DAY as u64)
    }

    /// The exit rate at `now`, given all lamports on chain and the supply of the mint.
    pub fn rate(&self, on_chain: u64, supply: u64, now: i64) -> Rate {
        Rate {
            nav: on_chain - self.claimable - self.pending - self.fees - self.unreleased(now),
            shares: supply + self.fee_shares,
        }
    }

    /// Folds the pending gain and fees, which is in `on_chain` already: the fee becomes shares priced at all
    /// assets, as much is released as pays for them, the rest is locked for a day.
    pub fn finalize(&mut self, on_chain: u64, supply: u64, now: i64) {
        let (assets, shares) = (on_chain - self.claimable, supply + self.fee_shares);
        let gain = std::mem::take(&mut self.pending);
        let fee = floor(gain, config().reward_fee_bps.into(), 10_000);
        let fee_shares = floor(fee, shares, assets);
        let hidden = self.unreleased(now) + gain + std::mem::take(&mut self.fees);
        self.locked = hidden - ceil(fee_shares, assets - hidden, shares);
        self.locked_at = now;
        self.fee_shares += fee_shares;
    }
}

pub fn floor(value: u64, times: u64, over: u64) -> u64 {
    (u128::from(value) * u128::from(times) / u128::from(over)) as u64
}

fn ceil(value: u64, times: u64, over: u64) -> u64 {
    (u128::from(value) * u128::from(times)).div_ceil(u128::from(over)) as u64
}
