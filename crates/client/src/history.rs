//! The rate and the yield of past epochs, from the pool's ring. Integers only.

use thaw::{
    constants::RING,
    state::{Pool, RingEntry},
};

/// Seconds of a year of 365.25 days.
pub const YEAR_SECONDS: u64 = 31_557_600;
/// Parts of the whole in which rates and yields are given.
pub const PPB: i64 = 1_000_000_000;
/// Fixed point of the arithmetic here.
const ONE: i128 = 1_000_000_000_000_000_000;
/// Bits of a denominator that leave room for a factor of [`ONE`].
const ROOM_BITS: u32 = 66;

/// One finalized epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochRate {
    /// The epoch.
    pub epoch: u64,
    /// When it was finalized, unix seconds.
    pub unix_time: i64,
    /// Everything the pool owned, lamports.
    pub assets_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
    /// Lamports per 10^9 shares, all gain included; rounded down.
    pub rate_lamports: u64,
    /// Growth of the rate since the entry before, parts per billion.
    pub growth_ppb: Option<i64>,
    /// The same for a year, compounded, parts per billion.
    pub apy_ppb: Option<i64>,
}

/// The epochs in a pool's ring, oldest first.
pub fn entries(pool: &Pool) -> Vec<RingEntry> {
    let next = usize::try_from(pool.ring_next).unwrap_or(usize::MAX);
    let start = next.checked_rem(RING).unwrap_or(0);
    let (late, early) = pool.ring.split_at(start);
    let is_written = |entry: &&RingEntry| entry.shares > 0;
    early.iter().chain(late).filter(is_written).copied().collect()
}

/// The same with rates and yields.
pub fn rates(pool: &Pool) -> Vec<EpochRate> {
    let entries = entries(pool);
    let before = std::iter::once(None).chain(entries.iter().map(Some));
    let rate = |(before, entry): (Option<&RingEntry>, &RingEntry)| EpochRate {
        epoch: entry.epoch,
        unix_time: entry.unix_time,
        assets_lamports: entry.assets_lamports,
        shares: entry.shares,
        rate_lamports: rate_down(entry),
        growth_ppb: before.and_then(|before| to_ppb(growth(before, entry)?)),
        apy_ppb: before.and_then(|before| apy_ppb(before, entry)),
    };
    before.zip(&entries).map(rate).collect()
}

/// What a year yields, compounded, parts per billion, if the rate keeps growing as it did in the
/// last `epochs` epochs of the ring, or in as many as there are.
pub fn recent_apy_ppb(pool: &Pool, epochs: usize) -> Option<i64> {
    let entries = entries(pool);
    let last = entries.last()?;
    let start = entries.len().checked_sub(1)?.saturating_sub(epochs);
    entries
        .get(start)
        .filter(|first| first.epoch < last.epoch)
        .and_then(|first| apy_ppb(first, last))
}

/// What a year yields, compounded, parts per billion, if the rate grows as between two entries.
pub fn apy_ppb(from: &RingEntry, to: &RingEntry) -> Option<i64> {
    let seconds = i128::from(to.unix_time.checked_sub(from.unix_time)?);
    if seconds <= 0 {
        return None;
    }
    let yearly =
        ln_1p(growth(from, to)?)?.checked_mul(YEAR_SECONDS.into())?.checked_div(seconds)?;
    to_ppb(exp_m1(yearly)?)
}

fn rate_down(entry: &RingEntry) -> u64 {
    thaw_math::mul_div_down(entry.assets_lamports, PPB.unsigned_abs(), entry.shares).unwrap_or(0)
}

/// How much the rate grew, as a part of [`ONE`].
fn growth(from: &RingEntry, to: &RingEntry) -> Option<i128> {
    let product = |lamports: u64, shares: u64| u128::from(lamports).checked_mul(shares.into());
    let before = product(from.assets_lamports, to.shares)?;
    let after = product(to.assets_lamports, from.shares)?;
    let shift = u128::BITS.saturating_sub(before.leading_zeros()).saturating_sub(ROOM_BITS);
    let whole = i128::try_from(before >> shift).ok()?;
    let gain = i128::try_from(after).ok()?.checked_sub(i128::try_from(before).ok()?)?;
    (gain >> shift).checked_mul(ONE)?.checked_div(whole)
}

/// `ln(1 + x)` by its series; `None` at and below half of a loss, and from double on.
fn ln_1p(x: i128) -> Option<i128> {
    if x.abs() > ONE >> 1 {
        return None;
    }
    let (mut power, mut sum) = (x, 0i128);
    for place in 1i128.. {
        let term = power.checked_div(place)?;
        if term == 0 {
            break;
        }
        sum = if place & 1 == 1 { sum.checked_add(term)? } else { sum.checked_sub(term)? };
        power = power.checked_mul(x)?.checked_div(ONE)?;
    }
    Some(sum)
}

/// `exp(x) - 1` by its series; `None` beyond 50 times.
fn exp_m1(x: i128) -> Option<i128> {
    if x.abs() > ONE.checked_mul(4)? {
        return None;
    }
    let (mut term, mut sum) = (ONE, 0i128);
    for place in 1i128.. {
        term = term.checked_mul(x)?.checked_div(ONE)?.checked_div(place)?;
        if term == 0 {
            break;
        }
        sum = sum.checked_add(term)?;
    }
    Some(sum)
}

fn to_ppb(part: i128) -> Option<i64> {
    i64::try_from(part.checked_mul(PPB.into())?.checked_div(ONE)?).ok()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a panic fails the test")]
mod tests {
    use super::*;

    fn entry(epoch: u64, assets: u64, shares: u64) -> RingEntry {
        let unix_time = 1_700_000_000 + epoch as i64 * 86_400;
        RingEntry { epoch, unix_time, assets_lamports: assets, shares }
    }

    fn pool(entries: &[RingEntry]) -> Box<Pool> {
        let mut pool: Box<Pool> = Box::new(bytemuck::Zeroable::zeroed());
        entries.iter().for_each(|entry| pool.push_ring(*entry));
        pool
    }

    #[test]
    fn a_year_compounds_as_in_floating_point() {
        for (assets, shares) in
            [(1_000_180_000, PPB as u64), (600_000_000_123_456_789, 599_876_543_210_987_654)]
        {
            let (from, to) = (entry(1, shares, shares), entry(2, assets, shares));
            let growth: f64 = assets as f64 / shares as f64;
            let expected = (growth.powf(365.25) - 1.0) * 1e9;
            let apy = apy_ppb(&from, &to).unwrap() as f64;
            assert!((apy - expected).abs() < 10.0, "{apy} {expected}");
        }
        // 1.8 bp a day is 6.8 % a year.
        let day = [entry(1, 1_000_000_000, PPB as u64), entry(2, 1_000_180_000, PPB as u64)];
        assert_eq!(apy_ppb(&day[0], &day[1]).unwrap() / 1_000_000, 67);
        assert_eq!(apy_ppb(&day[0], &day[0]), None, "no time has passed");
    }

    #[test]
    fn a_loss_is_negative_and_what_is_absurd_is_not_told() {
        let all = PPB as u64;
        let (from, loss) = (entry(1, all, all), entry(2, all - all / 1_000, all));
        assert_eq!(growth(&from, &loss), Some(-ONE / 1_000));
        let expected = (0.999_f64.powf(365.25) - 1.0) * 1e9;
        assert!((apy_ppb(&from, &loss).unwrap() as f64 - expected).abs() < 10.0);
        assert_eq!(apy_ppb(&from, &entry(2, all * 3, all)), None);
        assert_eq!(apy_ppb(&from, &entry(2, all + all / 10, all)), None, "10 % a day");
        assert_eq!(apy_ppb(&entry(1, 0, all), &from), None);
    }

    #[test]
    fn the_ring_is_read_oldest_first_also_when_it_wrapped() {
        let all: Vec<RingEntry> =
            (1..=70).map(|epoch| entry(epoch, PPB as u64 + epoch * 1_000, PPB as u64)).collect();
        assert!(entries(&pool(&[])).is_empty());
        assert_eq!(entries(&pool(&all[..3])), all[..3]);
        assert_eq!(entries(&pool(&all)), all[70 - RING..]);
        let rates = rates(&pool(&all));
        assert_eq!((rates[0].growth_ppb, rates[0].rate_lamports), (None, 1_000_007_000));
        assert_eq!(rates[1].growth_ppb, Some(999));
        assert!(recent_apy_ppb(&pool(&all), 10).unwrap() > 0);
        assert_eq!(recent_apy_ppb(&pool(&all[..1]), 10), None);
    }
}
