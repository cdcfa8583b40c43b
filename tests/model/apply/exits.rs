//! Exits beside tickets, stake in, and tickets that change hands: each with its prediction.

use anchor_lang::prelude::Pubkey;

use super::{Actor, Done, Model, Outcome};
use crate::{
    ops::{Min, Part, To},
    reference::users::Paid,
};

impl Model {
    pub(super) fn withdraw_instant(&mut self, who: u8, part: Part, min: Min, to: To) -> Outcome {
        let who = self.person(who);
        let shares = part.of(self.reference.people[who].tokens);
        let quote = self.reference.quote_instant(shares.into());
        let answer = self.ask_exits(shares)?;
        let net = quote.map_or(0, |(gross, fee)| gross - fee);
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => net,
            Min::AboveQuote => net + 1,
        };
        let (paid, recipient) = match to {
            To::ItsOwner => (Paid::Person(who), self.people[who].address()),
            To::AFreshAddress => (Paid::Fresh, Pubkey::new_unique()),
        };
        self.world.known.insert(recipient);
        let predicted =
            self.reference.attempt(|pool| pool.withdraw_instant(who, shares.into(), min, paid));
        let (from, owner) = (self.people[who].tokens, self.people[who].address());
        let instruction =
            self.world.pool.withdraw_instant(&from, &owner, &recipient, shares, least as u64);
        let done = self.send_by(who, instruction, predicted)?;
        let told = answer.map(|it| (it.instant.lamports, it.instant.fee_lamports, 0));
        self.as_quoted(told, done.said.as_ref())?;
        Ok(done)
    }

    pub(super) fn give_ticket(&mut self, ticket: u8, to: u8, is_pushable: bool) -> Outcome {
        if self.reference.tickets.is_empty() {
            return Ok(Done::outside(0));
        }
        let (index, to) = (usize::from(ticket) % self.reference.tickets.len(), self.person(to));
        let it = self.reference.tickets[index].clone();
        let predicted = self.reference.attempt(|pool| pool.give_ticket(index, to, is_pushable));
        let address = self.tickets[&(it.first_owner, it.nonce)];
        let (owner, new) = (self.people[it.owner].address(), self.people[to].address());
        let instruction = self.world.pool.transfer_ticket(&address, &owner, &new, is_pushable);
        let done = self.send_by(it.owner, instruction, predicted)?;
        // A gift is not what its receiver earned.
        Ok(Done { actor: Actor::Other, ..done })
    }
}
