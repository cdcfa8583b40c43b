//! What the network, strangers and the operator do.

use super::Generator;
use crate::{
    ops::{Candidate, Op, Ppm, VoteState},
    reference::{Reference, SOL, Stake, Validator, ballot::TICKET},
};

/// Weights: mostly in the thousands, since reviews take whole units.
const WEIGHTS: [u32; 9] = [0, 0, 1, 5, 1_000, 1_000, 2_500, 100_000, u32::MAX];

impl Generator {
    /// Weights that a review can take a part of.
    pub(super) fn first_weights(&mut self, pool: &Reference) -> Op {
        let all = 0..pool.validators.len() as u8;
        let weight = |v| (v, 1_000 + self.rng.below(2_000) as u32);
        Op::SetWeights { weights: all.map(weight).collect() }
    }

    /// What the network and strangers do.
    pub(super) fn network(&mut self, pool: &Reference) -> Op {
        let (v, slot) = (self.v(pool), self.slot());
        match self.rng.below(100) {
            0..15 => Op::GoTo { percent: self.rng.below(100) as u8 },
            15..30 => Op::Wait { seconds: self.rng.magnitude(86_400) as u32 },
            30..42 => Op::Reward { v, ppm: self.yield_ppm() },
            42..57 => Op::Tip { v, slot, lamports: self.rng.magnitude(10 * SOL as u64) },
            57..70 => {
                let (v, slot) = self.working(pool).unwrap_or((v, slot));
                Op::Slash { v, slot, ppm: self.loss() }
            }
            70..78 => {
                let (v, slot) = self.working(pool).unwrap_or((v, slot));
                Op::Deactivate { v, slot }
            }
            78..88 => {
                Op::Rent { per_byte: self.rng.pick(&[5_080, 5_080, 2_540, 3_480, 6_960, 9_000]) }
            }
            88..92 => {
                let commission = self.rng.pick(&[500, 1_001, 2_000, 10_000]);
                let spare = self.rng.pick(&[0, TICKET - 1, TICKET, 5 * TICKET]) as u64;
                let states = [
                    VoteState::Open,
                    VoteState::Open,
                    VoteState::Open,
                    VoteState::Takes(commission),
                    VoteState::Key(true),
                    VoteState::Key(false),
                    VoteState::Spare(spare),
                    VoteState::Newer,
                    VoteState::Gone,
                    VoteState::Zeroed,
                    VoteState::Foreign,
                ];
                Op::Vote { v, state: self.rng.pick(&states) }
            }
            92 => self.epoch_stake(pool),
            93 => self.cluster_pays(&[]),
            94..97 => Op::Rewards { paying: self.rng.chance(30) },
            97..99 => Op::Brick { v, slot },
            _ if self.rng.chance(30) => Op::Vanish { v, slot },
            _ => Op::Epoch { skip: 1, gets_through: 100 },
        }
    }

    /// What the cluster pays: about what validators do, unknown, or far off.
    pub(super) fn cluster_pays(&mut self, boundary: &[Op]) -> Op {
        let paid = boundary.iter().filter_map(|op| match op {
            Op::Reward { ppm, .. } => Some(u64::from(*ppm) * 1_000),
            _ => None,
        });
        let (sum, count) = paid.fold((0, 0), |(sum, count), ppb| (sum + ppb, count + 1));
        let mean = sum / u64::max(count, 1);
        let ppb = match self.rng.below(16) {
            0..2 => 0,
            2 => self.rng.magnitude(u32::MAX.into()) as u32,
            _ => (mean * self.rng.within(80, 120) / 100) as u32,
        };
        Op::ClusterPays { ppb }
    }

    /// The stake that a validator's chances to lead go by: none is told, little, or a lot.
    pub(super) fn epoch_stake(&mut self, pool: &Reference) -> Op {
        if let Some(v) = pool.validators.iter().position(is_starting)
            && self.rng.chance(40)
        {
            return self.outgrow(v, pool);
        }
        let v = self.rng.chance(60).then(|| self.v(pool));
        let listed = v.and_then(|v| pool.validators.get(usize::from(v)));
        let old = listed.map_or(0, |it| it.ballot.epoch_stake as u64);
        let lamports = match self.rng.below(6) {
            0 => 0,
            2..4 if old > 0 => old / 100 * self.rng.within(50, 200),
            1 => self.rng.magnitude(1_000_000 * SOL as u64),
            _ if v.is_none() => self.rng.within(100_000, 500_000_000) * SOL as u64,
            _ => self.rng.within(1, 100_000) * SOL as u64,
        };
        Op::EpochStake { v, lamports }
    }

    /// The pool's first stake at a validator outgrows the little that others had there.
    fn outgrow(&mut self, v: usize, pool: &Reference) -> Op {
        let lamports = match pool.validators[v].ballot.epoch_stake as u64 {
            0 => self.rng.within(1, 9) * SOL as u64,
            old => (old * self.rng.within(8, 40)).min(1_000_000 * SOL as u64),
        };
        Op::EpochStake { v: Some(v as u8), lamports }
    }

    /// A weight is lowered that has an effect until the next finalize.
    pub(super) fn lower_weight(&mut self, pool: &Reference) -> Op {
        let v = self.v(pool);
        let weight = pool.validators.get(usize::from(v)).map_or(0, |it| it.weight as u32);
        let part = self.rng.pick(&[0, 1, 10, 50]);
        Op::SetWeights { weights: vec![(v, weight / 100 * part)] }
    }

    /// A loss in millionths: any order of magnitude, up to all.
    fn loss(&mut self) -> Ppm {
        if self.rng.chance(4) { 1_000_000 } else { self.rng.magnitude(300_000) as Ppm }
    }

    /// A slot whose stake works.
    fn working(&mut self, pool: &Reference) -> Option<(u8, u8)> {
        let mut working = Vec::new();
        for (v, validator) in pool.validators.iter().enumerate() {
            for (slot, it) in validator.slots.iter().enumerate() {
                if matches!(it.stake, Stake::Delegated { until: None, .. }) {
                    working.push((v as u8, slot as u8));
                }
            }
        }
        (!working.is_empty()).then(|| self.rng.pick(&working))
    }

    /// An epoch's yield in millionths: mostly about 2 bp, sometimes none, sometimes far more.
    pub(super) fn yield_ppm(&mut self) -> Ppm {
        match self.rng.below(10) {
            0 => 0,
            1 => self.rng.within(0, 5_000) as Ppm,
            _ => self.rng.within(100, 300) as Ppm,
        }
    }

    /// The operator's instructions, and another pool.
    pub(super) fn operator(&mut self, pool: &Reference) -> Op {
        if self.rng.chance(55) {
            return self.power(pool);
        }
        match self.rng.below(14) {
            0..2 => {
                let rare = [Candidate::Former, Candidate::Listed, Candidate::Nowhere];
                let candidate =
                    if self.rng.chance(60) { Candidate::New } else { self.rng.pick(&rare) };
                Op::AddValidator { candidate }
            }
            2..6 => self.remove(pool),
            6 if self.rng.chance(40) => Op::ExtendList,
            6 => {
                let bootstrap = SOL as u64 - self.rng.below(2) + self.rng.below(2);
                Op::OpenPool { bootstrap, bad: self.rng.chance(30) }
            }
            _ => {
                let weights = (0..self.rng.within(1, 4))
                    .map(|_| (self.v(pool), self.rng.pick(&WEIGHTS)))
                    .collect();
                Op::SetWeights { weights }
            }
        }
    }

    /// A removal, mostly one that can begin or be finished.
    fn remove(&mut self, pool: &Reference) -> Op {
        let mut pool = pool.clone();
        let by_operator = self.rng.chance(60);
        for _ in 0..4 {
            let v = self.v(&pool);
            let has_weight =
                pool.validators.get(usize::from(v)).is_some_and(|it| it.next_weight > 0);
            if (!has_weight || self.rng.chance(20)) && pool.remove(v.into(), by_operator).is_ok() {
                return Op::Remove { v, by_operator };
            }
        }
        Op::Remove { v: self.v(&pool), by_operator }
    }

    /// What the admin and the guardian do. A pool rarely ends.
    fn power(&mut self, pool: &Reference) -> Op {
        let powers = &pool.powers;
        let paths = self.rng.below(16) as u8;
        if powers.wind_down_at.is_some_and(|at| at <= pool.network.now) && self.rng.chance(70) {
            return Op::WindDown { by_admin: self.rng.chance(20) };
        }
        let named = powers.nominees.iter().position(Option::is_some);
        match self.rng.below(100) {
            _ if named.is_some() && self.rng.chance(25) => {
                let role = named.unwrap_or(0) as u8;
                Op::Accept { role, by_nominee: self.rng.chance(90) }
            }
            0..20 => {
                let seconds = self.rng.magnitude(259_200) as u32;
                let seconds = if self.rng.chance(90) { seconds } else { 259_201 };
                Op::Pause { paths, seconds }
            }
            20..28 => Op::Unpause { paths, by_admin: self.rng.chance(50) },
            28..70 if powers.proposal.is_some() && self.rng.chance(85) => Op::ApplyConfig,
            28..70 => Op::Propose { seed: self.rng.next() as u32, bad: self.rng.chance(10) },
            70..76 => Op::CancelConfig,
            76..79 => Op::WindDown { by_admin: self.rng.chance(60) },
            79..82 => Op::SetMetadata { long: self.rng.chance(30) },
            82..88 => Op::Nominate { role: self.rng.below(3) as u8, anybody: self.rng.chance(90) },
            88..92 => {
                let role = self.rng.below(3) as u8;
                Op::Accept { role, by_nominee: self.rng.chance(50) }
            }
            _ => Op::CollectFees,
        }
    }
}

/// It holds stake that has shown no yield yet.
fn is_starting(it: &Validator) -> bool {
    it.is_held() && it.standing.yields == [None; 3]
}
