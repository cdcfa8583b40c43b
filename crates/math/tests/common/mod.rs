//! Shared by the tests: big integers to compare with, and amounts over the whole range of `u64`.
#![allow(dead_code, reason = "each test file uses a part of it")]

use num_bigint::BigInt;
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use thaw_math::{Lamports, Shares};

/// One SOL in lamports.
pub const SOL: u64 = 1_000_000_000;

/// `cases` runs; inputs that failed are kept in `seeds`, a path inside the crate, and run first
/// from then on. (Proptest's own default places them beside `src/lib.rs` alone.)
pub fn config(cases: u32, seeds: &'static str) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        ..ProptestConfig::default()
    }
}

/// Any `u64`, with as many small and huge ones as ordinary ones: every order of magnitude is as
/// likely as the next, and so are both ends.
pub fn any_amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => magnitude(64),
        2 => any::<u64>(),
        1 => 0_u64..4,
        1 => (u64::MAX - 3)..=u64::MAX,
        1 => prop_oneof![Just(SOL - 1), Just(SOL), Just(SOL + 1), Just(2 * SOL)],
    ]
}

/// Below `2^bits`, every order of magnitude as likely as the next.
pub fn magnitude(bits: u32) -> impl Strategy<Value = u64> {
    (any::<u64>(), (64 - bits)..64).prop_map(|(value, shift)| value >> shift)
}

/// An amount a pool could really hold: up to 2^59 lamports, about all SOL there is.
pub fn pool_amount() -> impl Strategy<Value = u64> {
    magnitude(59)
}

pub fn lamports() -> impl Strategy<Value = Lamports> {
    any_amount().prop_map(Lamports)
}

pub fn shares() -> impl Strategy<Value = Shares> {
    any_amount().prop_map(Shares)
}

pub fn big(value: u64) -> BigInt {
    BigInt::from(value)
}

/// The larger of the value and 0.
pub fn positive(value: BigInt) -> BigInt {
    value.max(BigInt::ZERO)
}

/// `floor(a * b / divisor)` for amounts that are not negative.
pub fn floor(a: u64, b: u64, divisor: u64) -> BigInt {
    big(a) * big(b) / big(divisor)
}

/// `ceil(a * b / divisor)` for amounts that are not negative.
pub fn ceil(a: u64, b: u64, divisor: u64) -> BigInt {
    (big(a) * big(b) + big(divisor) - 1) / big(divisor)
}

/// The value when it fits `u64`.
pub fn fitting(value: BigInt) -> Option<u64> {
    u64::try_from(value).ok()
}

/// Whether `lamports / shares` is at least `old_lamports / old_shares`, without a division.
pub fn rate_holds(lamports: u64, shares: u64, old_lamports: u64, old_shares: u64) -> bool {
    big(lamports) * big(old_shares) >= big(old_lamports) * big(shares)
}
