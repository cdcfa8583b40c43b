//! The exchange rate: exact, monotone, never a gain from a round trip or from splitting.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, ceil, config, fitting, floor, lamports, shares};
use proptest::{collection::vec, prelude::*};
use thaw_math::{Lamports, Rate, Shares};

fn rate() -> impl Strategy<Value = (u64, u64, Rate)> {
    (any_amount(), any_amount()).prop_filter_map("no price", |(lamports, shares)| {
        Rate::new(Lamports(lamports), Shares(shares)).map(|rate| (lamports, shares, rate))
    })
}

/// `None` stands for more than `u64`, so it sorts last.
fn or_endless(value: Option<u64>) -> u128 {
    value.map_or(u128::MAX, u128::from)
}

#[test]
fn without_lamports_or_shares_there_is_no_price() {
    assert_eq!(Rate::new(Lamports::ZERO, Shares(1)), None);
    assert_eq!(Rate::new(Lamports(1), Shares::ZERO), None);
    assert!(Rate::new(Lamports(1), Shares(1)).is_some());
}

proptest! {
    #![proptest_config(config(2_048, "proptest-regressions/rate.txt"))]

    #[test]
    fn conversions_equal_big_integers((value, supply, rate) in rate(), amount in any_amount()) {
        let bought = rate.shares_down(Lamports(amount)).map(Shares::get);
        prop_assert_eq!(bought, fitting(floor(amount, supply, value)));
        let worth = rate.lamports_down(Shares(amount)).map(Lamports::get);
        prop_assert_eq!(worth, fitting(floor(amount, value, supply)));
        let at_most = rate.lamports_up(Shares(amount)).map(Lamports::get);
        prop_assert_eq!(at_most, fitting(ceil(amount, value, supply)));
    }

    #[test]
    fn more_in_is_never_less_out((_, _, rate) in rate(), a in any_amount(), b in any_amount()) {
        let (less, more) = (a.min(b), a.max(b));
        let bought = |amount| or_endless(rate.shares_down(Lamports(amount)).map(Shares::get));
        let worth = |amount| or_endless(rate.lamports_down(Shares(amount)).map(Lamports::get));
        let at_most = |amount| or_endless(rate.lamports_up(Shares(amount)).map(Lamports::get));
        prop_assert!(bought(less) <= bought(more));
        prop_assert!(worth(less) <= worth(more));
        prop_assert!(at_most(less) <= at_most(more));
    }

    #[test]
    fn a_round_trip_never_gains((_, _, rate) in rate(), sol in lamports(), held in shares()) {
        if let Some(bought) = rate.shares_down(sol) {
            prop_assert!(rate.lamports_up(bought).unwrap() <= sol);
            prop_assert!(rate.lamports_down(bought).unwrap() <= sol);
        }
        if let Some(worth) = rate.lamports_down(held) {
            prop_assert!(rate.shares_down(worth).unwrap() <= held);
        }
    }

    #[test]
    fn a_split_deposit_buys_at_most_the_whole(
        (_, _, rate) in rate(),
        parts in vec(any_amount(), 1..6),
    ) {
        let sum = |amounts: &[u64]| amounts.iter().map(|part| u128::from(*part)).sum::<u128>();
        if let Ok(whole) = u64::try_from(sum(&parts))
            && let Some(at_once) = rate.shares_down(Lamports(whole))
        {
            let bought: Vec<u64> =
                parts.iter().map(|part| rate.shares_down(Lamports(*part)).unwrap().0).collect();
            prop_assert!(sum(&bought) <= at_once.0.into());
            prop_assert!(u128::from(at_once.0) - sum(&bought) < parts.len() as u128);
        }
    }

    #[test]
    fn a_split_exit_pays_at_most_the_whole(
        (_, _, rate) in rate(),
        parts in vec(any_amount(), 1..6),
    ) {
        let sum = |amounts: &[u64]| amounts.iter().map(|part| u128::from(*part)).sum::<u128>();
        if let Ok(whole) = u64::try_from(sum(&parts))
            && let Some(at_once) = rate.lamports_down(Shares(whole))
        {
            let paid: Vec<u64> =
                parts.iter().map(|part| rate.lamports_down(Shares(*part)).unwrap().0).collect();
            prop_assert!(sum(&paid) <= at_once.0.into());
            prop_assert!(u128::from(at_once.0) - sum(&paid) < parts.len() as u128);
        }
    }
}
