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
        // In 1/10,000 of 1/(2 * target) lamports, so that one division rounds the whole.
        let whole = u128::from(self.target.0).checked_mul(2)?;
        let ends = u128::from(sloped.plus(left)?.0).checked_add(left.0.into())?;
        let slope = u128::from(self.max.0.checked_sub(self.min.0)?).checked_mul(ends)?;
        let average = u128::from(self.max.0).checked_mul(whole)?.checked_sub(slope)?;
        let flat = u128::from(flat.0).checked_mul(self.min.0.into())?.checked_mul(whole)?;
        let fee = u128::from(sloped.0).checked_mul(average)?.checked_add(flat)?;
        let scale = whole.checked_mul(Bps::ONE.into())?;
        u64::try_from(fee.div_ceil(scale)).ok().map(Lamports)
    }
}
