//! Validators: what is staked with each, what it earned, its weight.

use anchor_lang::prelude::Pubkey;
use thaw::{
    constants::{MAX_RELAPSES, RELAPSE_EPOCHS},
    events::{
        Bookings, StakeMoved, ValidatorAdded, ValidatorRemoved, ValidatorReviewed,
        ValidatorsSynced, WeightsSet,
    },
    state::Record,
};

use super::{
    books::PoolBooks,
    chain::{Chain, Check, Gap},
    ledger::Ledger,
};

/// A listed validator; each field is that of [`Record`] with the same name, or a method of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListedValidator {
    /// Vote account.
    pub vote: Pubkey,
    /// Lamports in its slots, rent included.
    pub lamports: u64,
    /// Epoch of the last booking.
    pub booked_epoch: u64,
    /// Gain booked in `booked_epoch`, lamports.
    pub gain_lamports: u64,
    /// Loss booked in `booked_epoch`, lamports.
    pub loss_lamports: u64,
    /// Weight in effect.
    pub weight: u32,
    /// Weight from the next finalize.
    pub next_weight: u32,
    /// Weight that a review set aside.
    pub aside_weight: u32,
    /// True while a review has set it aside.
    pub is_set_aside: bool,
    /// True while it is being removed.
    pub is_leaving: bool,
    /// Times it was set aside.
    pub relapses: u8,
    /// Compliant epochs in a row.
    pub compliant: u8,
    /// Epoch of the last review that changed something.
    pub reviewed_epoch: u64,
}

impl ListedValidator {
    /// Of a record of a pool whose last finalized epoch is `pool_epoch`.
    pub fn of(record: &Record, pool_epoch: u64) -> Self {
        Self {
            vote: record.vote,
            lamports: record.lamports(),
            booked_epoch: record.booked_epoch,
            gain_lamports: record.gain_lamports,
            loss_lamports: record.loss_lamports,
            weight: record.weight_at(pool_epoch),
            next_weight: record.next_weight,
            aside_weight: record.aside_weight,
            is_set_aside: record.is_set_aside(),
            is_leaving: record.is_leaving(),
            relapses: record.relapses,
            compliant: record.compliant,
            reviewed_epoch: record.reviewed_epoch,
        }
    }

    /// Books what an instruction in `epoch` found.
    pub(super) fn book(&mut self, epoch: u64, lamports: u64, gain: u64, loss: u64) {
        if self.booked_epoch != epoch {
            (self.booked_epoch, self.gain_lamports, self.loss_lamports) = (epoch, 0, 0);
        }
        self.lamports = lamports;
        self.gain_lamports = self.gain_lamports.saturating_add(gain);
        self.loss_lamports = self.loss_lamports.saturating_add(loss);
    }
}

impl Ledger {
    /// The validator with this vote account.
    pub(super) fn of_vote(
        &mut self,
        chain: Chain,
        vote: &Pubkey,
    ) -> Result<&mut ListedValidator, Gap> {
        let found = self.validators.values_mut().find(|validator| validator.vote == *vote);
        found.ok_or_else(|| chain.other("validator"))
    }

    /// The validator at `index`.
    fn listed(&mut self, chain: Chain, index: u16) -> Result<&mut ListedValidator, Gap> {
        self.validators.get_mut(&index).ok_or_else(|| chain.other("validator"))
    }

    /// The validator at `index`, which must have this vote account.
    fn named(
        &mut self,
        chain: Chain,
        index: u16,
        vote: &Pubkey,
    ) -> Result<&mut ListedValidator, Gap> {
        let validator = self.listed(chain, index)?;
        chain.same("vote account", &validator.vote, vote)?;
        Ok(validator)
    }

    pub(super) fn added(&mut self, chain: Chain, event: &ValidatorAdded) -> Check {
        if self.validators.contains_key(&event.index) {
            return Err(chain.other("validator is at this index"));
        }
        let validator = ListedValidator { vote: event.vote, ..ListedValidator::default() };
        self.validators.insert(event.index, validator);
        Ok(())
    }

    pub(super) fn weighed(&mut self, chain: Chain, event: &WeightsSet) -> Check {
        // On a copy: one index may come twice, and the sum is checked last.
        let mut validators = self.validators.clone();
        let mut sum = i128::from(self.books.next_weight_sum);
        for given in &event.weights {
            let validator =
                validators.get_mut(&given.index).ok_or_else(|| chain.other("validator"))?;
            // Of one that is set aside the weight can be lowered; what is beyond waits.
            let most = if validator.is_set_aside { validator.next_weight } else { u32::MAX };
            let weight = given.weight.min(most);
            validator.aside_weight = given.weight.saturating_sub(most);
            sum = sum.saturating_sub(validator.next_weight.into()).saturating_add(weight.into());
            validator.next_weight = weight;
        }
        chain.amount("next_weight_sum", sum, event.next_weight_sum.into())?;
        self.validators = validators;
        self.books.next_weight_sum = event.next_weight_sum;
        Ok(())
    }

    pub(super) fn reviewed(&mut self, chain: Chain, event: &ValidatorReviewed) -> Check {
        chain.equal("epoch", self.books.epoch, event.epoch)?;
        let (taken, returned) = (u64::from(event.taken_weight), u64::from(event.returned_weight));
        let sum = self.books.next_weight_sum;
        chain.sum("next_weight_sum", sum, &[returned], &[taken], event.next_weight_sum)?;
        let validator = self.named(chain, event.index, &event.vote)?;
        let mut new = *validator;
        let weight = new.next_weight.into();
        chain.sum("next_weight", weight, &[returned], &[taken], event.next_weight.into())?;
        let aside = new.aside_weight.into();
        chain.sum("aside_weight", aside, &[taken], &[returned], event.aside_weight.into())?;
        if event.violation.is_some() {
            if !new.is_set_aside {
                let forgotten = event.epoch.saturating_sub(new.reviewed_epoch) / RELAPSE_EPOCHS;
                let forgotten = u8::try_from(forgotten).unwrap_or(u8::MAX);
                new.relapses = new.relapses.saturating_sub(forgotten).saturating_add(1);
            }
            (new.is_set_aside, new.compliant) = (true, 0);
        } else {
            new.compliant = new.compliant.saturating_add(1);
            if new.compliant >= 1 << new.relapses.min(MAX_RELAPSES) {
                (new.is_set_aside, new.compliant) = (false, 0);
            }
        }
        new.reviewed_epoch = event.epoch;
        (new.next_weight, new.aside_weight) = (event.next_weight, event.aside_weight);
        *validator = new;
        self.books.next_weight_sum = event.next_weight_sum;
        Ok(())
    }

    pub(super) fn synced(&mut self, chain: Chain, event: &ValidatorsSynced) -> Check {
        let (gain, loss) = (event.gain_lamports, event.loss_lamports);
        let mut booked = Vec::with_capacity(event.validators.len());
        let (mut gains, mut losses) = (0u64, 0u64);
        for found in &event.validators {
            let mut validator = *self.listed(chain, found.index)?;
            let gain = found.lamports.saturating_sub(validator.lamports);
            let loss = validator.lamports.saturating_sub(found.lamports);
            validator.book(event.epoch, found.lamports, gain, loss);
            (gains, losses) = (gains.saturating_add(gain), losses.saturating_add(loss));
            booked.push((found.index, validator));
        }
        chain.equal("gain_lamports", gains, gain)?;
        chain.equal("loss_lamports", losses, loss)?;
        let (before, totals) = (&self.books, &event.totals);
        let staked = before.totals.staked_lamports;
        chain.sum("staked_lamports", staked, &[gain], &[loss], totals.staked_lamports)?;
        let reserve = before.totals.reserve_lamports;
        chain.equal("reserve_lamports", reserve, totals.reserve_lamports)?;
        let claimable = before.totals.claimable_lamports;
        chain.equal("claimable_lamports", claimable, totals.claimable_lamports)?;
        before.check_shares(chain, totals, &[], &[])?;
        self.validators.extend(booked);
        let books = &mut self.books;
        books.totals = *totals;
        books.pending_gain_lamports = books.pending_gain_lamports.saturating_add(gain);
        books.pending_loss_lamports = books.pending_loss_lamports.saturating_add(loss);
        Ok(())
    }

    pub(super) fn moved(&mut self, chain: Chain, event: &StakeMoved) -> Check {
        let before = self.books;
        let validator = self.named(chain, event.index, &event.vote)?;
        let after = (&event.totals, &event.bookings);
        before.check_shares(chain, &event.totals, &[], &[])?;
        before.check_booked(chain, validator.lamports, after, (0, 0))?;
        let (gain, loss) = found(&before, &event.bookings);
        validator.book(event.epoch, event.bookings.validator_lamports, gain, loss);
        self.books.book(&event.totals, &event.bookings);
        Ok(())
    }

    pub(super) fn removed(&mut self, chain: Chain, event: &ValidatorRemoved) -> Check {
        let before = self.books;
        chain.equal("next_weight_sum", before.next_weight_sum, event.next_weight_sum)?;
        let validator = self.named(chain, event.index, &event.vote)?;
        let after = (&event.totals, &event.bookings);
        before.check_shares(chain, &event.totals, &[], &[])?;
        before.check_booked(chain, validator.lamports, after, (0, 0))?;
        let (gain, loss) = found(&before, &event.bookings);
        validator.book(event.epoch, event.bookings.validator_lamports, gain, loss);
        (validator.is_leaving, validator.aside_weight) = (true, 0);
        if event.is_gone {
            self.validators.remove(&event.index);
        }
        self.books.book(&event.totals, &event.bookings);
        Ok(())
    }
}

/// What an instruction has booked: pending gain and loss only rise between finalizes.
pub(super) fn found(before: &PoolBooks, after: &Bookings) -> (u64, u64) {
    (
        after.pending_gain_lamports.saturating_sub(before.pending_gain_lamports),
        after.pending_loss_lamports.saturating_sub(before.pending_loss_lamports),
    )
}
