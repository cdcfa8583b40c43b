//! What holders, and the attacker, may do.

use super::{Generator, crank::does_something};
use crate::{
    ops::{By, Min, Op, Part, Place, Ppm, StakeKind, To},
    reference::{Reference, SOL},
};

impl Generator {
    /// Lamports: all orders of magnitude, round or not.
    fn lamports(&mut self, pool: &Reference) -> u64 {
        let wallet = u64::from(pool.start.wallet_sol as u32) * SOL as u64;
        match self.rng.below(10) {
            0 => self.rng.magnitude(1_000_000),
            1 => wallet,
            2..5 => self.rng.within(1, pool.start.wallet_sol) * SOL as u64,
            _ => self.rng.magnitude(wallet),
        }
    }

    fn part(&mut self) -> Part {
        match self.rng.below(20) {
            0 => Part::Exactly(self.rng.magnitude(1_000)),
            1 => Part::Above,
            2..7 => Part::All,
            7..9 => Part::Exactly(self.rng.magnitude(1 << 40)),
            _ => Part::Ppm(self.rng.magnitude(1_000_000) as Ppm),
        }
    }

    fn min(&mut self) -> Min {
        self.rng.pick(&[Min::AnyShares, Min::Quoted, Min::Quoted, Min::Quoted, Min::AboveQuote])
    }

    /// Somebody who is not the attacker.
    fn who(&mut self) -> u8 {
        self.rng.below(3) as u8
    }

    pub(super) fn holder(&mut self, pool: &Reference) -> Op {
        let who = self.who();
        self.act(who, pool)
    }

    /// A holder's instruction.
    pub(super) fn act(&mut self, who: u8, pool: &Reference) -> Op {
        match self.rng.below(100) {
            0..9 | 18..24 if pool.people[usize::from(who)].tokens == 0 && self.rng.chance(80) => {
                let lamports = self.lamports(pool);
                self.deposit(who, lamports)
            }
            0..9 => self.instant(who, pool),
            9..11 => {
                let (ticket, to) = (self.rng.below(256) as u8, self.rng.below(4) as u8);
                Op::GiveTicket { ticket, to, pushable: self.rng.chance(60) }
            }
            11..18 => self.that_fits(pool, |it| it.stake_in(who, pool)),
            18..24 => self.that_fits(pool, |it| it.stake_out(who, pool)),
            24..44 => {
                // Mostly not more than there is.
                let wallet = pool.people[usize::from(who)].lamports as u64;
                let lamports = self.lamports(pool);
                let lamports = if self.rng.chance(90) { lamports.min(wallet) } else { lamports };
                self.deposit(who, lamports)
            }
            44..62 if pool.people[usize::from(who)].tokens == 0 && self.rng.chance(80) => {
                let lamports = self.lamports(pool);
                self.deposit(who, lamports)
            }
            44..62 => Op::Request {
                who,
                part: self.part(),
                pushable: self.rng.chance(80),
                own_rent: self.rng.chance(70),
                reuse_nonce: self.rng.chance(8),
            },
            62..85 => self.claim(pool),
            85..89 => {
                let to = self.rng.below(4) as u8;
                Op::SendShares { from: who, to, part: self.part() }
            }
            89..91 => Op::BurnShares { who, part: Part::Ppm(self.rng.magnitude(100_000) as Ppm) },
            91..93 => Op::DonateShares { who, part: Part::Ppm(self.rng.magnitude(100_000) as Ppm) },
            _ => self.donate(who, pool),
        }
    }

    fn deposit(&mut self, who: u8, lamports: u64) -> Op {
        let (min, referrer) = (self.min(), self.referrer());
        Op::Deposit { who, lamports, min, referrer }
    }

    /// Who brought a depositor, perhaps the same one.
    fn referrer(&mut self) -> Option<u8> {
        self.rng.chance(30).then(|| self.rng.below(4) as u8)
    }

    /// An exit at once: often all that is liquid, or near the cap on exits before finalize.
    fn instant(&mut self, who: u8, pool: &Reference) -> Op {
        let part = match self.rng.below(10) {
            0..4 if pool.has_value() => {
                let cap = pool.assets() * u128::from(pool.start.exits.stale_exit_bps) / 10_000;
                let most = pool.liquid();
                let most = if pool.missed() > 0 { most.min(cap) } else { most };
                let most = most * u128::from(self.rng.pick(&[10u8, 30, 50, 100])) / 100;
                let shares = (most * pool.shares / pool.nav()).min(1 << 62) as u64;
                Part::Exactly(
                    shares.min(pool.people[usize::from(who)].tokens as u64) + self.rng.below(2),
                )
            }
            4..8 => Part::Ppm(self.rng.magnitude(1_000_000) as Ppm),
            _ => self.part(),
        };
        let to = if self.rng.chance(85) { To::ItsOwner } else { To::AFreshAddress };
        Op::Instant { who, part, min: self.min(), to }
    }

    /// The first of a few that goes through, else the last.
    fn that_fits(&mut self, pool: &Reference, draw: impl Fn(&mut Self) -> Op) -> Op {
        for _ in 0..3 {
            let op = draw(self);
            if does_something(&op, pool) {
                return op;
            }
        }
        draw(self)
    }

    /// A stake account, mostly a good one that just fits.
    fn stake_in(&mut self, who: u8, pool: &Reference) -> Op {
        let v = self.v(pool);
        let kinds =
            [StakeKind::Fresh, StakeKind::Leaving, StakeKind::LockedUp, StakeKind::OfAnother];
        let kind = if self.rng.chance(90) { StakeKind::Warm } else { self.rng.pick(&kinds) };
        let index = usize::from(v).min(pool.validators.len() - 1);
        let gap = pool.target(index).saturating_sub(pool.working(index)).max(SOL) as u64;
        let lamports = match self.rng.below(10) {
            0 => self.rng.magnitude(SOL as u64),
            1..4 => gap,
            4..7 => self.rng.within(SOL as u64, 3 * gap),
            _ => self.lamports(pool),
        };
        let extra = self.rng.pick(&[99, 100, 100, 100, 100, 150, 200, 201]);
        let (min, referrer) = (self.min(), self.referrer());
        Op::StakeIn { who, v, lamports, extra, kind, min, referrer }
    }

    /// Shares for stake, mostly from a validator that has some to give.
    pub(super) fn stake_out(&mut self, who: u8, pool: &Reference) -> Op {
        let spare = |v: &usize| pool.working(*v).saturating_sub(pool.target(*v));
        let most = (0..pool.validators.len()).max_by_key(spare).unwrap_or(0);
        let v = if self.rng.chance(70) { most as u8 } else { self.v(pool) };
        let part = if pool.has_value() && self.rng.chance(70) {
            let lamports = match self.rng.below(3) {
                0 => SOL + SOL / 100,
                1 if spare(&most) > SOL => spare(&most) * 10_000 / 9_999,
                _ => spare(&most).max(2 * SOL) * u128::from(self.rng.within(1, 120)) / 100,
            };
            let shares = (lamports * pool.shares / pool.nav()).min(1 << 62) as u64;
            Part::Exactly(shares.min(pool.people[usize::from(who)].tokens as u64))
        } else {
            self.part()
        };
        Op::StakeOut { who, v, part, min: self.min() }
    }

    fn claim(&mut self, pool: &Reference) -> Op {
        let ready = |index: &usize| {
            let ticket = &pool.tickets[*index];
            pool.entitlement(ticket) > ticket.claimed
        };
        let ready: Vec<usize> = (0..pool.tickets.len()).filter(ready).collect();
        let ticket = if self.rng.chance(5) {
            u8::MAX
        } else if !ready.is_empty() && self.rng.chance(80) {
            self.rng.pick(&ready) as u8
        } else {
            self.rng.below(pool.tickets.len().max(1) as u64) as u8
        };
        let by = self.rng.pick(&[By::TheOwner, By::AStranger]);
        let to = if self.rng.chance(80) { To::ItsOwner } else { To::AFreshAddress };
        Op::Claim { ticket, by, to }
    }

    fn donate(&mut self, who: u8, pool: &Reference) -> Op {
        let to = match self.rng.below(10) {
            0..3 => Place::Reserve,
            3..7 => Place::Slot(self.v(pool), self.slot()),
            7 => Place::NextBatch,
            8 => Place::NextTicket(self.rng.below(4) as u8),
            _ => Place::Pool,
        };
        let lamports = match self.rng.below(4) {
            0 => self.lamports(pool),
            1 => pool.network.rent(0) as u64,
            _ => self.rng.magnitude(10 * SOL as u64),
        };
        Op::Donate { who, to, lamports }
    }

    /// A holder wants out, in full or nearly.
    pub(super) fn leave(&mut self, who: u8) -> Op {
        let most = Part::Ppm(self.rng.within(500_000, 999_999) as Ppm);
        let part = if self.rng.chance(50) { Part::All } else { most };
        let (pushable, own_rent) = (self.rng.chance(80), self.rng.chance(70));
        Op::Request { who, part, pushable, own_rent, reuse_nonce: false }
    }
}
