//! Holders' instructions: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction::transfer;
use thaw_client::instructions::{Request, TOKEN_PROGRAM};

use super::{Actor, Done, Model, Outcome};
use crate::{
    ops::{By, Min, Part, Place, To},
    reference::{
        MOST, Payer, Refusal, Said,
        users::{NOT_INITIALIZED, Paid},
    },
};

const TRANSFER: u8 = 3;
const BURN: u8 = 8;

impl Model {
    pub(super) fn deposit(
        &mut self,
        who: u8,
        lamports: u64,
        min: Min,
        referrer: Option<u8>,
    ) -> Outcome {
        let (who, referrer) = (self.person(who), referrer.map(|it| self.person(it)));
        let is_referred = referrer.is_some();
        let quote = self.reference.quote_deposit(lamports.into(), is_referred);
        let quote = quote.map_or(0, |bought| bought.shares);
        let answer = self.ask_deposit(lamports)?;
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => quote,
            Min::AboveQuote => (quote + 1).min(MOST),
        };
        let min = if least <= quote { Min::Quoted } else { Min::AboveQuote };
        let predicted =
            self.reference.attempt(|pool| pool.deposit(who, lamports.into(), min, referrer));
        let holder = &self.people[who];
        let instruction = self.world.pool.deposit_sol_referred(
            &holder.address(),
            &holder.tokens,
            referrer.map(|it| self.people[it].tokens),
            lamports,
            least as u64,
        );
        let done = self.send_by(who, instruction, predicted)?;
        let told = answer.map(|it| {
            let referral = if is_referred { it.referral_shares } else { 0 };
            (it.shares, it.fee_lamports, referral)
        });
        self.as_quoted(told, done.said.as_ref())?;
        Ok(done)
    }

    pub(super) fn request(
        &mut self,
        who: u8,
        part: Part,
        is_pushable: bool,
        own_rent: bool,
        reuse_nonce: bool,
    ) -> Outcome {
        let who = self.person(who);
        let shares = part.of(self.reference.people[who].tokens);
        let next = self.reference.people[who].nonce;
        let nonce = if reuse_nonce { next.saturating_sub(1) } else { next };
        let serial = self.reference.batch_to_join();
        let payer = if own_rent { Payer::Holder(who) } else { Payer::World };
        let predicted = self
            .reference
            .attempt(|pool| pool.request(who, shares.into(), nonce, is_pushable, payer));
        let request = Request { shares, nonce, serial, is_pushable };
        let owner = self.people[who].address();
        let payer = if own_rent { owner } else { self.payer };
        let from = self.people[who].tokens;
        let instruction = self.world.pool.request_withdrawal(&request, &owner, &payer, &from);
        self.send_by(who, instruction, predicted)
    }

    pub(super) fn claim(&mut self, ticket: u8, by: By, to: To) -> Outcome {
        if ticket == u8::MAX || self.reference.tickets.is_empty() {
            return self.claim_closed();
        }
        let index = usize::from(ticket) % self.reference.tickets.len();
        let it = self.reference.tickets[index].clone();
        let (by_owner, fresh) = (by == By::TheOwner, Pubkey::new_unique());
        let (paid, recipient) = match to {
            To::ItsOwner => (Paid::Person(it.owner), self.people[it.owner].address()),
            To::AFreshAddress => (Paid::Fresh, fresh),
        };
        self.world.known.insert(recipient);
        let predicted = self.reference.attempt(|pool| pool.claim(index, by_owner, paid));
        if let Ok(Said::Claimed { is_closed: true, .. }) = predicted {
            self.closed = Some((it.first_owner, it.nonce, it.batch));
        }
        let rent_to = match it.payer {
            Payer::World => self.payer,
            Payer::Holder(who) => self.people[who].address(),
        };
        let claimer = if by_owner { self.people[it.owner].address() } else { self.payer };
        let address = self.tickets[&(it.first_owner, it.nonce)];
        let pool = &self.world.pool;
        let instruction = pool.claim_withdrawal(&address, it.batch, &claimer, &recipient, &rent_to);
        if by_owner {
            self.send_by(it.owner, instruction, predicted)
        } else {
            self.send(Actor::Crank, &[instruction], &[], predicted)
        }
    }

    /// A ticket that was paid is not paid again.
    fn claim_closed(&mut self) -> Outcome {
        let Some((owner, nonce, batch)) = self.closed else { return Ok(Done::outside(0)) };
        if self.reference.tickets.iter().any(|it| (it.first_owner, it.nonce) == (owner, nonce)) {
            return Ok(Done::outside(0));
        }
        let (address, payer) = (self.tickets[&(owner, nonce)], self.payer);
        let instruction = self.world.pool.claim_withdrawal(&address, batch, &payer, &payer, &payer);
        self.send(Actor::Crank, &[instruction], &[], Err(Refusal::Code(NOT_INITIALIZED)))
    }

    pub(super) fn send_shares(&mut self, from: u8, to: u8, part: Part) -> Outcome {
        let (from, to) = (self.person(from), self.person(to));
        let shares = part.of(self.reference.people[from].tokens);
        let predicted = self.reference.attempt(|pool| pool.send_shares(from, to, shares.into()));
        let target = self.people[to].tokens;
        let instruction = self.token(TRANSFER, from, target, shares);
        // A gift is not what its receiver earned.
        let done = self.send_by(from, instruction, predicted)?;
        Ok(Done { actor: Actor::Other, ..done })
    }

    pub(super) fn burn_shares(&mut self, who: u8, part: Part) -> Outcome {
        let who = self.person(who);
        let shares = part.of(self.reference.people[who].tokens);
        let predicted = self.reference.attempt(|pool| pool.burn_shares(who, shares.into()));
        let instruction = self.token(BURN, who, self.world.pool.mint, shares);
        self.send_by(who, instruction, predicted)
    }

    pub(super) fn donate_shares(&mut self, who: u8, part: Part) -> Outcome {
        let who = self.person(who);
        let shares = part.of(self.reference.people[who].tokens);
        let predicted = self.reference.attempt(|pool| pool.donate_shares(who, shares.into()));
        let instruction = self.token(TRANSFER, who, self.world.pool.escrow, shares);
        self.send_by(who, instruction, predicted)
    }

    pub(super) fn donate(&mut self, who: u8, to: Place, lamports: u64) -> Outcome {
        let who = self.person(who);
        let pool = &self.world.pool;
        let (to, address) = match to {
            Place::Reserve => (to, pool.reserve),
            Place::Pool => (to, pool.pool),
            Place::NextBatch => (to, self.batches[self.reference.next_batch as usize]),
            Place::NextTicket(of) => {
                let of = self.person(of);
                let nonce = self.reference.people[of].nonce;
                (Place::NextTicket(of as u8), self.tickets[&(of, nonce)])
            }
            Place::Slot(v, slot) => {
                let (v, slot) = (self.validator(v), slot % 3);
                if self.reference.validators[v].is_free {
                    return Ok(Done::outside(0));
                }
                (Place::Slot(v as u8, slot), self.slots[v][usize::from(slot)])
            }
        };
        let predicted = self.reference.attempt(|pool| pool.donate(who, to, lamports.into()));
        let instruction = transfer(&self.people[who].address(), &address, lamports);
        self.send_by(who, instruction, predicted)
    }

    /// An instruction of the token program: transfer to, or burn of, `target`.
    fn token(&self, tag: u8, from: usize, target: Pubkey, shares: u64) -> Instruction {
        let mut data = vec![tag];
        data.extend_from_slice(&shares.to_le_bytes());
        let accounts = vec![
            AccountMeta::new(self.people[from].tokens, false),
            AccountMeta::new(target, false),
            AccountMeta::new_readonly(self.people[from].address(), true),
        ];
        Instruction { program_id: TOKEN_PROGRAM, accounts, data }
    }
}
