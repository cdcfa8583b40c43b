//! Amounts that cannot be mixed up: lamports, shares of the pool, basis points.

use crate::mul_div::{mul_div_down, mul_div_up};

macro_rules! amount {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The bare number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Sum; `None` when it exceeds `u64`.
            pub const fn plus(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// Difference; `None` when `other` is larger.
            pub const fn minus(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }

            /// Difference, 0 when `other` is larger.
            pub const fn minus_or_zero(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }

            /// `floor(self * numerator / denominator)`.
            pub const fn part_down(self, numerator: u64, denominator: u64) -> Option<Self> {
                match mul_div_down(self.0, numerator, denominator) {
                    Some(part) => Some(Self(part)),
                    None => None,
                }
            }

            /// `ceil(self * numerator / denominator)`.
            pub const fn part_up(self, numerator: u64, denominator: u64) -> Option<Self> {
                match mul_div_up(self.0, numerator, denominator) {
                    Some(part) => Some(Self(part)),
                    None => None,
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

amount!(
    /// Lamports, the unit of value: 1 SOL is 10^9 lamports.
    Lamports
);
amount!(
    /// Base units of the share token, 9 decimals.
    Shares
);

/// Basis points, 1/10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Bps(pub u16);

impl Bps {
    /// The whole.
    pub const ONE: u64 = 10_000;

    /// `floor(amount * self / 10,000)`, by two 64-bit divisions: exact, and far cheaper on SBF
    /// than one of 128 bits. Saturates only for rates above 100 %.
    pub const fn of_down(self, amount: Lamports) -> Lamports {
        let (whole, rest) = (amount.0 / Self::ONE, amount.0 % Self::ONE);
        let rest = rest.wrapping_mul(self.0 as u64) / Self::ONE;
        Lamports(self.times(whole).saturating_add(rest))
    }

    /// `whole * self`, saturating. A checked product of two words is a product of 128 bits on SBF;
    /// 48 bits by 16 need none.
    const fn times(self, whole: u64) -> u64 {
        if whole >> 48 == 0 {
            whole.wrapping_mul(self.0 as u64)
        } else {
            whole.saturating_mul(self.0 as u64)
        }
    }

    /// `ceil(amount * self / 10,000)`, see [`Bps::of_down`].
    pub const fn of_up(self, amount: Lamports) -> Lamports {
        let (whole, rest) = (amount.0 / Self::ONE, amount.0 % Self::ONE);
        let rest = rest.wrapping_mul(self.0 as u64).div_ceil(Self::ONE);
        Lamports(self.times(whole).saturating_add(rest))
    }
}
