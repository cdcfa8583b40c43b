//! Exits beside tickets, stake in, and tickets that change hands: each with its prediction.

use anchor_lang::prelude::Pubkey;

use thaw_client::thaw::instructions::WithdrawQuote;
use thaw_tests::checks;

use super::{Actor, Check, Done, Model, Outcome, broken};
use crate::{
    ops::{Min, Part, To},
    reference::{Amount, Refusal, users::Paid},
};

impl Model {
    pub(super) fn withdraw_instant(&mut self, who: u8, part: Part, min: Min, to: To) -> Outcome {
        let who = self.person(who);
        let shares = part.of(self.reference.people[who].tokens);
        let quote = self.reference.quote_instant(shares.into());
        self.ask(shares, &quote)?;
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
        self.send_by(who, instruction, predicted)
    }

    /// INV-7: the view tells what the exit is predicted to do, and so what it does.
    fn ask(&mut self, shares: u64, expected: &Result<(Amount, Amount), Refusal>) -> Check {
        let asked = self.world.pool.quote_withdraw(shares);
        let Ok(told) = self.world.view_of::<WithdrawQuote>(asked) else {
            return match expected {
                Err(_) => Ok(()),
                Ok(quote) => broken("INV-7", format!("no quote, {quote:?} expected")),
            };
        };
        let found = (told.instant.lamports.into(), told.instant.fee_lamports.into());
        let (net, code) = match expected {
            Ok((gross, fee)) => ((gross - fee, *fee), 0),
            Err(Refusal::Thaw(name)) => ((0, 0), checks::code(name.0)),
            Err(_) => return Ok(()),
        };
        if (net, code) == (found, told.instant.refusal) {
            return Ok(());
        }
        broken("INV-7", format!("quote {told:?}, {expected:?} expected"))
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
