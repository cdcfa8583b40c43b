//! Events folded, one after the other.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use thaw::events::{
    PoolInitialized, SolDeposited, StakeDeposited, StakeWithdrawn, WithdrawnInstantly,
};

use super::{
    books::PoolBooks,
    chain::{Chain, Check, Gap},
    event::Event,
    flows::Flows,
    logs::{LogError, read_events},
    powers::{Powers, first_capacity},
    tickets::{OpenBatch, OpenTicket},
    validators::{ListedValidator, found},
};

/// A pool as its accounts have it, rebuilt from events.
///
/// Not in any event, and so not here: which of its three slots a validator's stake is in and whether it
/// warms up or cools down, sampled yields, what an epoch's caps have let move, who paid a rent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Totals, rates, fees.
    pub books: PoolBooks,
    /// Config, authorities, pauses.
    pub powers: Powers,
    /// Listed validators by index.
    pub validators: BTreeMap<u16, ListedValidator>,
    /// Validators that fit the list.
    pub capacity: u32,
    /// Batches that are not closed, by serial.
    pub batches: BTreeMap<u64, OpenBatch>,
    /// Tickets that are not closed, by address.
    pub tickets: BTreeMap<Pubkey, OpenTicket>,
}

/// Why a transaction could not be replayed. The ledger is as it was before the event that failed, or
/// before the transaction where its log did.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The log cannot be read in full: the ledger may be behind now.
    #[error(transparent)]
    Log(#[from] LogError),
    /// An event does not continue the ledger.
    #[error(transparent)]
    Gap(#[from] Gap),
}

/// Follows one pool through its transactions.
#[derive(Clone, Debug)]
pub struct Replay {
    pool: Pubkey,
    ledger: Option<Ledger>,
    flows: Flows,
}

impl Replay {
    /// From the transaction that opens the pool.
    pub fn new(pool: Pubkey) -> Self {
        Self { pool, ledger: None, flows: Flows::default() }
    }

    /// Goes on from what the accounts said after the last transaction that counts, see
    /// [`Ledger::of_accounts`]. Flows begin at 0 again: what a gap moved is not known.
    pub fn resume(&mut self, ledger: Ledger) {
        self.ledger = Some(ledger);
        self.flows = Flows::default();
    }

    /// The pool as of the last event; `None` before the first.
    pub fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// Sums since the beginning, or since [`Replay::resume`].
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Takes the next transaction and returns the number of events of this pool in it. Arguments as of
    /// [`read_events`].
    ///
    /// # Errors
    /// [`ReplayError`]; go on with [`Replay::resume`].
    pub fn transaction<T: AsRef<str>>(
        &mut self,
        logs: &[T],
        has_failed: bool,
    ) -> Result<usize, ReplayError> {
        let mut count = 0usize;
        for event in read_events(logs, has_failed)? {
            if event.pool() == self.pool {
                self.event(&event)?;
                count = count.saturating_add(1);
            }
        }
        Ok(count)
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// [`Gap`].
    pub fn event(&mut self, event: &Event) -> Result<(), Gap> {
        let chain = Chain { event: event.name() };
        match (&mut self.ledger, event) {
            (None, Event::PoolInitialized(event)) => self.ledger = Some(Ledger::open(event)),
            (None, event) => return Err(Gap::NoBeginning { event: event.name() }),
            (Some(ledger), event) => ledger.apply(chain, event)?,
        }
        if let Some(ledger) = &self.ledger {
            self.flows.count(event, &ledger.powers.config);
        }
        Ok(())
    }
}

impl Ledger {
    fn open(event: &PoolInitialized) -> Self {
        Self {
            books: PoolBooks::open(event),
            powers: Powers::open(event),
            validators: BTreeMap::new(),
            capacity: first_capacity(),
            batches: BTreeMap::new(),
            tickets: BTreeMap::new(),
        }
    }

    fn apply(&mut self, chain: Chain, event: &Event) -> Check {
        match event {
            Event::PoolInitialized(_) => return Err(chain.other("pool: it is open already")),
            Event::SolDeposited(event) => self.sol_came_in(chain, event)?,
            Event::StakeDeposited(event) => self.stake_came_in(chain, event)?,
            Event::WithdrawnInstantly(event) => self.left_instantly(chain, event)?,
            Event::StakeWithdrawn(event) => self.stake_left(chain, event)?,
            Event::TicketTransferred(event) => self.transferred(chain, event)?,
            Event::WithdrawalRequested(event) => self.requested(chain, event)?,
            Event::WithdrawalsSettled(event) => self.settled(chain, event)?,
            Event::WithdrawalClaimed(event) => self.claimed(chain, event)?,
            Event::BatchClosed(event) => self.closed(chain, event)?,
            Event::ValidatorAdded(event) => self.added(chain, event)?,
            Event::WeightsSet(event) => self.weighed(chain, event)?,
            Event::ValidatorsSynced(event) => self.synced(chain, event)?,
            Event::EpochFinalized(event) => self.finalized(chain, event)?,
            Event::StakeMoved(event) => self.moved(chain, event)?,
            Event::ValidatorListExtended(event) => self.extended(chain, event)?,
            Event::ValidatorReviewed(event) => self.reviewed(chain, event)?,
            Event::ValidatorRemoved(event) => self.removed(chain, event)?,
            Event::ConfigProposed(event) => self.powers.proposed(chain, event)?,
            Event::ConfigApplied(event) => self.powers.applied(chain, event)?,
            Event::ProposalsCancelled(event) => self.powers.cancelled(chain, event)?,
            Event::AuthorityNominated(event) => self.powers.nominated(chain, event)?,
            Event::AuthorityAccepted(event) => self.powers.accepted(chain, event)?,
            Event::PathsPaused(event) => self.powers.paused(chain, event)?,
            Event::PathsUnpaused(event) => self.powers.unpaused(chain, event)?,
            Event::WindDownScheduled(event) => self.powers.wind_down_at = event.wind_down_at,
            Event::WindDownStarted(event) => self.wound_down(chain, event)?,
            Event::FeesCollected(event) => self.fees_collected(chain, event)?,
            // Of accounts that are no part of the books.
            Event::MetadataSet(_) | Event::SplViewRefreshed(_) => {}
        }
        Ok(())
    }

    fn sol_came_in(&mut self, chain: Chain, event: &SolDeposited) -> Check {
        let (books, totals) = (&mut self.books, &event.totals);
        books.check_shares(chain, totals, &[event.shares, event.referral_shares], &[])?;
        books.check_liquid(chain, totals, (event.lamports, 0), (0, 0))?;
        books.totals = *totals;
        books.keep_deposit_fee(&self.powers.config, event.fee_lamports, event.referral_shares);
        Ok(())
    }

    fn stake_came_in(&mut self, chain: Chain, event: &StakeDeposited) -> Check {
        let before = self.books;
        let after = (&event.totals, &event.bookings);
        let validator = self.of_vote(chain, &event.vote)?;
        let minted = [event.shares, event.referral_shares];
        before.check_shares(chain, &event.totals, &minted, &[])?;
        before.check_booked(chain, validator.lamports, after, (event.lamports, 0))?;
        let (gain, loss) = found(&before, &event.bookings);
        validator.book(event.epoch, event.bookings.validator_lamports, gain, loss);
        let books = &mut self.books;
        books.book(&event.totals, &event.bookings);
        books.keep_deposit_fee(&self.powers.config, event.fee_lamports, event.referral_shares);
        books.follow_stake(event.lamports, 0);
        Ok(())
    }

    fn left_instantly(&mut self, chain: Chain, event: &WithdrawnInstantly) -> Check {
        let (books, totals) = (&mut self.books, &event.totals);
        books.check_shares(chain, totals, &[], &[event.shares])?;
        books.check_liquid(chain, totals, (0, event.lamports), (0, 0))?;
        books.totals = *totals;
        books.keep(event.fee_lamports);
        Ok(())
    }

    fn stake_left(&mut self, chain: Chain, event: &StakeWithdrawn) -> Check {
        let before = self.books;
        let after = (&event.totals, &event.bookings);
        let validator = self.of_vote(chain, &event.vote)?;
        before.check_shares(chain, &event.totals, &[], &[event.shares])?;
        before.check_booked(chain, validator.lamports, after, (0, event.lamports))?;
        let (gain, loss) = found(&before, &event.bookings);
        validator.book(event.epoch, event.bookings.validator_lamports, gain, loss);
        let books = &mut self.books;
        books.book(&event.totals, &event.bookings);
        books.keep(event.fee_lamports);
        books.follow_stake(0, event.lamports);
        Ok(())
    }
}
