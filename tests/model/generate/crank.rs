//! What anyone's crank may do.

use super::{ALL, Generator};
use crate::{
    ops::{Min, Op, Part, Serial, Spoil},
    reference::{Reference, swap::Brought},
};

impl Generator {
    /// One call of the crank, mostly one that can do something now.
    pub(super) fn crank(&mut self, pool: &Reference) -> Op {
        for _ in 0..4 {
            let op = self.any_crank(pool);
            if does_something(&op, pool) {
                return op;
            }
        }
        self.any_crank(pool)
    }

    fn any_crank(&mut self, pool: &Reference) -> Op {
        let v = self.v(pool);
        match self.rng.below(100) {
            0..15 => {
                let mask = if self.rng.chance(40) { ALL } else { self.rng.next() as u16 };
                let spoils = [Spoil::WrongSlots, Spoil::Short, Spoil::Twice];
                let spoil = if self.rng.chance(80) { Spoil::Sound } else { self.rng.pick(&spoils) };
                Op::Sync { mask, spoil }
            }
            15..26 => Op::Finalize,
            26 => Op::ShowView,
            27..40 => {
                let off = Serial::Off(self.rng.below(3) as i8 - 1);
                Op::Settle { serial: if self.rng.chance(80) { Serial::Oldest } else { off } }
            }
            40..52 => Op::Delegate { v },
            52..67 => {
                let batch = match self.rng.below(10) {
                    0..3 => Serial::NoBatch,
                    3 => Serial::Off(self.rng.below(3) as i8 - 1),
                    _ => Serial::Oldest,
                };
                Op::Undelegate { v, batch }
            }
            67..76 => Op::Merge { v },
            76..85 => Op::Collect { v },
            85..89 => Op::Sweep { v },
            89..94 => Op::Review { v },
            _ => self.close_batch(pool),
        }
    }

    /// Any instruction, with anything wrong.
    pub(super) fn trespass(&mut self) -> Op {
        Op::Trespass { kind: self.rng.below(256) as u8, other: self.rng.next() as u16 }
    }

    fn close_batch(&mut self, pool: &Reference) -> Op {
        let oldest = pool.oldest_batch() as i64;
        let serials: Vec<u64> = pool.batches.keys().copied().collect();
        let serial = match serials.first() {
            Some(first) if self.rng.chance(70) => *first,
            Some(_) => self.rng.pick(&serials),
            None => pool.next_batch,
        };
        Op::CloseBatch { serial: Serial::Off((serial as i64 - oldest).clamp(-128, 127) as i8) }
    }
}

/// True where a call of the crank would go through now.
pub(super) fn does_something(op: &Op, pool: &Reference) -> bool {
    let mut pool = pool.clone();
    let said = match *op {
        Op::Finalize => pool.finalize(),
        Op::ShowView => pool.show_view(),
        Op::Settle { serial: Serial::Oldest } => pool.settle(pool.oldest_batch()),
        Op::Delegate { v } => pool.delegate(v.into()),
        Op::Undelegate { v, .. } => pool.undelegate(v.into(), None),
        Op::Merge { v } => pool.merge(v.into()),
        Op::Collect { v } => pool.collect(v.into()),
        Op::Sweep { v } => pool.sweep(v.into()),
        Op::Review { v } => pool.review(v.into()),
        Op::StakeIn { who, v, lamports, extra, kind, .. } => {
            let brought = Brought::new(&pool, lamports, extra, kind);
            pool.deposit_stake(who.into(), v.into(), &brought, Min::AnyShares, None)
        }
        Op::StakeOut { who, v, part: Part::Exactly(shares), .. } => {
            pool.withdraw_stake(who.into(), v.into(), shares.into(), Min::AnyShares)
        }
        _ => return true,
    };
    said.is_ok()
}
