//! What is delegated: never what must stay liquid, up to the targets, and not back and forth.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;
mod flow_world;

use common::{SOL, any_amount, big, config, magnitude, positive};
use flow_world::{World, any_flow, any_validator, world};
use num_bigint::BigInt;
use proptest::{collection::vec, prelude::*};
use thaw_math::{Bps, Flow, Lamports, MIN_DELEGATION, Validator};

/// The value of open batches and 20 basis points for the gain on them.
fn owed(flow: &Flow) -> BigInt {
    big(flow.open.0) + (big(flow.open.0) * 20_u32 + 9_999_u32) / 10_000_u32
}

#[test]
fn a_worked_example() {
    let flow = Flow {
        assets: Lamports(1_000 * SOL),
        reserve: Lamports(160 * SOL),
        slot_rent: Lamports(SOL / 2),
        liquidity_target: Lamports(50 * SOL),
        float: Lamports(SOL / 2),
        open: Lamports(100 * SOL),
        piece: Bps(25),
        min_delegation: MIN_DELEGATION,
        ..Flow::default()
    };
    assert_eq!(flow.piece_for(Lamports(212 * SOL)), Lamports(5 * SOL / 2), "of assets");
    assert_eq!(flow.piece_for(Lamports(15 * SOL)), Lamports(3 * SOL / 2), "of the target");
    assert_eq!(flow.piece_for(Lamports(9 * SOL)), Lamports(SOL));
    assert_eq!(flow.goal(), Lamports(848_800_000_000));
    assert_eq!(flow.surplus(), Lamports(9_300_000_000));
    let validator = |staked, weight| Validator { staked, weight, weight_sum: 4 };
    assert_eq!(flow.target(&validator(Lamports(0), 1)), Lamports(212_200_000_000));
    let delegated = |staked, weight| flow.delegate_amount(&validator(Lamports(staked), weight));
    assert_eq!(delegated(0, 1), Some(flow.surplus()), "all that is spare");
    assert_eq!(delegated(207_200_000_000, 1), Some(Lamports(5 * SOL)), "the gap");
    assert_eq!(delegated(212_100_000_000, 1), Some(Lamports(5 * SOL / 2)), "at least a piece");
    assert_eq!(delegated(212_200_000_000, 1), None);
    assert_eq!(delegated(0, 0), None);
}

#[test]
fn without_weights_nothing_is_delegated() {
    let flow = Flow {
        assets: Lamports(9 * SOL),
        reserve: Lamports(9 * SOL),
        min_delegation: MIN_DELEGATION,
        ..Flow::default()
    };
    assert_eq!(flow.delegate_amount(&Validator::default()), None);
}

proptest! {
    #![proptest_config(config(2_048, "proptest-regressions/flow_delegate.txt"))]

    #[test]
    fn figures_equal_the_naive_formulas(flow in any_flow(), validator in any_validator()) {
        let kept = big(flow.liquidity_target.0) + big(flow.float.0) + owed(&flow);
        let goal = positive(big(flow.assets.0) - big(flow.slot_rent.0) - &kept);
        prop_assert_eq!(big(flow.surplus().0), positive(big(flow.reserve.0) - kept));
        prop_assert_eq!(big(flow.goal().0), goal.clone());
        let liquid = big(flow.reserve.0) + big(flow.cooling.0);
        let shortage = owed(&flow) + big(flow.float.0) - liquid;
        let is_endless = owed(&flow) + big(flow.float.0) > big(u64::MAX);
        prop_assert!(is_endless || big(flow.shortage().0) == positive(shortage));
        let target = if validator.weight_sum == 0 {
            BigInt::ZERO
        } else {
            goal * big(validator.weight) / big(validator.weight_sum)
        };
        prop_assert_eq!(big(flow.target(&validator).0), target.clone());
        let of_assets = (big(flow.assets.0) * flow.piece.0 + 9_999_u32) / 10_000_u32;
        let piece = of_assets.min(&target / 10_u32).max(big(flow.min_delegation.0));
        prop_assert_eq!(big(flow.piece_for(flow.target(&validator)).0), piece.clone());
        let band = (piece * 2_u32).max((target + 99_u32) / 100_u32);
        prop_assert_eq!(big(flow.band(flow.target(&validator)).0), band);
    }

    /// The float, the liquidity target and what open batches are owed stay in the reserve.
    #[test]
    fn never_spends_what_must_stay_liquid(flow in any_flow(), validator in any_validator()) {
        if let Some(amount) = flow.delegate_amount(&validator) {
            prop_assert!(amount > Lamports::ZERO);
            let left = big(flow.reserve.0) - big(amount.0);
            let kept = big(flow.liquidity_target.0) + big(flow.float.0) + owed(&flow);
            prop_assert!(left >= kept);
            let target = flow.target(&validator);
            prop_assert!(validator.staked < target);
            let over = (big(validator.staked.0) + big(amount.0)) - big(target.0);
            let piece = flow.piece_for(target);
            prop_assert!(over < big(piece.0), "past the target by less than a piece");
        }
    }

    /// What was just delegated is not taken back, however overdue a batch is.
    #[test]
    fn does_not_ping_pong(flow in any_flow(), validator in any_validator(), overdue: bool) {
        let Some(amount) = flow.delegate_amount(&validator) else { return Ok(()) };
        let Some(staked) = validator.staked.plus(amount) else { return Ok(()) };
        let reserve = flow.reserve.minus(amount).unwrap();
        let (flow, validator) = (Flow { reserve, ..flow }, Validator { staked, ..validator });
        prop_assert_eq!(flow.undelegate_amount(&validator, overdue), None);
        // Again only while it is below its target: when it was cut short, there is no more.
        prop_assert_eq!(flow.delegate_amount(&validator), None);
    }

    /// One step per validator below its target spends the surplus or reaches every target.
    #[test]
    fn repeated_steps_reach_the_targets_and_stop(mut world in world(), from in any_amount()) {
        let count = world.staked.len();
        let from = usize::try_from(from).unwrap() % count;
        for index in (0..count).map(|step| (from + step) % count) {
            world.delegate(index);
            prop_assert!(!world.delegate(index));
        }
        for index in 0..count {
            prop_assert_eq!(world.flow().delegate_amount(&world.validator(index)), None);
        }
        let World { staked, .. } = &world;
        let reached = (0..count)
            .all(|index| staked[index] >= world.flow().target(&world.validator(index)).0);
        prop_assert!(reached || world.flow().surplus() == Lamports::ZERO);
    }
}

proptest! {
    #![proptest_config(config(128, "proptest-regressions/flow_delegate_many.txt"))]

    /// A thousand equal validators, pieces of 1 % of assets (ten times a target), whoever cranks in
    /// any order and as often as they like: nobody ends far above the target.
    #[test]
    fn nobody_is_overfilled(
        mut staked in vec(magnitude(48), 1_000),
        reserve in magnitude(58),
        order in vec(0_usize..1_000, 2_000),
    ) {
        let assets = Lamports(reserve + staked.iter().sum::<u64>());
        let mut flow = Flow { assets, piece: Bps(100), min_delegation: MIN_DELEGATION, ..Flow::default() };
        flow.reserve = Lamports(reserve);
        let validator =
            |staked| Validator { staked: Lamports(staked), weight: 7, weight_sum: 7_000 };
        let target = flow.target(&validator(0)).0;
        for index in order {
            let Some(amount) = flow.delegate_amount(&validator(staked[index])) else { continue };
            flow.reserve = flow.reserve.minus(amount).unwrap();
            staked[index] += amount.0;
            prop_assert!(staked[index] <= target + (target / 10).max(SOL));
        }
    }
}
