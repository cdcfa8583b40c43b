//! The ledger as the accounts have it: to compare with, and to go on from after a gap.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use thaw::state::{Batch, Pool, Record, Ticket};

use super::{books::PoolBooks, ledger::Ledger, powers::Powers, validators::ListedValidator};

impl Ledger {
    /// Reads a pool's accounts, all of one slot.
    ///
    /// * `records`: all of the validator list, free ones too; `capacity`: how many fit it.
    /// * `batches` and `tickets`: all of the pool.
    pub fn of_accounts<'a>(
        pool: &Pool,
        records: &[Record],
        capacity: u32,
        batches: impl IntoIterator<Item = &'a Batch>,
        tickets: impl IntoIterator<Item = (Pubkey, &'a Ticket)>,
    ) -> Self {
        let listed = (0u16..).zip(records).filter(|(_, record)| !record.is_free());
        let validators: BTreeMap<u16, ListedValidator> = listed
            .map(|(index, record)| (index, ListedValidator::of(record, pool.epoch)))
            .collect();
        Self {
            books: PoolBooks::of(pool),
            powers: Powers::of(pool),
            validators,
            capacity,
            batches: batches.into_iter().map(|batch| (batch.serial, batch.into())).collect(),
            tickets: tickets.into_iter().map(|(address, it)| (address, it.into())).collect(),
        }
    }
}
