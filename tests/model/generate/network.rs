//! What the network, strangers and the operator do.

use super::Generator;
use crate::{
    ops::{Op, Ppm, VoteState},
    reference::{Reference, SOL, Stake},
};

impl Generator {
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
            88..93 => {
                let states = [VoteState::Open, VoteState::Open, VoteState::Gone, VoteState::Zeroed];
                Op::Vote { v, state: self.rng.pick(&states) }
            }
            93..97 => Op::Rewards { paying: self.rng.chance(30) },
            97..99 => Op::Brick { v, slot },
            _ if self.rng.chance(30) => Op::Vanish { v, slot },
            _ => Op::Epoch { skip: 1, gets_through: 100 },
        }
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
        if self.rng.chance(65) {
            return self.power(pool);
        }
        match self.rng.below(10) {
            0..2 => Op::AddValidator,
            2 => {
                let bootstrap = SOL as u64 - self.rng.below(2) + self.rng.below(2);
                Op::OpenPool { bootstrap, bad: self.rng.chance(30) }
            }
            _ => {
                let weights = (0..self.rng.within(1, 4))
                    .map(|_| (self.v(pool), self.rng.pick(&[0, 0, 1, 1, 2, 5, 100, u32::MAX])))
                    .collect();
                Op::SetWeights { weights }
            }
        }
    }

    /// What the admin and the guardian do. A pool rarely ends.
    fn power(&mut self, pool: &Reference) -> Op {
        let powers = &pool.powers;
        let paths = self.rng.below(16) as u8;
        if powers.wind_down_at.is_some_and(|at| at <= pool.network.now) && self.rng.chance(70) {
            return Op::WindDown { by_admin: self.rng.chance(20) };
        }
        match self.rng.below(100) {
            0..26 => {
                let seconds = self.rng.magnitude(259_200) as u32;
                let seconds = if self.rng.chance(90) { seconds } else { 259_201 };
                Op::Pause { paths, seconds }
            }
            26..35 => Op::Unpause { paths, by_admin: self.rng.chance(50) },
            35..80 if powers.proposal.is_some() && self.rng.chance(85) => Op::ApplyConfig,
            35..75 => Op::Propose { seed: self.rng.next() as u32, bad: self.rng.chance(10) },
            75..80 => Op::CancelConfig,
            80..86 => Op::WindDown { by_admin: self.rng.chance(60) },
            _ => Op::CollectFees,
        }
    }
}
