//! Draws operations. What is drawn depends on how the pool stands, so that rare states are reached:
//! an epoch is cranked well, badly, in any order or not at all; in between come holders, an attacker
//! who acts many times at one instant, and the network's worst days.

mod crank;
mod holders;
mod network;

use crate::{
    ops::{Exits, Op, Rules, Serial, Spoil, Start, VoteState},
    reference::{
        Reference, Validator,
        ballot::{Face, TICKET},
    },
    rng::Rng,
};

/// Every validator.
pub const ALL: u16 = u16::MAX;

impl Start {
    /// A pool within all caps.
    pub fn draw(rng: &mut Rng) -> Self {
        let validators = rng.within(1, 5) as u8;
        let bound = |rng: &mut Rng, high: u16| match rng.below(4) {
            0 => 0,
            1 => high,
            _ => rng.within(0, high.into()) as u16,
        };
        let rebalance_bps = rng.within(100, 2_000) as u16;
        Self {
            validators,
            bootstrap_sol: rng.pick(&[1, 1, 2, 10, 10, 100, 1_000]),
            wallet_sol: rng.pick(&[30, 300, 3_000, 30_000, 300_000]),
            reward_fee_bps: bound(rng, 1_000),
            deposit_fee_bps: if rng.chance(50) { 0 } else { bound(rng, 50) },
            liquidity_bps: bound(rng, 2_000),
            piece_bps: bound(rng, 100),
            rebalance_bps,
            window_bps: rng.pick(&[1_000, 2_500, 2_500, 10_000]),
            circuit_bps: rng.pick(&[50, 1_000, 10_000]),
            max_validator_bps: if validators > 1 && rng.chance(30) { 6_000 } else { 10_000 },
            min_validators: rng.within(1, validators.into()) as u16,
            release_seconds: rng.pick(&[43_200, 86_400, 86_400, 259_200]),
            exits: Exits::draw(rng),
            rules: Rules::draw(rng, rebalance_bps),
        }
    }
}

impl Rules {
    /// Rules within all caps.
    fn draw(rng: &mut Rng, rebalance_bps: u16) -> Self {
        Self {
            max_commission_bps: rng.pick(&[0, 500, 1_000, 1_000, 10_000]),
            aside_bps: rng.pick(&[0, 500, 2_000, 2_000]),
            violator_bps: rng.within(rebalance_bps.into(), 2_000) as u16,
            require_bls: rng.chance(60),
        }
    }
}

impl Exits {
    /// Costs within all caps.
    fn draw(rng: &mut Rng) -> Self {
        let instant_max_bps = rng.pick(&[0, 30, 100, 300, 300]);
        Self {
            instant_min_bps: rng.within(0, instant_max_bps.into()) as u16,
            instant_max_bps,
            haircut_bps: rng.pick(&[0, 5, 5, 100]),
            stale_exit_bps: rng.pick(&[0, 10, 25, 25]),
            stake_fee_bps: rng.pick(&[2, 2, 50]),
            referral_bps: rng.pick(&[0, 5_000, 10_000]),
        }
    }
}

/// What comes next, drawn one operation at a time.
pub struct Generator {
    pub rng: Rng,
    /// What was planned for this epoch, next one last.
    plan: Vec<Op>,
    /// What the attacker does at this very instant, next one last.
    burst: Vec<Op>,
    /// Validators that earn no credits for a while, those whose stake earns next to nothing, and those
    /// whose stake earns too little to be luck for ever.
    silent: u16,
    poor: u16,
    lean: u16,
    is_new: bool,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            plan: Vec::new(),
            burst: Vec::new(),
            silent: 0,
            poor: 0,
            lean: 0,
            is_new: true,
        }
    }

    /// The next operation.
    pub fn draw(&mut self, pool: &Reference) -> Op {
        if let Some(op) = self.burst.pop() {
            return op;
        }
        if std::mem::take(&mut self.is_new) && self.rng.chance(75) {
            return self.first_weights(pool);
        }
        if self.rng.chance(55)
            && let Some(op) = self.plan.pop()
        {
            return op;
        }
        if self.plan.is_empty() {
            self.plan = self.plan_ahead(pool);
            self.plan.reverse();
        }
        match self.rng.below(100) {
            0..28 => self.holder(pool),
            28..54 => self.crank(pool),
            54..60 => self.burst(pool),
            60..77 => self.network(pool),
            77..88 => self.operator(pool),
            88..91 => self.trespass(),
            91..92 => Op::Fork { order: self.rng.next() as u32 },
            _ => self.plan.pop().unwrap_or(Op::Finalize),
        }
    }

    fn v(&mut self, pool: &Reference) -> u8 {
        // Now and then one that is not listed.
        let count = pool.validators.len() as u64;
        if self.rng.chance(1) { count as u8 } else { self.rng.below(count) as u8 }
    }

    fn slot(&mut self) -> u8 {
        self.rng.pick(&[0, 0, 0, 1, 1, 2])
    }

    /// An epoch, from its boundary.
    fn plan_ahead(&mut self, pool: &Reference) -> Vec<Op> {
        let mood = self.rng.below(100);
        let validators = pool.validators.len() as u8;
        let mut ops = self.boundary(mood, pool);
        ops.extend((0..validators).filter_map(|v| self.mend(v, pool)));
        if mood < 10 {
            return ops; // Nobody cranks.
        }
        let mut early = vec![Op::Sync { mask: ALL, spoil: Spoil::Sound }, Op::Finalize];
        if self.rng.chance(20) {
            early.push(self.lower_weight(pool));
        }
        for v in 0..validators {
            early.extend([Op::Merge { v }, Op::Collect { v }, Op::Sweep { v }]);
        }
        for v in 0..validators {
            let is_aside =
                pool.validators.get(usize::from(v)).is_some_and(|it| it.standing.is_aside);
            if is_aside || self.rng.chance(60) {
                early.push(Op::Review { v });
            }
        }
        early
            .extend([Op::Settle { serial: Serial::Oldest }, Op::Settle { serial: Serial::Oldest }]);
        if self.rng.chance(25) {
            early.extend((0..4).map(|who| self.leave(who)));
        }
        if self.rng.chance(25) {
            early.extend((0..4).map(|who| self.stake_out(who, pool)));
        }
        let mut late = vec![Op::GoTo { percent: self.rng.within(75, 99) as u8 }];
        if self.rng.chance(15) {
            late.push(self.lower_weight(pool));
        }
        for v in 0..validators {
            // A ticket for the next epoch is due by now.
            if self.rng.chance(20) {
                late.push(Op::Review { v });
            }
            late.push(Op::Undelegate { v, batch: Serial::Oldest });
        }
        for v in 0..validators {
            late.extend([Op::Delegate { v }, Op::Delegate { v }]);
        }
        if mood < 30 {
            self.rng.shuffle(&mut early);
            self.rng.shuffle(&mut late);
        }
        if mood < 45 {
            early.retain(|_| self.rng.chance(70));
            late.retain(|_| self.rng.chance(70));
        }
        ops.extend(early);
        ops.extend(late);
        ops
    }

    /// What the network does when an epoch ends.
    fn boundary(&mut self, mood: u64, pool: &Reference) -> Vec<Op> {
        let validators = pool.validators.len() as u8;
        for mask in [&mut self.silent, &mut self.poor, &mut self.lean] {
            for v in 0..validators {
                let is_set = *mask >> v & 1 == 1;
                if self.rng.chance(if is_set { 25 } else { 12 }) {
                    *mask ^= 1 << v;
                }
            }
        }
        let mut ops = Vec::new();
        let mut skip = if mood < 4 { self.rng.within(2, 6) as u8 } else { 1 };
        let once_aside = |it: &Validator| it.standing.relapses > 0 && !it.standing.is_aside;
        if let Some(v) = pool.validators.iter().position(once_aside)
            && self.rng.chance(8)
        {
            // So long that a relapse is forgotten, before the next one.
            skip = self.rng.within(30, 80) as u8;
            ops.push(Op::Vote { v: v as u8, state: VoteState::Takes(10_000) });
        }
        let gets_through = if self.rng.chance(75) { 100 } else { self.rng.within(1, 99) as u8 };
        // Who books before the rewards are there finds an epoch without any.
        if self.rng.chance(60) {
            ops.push(Op::Rewards { paying: true });
        }
        ops.extend([Op::Earned { mask: !self.silent }, Op::Epoch { skip, gets_through }]);
        for v in 0..validators {
            if self.rng.chance(90) {
                let is_set = |mask: u16| mask >> v & 1 == 1;
                let ppm = match (is_set(self.poor), is_set(self.lean)) {
                    (true, _) => self.rng.within(0, 90) as u32,
                    (_, true) => self.rng.within(90, 160) as u32,
                    _ => self.yield_ppm(),
                };
                ops.push(Op::Reward { v, ppm });
            }
        }
        ops.push(Op::Admit { mask: !self.silent });
        if self.rng.chance(85) {
            ops.push(self.cluster_pays(&ops));
        }
        if self.rng.chance(25) {
            ops.push(self.epoch_stake(pool));
        }
        ops.push(Op::Rewards { paying: false });
        ops
    }

    /// A validator that breaks a rule may keep it again, and the other way round.
    fn mend(&mut self, v: u8, pool: &Reference) -> Option<Op> {
        let validator = pool.validators.get(usize::from(v))?;
        let (rules, ballot) = (&pool.start.rules, &validator.ballot);
        let (state, percent) = match ballot.face {
            Face::Newer => (VoteState::Open, 20),
            Face::Zeroed | Face::Foreign | Face::Gone => (VoteState::Open, 40),
            Face::Known if ballot.commission_bps > rules.max_commission_bps.into() => {
                (VoteState::Open, 40)
            }
            Face::Known if !ballot.has_key => (VoteState::Key(true), 40),
            Face::Known if !ballot.can_be_admitted(&pool.network) => {
                (VoteState::Spare(self.rng.within(1, 12) * TICKET as u64), 40)
            }
            // What it pays can speak for it, if nobody can read the rest.
            Face::Known if validator.standing.is_aside && validator.is_held() => {
                (VoteState::Newer, 40)
            }
            Face::Known => {
                let takes = VoteState::Takes(10_000);
                let wrongs =
                    [takes, takes, VoteState::Gone, VoteState::Newer, VoteState::Key(false)];
                (self.rng.pick(&wrongs), 7)
            }
        };
        self.rng.chance(percent).then_some(Op::Vote { v, state })
    }

    /// The attacker acts several times before anything else happens.
    fn burst(&mut self, pool: &Reference) -> Op {
        let attacker = 3;
        for _ in 0..self.rng.within(2, 8) {
            let op = if self.rng.chance(60) { self.act(attacker, pool) } else { self.crank(pool) };
            self.burst.push(op);
        }
        self.act(attacker, pool)
    }
}
