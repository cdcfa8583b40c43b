//! A pool with a few validators whose stake is moved by [`Flow`], for the flow tests.
#![allow(dead_code, reason = "each test file uses a part of it")]

use proptest::{collection::vec, prelude::*};
use thaw_math::{Bps, Flow, Lamports, MIN_DELEGATION, Move, Validator};

use crate::common::{SOL, lamports, magnitude};

/// Any figures at all, also impossible ones.
pub fn any_flow() -> impl Strategy<Value = Flow> {
    let liquid = (lamports(), lamports(), lamports(), lamports());
    let kept = (lamports(), lamports(), lamports(), any::<u16>(), lamports());
    let plausible = any::<bool>();
    (liquid, kept, plausible).prop_map(|(liquid, kept, plausible)| {
        let (assets, reserve, cooling, slot_rent) = liquid;
        let (liquidity_target, float, open, piece, rebalance_left) = kept;
        // Half of them with little to keep, so that there is something to move.
        let part = |amount: Lamports| if plausible { Lamports(amount.0 >> 8) } else { amount };
        Flow {
            assets,
            reserve,
            cooling,
            slot_rent: part(slot_rent),
            liquidity_target: part(liquidity_target),
            float: part(float),
            open: part(open),
            piece: Bps(if plausible { piece % 101 } else { piece }),
            rebalance_left,
            min_delegation: if plausible { MIN_DELEGATION } else { Lamports(2 * SOL) },
        }
    })
}

/// Any validator whose weight is part of the sum.
pub fn any_validator() -> impl Strategy<Value = Validator> {
    (lamports(), any::<u64>(), any::<u64>()).prop_map(|(staked, a, b)| Validator {
        staked,
        weight: a.min(b),
        weight_sum: a.max(b),
    })
}

/// A pool whose figures add up.
#[derive(Clone, Debug)]
pub struct World {
    pub reserve: u64,
    pub cooling: u64,
    pub slot_rent: u64,
    pub liquidity_target: u64,
    pub float: u64,
    pub open: u64,
    pub piece: u16,
    pub rebalance_left: u64,
    pub staked: Vec<u64>,
    pub weights: Vec<u64>,
}

/// Up to 39 validators, some of them without weight; pools from dust to all SOL there is.
pub fn world() -> impl Strategy<Value = World> {
    let validators = vec((magnitude(55), prop_oneof![4 => 1_u64..10_000, 1 => Just(0)]), 1..40);
    let figures = (magnitude(56), magnitude(50), 0..SOL / 10, 0..SOL / 10);
    let target = prop_oneof![Just(0), 0_u64..=2_000];
    (validators, figures, target, 0_u64..=5_000, 0_u16..=100).prop_map(
        |(validators, (reserve, cooling, slot_rent, float), target, open, piece)| {
            let (staked, weights): (Vec<u64>, Vec<u64>) = validators.into_iter().unzip();
            let assets = reserve + cooling + slot_rent + staked.iter().sum::<u64>();
            World {
                reserve,
                cooling,
                slot_rent,
                liquidity_target: assets / 10_000 * target,
                float,
                open: assets / 10_000 * open,
                piece,
                rebalance_left: assets / 100 + 2 * SOL,
                staked,
                weights,
            }
        },
    )
}

impl World {
    pub fn assets(&self) -> u64 {
        self.reserve + self.cooling + self.slot_rent + self.staked.iter().sum::<u64>()
    }

    pub fn has_stake(&self) -> bool {
        self.staked.iter().any(|staked| *staked > 0)
    }

    pub fn flow(&self) -> Flow {
        Flow {
            assets: Lamports(self.assets()),
            reserve: Lamports(self.reserve),
            cooling: Lamports(self.cooling),
            slot_rent: Lamports(self.slot_rent),
            liquidity_target: Lamports(self.liquidity_target),
            float: Lamports(self.float),
            open: Lamports(self.open),
            piece: Bps(self.piece),
            rebalance_left: Lamports(self.rebalance_left),
            min_delegation: MIN_DELEGATION,
        }
    }

    pub fn validator(&self, index: usize) -> Validator {
        Validator {
            staked: Lamports(self.staked[index]),
            weight: self.weights[index],
            weight_sum: self.weights.iter().sum(),
        }
    }

    /// Delegates to a validator; whether there was anything to do.
    pub fn delegate(&mut self, index: usize) -> bool {
        let amount = self.flow().delegate_amount(&self.validator(index));
        let amount = amount.unwrap_or_default().0;
        self.reserve -= amount;
        self.staked[index] += amount;
        amount > 0
    }

    /// Undelegates from a validator; whether there was anything to do.
    pub fn undelegate(&mut self, index: usize, overdue: bool) -> bool {
        let amount = match self.flow().undelegate_amount(&self.validator(index), overdue) {
            None => return false,
            Some(Move::Withdrawal(amount)) => amount.0,
            Some(Move::Rebalance(amount)) => {
                self.rebalance_left -= amount.0;
                amount.0
            }
        };
        self.staked[index] -= amount;
        self.cooling += amount;
        true
    }

    /// What was cooling is liquid.
    pub fn boundary(&mut self) {
        self.reserve += self.cooling;
        self.cooling = 0;
    }
}
