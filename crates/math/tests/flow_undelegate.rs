//! What is taken back: in sizes the stake program allows, within the cap, until it is enough.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;
mod flow_world;

use common::{SOL, config, magnitude};
use flow_world::{World, any_flow, any_validator, world};
use proptest::prelude::*;
use thaw_math::{Bps, Flow, Lamports, MIN_DELEGATION, Move, Validator};

fn lamports(taken: Move) -> Lamports {
    match taken {
        Move::Withdrawal(amount) | Move::Rebalance(amount) => amount,
    }
}

#[test]
fn takes_what_withdrawals_lack() {
    let flow = Flow {
        assets: Lamports(1_000 * SOL),
        reserve: Lamports(10 * SOL),
        cooling: Lamports(20 * SOL),
        open: Lamports(100 * SOL),
        piece: Bps(25),
        rebalance_left: Lamports(10 * SOL),
        min_delegation: MIN_DELEGATION,
        ..Flow::default()
    };
    assert_eq!(flow.shortage(), Lamports(70_200_000_000));
    let taken = |staked, weight, overdue| {
        let validator = Validator { staked: Lamports(staked), weight, weight_sum: 4 };
        flow.undelegate_amount(&validator, overdue)
    };
    let target = 224_950_000_000;
    assert_eq!(taken(4 * target, 1, false), Some(Move::Withdrawal(flow.shortage())));
    let over = Some(Move::Withdrawal(Lamports(5 * SOL)));
    assert_eq!(taken(target + 5 * SOL, 1, false), over);
    let piece = Some(Move::Withdrawal(Lamports(5 * SOL / 2)));
    assert_eq!(taken(target, 1, false), piece, "nobody is above: a piece at a time");
    assert_eq!(taken(target - 1, 1, false), None);
    assert_eq!(taken(target - 1, 1, true), piece, "any validator for an overdue batch");
    assert_eq!(taken(0, 0, true), None);
    let short = flow.shortage();
    let all = short.plus(MIN_DELEGATION).unwrap();
    assert_eq!(taken(all.0, 0, false), Some(Move::Withdrawal(short)), "the minimum may stay");
    let all = Lamports(all.0 - 1);
    assert_eq!(taken(all.0, 0, false), Some(Move::Withdrawal(all)), "less may not");
}

#[test]
fn leaves_a_validator_within_the_cap() {
    let taken = |staked, left| {
        let flow = Flow {
            assets: Lamports(1_000 * SOL),
            reserve: Lamports(500 * SOL),
            rebalance_left: Lamports(left),
            min_delegation: MIN_DELEGATION,
            ..Flow::default()
        };
        let validator = Validator { staked: Lamports(staked), weight: 0, weight_sum: 1 };
        flow.undelegate_amount(&validator, false)
    };
    let rebalance = |amount| Some(Move::Rebalance(Lamports(amount)));
    assert_eq!(taken(100 * SOL, 10 * SOL), rebalance(10 * SOL));
    assert_eq!(taken(10 * SOL, 10 * SOL), rebalance(10 * SOL));
    assert_eq!(taken(5 * SOL / 2, 2 * SOL), rebalance(3 * SOL / 2), "1 SOL stays");
    assert_eq!(taken(SOL / 2, SOL / 2), rebalance(SOL / 2), "all of a small one");
    assert_eq!(taken(100 * SOL, SOL - 1), None);
    assert_eq!(taken(3 * SOL / 2, SOL), None, "half a SOL cannot stay");
}

#[test]
fn refills_the_liquidity_target_from_who_is_not_below_its_own() {
    let taken = |reserve, staked| {
        let flow = Flow {
            assets: Lamports(1_000 * SOL),
            reserve: Lamports(reserve),
            cooling: Lamports(5 * SOL),
            float: Lamports(SOL),
            liquidity_target: Lamports(40 * SOL),
            piece: Bps(25),
            rebalance_left: Lamports(100 * SOL),
            min_delegation: MIN_DELEGATION,
            ..Flow::default()
        };
        let validator = Validator { staked: Lamports(staked), weight: 1, weight_sum: 4 };
        flow.undelegate_amount(&validator, false)
    };
    let rebalance = |amount| Some(Move::Rebalance(Lamports(amount)));
    let target = 239_750_000_000;
    assert_eq!(taken(10 * SOL, target), rebalance(5 * SOL / 2), "a piece");
    assert_eq!(taken(10 * SOL, target + 5 * SOL), rebalance(5 * SOL), "what is too much");
    assert_eq!(taken(32 * SOL, target + 5 * SOL), rebalance(4 * SOL), "what is short");
    assert_eq!(taken(36 * SOL - 1, target), rebalance(SOL), "no less than the minimum");
    assert_eq!(taken(36 * SOL, target), None, "what cools down counts");
    assert_eq!(taken(10 * SOL, target - 1), None);
}

#[test]
fn rebalances_only_beyond_the_band() {
    let flow = Flow {
        assets: Lamports(1_000 * SOL),
        reserve: Lamports(SOL),
        piece: Bps(10),
        rebalance_left: Lamports(50 * SOL),
        min_delegation: MIN_DELEGATION,
        ..Flow::default()
    };
    let taken = |staked| {
        let validator = Validator { staked: Lamports(staked), weight: 1, weight_sum: 2 };
        flow.undelegate_amount(&validator, false)
    };
    assert_eq!(flow.band(Lamports(500 * SOL)), Lamports(5 * SOL), "1 % of the target");
    assert_eq!(flow.band(Lamports(100 * SOL)), Lamports(2 * SOL), "two pieces");
    assert_eq!(taken(505 * SOL), None);
    assert_eq!(taken(505 * SOL + 1), Some(Move::Rebalance(Lamports(5 * SOL + 1))));
    let large = Flow { piece: Bps(100), ..flow };
    assert_eq!(
        large.band(Lamports(15 * SOL)),
        Lamports(3 * SOL),
        "pieces of a tenth of the target"
    );
}

proptest! {
    #![proptest_config(config(2_048, "proptest-regressions/flow_undelegate.txt"))]

    #[test]
    fn both_parts_are_valid_delegations(
        flow in any_flow(),
        validator in any_validator(),
        overdue: bool,
    ) {
        let Some(taken) = flow.undelegate_amount(&validator, overdue) else { return Ok(()) };
        let amount = lamports(taken);
        let left = validator.staked.minus(amount);
        prop_assert!(left.is_some_and(|left| left == Lamports::ZERO || left >= flow.min_delegation));
        prop_assert!(amount >= flow.min_delegation || amount == validator.staked);
        prop_assert!(amount > Lamports::ZERO);
        let is_under = validator.staked < flow.target(&validator);
        match taken {
            Move::Rebalance(_) => {
                prop_assert!(amount <= flow.rebalance_left);
                prop_assert!(!is_under);
            }
            Move::Withdrawal(_) => {
                prop_assert!(flow.shortage() > Lamports::ZERO);
                prop_assert!(!is_under || overdue);
                // Beyond the shortage only what the two minima ask for.
                let most = flow.shortage().max(flow.min_delegation);
                prop_assert!(amount <= most || amount == validator.staked);
                prop_assert!(amount.minus_or_zero(most) < flow.min_delegation);
            }
        }
    }

    /// One move leaves a validator at its target or takes no more than a piece, unless less than the
    /// minimum would stay; and below the target nothing more is taken while no batch is overdue.
    #[test]
    fn nobody_is_emptied(flow in any_flow(), validator in any_validator(), overdue: bool) {
        let Some(taken) = flow.undelegate_amount(&validator, overdue) else { return Ok(()) };
        let target = flow.target(&validator);
        let piece = flow.piece_for(target);
        let kept = validator.staked.minus_or_zero(piece).min(target);
        let staked = validator.staked.minus(lamports(taken)).unwrap();
        if validator.weight > 0 {
            prop_assert!(staked >= kept || (staked == Lamports::ZERO && kept < flow.min_delegation));
        }
        let Some(cooling) = flow.cooling.plus(lamports(taken)) else { return Ok(()) };
        if staked < target {
            let (flow, validator) = (Flow { cooling, ..flow }, Validator { staked, ..validator });
            prop_assert_eq!(flow.undelegate_amount(&validator, false), None);
        }
    }

    /// As long as batches lack lamports, some validator has them, without waiting until they are
    /// overdue; and as soon as enough is cooling, no more is taken for them.
    #[test]
    fn withdrawals_get_all_they_lack(mut world in world()) {
        world.rebalance_left = 0;
        let mut steps = 0;
        while world.flow().shortage() > Lamports::ZERO && world.staked.iter().any(|it| *it > 0) {
            let moved = (0..world.staked.len()).any(|index| world.undelegate(index, false));
            prop_assert!(moved, "someone is at or above the target");
            steps += 1;
            // What is above the target, then one piece: after that it is below.
            prop_assert!(steps <= 2 * world.staked.len());
        }
        for index in 0..world.staked.len() {
            prop_assert!(!world.undelegate(index, true));
        }
    }

    /// With at least 2 SOL to move per epoch, a validator that lost its weight is empty after as
    /// many epochs as that takes, and one more.
    #[test]
    fn a_validator_without_weight_empties(
        flow in any_flow(),
        staked in magnitude(50),
        rebalance_left in 2 * SOL..1_u64 << 50,
        weight_sum: u64,
        overdue: bool,
    ) {
        let rebalance_left = rebalance_left.max(staked / 50);
        let idle = Flow { open: Lamports::ZERO, float: Lamports::ZERO, ..flow };
        let flow = Flow { rebalance_left: Lamports(rebalance_left), ..idle };
        let mut validator = Validator { staked: Lamports(staked), weight: 0, weight_sum };
        for _ in 0..=staked.div_ceil(rebalance_left) {
            let Some(taken) = flow.undelegate_amount(&validator, overdue) else { break };
            prop_assert!(lamports(taken).0 <= rebalance_left);
            validator.staked = validator.staked.minus(lamports(taken)).unwrap();
        }
        prop_assert_eq!(validator.staked, Lamports::ZERO);
    }

    /// Epoch after epoch without anyone coming or leaving, the moves come to rest: nothing travels
    /// back and forth, and what had to be liquid is.
    #[test]
    fn the_moves_come_to_rest(start in world()) {
        let mut world = start.clone();
        let cap = world.assets() / 10 + 2 * SOL;
        let mut quiet = false;
        for _ in 0..40 {
            world.rebalance_left = cap;
            quiet = !(0..world.staked.len()).fold(false, |moved, index| {
                let taken = world.undelegate(index, false);
                world.delegate(index) || taken || moved
            });
            if quiet {
                break;
            }
            world.boundary();
        }
        prop_assert!(quiet, "from {start:?} to {world:?}");
        prop_assert_eq!(world.flow().shortage().0 * u64::from(world.has_stake()), 0);
        let World { weights, staked, .. } = &world;
        prop_assert!(weights.iter().zip(staked).all(|(weight, staked)| *weight > 0 || *staked == 0));
    }
}
