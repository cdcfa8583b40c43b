//! Sync, finalize, settle: what an epoch brings.

use thaw_client::thaw::error::ThawError;

use super::{
    Amount, Finalized, Locked, MOST, Reference, Refusal, Said, ceil, floor, less, network::MINIMUM,
    refuse,
};

/// The highest yield per epoch that is expected, parts per billion: 20 bp.
const HIGHEST_YIELD: Amount = 2_000_000;
/// What a new pool is expected to yield: 2 bp.
pub const FIRST_YIELD: Amount = 200_000;
/// How long the circuit breaker holds.
const CIRCUIT_SECONDS: i64 = 86_400;

/// A slot account in a sync: whose, and which.
pub type SlotRef = (usize, usize);

/// A validator and how many of the accounts that follow are its slots.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub index: usize,
    pub slots: usize,
}

impl Reference {
    /// The slots of a validator that a sync must read.
    pub fn held(&self, v: usize) -> Vec<SlotRef> {
        let slots = 0..3;
        slots.map(|slot| (v, slot)).filter(|(v, slot)| self.role(*v, *slot).is_held()).collect()
    }

    fn role(&self, v: usize, slot: usize) -> super::Role {
        self.validators[v].slots[slot].role
    }

    /// Books each entry that fits and was not booked in this epoch.
    pub fn sync(&mut self, entries: &[Entry], accounts: &[SlotRef]) -> Result<Said, Refusal> {
        if self.network.is_paying_rewards {
            return refuse(ThawError::RewardsWindow);
        }
        let mut rest = accounts;
        let (mut booked, mut gains, mut losses) = (0, 0, 0);
        for entry in entries {
            let Some((given, others)) = rest.split_at_checked(entry.slots) else { break };
            rest = others;
            let Some(validator) = self.validators.get(entry.index) else { continue };
            if validator.is_free
                || validator.booked == self.network.epoch
                || given != self.held(entry.index)
            {
                continue;
            }
            let (gain, loss) = self.book(entry.index, true);
            booked += 1;
            gains += gain;
            losses += loss;
        }
        self.stamp();
        Ok(Said::Synced { booked, gain: gains, loss: losses })
    }

    /// Validators with stake that nobody has booked in this epoch.
    pub fn unsynced(&self) -> usize {
        let epoch = self.network.epoch;
        self.validators.iter().filter(|it| it.is_held() && it.booked != epoch).count()
    }

    /// Folds what was booked into the rate.
    pub fn finalize(&mut self) -> Result<Said, Refusal> {
        if self.network.is_paying_rewards {
            return refuse(ThawError::RewardsWindow);
        }
        if self.network.epoch <= self.finalized.epoch {
            return refuse(ThawError::AlreadyFinalized);
        }
        if self.unsynced() > 0 {
            return refuse(ThawError::SyncIncomplete);
        }
        // The reserve is what its account holds beyond its rent and what tickets may claim.
        let liquid = less(self.reserve_account, self.network.rent(0) + self.claimable);
        self.pending_gain += less(liquid, self.reserve);
        self.pending_loss += less(self.reserve, liquid);
        self.reserve = liquid;

        let (gain, loss) = (
            less(self.pending_gain, self.pending_loss),
            less(self.pending_loss, self.pending_gain),
        );
        let assets = self.assets();
        let (mut fee, mut fee_shares) = (0, 0);
        let carry = self.carry_left();
        let locked = if loss > 0 {
            // The loss eats what is not released yet, then the rate. Fees stay to be released.
            self.bear(carry, carry + loss);
            less(self.unreleased(), loss) + self.pending_fees
        } else {
            // What makes up an earlier loss pays no fee (INV-8).
            let recovered = gain.min(carry);
            fee = floor(gain - recovered, self.start.reward_fee_bps.into(), 10_000);
            fee_shares = if assets > 0 { floor(fee, self.shares, assets) } else { 0 };
            self.bear(carry, carry - recovered);
            let hidden = self.unreleased() + gain + self.pending_fees;
            // The fee shares are paid for at the exit rate, which does not move.
            let nav = less(assets, hidden);
            let paid = if self.shares > 0 { ceil(fee_shares, nav, self.shares) } else { 0 };
            hidden - paid
        };
        fee_shares = fee_shares.min(MOST - self.shares);
        self.shares += fee_shares;
        self.fee_shares_owed += fee_shares;

        let now = self.network.now;
        let end = now + i64::from(self.start.release_seconds);
        self.locked = Locked { lamports: locked, start: now, end };
        (self.pending_gain, self.pending_loss, self.pending_fees) = (0, 0, 0);
        for validator in &mut self.validators {
            validator.weight = validator.next_weight;
        }
        if loss > floor(assets + loss, self.start.circuit_bps.into(), 10_000) {
            self.circuit_until = now + CIRCUIT_SECONDS;
        }
        self.remember(gain, assets);
        self.stamp();
        Ok(Said::Finalized { gain, loss, fee, fee_shares })
    }

    /// The losses to make up, of which the shares that have left took their part along.
    fn carry_left(&self) -> Amount {
        if self.shares < self.carry_shares {
            ceil(self.loss_carry, self.shares, self.carry_shares)
        } else {
            self.loss_carry
        }
    }

    /// Sets the losses to make up. They are borne by the shares of the last finalize that are still
    /// there, or by those that bore them before.
    fn bear(&mut self, before: Amount, after: Amount) {
        let is_first = before == 0 || self.carry_shares == 0;
        let bore = if is_first { self.finalized.shares } else { self.carry_shares };
        let is_loss = after > before;
        self.carry_shares = if after == 0 && !is_loss { 0 } else { self.shares.min(bore) };
        self.loss_carry = after;
    }

    /// What the next epoch needs to know of this one.
    fn remember(&mut self, gain: Amount, assets: Amount) {
        let old = &self.finalized;
        let mut yields = old.yields;
        if old.staked > 0 {
            let epochs = Amount::from(self.network.epoch - old.epoch);
            let shown = ceil(gain, 1_000_000_000, old.staked * epochs).min(HIGHEST_YIELD);
            yields = [shown, yields[0], yields[1]];
        }
        self.push_mean();
        let highest = yields.into_iter().max().unwrap_or(0).min(HIGHEST_YIELD);
        self.finalized = Finalized {
            epoch: self.network.epoch,
            at: self.network.now,
            staked: self.staked(),
            shares: self.shares,
            liquidity_target: floor(assets, self.start.liquidity_bps.into(), 10_000),
            epoch_gain: ceil(self.staked(), highest, 1_000_000_000),
            slot_rent: self.network.slot_rent() * self.open_slots(),
            yields,
            minimum: MINIMUM,
            sol_per_window: self.sol_per_window(),
        };
    }

    /// What this epoch's samples are measured by. The means of earlier epochs stay only without a gap.
    fn push_mean(&mut self) {
        let [newest, before, _] = self.mean_yields;
        let is_next = self.network.epoch - self.finalized.epoch == 1;
        let mean = self.mean();
        let now = self.network.epoch;
        self.samples.retain(|it| it.epoch == now);
        self.mean_yields = if is_next { [mean, newest, before] } else { [mean, 0, 0] };
    }

    /// Stake that comes in or leaves active is at work in the running epoch.
    pub fn follow_stake(&mut self, came_in: Amount, left: Amount) {
        let last = &mut self.finalized;
        last.staked = less(last.staked + came_in, left);
        let highest = last.yields.into_iter().max().unwrap_or(0).min(HIGHEST_YIELD);
        last.epoch_gain = ceil(last.staked, highest, 1_000_000_000);
    }

    /// Pays as much of the oldest open batch as there is above the float.
    pub fn settle(&mut self, serial: u64) -> Result<Said, Refusal> {
        let batch = self.batch_account(serial)?.clone();
        if self.finalized.epoch != self.network.epoch {
            return refuse(ThawError::NotFinalized);
        }
        if serial != self.oldest_batch() || batch.epoch >= self.finalized.epoch {
            return refuse(ThawError::WrongBatch);
        }
        if !self.has_value() {
            return refuse(ThawError::NoValue);
        }
        let (nav, all) = (self.nav(), self.shares);
        let available = less(self.reserve, self.network.float());
        let open = batch.requested - batch.settled;
        let mut shares = open;
        if floor(open, nav, all) > available {
            shares = floor(available, all, nav).min(open);
        }
        let lamports = floor(shares, nav, all);
        if shares == 0 || (lamports == 0 && shares < open) {
            return refuse(ThawError::NothingToSettle);
        }
        self.shares -= shares;
        self.supply -= shares;
        self.escrow -= shares;
        self.reserve -= lamports;
        self.claimable += lamports;
        let batch = self.batches.get_mut(&serial).expect("just read");
        batch.settled += shares;
        batch.lamports_settled += lamports;
        self.stamp();
        Ok(Said::Settled { shares, lamports })
    }

    /// A batch that is paid and claimed in full goes away; its dust is the holders'.
    pub fn close_batch(&mut self, serial: u64) -> Result<Said, Refusal> {
        let batch = self.batch_account(serial)?.clone();
        if batch.settled < batch.requested || batch.tickets > 0 {
            return refuse(ThawError::BatchNotFinished);
        }
        let dust = batch.lamports_settled - batch.claimed;
        self.claimable -= dust;
        self.reserve += dust;
        self.pending_fees += dust;
        self.batches.remove(&serial);
        *self.wallet(batch.opener) += batch.rent;
        self.stamp();
        Ok(Said::Closed { dust })
    }
}
