//! Every formula of `crates/math` on any bytes, beside big integers.
#![no_main]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a finding.

use libfuzzer_sys::fuzz_target;
use num_bigint::BigInt;
use thaw_fuzz::bytes::Bytes;
use thaw_math::{
    Bps, InstantFee, Lamports, LeaderLottery, MAX_DEFICIT_PPM, Rate, Release, Shares,
    deficit_after, entitlement_down, mul_div_down, mul_div_up, settle_down, yardstick,
};

fn big(value: u64) -> BigInt {
    BigInt::from(value)
}

fn fits(value: BigInt) -> Option<u64> {
    u64::try_from(value).ok()
}

fn down(a: u64, b: u64, c: u64) -> Option<u64> {
    if c == 0 { None } else { fits(big(a) * big(b) / big(c)) }
}

fn up(a: u64, b: u64, c: u64) -> Option<u64> {
    if c == 0 { None } else { fits((big(a) * big(b) + big(c) - 1) / big(c)) }
}

/// Twice the area under the curve from 0 to `liquid`, times 10,000 targets.
fn area(curve: &InstantFee, liquid: u64) -> BigInt {
    let (min, max, target) = (big(curve.min.0.into()), big(curve.max.0.into()), curve.target.0);
    let sloped = big(liquid.min(target));
    let slope = &sloped * (2 * &max * big(target) - (&max - &min) * &sloped);
    slope + 2 * min * (big(liquid) - &sloped) * big(target)
}

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes(input);
    let [a, b, c] = [0; 3].map(|_| bytes.number());
    assert_eq!(mul_div_down(a, b, c), down(a, b, c));
    assert_eq!(mul_div_up(a, b, c), up(a, b, c));
    assert_eq!(
        entitlement_down(Shares(a), Lamports(b), Shares(c)).map(Lamports::get),
        down(a, b, c)
    );

    // Below 2^59 lamports and 300 bp, as a pool can hold and its config allows.
    let (liquid, target, gross) = (a >> 5, b >> 5, c >> 5);
    let (min, more) = (bytes.number() % 301, bytes.number() % 301);
    let max = (min + more).min(300);
    let curve = InstantFee { min: Bps(min as u16), max: Bps(max as u16), target: Lamports(target) };
    let fee = curve.fee_up(Lamports(liquid), Lamports(gross)).map(Lamports::get);
    let expected = if gross > liquid {
        None
    } else if target == 0 {
        up(gross, min, 10_000)
    } else {
        let scale = 2 * big(target) * 10_000;
        fits((area(&curve, liquid) - area(&curve, liquid - gross) + &scale - 1) / scale)
    };
    assert_eq!(fee, expected);
    // Whatever is configured, nothing panics.
    let any = InstantFee { min: Bps(more as u16 * 97), max: Bps(min as u16), target: Lamports(b) };
    let _ = any.fee_up(Lamports(a), Lamports(c));

    if let Some(rate) = Rate::new(Lamports(a), Shares(b))
        && let Some(paid) = settle_down(rate, Shares(c), Lamports(liquid))
    {
        assert!(paid.lamports.0 <= liquid && paid.shares.0 <= c);
        assert!(big(paid.lamports.0) * big(b) <= big(paid.shares.0) * big(a), "not above the rate");
    }
    let (start, end, now) = (min as i64, (min + more) as i64, (bytes.number() % 700) as i64);
    let release = Release { locked: Lamports(a), start, end };
    let left = release.unreleased_up(now).0;
    let exact = if now >= end {
        Some(0)
    } else if now <= start {
        Some(a)
    } else {
        up(a, (end - now) as u64, (end - start) as u64)
    };
    assert_eq!(Some(left), exact);
    standing([a, b, c], bytes.number());
});

/// A mean within what the cluster paid, what an epoch adds to a deficit, and the windows that it counts
/// for.
fn standing([a, b, c]: [u64; 3], deficit: u64) {
    let (own, mean, most) = (a as u32, b as u32, BigInt::from(MAX_DEFICIT_PPM));
    let (before, windows) = (deficit as u32 % (MAX_DEFICIT_PPM + 1), c as u8);
    let expected = if mean == 0 {
        BigInt::from(before)
    } else if big(own.into()) * 5u8 < big(mean.into()) * 2u8 {
        most.clone()
    } else {
        let lacks: BigInt = BigInt::from(850_000) - big(own.into()) * 1_000_000u32 / mean;
        // Towards 0, whichever way it counts.
        let after: BigInt = BigInt::from(before) + lacks * windows / 16;
        after.clamp(BigInt::ZERO, most)
    };
    assert_eq!(BigInt::from(deficit_after(before, own, mean, windows)), expected);

    let held = BigInt::from(own).clamp((big(mean.into()) * 9u8 + 9u8) / 10u8, mean.into());
    assert_eq!(BigInt::from(yardstick(own, mean)), if mean == 0 { own.into() } else { held });

    let (slots, total) = (c >> 40, b >> (deficit % 64));
    let lottery = LeaderLottery::of(slots, total);
    let per_window = match slots / 4 {
        0 => BigInt::ZERO,
        all => BigInt::min((big(total) + all - 1) / all, u32::MAX.into()),
    };
    assert_eq!(BigInt::from(lottery.sol_per_window), per_window);
    let expected = if per_window == BigInt::ZERO {
        BigInt::ZERO
    } else {
        BigInt::min(big(own.into()) * 16u8 / per_window, 224.into())
    };
    assert_eq!(BigInt::from(lottery.windows_16(own)), expected);
}
