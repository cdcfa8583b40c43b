//! Settling a withdrawal batch, and what its tickets may claim.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, big, config, floor, lamports, magnitude, rate_holds, shares};
use num_bigint::BigInt;
use proptest::{collection::vec, prelude::*};
use thaw_math::{Lamports, Rate, Shares, entitlement_down, settle_down};

#[test]
fn settles_the_whole_batch_or_what_there_is() {
    let rate = Rate::new(Lamports(3), Shares(2)).unwrap();
    let settled = |open, available| {
        let settlement = settle_down(rate, Shares(open), Lamports(available)).unwrap();
        (settlement.shares.0, settlement.lamports.0)
    };
    assert_eq!(settled(10, 15), (10, 15));
    assert_eq!(settled(10, 14), (9, 13));
    assert_eq!(settled(10, 0), (0, 0));
    assert_eq!(settled(10, 1), (0, 0), "one lamport buys no share: nothing is burned for nothing");
    assert_eq!(settled(0, 15), (0, 0));
}

#[test]
fn an_empty_batch_entitles_to_nothing() {
    assert_eq!(entitlement_down(Shares::ZERO, Lamports(5), Shares::ZERO), None);
}

proptest! {
    #![proptest_config(config(2_048, "proptest-regressions/settle.txt"))]

    #[test]
    fn a_settlement_is_never_above_the_rate_or_what_there_is(
        value in any_amount(),
        supply in any_amount(),
        open in shares(),
        available in lamports(),
    ) {
        let Some(rate) = Rate::new(Lamports(value), Shares(supply)) else { return Ok(()) };
        let settled = settle_down(rate, open, available).expect("always has an answer");
        prop_assert!(settled.lamports <= available);
        prop_assert!(settled.shares <= open);
        let cost = floor(settled.shares.0, value, supply);
        prop_assert_eq!(big(settled.lamports.0), cost, "paid in full, rounded down");
        if floor(open.0, value, supply) <= big(available.0) {
            prop_assert_eq!(settled.shares, open, "all of it when it can");
        } else {
            let next = (big(settled.shares.0) + 1) * big(value);
            prop_assert!(next > big(available.0) * big(supply), "one more share cannot be paid");
        }
        // Rounding stays with those who stay.
        if open.0 <= supply && settled.lamports.0 <= value {
            let (left, shares_left) = (value - settled.lamports.0, supply - settled.shares.0);
            prop_assert!(rate_holds(left, shares_left, value, supply));
        }
    }

    #[test]
    fn tickets_share_what_was_settled(
        tickets in vec(any_amount(), 1..8),
        settled in any_amount(),
    ) {
        let requested: u128 = tickets.iter().map(|ticket| u128::from(*ticket)).sum();
        let Ok(requested) = u64::try_from(requested) else { return Ok(()) };
        if requested == 0 {
            return Ok(());
        }
        let mut sum = BigInt::ZERO;
        for ticket in &tickets {
            let entitled = entitlement_down(Shares(*ticket), Lamports(settled), Shares(requested));
            let entitled = big(entitled.expect("at most what was settled").0);
            let exact = big(*ticket) * big(settled);
            prop_assert!(&entitled * big(requested) <= exact);
            prop_assert!((&entitled + 1) * big(requested) > exact, "less than a lamport is missing");
            sum += entitled;
        }
        prop_assert!(sum <= big(settled));
        prop_assert!(big(settled) - sum < BigInt::from(tickets.len()), "dust: below one per ticket");
    }

    /// A batch is settled in several parts while the pool gains and loses; its tickets claim now
    /// and then. Nobody gets more than a share of what was settled, and those who stay lose nothing.
    #[test]
    fn partial_settlements_at_several_rates_stay_fair(
        tickets in vec(1..1_u64 << 50, 1..8),
        others in 1..1_u64 << 55,
        value in 1..1_u64 << 58,
        steps in vec((magnitude(58), -50_i64..50, any::<bool>()), 1..8),
    ) {
        let requested: u64 = tickets.iter().sum();
        let (mut assets, mut supply) = (value, requested + others);
        let (mut shares_settled, mut lamports_settled) = (0, 0);
        let mut claimed = vec![0; tickets.len()];
        for (available, per_mille, claims) in steps {
            let moved = u64::try_from(floor(assets, per_mille.unsigned_abs(), 1_000)).unwrap();
            assets = if per_mille < 0 { assets - moved } else { assets + moved };
            let Some(rate) = Rate::new(Lamports(assets), Shares(supply)) else { break };
            let open = Shares(requested - shares_settled);
            let settled = settle_down(rate, open, Lamports(available)).unwrap();
            let before = (assets, supply);
            shares_settled += settled.shares.0;
            lamports_settled += settled.lamports.0;
            assets -= settled.lamports.0;
            supply -= settled.shares.0;
            prop_assert!(rate_holds(assets, supply, before.0, before.1));
            for (ticket, claimed) in tickets.iter().zip(&mut claimed) {
                let entitled =
                    entitlement_down(Shares(*ticket), Lamports(lamports_settled), Shares(requested));
                let entitled = entitled.unwrap().0;
                prop_assert!(entitled >= *claimed, "what was claimed was never too much");
                if claims {
                    *claimed = entitled;
                }
            }
            prop_assert!(claimed.iter().sum::<u64>() <= lamports_settled);
        }
        prop_assert!(shares_settled <= requested);
    }
}
