//! `mul_div` and basis points equal big-integer arithmetic over the whole range.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, big, ceil, config, fitting, floor, lamports, shares};
use proptest::prelude::*;
use thaw_math::{Bps, Lamports, Shares, mul_div_down, mul_div_up};

#[test]
fn mul_div_at_the_edges() {
    let max = u64::MAX;
    assert_eq!(mul_div_down(1, 1, 0), None);
    assert_eq!(mul_div_up(0, 0, 0), None);
    assert_eq!(mul_div_down(max, max, max), Some(max));
    assert_eq!(mul_div_up(max, max, max), Some(max));
    assert_eq!(mul_div_up(max, max, max - 1), None);
    assert_eq!(mul_div_down(max, 1, 1), Some(max));
    assert_eq!(mul_div_down(max, 2, 1), None);
    assert_eq!((mul_div_down(7, 1, 2), mul_div_up(7, 1, 2)), (Some(3), Some(4)));
    // (2^65 - 1) / 2 = 2^64 - 1/2 rounds down into range and up out of it.
    let (a, b) = (253_921, 145_295_143_558_111);
    assert_eq!((mul_div_down(a, b, 2), mul_div_up(a, b, 2)), (Some(max), None));
}

#[test]
fn bps_at_the_edges() {
    let max = Lamports(u64::MAX);
    assert_eq!((Bps(10_000).of_down(max), Bps(10_000).of_up(max)), (max, max));
    assert_eq!(Bps(10_001).of_down(max), max, "saturates above 100 %");
    let even = Lamports((1 << 50) * 10_000);
    assert_eq!(Bps(u16::MAX).of_down(even), max, "also where the low bits are 0");
    assert_eq!(Bps(1).of_down(Lamports(9_999)), Lamports::ZERO);
    assert_eq!(Bps(1).of_up(Lamports(1)), Lamports(1));
}

proptest! {
    #![proptest_config(config(4_096, "proptest-regressions/mul_div.txt"))]

    #[test]
    fn mul_div_equals_big_integers(a in any_amount(), b in any_amount(), divisor in any_amount()) {
        if divisor == 0 {
            prop_assert_eq!(mul_div_down(a, b, divisor), None);
            prop_assert_eq!(mul_div_up(a, b, divisor), None);
        } else {
            prop_assert_eq!(mul_div_down(a, b, divisor), fitting(floor(a, b, divisor)));
            prop_assert_eq!(mul_div_up(a, b, divisor), fitting(ceil(a, b, divisor)));
        }
    }

    /// Quotients close to 2^64, where a result only just fits or only just does not.
    #[test]
    fn mul_div_near_the_limit(a in any_amount(), b in any_amount(), near in 0_u64..5, under: bool) {
        let exact = u64::try_from((big(a) * big(b)) >> 64).unwrap();
        let divisor = if under { exact.saturating_sub(near) } else { exact.saturating_add(near) };
        if divisor > 0 {
            prop_assert_eq!(mul_div_down(a, b, divisor), fitting(floor(a, b, divisor)));
            prop_assert_eq!(mul_div_up(a, b, divisor), fitting(ceil(a, b, divisor)));
        }
    }

    #[test]
    fn bps_equal_big_integers(bps: u16, amount in any_amount()) {
        let (bps, whole) = (Bps(bps), Lamports(amount));
        let saturated = |value| fitting(value).unwrap_or(u64::MAX);
        let (down, up) = (floor(amount, bps.0.into(), Bps::ONE), ceil(amount, bps.0.into(), Bps::ONE));
        prop_assert_eq!(bps.of_down(whole).0, saturated(down));
        prop_assert_eq!(bps.of_up(whole).0, saturated(up));
    }

    #[test]
    fn up_to_the_whole_a_part_never_exceeds_it(bps in 0_u16..=10_000, amount in lamports()) {
        prop_assert!(Bps(bps).of_down(amount) <= Bps(bps).of_up(amount));
        prop_assert!(Bps(bps).of_up(amount) <= amount);
    }

    #[test]
    fn sums_and_differences_are_exact_or_none(a in any_amount(), b in any_amount()) {
        let (left, right) = (Lamports(a), Lamports(b));
        prop_assert_eq!(left.plus(right).map(Lamports::get), fitting(big(a) + big(b)));
        prop_assert_eq!(left.minus(right).map(Lamports::get), fitting(big(a) - big(b)));
        prop_assert_eq!(left.minus_or_zero(right), left.minus(right).unwrap_or(Lamports::ZERO));
    }

    #[test]
    fn parts_equal_mul_div(amount in shares(), b in any_amount(), divisor in any_amount()) {
        let whole = amount.get();
        prop_assert_eq!(amount.part_down(b, divisor).map(Shares::get), mul_div_down(whole, b, divisor));
        prop_assert_eq!(amount.part_up(b, divisor).map(Shares::get), mul_div_up(whole, b, divisor));
        prop_assert_eq!(amount.to_string(), whole.to_string());
    }
}
