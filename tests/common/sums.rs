//! The design's formulas (§6 and §8) a second time, in plain 128-bit integers: what the tests expect.

use thaw_client::thaw::state::{Pool, SlotState};

use crate::{SOL, World};

/// `floor(a * b / c)`.
pub fn down(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) / u128::from(c)).unwrap()
}

/// `ceil(a * b / c)`.
pub fn up(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)).div_ceil(u128::from(c))).unwrap()
}

/// The largest number that fits, between one that fits and one that does not.
///
/// # Panics
/// When the ends are not such.
#[track_caller]
pub fn largest(fits: impl Fn(u64) -> bool, mut low: u64, mut high: u64) -> u64 {
    assert!(fits(low) && !fits(high));
    while low + 1 < high {
        let middle = low.midpoint(high);
        if fits(middle) { low = middle } else { high = middle }
    }
    low
}

/// Locked gain that is not released at `now`.
pub fn unreleased(pool: &Pool, now: i64) -> u64 {
    let (start, end) = (pool.release_start, pool.release_end);
    if now >= end {
        return 0;
    }
    up(pool.locked_gain_lamports, (end - now) as u64, (end - start) as u64)
}

/// `assets - pending fees - max(0, unreleased + pending gain - pending loss)`.
pub fn nav(pool: &Pool, now: i64) -> u64 {
    let earned = unreleased(pool, now) + pool.pending_gain_lamports;
    let hidden = earned.saturating_sub(pool.pending_loss_lamports);
    pool.reserve_lamports + pool.staked_lamports - pool.pending_fees_lamports - hidden
}

/// True where `after` has at least the exit rate of `before`, each at its own time (INV-4).
pub fn is_not_below(after: (&Pool, i64), before: (&Pool, i64)) -> bool {
    let product = |(pool, now): (&Pool, i64), other: &Pool| {
        u128::from(nav(pool, now)) * u128::from(other.shares)
    };
    product(after, before.0) >= product(before, after.0)
}

impl World {
    /// What stake that came in or left changes of a pool: what an epoch is expected to earn.
    pub fn expect_followed(&self, pool: &mut Pool, more: i64) {
        pool.finalized_staked_lamports =
            pool.finalized_staked_lamports.checked_add_signed(more).unwrap();
        let highest = pool.yields_ppb.into_iter().max().unwrap();
        pool.epoch_gain_lamports = up(pool.finalized_staked_lamports, highest, 1_000_000_000);
    }

    /// Unix time.
    pub fn now(&self) -> i64 {
        self.clock().unix_timestamp
    }

    /// `reserve + staked`.
    pub fn assets(&self) -> u64 {
        let pool = self.pool();
        pool.reserve_lamports + pool.staked_lamports
    }

    /// Lamports behind the exit rate now.
    pub fn nav(&self) -> u64 {
        nav(&self.pool(), self.now())
    }

    /// What open batches may need: their value rounded up, and 20 bp of it.
    pub fn owed(&self) -> u64 {
        let pool = self.pool();
        let open = up(pool.pending_shares, self.nav(), pool.shares);
        open + up(open, 20, 10_000)
    }

    /// Liquid lamports that may be delegated.
    pub fn surplus(&self) -> u64 {
        let pool = self.pool();
        let kept = pool.liquidity_target_lamports + self.float() + self.owed();
        pool.reserve_lamports.saturating_sub(kept)
    }

    /// What open batches still need.
    pub fn shortage(&self) -> u64 {
        let pool = self.pool();
        let coming = pool.cooling_lamports - u64::from(pool.cooling_slots) * self.slot_rent();
        (self.owed() + self.float()).saturating_sub(pool.reserve_lamports + coming)
    }

    /// What all validators should hold while the pool has `more` slots than now; nothing once it winds
    /// down.
    pub fn goal(&self, more: u64) -> u64 {
        let pool = self.pool();
        if pool.status == 1 {
            return 0;
        }
        let rent = (u64::from(pool.open_slots) + more) * self.slot_rent();
        let kept = rent + pool.liquidity_target_lamports + self.float() + self.owed();
        self.assets().saturating_sub(kept)
    }

    /// What a validator should hold while the pool has `more` slots than now.
    pub fn target(&self, index: u16, more: u64) -> u64 {
        let pool = self.pool();
        let weight = self.record(index).weight_at(pool.epoch).into();
        down(self.goal(more), weight, pool.weight_sum)
    }

    /// What a validator holds beside rent and what is cooling.
    pub fn staked(&self, index: u16) -> u64 {
        let working = [SlotState::Active, SlotState::Activating];
        let slots = self.record(index).slots;
        let working = slots.iter().filter(|slot| working.contains(&slot.state()));
        working.map(|slot| slot.lamports - self.slot_rent()).sum()
    }

    /// The smallest sensible move of a validator with this target.
    pub fn piece(&self, target: u64) -> u64 {
        self.piece_with(0, target)
    }

    /// The same once the pool has `more` lamports.
    pub fn piece_with(&self, more: u64, target: u64) -> u64 {
        let of_assets = up(self.assets() + more, self.pool().config.piece_bps.into(), 10_000);
        of_assets.min(down(target, 1_000, 10_000)).max(SOL)
    }
}
