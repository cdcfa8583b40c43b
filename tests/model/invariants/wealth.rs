//! INV-5: what everybody has, exactly, before and after a step and over an instant.

use anchor_lang::prelude::Pubkey;
use num_bigint::BigUint;

use super::{Step, big, require};
use crate::{
    apply::{Actor, Check, Model},
    chain::Chain,
    ops::Op,
    reference::{Amount, Said, less},
};

/// An exact fraction.
#[derive(Clone, Debug)]
struct Fraction {
    top: BigUint,
    bottom: BigUint,
}

impl Fraction {
    fn whole(amount: Amount) -> Self {
        Self { top: big(amount), bottom: big(1) }
    }

    fn plus(&self, other: &Self) -> Self {
        let top = &self.top * &other.bottom + &other.top * &self.bottom;
        Self { top, bottom: &self.bottom * &other.bottom }
    }

    /// What is left of it, which is not below 0.
    fn minus(&self, amount: Amount) -> Self {
        Self { top: &self.top - big(amount) * &self.bottom, bottom: self.bottom.clone() }
    }

    fn times(&self, other: &Self) -> Self {
        Self { top: &self.top * &other.top, bottom: &self.bottom * &other.bottom }
    }

    fn is_above(&self, other: &Self) -> bool {
        &self.top * &other.bottom > &other.top * &self.bottom
    }

    /// Rounded down, for messages.
    fn floor(&self) -> BigUint {
        &self.top / &self.bottom
    }
}

/// What each holder had when the present instant began: nothing has happened since but the
/// holder's own instructions and the crank's.
#[derive(Clone, Debug, Default)]
pub struct Instants {
    starts: Vec<Holding>,
}

/// What a holder had at the start of an instant.
#[derive(Clone, Debug)]
struct Holding {
    lamports: Fraction,
    shares: Fraction,
    rate: Fraction,
    /// Lamports that have left as stake since.
    taken: Amount,
    /// Instructions since, each of which may round by a lamport.
    steps: Amount,
}

impl Holding {
    fn of(model: &Model, chain: &Chain, who: usize) -> Self {
        Self {
            lamports: lamports_of(model, chain, who),
            shares: shares_of(model, chain, who),
            rate: rate(chain),
            taken: 0,
            steps: 0,
        }
    }

    fn worth(&self, rate: &Fraction) -> Fraction {
        self.lamports.plus(&self.shares.times(rate))
    }

    /// At most what it may become at a rate: what was held then may have grown, and each
    /// instruction may have rounded.
    fn allowed(&self, now: &Fraction) -> Fraction {
        let rate = if now.is_above(&self.rate) { now } else { &self.rate };
        self.worth(rate).plus(&Fraction::whole(self.steps))
    }
}

/// Shares of a holder, those that wait in tickets included.
fn shares_of(model: &Model, chain: &Chain, who: usize) -> Fraction {
    let mut shares = Fraction::whole(chain.people[who].1);
    let address = model.people[who].address();
    for held in chain.tickets.values().filter(|held| held.data.owner == address) {
        let (ticket, batch) = (&held.data, &chain.batches[&held.data.batch].data);
        let waiting = Fraction {
            top: big(ticket.shares.into()) * big(batch.open_shares().into()),
            bottom: big(batch.shares_requested.into()),
        };
        shares = shares.plus(&waiting);
    }
    shares
}

/// Lamports of a holder: the wallet, what tickets are entitled to, the rents that come back.
fn lamports_of(model: &Model, chain: &Chain, who: usize) -> Fraction {
    let address = model.people[who].address();
    let mut lamports = chain.people[who].0 + chain.next_tickets[who];
    let mut entitled = Fraction::whole(0);
    for held in chain.tickets.values() {
        if held.data.owner == address {
            // Exact: what is rounded away at one claim comes back at the next.
            let batch = &chain.batches[&held.data.batch].data;
            entitled = entitled.plus(&Fraction {
                top: big(held.data.shares.into()) * big(batch.lamports_settled.into()),
                bottom: big(batch.shares_requested.into()),
            });
        }
        if held.data.payer == address {
            lamports += held.lamports;
        }
    }
    let claimed = chain.tickets.values().filter(|held| held.data.owner == address);
    let claimed: Amount = claimed.map(|it| Amount::from(it.data.lamports_claimed)).sum();
    let opened = chain.batches.values().filter(|held| held.data.opener == address);
    lamports += opened.map(|held| held.lamports).sum::<Amount>();
    entitled.plus(&Fraction::whole(lamports)).minus(claimed)
}

/// The exit rate; 0 where there is none.
fn rate(chain: &Chain) -> Fraction {
    Fraction { top: big(chain.nav()), bottom: big(chain.shares().max(1)) }
}

/// What a holder took as stake in a step.
fn taken(step: &Step, who: usize) -> Amount {
    match step.done.said {
        Some(Said::StakeOut { lamports, .. }) if step.done.actor == Actor::Holder(who) => lamports,
        _ => 0,
    }
}

/// What somebody else gave a holder in a step: shares, or lamports at an address the holder will
/// use.
fn gift(model: &Model, step: &Step, who: usize, rate: &Fraction) -> Fraction {
    let (before, after) = (step.before, step.after);
    match step.op {
        Op::SendShares { .. } => {
            Fraction::whole(less(after.people[who].1, before.people[who].1)).times(rate)
        }
        Op::Donate { .. } if step.done.actor != Actor::Holder(who) => {
            Fraction::whole(less(after.next_tickets[who], before.next_tickets[who]))
        }
        Op::Deposit { referrer, .. } => Fraction::whole(referral(step, who, *referrer)).times(rate),
        Op::StakeIn { referrer, .. } => {
            let brought = match step.done.said {
                Some(Said::StakeIn { lamports, .. }) if step.done.actor == Actor::Holder(who) => {
                    lamports
                }
                _ => 0,
            };
            let referral = Fraction::whole(referral(step, who, *referrer)).times(rate);
            Fraction::whole(brought).plus(&referral)
        }
        Op::Request { .. } if step.done.actor == Actor::Holder(who) => {
            let has_opened = after.pool.next_batch > before.pool.next_batch;
            Fraction::whole(if has_opened { before.next_batch } else { 0 })
        }
        Op::Claim { .. } => Fraction::whole(rent_of_others(model, step, who)),
        _ => Fraction::whole(0),
    }
}

/// The rent of a ticket that went along with its claim, since the wallet of whoever paid it could not
/// take it back.
fn rent_of_others(model: &Model, step: &Step, who: usize) -> Amount {
    let (before, after) = (step.before, step.after);
    if after.people[who].0 <= before.people[who].0 {
        return 0;
    }
    let gone = before.tickets.iter().filter(|(key, _)| !after.tickets.contains_key(key));
    let has_got_nothing = |payer: Pubkey| {
        let place = model.people.iter().position(|person| person.address() == payer);
        place.is_some_and(|it| it != who && after.people[it].0 == before.people[it].0)
    };
    gone.filter(|(_, held)| has_got_nothing(held.data.payer)).map(|(_, held)| held.lamports).sum()
}

/// Shares that a referrer got of somebody else's fee. Who refers themselves gets no gift.
fn referral(step: &Step, who: usize, referrer: Option<u8>) -> Amount {
    let people = step.after.people.len();
    let is_own = step.done.actor == Actor::Holder(who);
    if is_own || referrer.is_none_or(|it| usize::from(it) % people != who) {
        return 0;
    }
    match step.done.said {
        Some(Said::Deposited { referral, .. } | Said::StakeIn { referral, .. }) => referral,
        _ => 0,
    }
}

/// At one instant nobody gains by what they do: what is bought in it is worth at most its price
/// when it ends. Over time nobody gains more than the growth of the rate on what they held.
pub(super) fn inv_5(model: &mut Model, step: &Step) -> Check {
    let rate = rate(step.after);
    let mut starts = std::mem::take(&mut model.instants.starts);
    for who in 0..step.after.people.len() {
        let now = Holding::of(model, step.after, who);
        if let (Op::GiveTicket { .. }, Some(start)) = (step.op, starts.get_mut(who)) {
            *start = now;
            continue;
        }
        let taken = taken(step, who);
        let worth = now.worth(&rate).plus(&Fraction::whole(taken));
        let gift = gift(model, step, who, &rate);
        let mut before = Holding::of(model, step.before, who);
        before.lamports = before.lamports.plus(&gift);
        before.steps = 1;
        let allowed = before.allowed(&rate);
        require("INV-5", !worth.is_above(&allowed), || {
            format!("holder {who} has {}, at most {} by this step", worth.floor(), allowed.floor())
        })?;

        let is_own = step.done.actor == Actor::Crank || step.done.actor == Actor::Holder(who);
        match starts.get_mut(who) {
            Some(start) if is_own => {
                start.lamports = start.lamports.plus(&gift);
                start.steps += 1;
                start.taken += taken;
                let worth = now.worth(&rate).plus(&Fraction::whole(start.taken));
                let allowed = start.allowed(&rate);
                require("INV-5", !worth.is_above(&allowed), || {
                    let (worth, allowed) = (worth.floor(), allowed.floor());
                    format!("holder {who} ends an instant with {worth}, at most {allowed}")
                })?;
            }
            Some(start) => *start = now,
            None => starts.push(now),
        }
    }
    model.instants.starts = starts;
    Ok(())
}
