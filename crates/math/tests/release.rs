//! The linear release of a gain.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, big, config, lamports};
use num_bigint::BigInt;
use proptest::prelude::*;
use thaw_math::{Lamports, Release};

/// Times near each other and times at both ends of `i64`.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![3 => -200_000_i64..200_000, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
}

fn release() -> impl Strategy<Value = Release> {
    (lamports(), time(), time()).prop_map(|(locked, start, end)| Release { locked, start, end })
}

/// A release over a positive time, and two instants of it in order.
fn release_and_two_times() -> impl Strategy<Value = (Release, i64, i64)> {
    (any_amount(), any::<i32>(), 1..300_000_i64).prop_flat_map(|(locked, start, span)| {
        let start = i64::from(start);
        let release = Release { locked: Lamports(locked), start, end: start + span };
        (0..=span, 0..=span).prop_map(move |(a, b)| (release, start + a.min(b), start + a.max(b)))
    })
}

proptest! {
    #![proptest_config(config(2_048, "proptest-regressions/release.txt"))]

    #[test]
    fn equals_big_integers(release in release(), now in time()) {
        let Release { locked, start, end } = release;
        let expected = if now >= end {
            BigInt::ZERO
        } else if now <= start {
            big(locked.0)
        } else {
            let span = BigInt::from(end) - start;
            (big(locked.0) * (BigInt::from(end) - now) + &span - 1) / span
        };
        prop_assert_eq!(big(release.unreleased_up(now).0), expected);
    }

    #[test]
    fn never_rises_with_time(release in release(), a in time(), b in time()) {
        let (early, late) = (a.min(b), a.max(b));
        prop_assert!(release.unreleased_up(early) >= release.unreleased_up(late));
        prop_assert!(release.unreleased_up(early) <= release.locked);
    }

    #[test]
    fn all_at_the_start_nothing_at_the_end((release, _, _) in release_and_two_times()) {
        prop_assert_eq!(release.unreleased_up(release.start), release.locked);
        prop_assert_eq!(release.unreleased_up(release.start - 1), release.locked);
        prop_assert_eq!(release.unreleased_up(release.end), Lamports::ZERO);
    }

    /// Locking what is left again until the same end releases it as before; rounding may keep one
    /// lamport back and never lets one go.
    #[test]
    fn two_steps_are_one((release, first, second) in release_and_two_times()) {
        let again = Release { locked: release.unreleased_up(first), start: first, ..release };
        let (once, twice) = (release.unreleased_up(second), again.unreleased_up(second));
        prop_assert!(twice >= once);
        prop_assert!(twice.0 - once.0 <= 1);
    }
}
