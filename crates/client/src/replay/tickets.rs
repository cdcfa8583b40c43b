//! Batches and tickets.

use anchor_lang::prelude::Pubkey;
use thaw::{
    events::{
        BatchClosed, TicketTransferred, WithdrawalClaimed, WithdrawalRequested, WithdrawalsSettled,
    },
    state::{Batch, Ticket},
};

use super::{
    chain::{Chain, Check},
    ledger::Ledger,
};

/// A batch that is not closed; each field is that of [`Batch`] with the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    /// The epoch in which requests join it.
    pub epoch: u64,
    /// Shares of all its tickets.
    pub shares_requested: u64,
    /// Shares burned so far.
    pub shares_settled: u64,
    /// Lamports set aside so far.
    pub lamports_settled: u64,
    /// Lamports claimed so far.
    pub lamports_claimed: u64,
    /// Tickets that are not closed.
    pub tickets: u32,
}

/// A ticket that is not closed; each field is that of [`Ticket`] with the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    /// Who may claim.
    pub owner: Pubkey,
    /// Serial of its batch.
    pub batch: u64,
    /// Shares that went to escrow.
    pub shares: u64,
    /// Lamports claimed so far.
    pub lamports_claimed: u64,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
}

impl From<&Batch> for OpenBatch {
    fn from(batch: &Batch) -> Self {
        Self {
            epoch: batch.epoch,
            shares_requested: batch.shares_requested,
            shares_settled: batch.shares_settled,
            lamports_settled: batch.lamports_settled,
            lamports_claimed: batch.lamports_claimed,
            tickets: batch.tickets,
        }
    }
}

impl From<&Ticket> for OpenTicket {
    fn from(ticket: &Ticket) -> Self {
        Self {
            owner: ticket.owner,
            batch: ticket.batch,
            shares: ticket.shares,
            lamports_claimed: ticket.lamports_claimed,
            is_pushable: ticket.is_pushable,
        }
    }
}

impl Ledger {
    pub(super) fn requested(&mut self, chain: Chain, event: &WithdrawalRequested) -> Check {
        let books = &self.books;
        let is_new = books.next_batch == 0 || books.newest_batch_epoch != event.epoch;
        let newest = books.next_batch.saturating_sub(u64::from(!is_new));
        chain.equal("batch", newest, event.batch)?;
        chain.sum(
            "pending_shares",
            books.pending_shares,
            &[event.shares],
            &[],
            event.pending_shares,
        )?;
        if self.tickets.contains_key(&event.ticket) {
            return Err(chain.other("ticket at this address is open"));
        }
        let fresh = OpenBatch {
            epoch: event.epoch,
            shares_requested: 0,
            shares_settled: 0,
            lamports_settled: 0,
            lamports_claimed: 0,
            tickets: 0,
        };
        let batch = match self.batches.get_mut(&event.batch) {
            Some(batch) if !is_new => batch,
            None if is_new => self.batches.entry(event.batch).or_insert(fresh),
            _ => return Err(chain.other("batch")),
        };
        batch.shares_requested = batch.shares_requested.saturating_add(event.shares);
        batch.tickets = batch.tickets.saturating_add(1);
        if is_new {
            self.books.next_batch = self.books.next_batch.saturating_add(1);
            self.books.newest_batch_epoch = event.epoch;
        }
        self.books.pending_shares = event.pending_shares;
        let ticket = OpenTicket {
            owner: event.owner,
            batch: event.batch,
            shares: event.shares,
            lamports_claimed: 0,
            is_pushable: event.is_pushable,
        };
        self.tickets.insert(event.ticket, ticket);
        Ok(())
    }

    pub(super) fn transferred(&mut self, chain: Chain, event: &TicketTransferred) -> Check {
        let ticket = self.tickets.get_mut(&event.ticket);
        let ticket = ticket.ok_or_else(|| chain.other("ticket"))?;
        chain.same("owner of the ticket", &ticket.owner, &event.owner)?;
        ticket.owner = event.new_owner;
        ticket.is_pushable = event.is_pushable;
        Ok(())
    }

    pub(super) fn settled(&mut self, chain: Chain, event: &WithdrawalsSettled) -> Check {
        let (books, totals) = (&self.books, &event.totals);
        chain.equal("epoch", books.epoch, event.epoch)?;
        chain.equal("batch", books.oldest_batch, event.batch)?;
        books.check_shares(chain, totals, &[], &[event.shares])?;
        books.check_liquid(chain, totals, (0, event.lamports), (event.lamports, 0))?;
        let batch = self.batches.get_mut(&event.batch).ok_or_else(|| chain.other("batch"))?;
        chain.sum(
            "open_shares",
            batch.shares_requested,
            &[],
            &[batch.shares_settled, event.shares],
            event.open_shares,
        )?;
        batch.shares_settled = batch.shares_settled.saturating_add(event.shares);
        batch.lamports_settled = batch.lamports_settled.saturating_add(event.lamports);
        self.books.totals = *totals;
        self.books.pending_shares = self.books.pending_shares.saturating_sub(event.shares);
        if event.open_shares == 0 {
            self.books.oldest_batch = self.books.oldest_batch.saturating_add(1);
        }
        Ok(())
    }

    pub(super) fn claimed(&mut self, chain: Chain, event: &WithdrawalClaimed) -> Check {
        let before = self.books.totals.claimable_lamports;
        let after = event.claimable_lamports;
        chain.sum("claimable_lamports", before, &[], &[event.lamports], after)?;
        let ticket = self.tickets.get_mut(&event.ticket).ok_or_else(|| chain.other("ticket"))?;
        chain.same("owner of the ticket", &ticket.owner, &event.owner)?;
        chain.equal("batch", ticket.batch, event.batch)?;
        let batch = self.batches.get_mut(&event.batch).ok_or_else(|| chain.other("batch"))?;
        let is_settled = batch.shares_settled == batch.shares_requested;
        chain.same("batch: settled in full or not", &is_settled, &event.is_closed)?;
        batch.lamports_claimed = batch.lamports_claimed.saturating_add(event.lamports);
        ticket.lamports_claimed = ticket.lamports_claimed.saturating_add(event.lamports);
        if event.is_closed {
            batch.tickets = batch.tickets.saturating_sub(1);
            self.tickets.remove(&event.ticket);
        }
        self.books.totals.claimable_lamports = after;
        Ok(())
    }

    pub(super) fn closed(&mut self, chain: Chain, event: &BatchClosed) -> Check {
        let (books, totals, dust) = (&self.books, &event.totals, event.dust_lamports);
        books.check_shares(chain, totals, &[], &[])?;
        books.check_liquid(chain, totals, (dust, 0), (0, dust))?;
        let batch = self.batches.get(&event.batch).ok_or_else(|| chain.other("batch"))?;
        chain.equal("tickets", 0, batch.tickets.into())?;
        chain.sum(
            "dust_lamports",
            batch.lamports_settled,
            &[],
            &[batch.lamports_claimed],
            event.dust_lamports,
        )?;
        self.batches.remove(&event.batch);
        self.books.totals = *totals;
        self.books.keep(dust);
        Ok(())
    }
}
