//! The worth of a pool against a naive big-integer formula.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, big, config, fitting, lamports, positive, shares};
use num_bigint::BigInt;
use proptest::prelude::*;
use thaw_math::{Books, Lamports, Rate, Shares};

/// Any books at all, also impossible ones.
fn any_books() -> impl Strategy<Value = Books> {
    let values = (lamports(), lamports(), lamports(), lamports(), lamports(), lamports(), shares());
    values.prop_map(
        |(reserve, staked, pending_gain, pending_loss, pending_fees, unreleased, shares)| Books {
            reserve,
            staked,
            pending_gain,
            pending_loss,
            pending_fees,
            unreleased,
            shares,
        },
    )
}

/// `unreleased + gain - loss`, at least 0.
fn hidden(books: &Books) -> BigInt {
    let gain = big(books.unreleased.0) + big(books.pending_gain.0);
    positive(gain - big(books.pending_loss.0))
}

fn assets(books: &Books) -> BigInt {
    big(books.reserve.0) + big(books.staked.0)
}

#[test]
fn a_worked_example() {
    let books = Books {
        reserve: Lamports(300),
        staked: Lamports(800),
        pending_gain: Lamports(40),
        pending_loss: Lamports(10),
        pending_fees: Lamports(20),
        unreleased: Lamports(50),
        shares: Shares(500),
    };
    assert_eq!(books.assets(), Some(Lamports(1_100)));
    assert_eq!(books.hidden(), Some(Lamports(80)));
    assert_eq!(books.nav(), Some(Lamports(1_000)));
    assert_eq!(books.exit_rate(), Rate::new(Lamports(1_000), Shares(500)));
    // The pending gain is above what the epochs missed were expected to earn, then below it.
    assert_eq!(books.entry_nav(2, Lamports(15)), Some(Lamports(1_110)));
    assert_eq!(books.entry_nav(2, Lamports(25)), Some(Lamports(1_120)));
    // At least one epoch's gain.
    assert_eq!(books.entry_nav(0, Lamports(115)), Some(Lamports(1_115)));
}

#[test]
fn a_pool_worth_nothing_has_no_price() {
    let books = Books { shares: Shares(5), pending_loss: Lamports(7), ..Books::default() };
    assert_eq!(books.exit_rate(), None);
    assert_eq!(books.entry_rate(1, Lamports(3)), None, "the premium alone makes no price");
}

proptest! {
    #![proptest_config(config(4_096, "proptest-regressions/books.txt"))]

    #[test]
    fn nav_equals_the_naive_formula(books in any_books()) {
        let (expected_assets, expected_hidden) = (assets(&books), hidden(&books));
        let fits = fitting(expected_assets.clone()).is_some()
            && fitting(big(books.unreleased.0) + big(books.pending_gain.0)).is_some();
        prop_assert_eq!(books.assets().map(|it| big(it.0)), fitting(expected_assets.clone()).map(big));
        prop_assert_eq!(books.nav().is_some(), fits, "fails only for sums beyond u64");
        if let Some(nav) = books.nav() {
            let expected = positive(expected_assets - big(books.pending_fees.0) - &expected_hidden);
            prop_assert_eq!(big(nav.0), expected);
            prop_assert_eq!(big(books.hidden().unwrap().0), expected_hidden);
            prop_assert_eq!(books.exit_rate(), Rate::new(nav, books.shares));
        }
    }

    #[test]
    fn entry_nav_equals_the_naive_formula(
        books in any_books(),
        missed in any_amount(),
        epoch_gain in any_amount(),
    ) {
        let expected_gain = big(missed) * big(epoch_gain);
        let premium = big(books.unreleased.0) + expected_gain.max(big(books.pending_gain.0));
        let premium = (premium + big(books.pending_fees.0)).max(big(epoch_gain));
        let earned = big(books.unreleased.0) + big(books.pending_gain.0);
        let premium = premium.max(positive(big(books.pending_loss.0) - earned));
        if let Some(entry) = books.entry_nav(missed, Lamports(epoch_gain)) {
            prop_assert_eq!(big(entry.0), big(books.nav().unwrap().0) + premium);
        } else if let Some(nav) = books.nav() {
            prop_assert!(fitting(big(nav.0) + premium).is_none());
        }
    }

    /// Who enters pays at least the exit rate, at least all that is booked, whatever is pending, and
    /// at least one epoch's gain above what leaves.
    #[test]
    fn nobody_enters_below_the_booked_value(
        books in any_books(),
        missed in 0_u64..5,
        epoch_gain in lamports(),
    ) {
        let Some(entry) = books.entry_nav(missed, epoch_gain) else { return Ok(()) };
        let nav = books.nav().unwrap();
        prop_assert!(entry >= nav);
        let gain = big(books.unreleased.0) + big(books.pending_gain.0);
        let hidden_loss = gain.min(big(books.pending_loss.0));
        prop_assert!(big(entry.0) >= assets(&books) + hidden_loss);
        prop_assert!(big(entry.0) >= big(nav.0) + big(epoch_gain.0));
        if let Some(next) = books.entry_nav(missed + 1, epoch_gain) {
            prop_assert!(next >= entry, "an epoch more never makes it cheaper");
        }
    }

    /// A fee that is collected leaves the exit rate where it is and raises the entry rate by no less
    /// than the pool's assets: nobody enters after it to be paid a part of it.
    #[test]
    fn a_fee_is_paid_for_by_who_enters(
        books in any_books(),
        fee in lamports(),
        missed in 0_u64..5,
    ) {
        let (Some(reserve), Some(pending_fees)) =
            (books.reserve.plus(fee), books.pending_fees.plus(fee)) else { return Ok(()) };
        let booked = Books { reserve, pending_fees, ..books };
        let (Some(nav), Some(after)) = (books.nav(), booked.nav()) else { return Ok(()) };
        if assets(&books) >= big(books.pending_fees.0) {
            prop_assert_eq!(nav, after);
        }
        if let Some(entry) = booked.entry_nav(missed, Lamports::ZERO) {
            prop_assert!(big(entry.0) >= assets(&booked));
            let before = books.entry_nav(missed, Lamports::ZERO).unwrap();
            prop_assert!(big(before.0) + big(fee.0) >= big(entry.0), "and for no more than it");
        }
    }

    /// A booked gain leaves the exit rate where it is, and the entry rate never falls by it.
    #[test]
    fn a_gain_is_hidden(
        books in any_books(),
        gain in lamports(),
        missed in 0_u64..5,
        epoch_gain in lamports(),
    ) {
        let (Some(staked), Some(pending_gain)) =
            (books.staked.plus(gain), books.pending_gain.plus(gain)) else { return Ok(()) };
        let booked = Books { staked, pending_gain, ..books };
        let (Some(before), Some(after)) = (books.nav(), booked.nav()) else { return Ok(()) };
        if books.pending_loss <= books.unreleased.plus(books.pending_gain).unwrap() {
            prop_assert_eq!(before, after);
        } else {
            prop_assert!(after >= before, "up to the pending loss it is made up at once");
            prop_assert!(after.0 - before.0 <= gain.0);
        }
        if before == Lamports::ZERO {
            return Ok(()); // Nobody enters: there is no price.
        }
        let Some(entry) = books.entry_nav(missed, epoch_gain) else { return Ok(()) };
        // Nobody enters between a loss and a gain that makes it up, and is richer at once (INV-5).
        prop_assert!(after <= entry);
        if let Some(later) = booked.entry_nav(missed, epoch_gain) {
            prop_assert!(later >= entry);
        }
    }

    /// A loss eats hidden gain first; the exit rate falls by what that does not cover, exactly.
    #[test]
    fn a_loss_eats_hidden_gain_first(books in any_books(), loss in lamports()) {
        let (Some(staked), Some(pending_loss)) =
            (books.staked.minus(loss), books.pending_loss.plus(loss)) else { return Ok(()) };
        let booked = Books { staked, pending_loss, ..books };
        let (Some(before), Some(after)) = (books.nav(), booked.nav()) else { return Ok(()) };
        let uncovered = positive(big(loss.0) - hidden(&books));
        let signed = assets(&books) - big(books.pending_fees.0) - hidden(&books);
        if signed >= BigInt::ZERO {
            prop_assert_eq!(big(after.0), positive(big(before.0) - uncovered));
        } else {
            prop_assert_eq!(after, Lamports::ZERO);
        }
    }

    #[test]
    fn a_price_needs_worth_and_shares(
        books in any_books(),
        missed in 0_u64..5,
        epoch_gain in lamports(),
    ) {
        let Some(entry) = books.entry_nav(missed, epoch_gain) else { return Ok(()) };
        let priced = books.nav() != Some(Lamports::ZERO) && books.shares != Shares::ZERO;
        prop_assert_eq!(books.exit_rate().is_some(), priced);
        let expected = if priced { Rate::new(entry, books.shares) } else { None };
        prop_assert_eq!(books.entry_rate(missed, epoch_gain), expected);
    }
}
