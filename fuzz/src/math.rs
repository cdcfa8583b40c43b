//! Every formula of `crates/math` on any bytes, beside big integers.
#![no_main]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a finding.

use libfuzzer_sys::fuzz_target;
use num_bigint::BigInt;
use thaw_fuzz::bytes::Bytes;
use thaw_math::{
    Bps, InstantFee, Lamports, Rate, Release, Shares, entitlement_down, mul_div_down, mul_div_up,
    settle_down,
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
});
