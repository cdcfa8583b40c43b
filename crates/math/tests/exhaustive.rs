//! Every input of a reduced width, against big integers: nothing between the samples of the other
//! tests is left out.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{big, ceil, fitting, floor};
use num_bigint::BigInt;
use thaw_math::{
    Bps, InstantFee, Lamports, Rate, Release, Settlement, Shares, entitlement_down, mul_div_down,
    mul_div_up, settle_down,
};

/// All 8-bit factors and divisors.
#[test]
fn every_small_product_divides_as_integers_do() {
    let numbers: Vec<BigInt> = (0..=255).map(big).collect();
    for a in 0..=255_u64 {
        assert_eq!((mul_div_down(a, a, 0), mul_div_up(a, a, 0)), (None, None));
        for b in 0..=255_u64 {
            let product = &numbers[a as usize] * &numbers[b as usize];
            assert_eq!((mul_div_down(a, b, 0), mul_div_up(a, b, 0)), (None, None));
            for divisor in 1..=255_u64 {
                let exact = &numbers[divisor as usize];
                let quotient = &product / exact;
                let is_whole = &quotient * exact == product;
                let down = u64::try_from(quotient).unwrap();
                assert_eq!(mul_div_down(a, b, divisor), Some(down), "{a} * {b} / {divisor}");
                let up = down + u64::from(!is_whole);
                assert_eq!(mul_div_up(a, b, divisor), Some(up), "{a} * {b} / {divisor}");
            }
        }
    }
}

/// All 5-bit heads of 64-bit numbers, with every lower bit 0 and every lower bit 1: where a result
/// only just fits, and where it does not.
#[test]
fn every_large_product_divides_or_is_refused() {
    let tail = (1_u64 << 59) - 1;
    let ends: Vec<u64> = (0..32_u64).flat_map(|head| [head << 59, head << 59 | tail]).collect();
    let mut refused = 0;
    for (a, b) in ends.iter().flat_map(|a| ends.iter().map(move |b| (*a, *b))) {
        for divisor in ends.iter().copied().filter(|divisor| *divisor > 0) {
            let (down, up) = (fitting(floor(a, b, divisor)), fitting(ceil(a, b, divisor)));
            assert_eq!(mul_div_down(a, b, divisor), down, "{a} * {b} / {divisor}");
            assert_eq!(mul_div_up(a, b, divisor), up, "{a} * {b} / {divisor}");
            refused += u32::from(down.is_none());
        }
    }
    assert!(refused > 50_000, "both sides of the limit: {refused}");
}

/// Every rate up to the whole, of all amounts of 8 bits and of those around the 10,000 at which the
/// program splits an amount.
#[test]
fn every_rate_of_small_amounts() {
    for bps in 0..=10_000_u16 {
        for amount in (0..256).chain(9_950..10_050).chain(19_990..20_010) {
            let whole = Lamports(amount);
            let exact = big(amount) * big(bps.into());
            let down = u64::try_from(&exact / 10_000).unwrap();
            let up = down + u64::from(&exact % 10_000 != BigInt::ZERO);
            assert_eq!(Bps(bps).of_down(whole).0, down, "{bps} of {amount}");
            assert_eq!(Bps(bps).of_up(whole).0, up, "{bps} of {amount}");
        }
    }
}

/// The area under the curve below each amount, lamport by lamport and so without the formula of the
/// program, times 20,000 targets.
fn areas(min: u64, max: u64, target: u64, step: u64, amounts: u64) -> Vec<BigInt> {
    let mut areas = vec![BigInt::ZERO];
    for place in 0..amounts {
        // The mean of both ends of the step; the kink lies on one of them.
        let mean = if place * step >= target {
            big(2 * target * min)
        } else {
            big(2 * target * max) - big((max - min) * (2 * place + 1) * step)
        };
        areas.push(areas.last().unwrap() + mean * big(step));
    }
    areas
}

/// Amounts and targets in steps of `step`, `amounts` of each.
fn compare_curves(min: u64, max: u64, step: u64, amounts: u64) {
    for target in (1..=amounts).map(|place| place * step) {
        let curve =
            InstantFee { min: Bps(min as u16), max: Bps(max as u16), target: Lamports(target) };
        let areas = areas(min, max, target, step, amounts);
        let scale = big(20_000 * target);
        for liquid in 0..=amounts {
            for left in 0..=liquid {
                let area = &areas[liquid as usize] - &areas[left as usize];
                let fee = u64::try_from((area + &scale - 1) / &scale).unwrap();
                let (liquid, gross) = (Lamports(liquid * step), Lamports((liquid - left) * step));
                assert_eq!(
                    curve.fee_up(liquid, gross),
                    Some(Lamports(fee)),
                    "{curve:?} {liquid} {gross}"
                );
            }
        }
    }
}

/// Every curve of 16 fees, of all amounts and targets of 5 bits; and the widest ones of all those of
/// 8 bits. In steps of one lamport, and of a prime that divides nothing.
#[test]
fn the_fee_curve_is_its_integral_for_every_small_pool() {
    let fees = (0..=300).step_by(20);
    for step in [1, 1_009] {
        for min in fees.clone() {
            for max in fees.clone().filter(|max| *max >= min) {
                compare_curves(min, max, step, 31);
            }
        }
        for (min, max) in [(0, 1), (3, 300), (0, 300), (299, 300)] {
            compare_curves(min, max, step, 255);
        }
    }
}

/// Without a target the fee is the lowest one; and nobody takes more than there is.
#[test]
fn the_fee_curve_without_a_target_and_beyond_what_is_liquid() {
    for (liquid, gross) in (0..64).flat_map(|liquid| (0..64).map(move |gross| (liquid, gross))) {
        for min in 0..=300 {
            let flat = InstantFee { min: Bps(min), max: Bps(300), target: Lamports(0) };
            let fee = (gross * u64::from(min)).div_ceil(10_000);
            let expected = (gross <= liquid).then_some(Lamports(fee));
            assert_eq!(flat.fee_up(Lamports(liquid), Lamports(gross)), expected);
        }
    }
}

/// Every rate of 5 bits: what shares are worth, what lamports buy, what a batch and its tickets get.
#[test]
fn every_small_rate_prices_as_integers_do() {
    let all = 0..32_u64;
    for (lamports, shares) in all.clone().flat_map(|it| (0..32).map(move |shares| (it, shares))) {
        let rate = Rate::new(Lamports(lamports), Shares(shares));
        assert_eq!(rate.is_none(), lamports == 0 || shares == 0);
        let Some(rate) = rate else { continue };
        for amount in all.clone() {
            let bought = fitting(floor(amount, shares, lamports)).map(Shares);
            assert_eq!(rate.shares_down(Lamports(amount)), bought);
            let worth = |exact| fitting(exact).map(Lamports);
            let down = worth(floor(amount, lamports, shares));
            assert_eq!(rate.lamports_down(Shares(amount)), down);
            assert_eq!(rate.lamports_up(Shares(amount)), worth(ceil(amount, lamports, shares)));
            for available in all.clone() {
                // The most shares whose value, rounded down, is at hand: all of them, or those that
                // the lamports buy.
                let is_enough = down.unwrap().0 <= available;
                let part = fitting(floor(available, shares, lamports)).unwrap();
                let paid = if is_enough { amount } else { part.min(amount) };
                let expected = Settlement {
                    shares: Shares(paid),
                    lamports: Lamports(fitting(floor(paid, lamports, shares)).unwrap()),
                };
                assert!(expected.lamports.0 <= available);
                assert_eq!(settle_down(rate, Shares(amount), Lamports(available)), Some(expected));
            }
            let part = entitlement_down(Shares(amount), Lamports(lamports), Shares(shares));
            assert_eq!(part, worth(floor(amount, lamports, shares)));
        }
    }
}

/// Every release of 8-bit gains over up to 63 seconds, at every second before, in and after it.
#[test]
fn every_short_release() {
    for (locked, span) in
        (0..256_u64).flat_map(|locked| (0..64_i64).map(move |span| (locked, span)))
    {
        for start in [-40, 0, 1_790_000_000] {
            let release = Release { locked: Lamports(locked), start, end: start + span };
            for passed in -2..=span + 2 {
                let exact = match passed {
                    _ if passed >= span => BigInt::ZERO,
                    ..=0 => big(locked),
                    _ => ceil(locked, (span - passed) as u64, span as u64),
                };
                assert_eq!(fitting(exact).unwrap(), release.unreleased_up(start + passed).0);
            }
        }
    }
}
