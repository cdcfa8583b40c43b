//! INV-4 and INV-5 at one instant: no sequence of deposits, exits, settlements, bookings and
//! finalizes lowers the exit rate (but a loss) or makes the one who acts richer.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{big, config, magnitude, positive, rate_holds};
use num_bigint::BigInt;
use proptest::{collection::vec, prelude::*};
use thaw_math::{Books, Bps, Fold, Lamports, Shares, settle_down};

/// What somebody does. Parts are in 1/65,536.
#[derive(Clone, Debug)]
enum Act {
    Deposit {
        lamports: u64,
        fee: u16,
    },
    Exit {
        part: u16,
        fee: u16,
    },
    /// A ticket settled from what is at hand.
    Settle {
        part: u16,
        available: u64,
    },
    Gain {
        part: u16,
    },
    Loss {
        part: u16,
    },
    Finalize,
}

fn trade() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (magnitude(56), 0_u16..=50).prop_map(|(lamports, fee)| Act::Deposit { lamports, fee }),
        2 => (any::<u16>(), 0_u16..=300).prop_map(|(part, fee)| Act::Exit { part, fee }),
        2 => (any::<u16>(), magnitude(58))
            .prop_map(|(part, available)| Act::Settle { part, available }),
        1 => Just(Act::Finalize),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => trade(),
        1 => any::<u16>().prop_map(|part| Act::Gain { part }),
        1 => any::<u16>().prop_map(|part| Act::Loss { part }),
    ]
}

/// A pool at one instant, and one actor in it.
#[derive(Clone, Debug)]
struct World {
    books: Books,
    missed: u64,
    epoch_gain: u64,
    reward_fee: Bps,
    loss_carry: Lamports,
    carry_shares: Shares,
    shares_before: Shares,
    held: u64,
    /// Lamports paid out to the actor less those paid in.
    cash: BigInt,
}

fn world() -> impl Strategy<Value = World> {
    let amounts = (1..1_u64 << 56, magnitude(50), magnitude(50), magnitude(50), magnitude(50));
    let others = (1..1_u64 << 56, magnitude(56), 0_u64..4, magnitude(50), magnitude(50));
    (amounts, others, 0_u16..=1_000).prop_map(|(amounts, others, reward_fee)| {
        let (nav, pending_gain, pending_loss, pending_fees, unreleased) = amounts;
        let (strangers, held, missed, epoch_gain, loss_carry) = others;
        let hidden = (unreleased + pending_gain).saturating_sub(pending_loss);
        let books = Books {
            reserve: Lamports(nav + pending_fees + hidden),
            staked: Lamports::ZERO,
            pending_gain: Lamports(pending_gain),
            pending_loss: Lamports(pending_loss),
            pending_fees: Lamports(pending_fees),
            unreleased: Lamports(unreleased),
            shares: Shares(strangers + held),
        };
        World {
            books,
            missed,
            epoch_gain,
            reward_fee: Bps(reward_fee),
            loss_carry: Lamports(loss_carry),
            carry_shares: books.shares,
            shares_before: books.shares,
            held,
            cash: BigInt::ZERO,
        }
    })
}

impl World {
    fn nav(&self) -> u64 {
        self.books.nav().unwrap().0
    }

    /// What the actor's cash and shares are worth, rounded down.
    fn wealth(&self) -> BigInt {
        &self.cash + big(self.held) * big(self.nav()) / big(self.books.shares.0)
    }

    /// The same once all that the pool owns now is released.
    fn wealth_released(&self) -> BigInt {
        let assets = self.books.assets().unwrap().0;
        &self.cash + big(self.held) * big(assets) / big(self.books.shares.0)
    }

    /// Does it, if the pool can.
    fn act(&mut self, act: &Act) -> Option<()> {
        let books = &mut self.books;
        match *act {
            Act::Deposit { lamports, fee } => {
                let fee = Bps(fee).of_up(Lamports(lamports));
                let rate = books.entry_rate(self.missed, Lamports(self.epoch_gain))?;
                let bought = rate.shares_down(Lamports(lamports).minus(fee)?)?;
                let shares = books.shares.plus(bought).filter(|it| it.0 < 1 << 62)?;
                books.shares = shares;
                books.reserve = books.reserve.plus(Lamports(lamports))?;
                books.pending_fees = books.pending_fees.plus(fee)?;
                self.held += bought.0;
                self.cash -= lamports;
            }
            Act::Exit { part, fee } => {
                let given = Shares(u64::from(part)).part_up(self.held, 65_535)?;
                let gross = books.exit_rate()?.lamports_down(given)?;
                let fee = Bps(fee).of_up(gross);
                books.shares = books.shares.minus(given)?;
                books.reserve = books.reserve.minus(gross.minus(fee)?)?;
                books.pending_fees = books.pending_fees.plus(fee)?;
                self.held -= given.0;
                self.cash += gross.minus(fee)?.0;
            }
            Act::Settle { part, available } => {
                let open = Shares(u64::from(part)).part_up(self.held, 65_535)?;
                let available = Lamports(available).min(books.reserve);
                let settled = settle_down(books.exit_rate()?, open, available)?;
                books.shares = books.shares.minus(settled.shares)?;
                books.reserve = books.reserve.minus(settled.lamports)?;
                self.held -= settled.shares.0;
                self.cash += settled.lamports.0;
            }
            Act::Gain { part } => {
                let gain = books.reserve.part_down(part.into(), 1 << 20)?;
                books.reserve = books.reserve.plus(gain)?;
                books.pending_gain = books.pending_gain.plus(gain)?;
            }
            Act::Loss { part } => {
                let loss = books.reserve.part_down(part.into(), 1 << 17)?;
                books.reserve = books.reserve.minus(loss)?;
                books.pending_loss = books.pending_loss.plus(loss)?;
            }
            Act::Finalize => self.finalize()?,
        }
        Some(())
    }

    fn finalize(&mut self) -> Option<()> {
        let books = &mut self.books;
        let fold = Fold {
            gain: books.pending_gain,
            loss: books.pending_loss,
            unreleased: books.unreleased,
            fees: books.pending_fees,
            assets: books.assets()?,
            shares: books.shares,
            shares_before: self.shares_before,
            loss_carry: self.loss_carry,
            carry_shares: self.carry_shares,
            reward_fee: self.reward_fee,
            staked_before: books.assets()?,
            epochs: self.missed.max(1),
        };
        let folded = fold.fold()?;
        books.shares = books.shares.plus(folded.fee_shares)?;
        books.unreleased = folded.locked;
        books.pending_gain = Lamports::ZERO;
        books.pending_loss = Lamports::ZERO;
        books.pending_fees = Lamports::ZERO;
        self.loss_carry = folded.loss_carry;
        self.carry_shares = folded.carry_shares;
        self.shares_before = self.books.shares;
        self.missed = 0;
        Some(())
    }
}

proptest! {
    #![proptest_config(config(1_024, "proptest-regressions/instant.txt"))]

    #[test]
    fn the_exit_rate_falls_only_by_a_loss(mut world in world(), acts in vec(any_act(), 1..24)) {
        for act in acts {
            let before = world.clone();
            if world.act(&act).is_none() {
                world = before;
                continue;
            }
            let (old, new) = (before.nav(), world.nav());
            if matches!(act, Act::Loss { .. }) {
                let lost = world.books.pending_loss.0 - before.books.pending_loss.0;
                let hidden = before.books.hidden().unwrap().0;
                prop_assert_eq!(big(new), positive(big(old) - lost.saturating_sub(hidden)));
            } else {
                let (shares, old_shares) = (world.books.shares.0, before.books.shares.0);
                prop_assert!(rate_holds(new, shares, old, old_shares), "{act:?}: {before:?}");
            }
        }
    }

    /// A holder, whatever is booked between the trades.
    #[test]
    fn nobody_gets_richer_in_an_instant(mut world in world(), acts in vec(any_act(), 1..24)) {
        for act in acts {
            let before = world.clone();
            if world.act(&act).is_none() {
                world = before;
                continue;
            }
            // A gain that finds a loss pending makes it up at once for whoever holds shares, and
            // what pays for fee shares is rounded up: no profit of the one who acts.
            let made_up = matches!(act, Act::Gain { .. }) && world.nav() > before.nav();
            let rounding = u64::from(matches!(act, Act::Finalize));
            prop_assert!(
                made_up || world.wealth() <= before.wealth() + rounding,
                "{act:?}: {before:?}"
            );
        }
    }

    /// Somebody who comes with SOL alone: also a finalize in between, its fee included, leaves
    /// nothing to be earned from a gain that is booked or a fee that was paid when they enter, not
    /// even when they stay until all of it is released.
    #[test]
    fn entering_and_leaving_never_profits(mut world in world(), acts in vec(trade(), 1..24)) {
        world.held = 0;
        for act in acts {
            let before = world.clone();
            if world.act(&act).is_none() {
                world = before.clone();
            }
            prop_assert!(world.wealth() <= BigInt::ZERO, "{act:?}: {before:?}");
            prop_assert!(world.wealth_released() <= BigInt::ZERO, "{act:?}: {before:?}");
        }
        world.act(&Act::Exit { part: u16::MAX, fee: 0 });
        prop_assert!(world.cash <= BigInt::ZERO);
    }
}
