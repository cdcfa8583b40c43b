//! How much stake moves: targets, surplus, shortage, pieces.

use crate::units::{Bps, Lamports};

/// The smallest sensible delegation, and the stake program's minimum until a pool has asked for it.
pub const MIN_DELEGATION: Lamports = Lamports(1_000_000_000);
/// Kept for open batches beyond their value, so that one epoch's gain on them is covered too.
const HEADROOM: Bps = Bps(20);
/// The most a piece takes a validator past its target, as a part of the target.
const MAX_PIECE_OF_TARGET: Bps = Bps(1_000);

/// A pool's lamports as its moves see them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// All the pool owns.
    pub assets: Lamports,
    /// Liquid lamports.
    pub reserve: Lamports,
    /// Lamports of deactivated slots, without rent.
    pub cooling: Lamports,
    /// Rent of the open slots.
    pub slot_rent: Lamports,
    /// Liquid lamports the pool aims at, fixed at finalize.
    pub liquidity_target: Lamports,
    /// The part of the reserve that only pays for slots.
    pub float: Lamports,
    /// Value of the shares in open batches, rounded up.
    pub open: Lamports,
    /// Smallest sensible move as a part of assets; see [`Flow::piece_for`] for its bounds.
    pub piece: Bps,
    /// What may still be moved this epoch for other reasons than withdrawals.
    pub rebalance_left: Lamports,
    /// The least that a move takes or leaves: the stake program's minimum, see
    /// [`least_delegation`].
    pub min_delegation: Lamports,
}

/// One validator as the moves see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    /// Main and activating lamports, without rent.
    pub staked: Lamports,
    /// Weight in effect.
    pub weight: u64,
    /// Sum of the weights in effect.
    pub weight_sum: u64,
}

/// How much to take from a validator, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// For open batches: not bounded by the rebalancing cap.
    Withdrawal(Lamports),
    /// Liquidity, rebalancing or leaving a validator: counted against the cap.
    Rebalance(Lamports),
}

impl Flow {
    /// `max(minimum, min(piece of assets, 10 % of target))`: the smallest sensible move of a validator
    /// with this target, even past it. Bounded by the target, so that whoever cranks can choose a
    /// validator but cannot overfill or empty it.
    pub fn piece_for(&self, target: Lamports) -> Lamports {
        let bound = MAX_PIECE_OF_TARGET.of_down(target);
        self.piece.of_up(self.assets).min(bound).max(self.min_delegation)
    }

    /// What all validators together should hold: what is neither slot rent nor to be kept liquid.
    pub fn goal(&self) -> Lamports {
        self.assets
            .minus_or_zero(self.slot_rent)
            .minus_or_zero(self.liquidity_target)
            .minus_or_zero(self.float)
            .minus_or_zero(self.owed())
    }

    /// `floor(goal * weight / weight_sum)`; 0 when no validator has weight.
    pub fn target(&self, validator: &Validator) -> Lamports {
        self.goal().part_down(validator.weight, validator.weight_sum).unwrap_or(Lamports::ZERO)
    }

    /// Liquid lamports that may be delegated: what is cooling never counts here, because a
    /// cool-down can be partial.
    pub fn surplus(&self) -> Lamports {
        self.reserve
            .minus_or_zero(self.liquidity_target)
            .minus_or_zero(self.float)
            .minus_or_zero(self.owed())
    }

    /// Lamports that open batches still need beyond what is liquid or cooling, with headroom for
    /// the gain until they are settled.
    pub fn shortage(&self) -> Lamports {
        saturating_sum(self.owed(), self.float)
            .minus_or_zero(self.reserve)
            .minus_or_zero(self.cooling)
    }

    /// What open batches may need when they are settled, rounded up. One figure for the goal, the
    /// surplus and the shortage: were the headroom missing from one of them, what is undelegated
    /// for it would be delegated again.
    fn owed(&self) -> Lamports {
        owed_up(self.open)
    }

    /// Lamports to delegate to a validator below its target; `None` when it is not below, or
    /// nothing is spare. It ends less than one piece above its target.
    pub fn delegate_amount(&self, validator: &Validator) -> Option<Lamports> {
        let target = self.target(validator);
        let gap = target.minus_or_zero(validator.staked);
        let amount = self.surplus().min(gap.max(self.piece_for(target)));
        (gap > Lamports::ZERO && amount > Lamports::ZERO).then_some(amount)
    }

    /// Lamports to take from a validator; `None` when nothing is to be moved.
    ///
    /// `overdue`: the oldest batch has waited two epochs, so any validator may be taken from.
    pub fn undelegate_amount(&self, validator: &Validator, overdue: bool) -> Option<Move> {
        let target = self.target(validator);
        let over = validator.staked.minus_or_zero(target);
        if validator.staked == Lamports::ZERO {
            return None;
        }
        let is_under = validator.staked < target;
        let shortage = self.shortage();
        if shortage > Lamports::ZERO && (!is_under || overdue) {
            let amount = shortage.min(over.max(self.piece_for(target)));
            return Some(Move::Withdrawal(self.whole_or(amount, validator.staked)));
        }
        let wanted = if validator.weight == 0 {
            validator.staked
        } else if over > self.band(target) {
            over
        } else if !is_under {
            self.liquidity_shortage().min(over.max(self.piece_for(target)))
        } else {
            Lamports::ZERO
        };
        self.rebalance_amount(wanted, validator.staked).map(Move::Rebalance)
    }

    /// `wanted` within what is left of the cap, both the part taken and the part that stays at
    /// least the minimum or nothing. The cap is at least two minimums, so a stake can always leave
    /// in steps.
    fn rebalance_amount(&self, wanted: Lamports, staked: Lamports) -> Option<Lamports> {
        if wanted == Lamports::ZERO {
            return None;
        }
        let amount = self.whole_or(wanted.min(self.rebalance_left), staked);
        if amount <= self.rebalance_left {
            return Some(amount);
        }
        let amount = self.rebalance_left.min(staked.minus_or_zero(self.min_delegation));
        (amount >= self.min_delegation).then_some(amount)
    }

    /// Rebalancing starts beyond `max(2 pieces, 1 %)` above the target, so that pieces do not
    /// travel back and forth.
    pub fn band(&self, target: Lamports) -> Lamports {
        let pieces = Lamports(self.piece_for(target).0.saturating_mul(2));
        pieces.max(Bps(100).of_up(target))
    }

    fn liquidity_shortage(&self) -> Lamports {
        saturating_sum(saturating_sum(self.owed(), self.float), self.liquidity_target)
            .minus_or_zero(self.reserve)
            .minus_or_zero(self.cooling)
    }

    /// At least the minimum; the whole stake when less than the minimum would remain.
    fn whole_or(&self, amount: Lamports, staked: Lamports) -> Lamports {
        let amount = amount.max(self.min_delegation);
        if staked.minus_or_zero(amount) < self.min_delegation { staked } else { amount }
    }
}

/// The minimum that moves go by: the stake program's, and at least [`MIN_DELEGATION`], below which no
/// move is worth its transaction.
pub const fn least_delegation(told: Lamports) -> Lamports {
    if told.0 > MIN_DELEGATION.0 { told } else { MIN_DELEGATION }
}

/// What open batches that are worth `open` now may need when they are settled, rounded up: 20 basis
/// points more, one epoch's gain at the highest yield.
pub const fn owed_up(open: Lamports) -> Lamports {
    saturating_sum(open, HEADROOM.of_up(open))
}

/// A need beyond `u64` is as good as endless.
const fn saturating_sum(a: Lamports, b: Lamports) -> Lamports {
    Lamports(a.0.saturating_add(b.0))
}
