//! The crank's instructions: each with its prediction.

use anchor_lang::prelude::Pubkey;
use thaw_client::thaw::instructions::SyncEntry;

use super::{Actor, Done, Model, Outcome, instructions::serial_of};
use crate::{
    ops::{Op, Serial, Spoil},
    reference::{
        Payer,
        epoch::{Entry, SlotRef},
    },
};

impl Model {
    pub(super) fn finalize(&mut self) -> Outcome {
        let predicted = self.reference.attempt(|pool| pool.finalize());
        let instruction = self.world.pool.finalize_epoch();
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    pub(super) fn settle(&mut self, serial: Serial) -> Outcome {
        let serial = self.serial(serial);
        let predicted = self.reference.attempt(|pool| pool.settle(serial));
        let instruction = self.world.pool.settle_withdrawals(serial);
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    pub(super) fn sync(&mut self, mask: u16, spoil: Spoil) -> Outcome {
        let chosen = (0..self.reference.validators.len()).filter(|v| mask >> v & 1 == 1);
        let mut entries = Vec::new();
        let mut accounts: Vec<SlotRef> = Vec::new();
        for index in chosen {
            let mut held = self.reference.held(index);
            if spoil == Spoil::WrongSlots && entries.is_empty() {
                held.iter_mut().for_each(|(v, _)| *v = (*v + 1) % self.slots.len());
            }
            for _ in 0..if spoil == Spoil::Twice { 2 } else { 1 } {
                entries.push(Entry { index, slots: held.len() });
                accounts.extend(&held);
            }
        }
        if spoil == Spoil::Short {
            accounts.pop();
        }
        let predicted = self.reference.attempt(|pool| pool.sync(&entries, &accounts));
        let keys: Vec<Pubkey> = accounts.iter().map(|(v, slot)| self.slots[*v][*slot]).collect();
        let entry = |it: &Entry| SyncEntry { index: it.index as u16, slots: it.slots as u8 };
        let entries = entries.iter().map(entry);
        let instruction = self.world.pool.sync_validators(entries, &keys);
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    pub(super) fn close_batch(&mut self, serial: Serial) -> Outcome {
        let serial = self.serial(serial);
        let opener = match self.reference.batches.get(&serial).map(|batch| batch.opener) {
            Some(Payer::Holder(who)) => self.people[who].address(),
            _ => self.payer,
        };
        let predicted = self.reference.attempt(|pool| pool.close_batch(serial));
        let instruction = self.world.pool.close_batch(serial, &opener);
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    /// The instructions on one validator's slots. An index beyond the list comes with the accounts
    /// of the first validator.
    pub(super) fn work(&mut self, op: &Op) -> Outcome {
        let payer = self.payer;
        let (Op::Delegate { v }
        | Op::Undelegate { v, .. }
        | Op::Merge { v }
        | Op::Collect { v }
        | Op::Sweep { v }) = *op
        else {
            unreachable!("{op:?} works on no slots")
        };
        let v = usize::from(v) % (self.reference.validators.len() + 1);
        let vote = *self.world.votes.get(v).unwrap_or(&self.world.votes[0]);
        let (pool, index) = (self.world.pool, v as u16);
        let reference = &mut self.reference;
        let (instruction, predicted) = match *op {
            Op::Delegate { .. } => {
                let predicted = reference.attempt(|pool| pool.delegate(v));
                (pool.delegate(&payer, &vote, index), predicted)
            }
            Op::Undelegate { batch, .. } => {
                // The oldest is passed where there is one, another in any case.
                let has_open = reference.oldest_batch() < reference.next_batch;
                let is_passed = match batch {
                    Serial::NoBatch => false,
                    Serial::Oldest => has_open,
                    Serial::Off(_) => true,
                };
                let batch = is_passed.then(|| serial_of(reference, batch));
                let predicted = reference.attempt(|pool| pool.undelegate(v, batch));
                (pool.undelegate(&payer, &vote, index, batch), predicted)
            }
            Op::Merge { .. } => {
                (pool.merge_activated(&vote, index), reference.attempt(|pool| pool.merge(v)))
            }
            Op::Collect { .. } => {
                (pool.collect_cooled(&vote, index), reference.attempt(|pool| pool.collect(v)))
            }
            _ => (pool.sweep_excess(&vote, index), reference.attempt(|pool| pool.sweep(v))),
        };
        let done = self.send(Actor::Crank, &[instruction], &[], predicted)?;
        Ok(Done { worked_on: done.said.is_some().then_some(v), ..done })
    }
}
