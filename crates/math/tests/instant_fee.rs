//! The fee of leaving at once: the integral of a curve, so that splitting an exit gains nothing
//! (design-review.md L1).
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{SOL, big, config, pool_amount};
use num_bigint::BigInt;
use proptest::prelude::*;
use thaw_math::{Bps, InstantFee, Lamports};

fn curve(min: u16, max: u16, target: u64) -> InstantFee {
    InstantFee { min: Bps(min), max: Bps(max), target: Lamports(target) }
}

fn fee(curve: &InstantFee, liquid: u64, gross: u64) -> Option<u64> {
    curve.fee_up(Lamports(liquid), Lamports(gross)).map(|fee| fee.0)
}

/// Twice the integral over `[from, to]`, times `10,000 * target`: the area of a trapezoid.
fn area(curve: &InstantFee, from: u64, to: u64) -> BigInt {
    let (min, max) = (big(curve.min.0.into()), big(curve.max.0.into()));
    let target = curve.target.0;
    let (low, kink) = (big(from.min(target)), big(to.min(target)));
    let slope = (&kink - &low) * (2 * &max * big(target) - (&max - &min) * (&kink + &low));
    let flat = big(to.max(target)) - big(from.max(target));
    slope + 2 * min * flat * big(target)
}

#[test]
fn charges_the_minimum_above_the_target() {
    assert_eq!(fee(&curve(3, 300, 100 * SOL), 500 * SOL, 400 * SOL), Some(400 * SOL * 3 / 10_000));
    assert_eq!(fee(&curve(3, 300, 0), 10, 10), Some(1), "rounded up");
}

#[test]
fn charges_the_mean_of_both_ends_on_the_slope() {
    let curve = curve(0, 300, 100 * SOL);
    assert_eq!(fee(&curve, 100 * SOL, 100 * SOL), Some(100 * SOL * 150 / 10_000));
    assert_eq!(fee(&curve, 50 * SOL, 50 * SOL), Some(50 * SOL * 225 / 10_000));
}

#[test]
fn adds_both_pieces_at_the_kink() {
    let curve = curve(10, 110, 100 * SOL);
    let (flat, slope) = (50 * SOL * 10 / 10_000, 100 * SOL * 60 / 10_000);
    assert_eq!(fee(&curve, 150 * SOL, 150 * SOL), Some(flat + slope));
}

/// A product of more than 64 bits whose low bits are 0, beside a piece on the slope.
#[test]
fn charges_a_round_number_of_all_there_is() {
    let (curve, all) = (curve(300, 300, SOL), (1 << 60) + SOL);
    let expected = (u128::from(all) * 300).div_ceil(10_000);
    assert_eq!(fee(&curve, all, all).map(u128::from), Some(expected));
}

#[test]
fn refuses_more_than_there_is() {
    assert_eq!(fee(&curve(0, 300, SOL), SOL, SOL + 1), None);
    assert_eq!(fee(&curve(0, 300, 0), 0, 0), Some(0));
}

proptest! {
    #![proptest_config(config(4_096, "proptest-regressions/instant_fee.txt"))]

    #[test]
    fn is_the_integral_rounded_up(
        liquid in pool_amount(), part: u64, target in pool_amount(), min in 0_u16..=300, more in 0_u16..=300,
    ) {
        let curve = curve(min, (min + more).min(300), target);
        let gross = part % (liquid + 1);
        let exact = area(&curve, liquid - gross, liquid);
        let scale = 2 * big(target.max(1)) * 10_000;
        let expected = if target == 0 {
            (big(gross) * big(min.into()) + 9_999) / 10_000
        } else {
            (exact + &scale - 1) / scale
        };
        prop_assert_eq!(fee(&curve, liquid, gross).map(big), Some(expected));
    }

    #[test]
    fn a_split_never_pays_less_than_the_whole(
        liquid in pool_amount(), part: u64, cut: u64, target in pool_amount(), min in 0_u16..=300, max in 0_u16..=300,
    ) {
        let curve = curve(min.min(max), max.max(min), target);
        let gross = part % (liquid + 1);
        let first = cut % (gross + 1);
        let whole = fee(&curve, liquid, gross).unwrap();
        let split = fee(&curve, liquid, first).unwrap() + fee(&curve, liquid - first, gross - first).unwrap();
        prop_assert!(split >= whole, "{split} < {whole}");
    }

    #[test]
    fn stays_between_its_ends(
        liquid in pool_amount(), part: u64, target in pool_amount(), min in 0_u16..=300, more in 0_u16..=300,
    ) {
        let curve = curve(min, (min + more).min(300), target);
        let gross = part % (liquid + 1);
        let fee = fee(&curve, liquid, gross).unwrap();
        prop_assert!(fee >= curve.min.of_up(Lamports(gross)).0);
        prop_assert!(fee <= curve.max.of_up(Lamports(gross)).0);
    }
}
