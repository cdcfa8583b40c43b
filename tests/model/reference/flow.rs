//! How much stake moves (design, section 8).

use super::{Amount, MOST, Reference, Role, SOL, ceil, floor, less};

/// Taken from a validator, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Withdrawal(Amount),
    Rebalance(Amount),
}

impl Reference {
    /// What open batches may need, with 20 bp of headroom.
    pub fn owed(&self) -> Amount {
        self.owed_for(self.pending_shares())
    }

    /// What so many shares may need.
    fn owed_for(&self, shares: Amount) -> Amount {
        let open = self.value_up(shares);
        open + ceil(open, 20, 10_000)
    }

    /// What must not be delegated: the liquidity target, the float, what is owed.
    fn kept(&self) -> Amount {
        self.finalized.liquidity_target + self.network.float() + self.owed()
    }

    /// A validator's weight in effect; none counts once the pool ends.
    pub fn counted_weight(&self, v: usize) -> Amount {
        if self.powers.is_winding_down { 0 } else { self.validators[v].weight }
    }

    /// What a validator may be brought up to of so many assets: the smaller of its targets by the
    /// weights in effect and by those to come. A part that is about to shrink draws as if it had, one
    /// that is about to grow not yet.
    pub fn drawn_target(&self, v: usize, assets: Amount) -> Amount {
        let target = self.target_of(self.counted_weight(v), assets);
        target.min(self.next_target(v, assets))
    }

    /// The target by the weights to come.
    fn next_target(&self, v: usize, assets: Amount) -> Amount {
        let all: Amount = self.validators.iter().map(|it| it.next_weight).sum();
        self.part_of(assets, self.validators[v].next_weight, all)
    }

    /// What the census counts where a validator draws less than by the weights in effect: because its
    /// own weight falls, or because the others' rise.
    pub fn draws_less(
        &self,
        v: usize,
        [weight_falls, sum_rises]: [&'static str; 2],
    ) -> Option<&'static str> {
        let is_less = self.drawn_target(v, self.assets()) < self.target(v);
        let falls = self.validators[v].next_weight < self.counted_weight(v);
        is_less.then_some(if falls { weight_falls } else { sum_rises })
    }

    /// The least that is delegated, as the last finalize found it.
    pub fn minimum(&self) -> Amount {
        self.finalized.minimum.max(SOL)
    }

    /// What a validator should hold.
    pub fn target(&self, v: usize) -> Amount {
        self.target_of(self.counted_weight(v), self.assets())
    }

    /// What somebody with this weight should hold of so many assets.
    pub fn target_of(&self, weight: Amount, assets: Amount) -> Amount {
        let all: Amount = (0..self.validators.len()).map(|v| self.counted_weight(v)).sum();
        self.part_of(assets, weight, all)
    }

    /// A part of what of so many assets is to be staked.
    fn part_of(&self, assets: Amount, weight: Amount, all: Amount) -> Amount {
        let slot_rent = self.network.slot_rent() * self.open_slots();
        let goal = less(assets, slot_rent + self.kept());
        if all == 0 { 0 } else { floor(goal, weight, all) }
    }

    /// What a validator holds: main and activating.
    pub fn working(&self, v: usize) -> Amount {
        self.validators[v].working(self.network.slot_rent())
    }

    /// Liquid lamports that may be delegated.
    pub fn surplus(&self) -> Amount {
        less(self.reserve, self.kept())
    }

    /// Lamports of cooling slots, without rent.
    fn cooling(&self) -> Amount {
        let is_cooling = |slot: &super::Slot| slot.role == Role::Cooling;
        let lamports: Amount = self.slots(is_cooling).map(|slot| slot.recorded).sum();
        less(lamports, self.slots(is_cooling).count() as Amount * self.network.slot_rent())
    }

    /// What open batches need beyond what is liquid or cooling.
    pub fn shortage(&self) -> Amount {
        self.shortage_of(self.pending_shares())
    }

    /// The same if so many shares wait.
    pub fn shortage_of(&self, shares: Amount) -> Amount {
        less(self.owed_for(shares) + self.network.float(), self.reserve + self.cooling())
    }

    /// The same with the liquidity target.
    fn liquidity_shortage(&self) -> Amount {
        less(self.kept(), self.reserve + self.cooling())
    }

    /// The smallest sensible move: a part of assets, at most a tenth of the target, at least the
    /// minimum.
    pub fn piece(&self, target: Amount) -> Amount {
        self.piece_of(target, self.assets())
    }

    fn piece_of(&self, target: Amount, assets: Amount) -> Amount {
        let of_assets = ceil(assets, self.start.piece_bps.into(), 10_000);
        of_assets.min(target / 10).max(self.minimum())
    }

    /// Rebalancing starts beyond this much above the target.
    fn band(&self, target: Amount) -> Amount {
        self.band_of(target, self.assets())
    }

    /// The same of so many assets.
    pub fn band_of(&self, target: Amount, assets: Amount) -> Amount {
        (2 * self.piece_of(target, assets)).max(ceil(target, 100, 10_000))
    }

    /// What may still move in this epoch for other reasons than withdrawals. Validators that were set
    /// aside have a cap of their own.
    pub fn rebalance_left(&self, v: usize) -> Amount {
        if self.powers.is_winding_down {
            return MOST;
        }
        let is_aside = self.validators[v].standing.is_aside;
        let bps = if is_aside { self.start.rules.violator_bps } else { self.start.rebalance_bps };
        let cap = floor(self.assets(), bps.into(), 10_000).max(2 * self.minimum());
        // What either of the two caps lets move counts against both.
        let moved = self.moved_now(self.rebalanced) + self.moved_now(self.rebalanced_aside);
        less(cap, moved)
    }

    /// What to delegate to a validator, if anything.
    pub fn to_delegate(&self, v: usize) -> Option<Amount> {
        let target = self.drawn_target(v, self.assets());
        let gap = less(target, self.working(v));
        let amount = self.surplus().min(gap.max(self.piece(target)));
        (gap > 0 && amount > 0).then_some(amount)
    }

    /// What to take from a validator, if anything.
    pub fn to_undelegate(&self, v: usize, is_overdue: bool) -> Option<Taken> {
        let (target, staked) = (self.target(v), self.working(v));
        if staked == 0 {
            return None;
        }
        let (is_under, over) = (staked < target, less(staked, target));
        let piece = self.piece(target);
        let shortage = self.shortage();
        if shortage > 0 && (!is_under || is_overdue) {
            let amount = shortage.min(over.max(piece));
            return Some(Taken::Withdrawal(self.whole_or(amount, staked)));
        }
        let wanted = if self.counted_weight(v) == 0 {
            staked
        } else if over > self.band(target) {
            over
        } else if !is_under {
            self.liquidity_shortage().min(over.max(piece))
        } else {
            0
        };
        self.within_cap(v, wanted, staked).map(Taken::Rebalance)
    }

    /// A wanted move within the cap; the part taken and the part left are at least the minimum, or
    /// nothing is left.
    fn within_cap(&self, v: usize, wanted: Amount, staked: Amount) -> Option<Amount> {
        let left = self.rebalance_left(v);
        if wanted == 0 {
            return None;
        }
        let amount = self.whole_or(wanted.min(left), staked);
        if amount <= left {
            return Some(amount);
        }
        let amount = left.min(less(staked, self.minimum()));
        (amount >= self.minimum()).then_some(amount)
    }

    /// At least the minimum, and all of it where less would stay.
    fn whole_or(&self, amount: Amount, staked: Amount) -> Amount {
        let amount = amount.max(self.minimum());
        if less(staked, amount) < self.minimum() { staked } else { amount }
    }
}
