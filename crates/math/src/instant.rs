//! What leaving at once costs.

use crate::units::{Bps, Lamports};

/// The fee curve of instant exits: `min` while the liquid lamports are at or above `target`, rising
/// linearly to `max` at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstantFee {
    /// Fee at or above the target.
    pub min: Bps,
    /// Fee of the last liquid lamport.
    pub max: Bps,
    /// Liquid lamports the pool aims at.
    pub target: Lamports,
}

impl InstantFee {
    /// Fee of an exit that takes `gross` out of `liquid` lamports, rounded up; `None` when there is
    /// less than that.
    ///
    /// The integral of the curve from `liquid` down to `liquid - gross`, in two pieces at the kink:
    ///
    /// ```text
    /// flat:  a * min                       a = what lies above the target
    /// slope: b * (max - (max - min) * (y0 + y1) / (2 * target))    from y0 down to y1 = y0 - b
    /// ```
    ///
    /// Each part of a split pays the integral over its own piece, so splitting gains nothing. The
    /// fee stays in the reserve; `liquid` must not count it until the next finalize.
    pub fn fee_up(&self, liquid: Lamports, gross: Lamports) -> Option<Lamports> {
        let left = liquid.minus(gross)?;
        let flat = liquid.minus_or_zero(left.max(self.target));
        let sloped = gross.minus(flat)?;
        if sloped == Lamports::ZERO {
            return Some(self.min.of_up(flat));
        }
        // Nothing wraps: each product is one of 64 bits by 65 at most.
        let whole = u128::from(self.target.0).wrapping_mul(2);
        let ends = u128::from(sloped.plus(left)?.0).wrapping_add(left.0.into());
        let slope = times(self.max.0.checked_sub(self.min.0)?, ends);
        let average = times(self.max.0, whole).checked_sub(slope)?;
        // Rounded up by `whole` and by 10,000, which is rounding up once: what is added in between
        // is an integer.
        let on_slope = div_up(mul(sloped.0, average)?, whole)?;
        let on_flat = times(self.min.0, flat.0.into());
        let fee = on_slope.checked_add(on_flat)?;
        match u64::try_from(fee) {
            Ok(fee) => Some(Lamports(fee.div_ceil(Bps::ONE))),
            Err(_) => u64::try_from(div_up(fee, Bps::ONE.into())?).ok().map(Lamports),
        }
    }
}

/// A product that fits: `amount` has 65 bits at most, and seldom more than 48, where one word holds
/// the product.
fn times(bps: u16, amount: u128) -> u128 {
    match u64::try_from(amount) {
        Ok(amount) if amount >> 48 == 0 => u64::from(bps).wrapping_mul(amount).into(),
        _ => u128::from(bps).wrapping_mul(amount),
    }
}

/// A checked product of 128 bits costs hundreds of compute units on SBF; one of two words needs no
/// check, and the curve seldom needs more.
fn mul(word: u64, by: u128) -> Option<u128> {
    match u64::try_from(by) {
        Ok(by) => Some(u128::from(word).wrapping_mul(by.into())),
        Err(_) => u128::from(word).checked_mul(by),
    }
}

/// One division, where `u128::div_ceil` makes two.
fn div_up(value: u128, divisor: u128) -> Option<u128> {
    value.checked_add(divisor.checked_sub(1)?)?.checked_div(divisor)
}
