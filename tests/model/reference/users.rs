//! What holders do.

use thaw_client::thaw::error::ThawError;

use super::{
    Amount, Batch, MOST, Payer, Reference, Refusal, Said, Ticket, ceil, floor, powers::DEPOSIT,
    refuse,
};
use crate::ops::{Min, Place};

/// Bytes of a batch and of a ticket.
pub const BATCH_BYTES: Amount = 8 + 32 + 6 * 8 + 4 + 32 + 1;
pub const TICKET_BYTES: Amount = 8 + 3 * 32 + 4 * 8 + 32 + 2;
/// Anchor: nobody has made this account.
pub const NOT_INITIALIZED: u32 = 3012;
/// Anchor: the account is another program's.
pub const WRONG_OWNER: u32 = 3007;
/// Of the system program: not enough lamports. Of the token program: not enough tokens.
pub const NOT_ENOUGH: u32 = 1;
/// Deposits close this long after the last finalize.
const STALE_SECONDS: i64 = 4 * 86_400;

/// Whom a claim is paid to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    Person(usize),
    /// An address that nobody has used.
    Fresh,
}

/// What a deposit buys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bought {
    pub shares: Amount,
    pub fee: Amount,
    /// The referrer's shares, and the part of the fee that they cost.
    pub referral: Amount,
    pub referred: Amount,
}

impl Reference {
    /// The batch's account, as Anchor reads it.
    pub fn batch_account(&self, serial: u64) -> Result<&Batch, Refusal> {
        let prefund = if serial == self.next_batch { self.next_batch_prefund } else { 0 };
        let missing = if prefund > 0 { WRONG_OWNER } else { NOT_INITIALIZED };
        self.batches.get(&serial).ok_or(Refusal::Code(missing))
    }

    /// Nobody has finalized for too long.
    pub fn is_stale(&self) -> bool {
        let age = self.network.now - self.finalized.at;
        self.missed() > 3 || age > STALE_SECONDS
    }

    /// What a deposit buys and costs, rounded against the depositor.
    pub fn quote_deposit(&self, lamports: Amount, is_referred: bool) -> Result<Bought, Refusal> {
        let fee = ceil(lamports, self.start.deposit_fee_bps.into(), 10_000);
        if !self.has_value() {
            return refuse(ThawError::NoValue);
        }
        let shares = floor(lamports - fee, self.shares, self.entry_nav());
        if shares > MOST {
            return refuse(ThawError::Overflow);
        }
        if shares == 0 {
            return refuse(ThawError::AmountTooSmall);
        }
        let mut bought = Bought { shares, fee, ..Bought::default() };
        if is_referred {
            // A part of the fee buys shares at the same rate; what buys none stays with the pool.
            let part = floor(fee, self.start.exits.referral_bps.into(), 10_000);
            bought.referral = floor(part, self.shares, self.entry_nav());
            bought.referred = if bought.referral > 0 { part } else { 0 };
        }
        Ok(bought)
    }

    /// What a deposit of SOL is told before it is made.
    pub fn quote_sol(&self, lamports: Amount) -> Result<Bought, Refusal> {
        if lamports == 0 {
            return refuse(ThawError::ZeroAmount);
        }
        self.require_live()?;
        self.require_open(DEPOSIT)?;
        if self.is_stale() {
            return refuse(ThawError::PoolStale);
        }
        self.quote_deposit(lamports, true)
    }

    /// The shares and the fee of a deposit, and who gets them.
    pub fn book_deposit(
        &mut self,
        who: usize,
        referrer: Option<usize>,
        bought: &Bought,
    ) -> Result<(), Refusal> {
        let all = bought.shares + bought.referral;
        if self.shares + all > MOST {
            return refuse(ThawError::Overflow);
        }
        self.pending_fees += bought.fee - bought.referred;
        self.shares += all;
        self.supply += all;
        self.people[who].tokens += bought.shares;
        if let Some(referrer) = referrer {
            self.people[referrer].tokens += bought.referral;
        }
        Ok(())
    }

    pub fn deposit(
        &mut self,
        who: usize,
        lamports: Amount,
        min: Min,
        referrer: Option<usize>,
    ) -> Result<Said, Refusal> {
        self.quote_sol(lamports)?;
        let bought = self.quote_deposit(lamports, referrer.is_some())?;
        if min == Min::AboveQuote {
            return refuse(ThawError::SlippageExceeded);
        }
        self.book_deposit(who, referrer, &bought)?;
        if self.people[who].lamports < lamports {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        self.reserve += lamports;
        self.stamp();
        self.people[who].lamports -= lamports;
        self.reserve_account += lamports;
        let Bought { shares, fee, referral, .. } = bought;
        Ok(Said::Deposited { shares, fee, referral })
    }

    /// Serial of the batch that a request joins now: the one of the clock's epoch.
    pub fn batch_to_join(&self) -> u64 {
        let newest = self.next_batch.checked_sub(1);
        let is_now = |serial: &u64| {
            self.batches.get(serial).is_some_and(|batch| batch.epoch == self.network.epoch)
        };
        newest.filter(is_now).unwrap_or(self.next_batch)
    }

    pub fn request(
        &mut self,
        who: usize,
        shares: Amount,
        nonce: u64,
        is_pushable: bool,
        payer: Payer,
    ) -> Result<Said, Refusal> {
        if shares == 0 {
            return refuse(ThawError::ZeroAmount);
        }
        let serial = self.batch_to_join();
        if serial == self.next_batch {
            let rent = self.open(payer, self.next_batch_prefund, BATCH_BYTES)?;
            let epoch = self.network.epoch;
            self.batches.insert(serial, Batch { epoch, opener: payer, rent, ..Batch::default() });
            self.next_batch += 1;
            self.next_batch_prefund = 0;
        }
        let is_used = |ticket: &Ticket| ticket.first_owner == who && ticket.nonce == nonce;
        if self.tickets.iter().any(is_used) {
            return refuse(ThawError::TicketExists);
        }
        let is_next = nonce == self.people[who].nonce;
        let prefund = if is_next { self.people[who].next_ticket } else { 0 };
        let rent = self.open(payer, prefund, TICKET_BYTES)?;
        if self.people[who].tokens < shares {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        self.people[who].tokens -= shares;
        self.escrow += shares;
        if is_next {
            self.people[who].nonce += 1;
            self.people[who].next_ticket = 0;
        }
        let batch = self.batches.get_mut(&serial).expect("opened above");
        batch.requested += shares;
        batch.tickets += 1;
        self.tickets.push(Ticket {
            first_owner: who,
            owner: who,
            nonce,
            batch: serial,
            shares,
            claimed: 0,
            payer,
            is_pushable,
            rent,
        });
        Ok(Said::Nothing)
    }

    /// `payer` adds what is missing of an account's rent; returns its lamports.
    fn open(&mut self, payer: Payer, prefund: Amount, bytes: Amount) -> Result<Amount, Refusal> {
        let rent = self.network.rent(bytes);
        let missing = rent.saturating_sub(prefund);
        let wallet = self.wallet(payer);
        if *wallet < missing {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        *wallet -= missing;
        Ok(prefund + missing)
    }

    /// What a ticket may have received in all.
    pub fn entitlement(&self, ticket: &Ticket) -> Amount {
        let batch = &self.batches[&ticket.batch];
        floor(ticket.shares, batch.lamports_settled, batch.requested)
    }

    pub fn claim(&mut self, index: usize, by_owner: bool, to: Paid) -> Result<Said, Refusal> {
        let ticket = self.tickets[index].clone();
        if !by_owner {
            if !ticket.is_pushable {
                return refuse(ThawError::PushRefused);
            }
            if to != Paid::Person(ticket.owner) {
                return refuse(ThawError::NotTicketOwner);
            }
        }
        let entitled = self.entitlement(&ticket);
        let lamports = entitled - ticket.claimed;
        let batch = self.batches.get_mut(&ticket.batch).expect("a ticket's batch stays");
        let is_closed = batch.settled == batch.requested;
        if lamports == 0 && !is_closed {
            return refuse(ThawError::NothingToClaim);
        }
        batch.claimed += lamports;
        self.claimable -= lamports;
        self.reserve_account -= lamports;
        match to {
            Paid::Person(who) => self.people[who].lamports += lamports,
            Paid::Fresh => self.paid_to_fresh = lamports,
        }
        if is_closed {
            batch.tickets -= 1;
            let least = self.network.rent(0);
            let has_room = *self.wallet(ticket.payer) + ticket.rent >= least;
            match to {
                Paid::Person(who) if !has_room => self.people[who].lamports += ticket.rent,
                Paid::Fresh if !has_room => self.paid_to_fresh += ticket.rent,
                _ => *self.wallet(ticket.payer) += ticket.rent,
            }
            self.tickets.remove(index);
        } else {
            self.tickets[index].claimed = entitled;
        }
        Ok(Said::Claimed { lamports, is_closed })
    }

    pub fn send_shares(&mut self, from: usize, to: usize, shares: Amount) -> Result<Said, Refusal> {
        self.take_tokens(from, shares)?;
        self.people[to].tokens += shares;
        Ok(Said::Nothing)
    }

    /// Tokens burned outside the program: its own count does not move.
    pub fn burn_shares(&mut self, who: usize, shares: Amount) -> Result<Said, Refusal> {
        self.take_tokens(who, shares)?;
        self.supply -= shares;
        Ok(Said::Nothing)
    }

    pub fn donate_shares(&mut self, who: usize, shares: Amount) -> Result<Said, Refusal> {
        self.take_tokens(who, shares)?;
        self.escrow += shares;
        Ok(Said::Nothing)
    }

    /// Lamports that a holder sends to an account of the pool, used or not.
    pub fn donate(&mut self, who: usize, to: Place, lamports: Amount) -> Result<Said, Refusal> {
        let wallet = &mut self.people[who].lamports;
        *wallet = wallet.checked_sub(lamports).ok_or(Refusal::Code(NOT_ENOUGH))?;
        match to {
            Place::Reserve => self.reserve_account += lamports,
            Place::Slot(v, slot) => {
                self.validators[usize::from(v)].slots[usize::from(slot)].lamports += lamports;
            }
            Place::NextBatch => self.next_batch_prefund += lamports,
            Place::NextTicket(of) => self.people[usize::from(of)].next_ticket += lamports,
            Place::Pool => self.pool_account.0 += lamports,
        }
        Ok(Said::Nothing)
    }

    fn take_tokens(&mut self, who: usize, shares: Amount) -> Result<(), Refusal> {
        let tokens = &mut self.people[who].tokens;
        *tokens = tokens.checked_sub(shares).ok_or(Refusal::Code(NOT_ENOUGH))?;
        Ok(())
    }
}
