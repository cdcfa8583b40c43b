//! Active stake in, active stake out (design, section 7).

use solana_instruction::error::InstructionError;
use thaw_client::thaw::error::ThawError;

use super::{
    Amount, Reference, Refusal, Role, SOL, Said, Stake, ceil, less,
    powers::STAKE,
    refuse,
    stake::{MERGE_MISMATCH, MERGE_TRANSIENT_STAKE},
    users::{Bought, NOT_ENOUGH},
};
use crate::ops::{Min, StakeKind};

/// Epochs since when a warm stake account is delegated.
const AGE: u64 = 10;

/// A stake account that a holder brings.
#[derive(Clone, Copy, Debug)]
pub struct Brought {
    pub stake: Amount,
    pub lamports: Amount,
    pub since: u64,
    pub kind: StakeKind,
}

impl Brought {
    /// `lamports` delegated, and `extra` hundredths of a rent.
    pub fn new(pool: &Reference, lamports: u64, extra: u16, kind: StakeKind) -> Self {
        let stake = Amount::from(lamports);
        let extra = pool.network.slot_rent() * Amount::from(extra) / 100;
        let age = if kind == StakeKind::Fresh { 0 } else { AGE };
        Self { stake, lamports: stake + extra, since: pool.network.epoch - age, kind }
    }
}

impl Reference {
    pub fn deposit_stake(
        &mut self,
        who: usize,
        v: usize,
        brought: &Brought,
        min: Min,
        referrer: Option<usize>,
    ) -> Result<Said, Refusal> {
        self.require_live()?;
        self.require_open(STAKE)?;
        if self.network.now < self.circuit_until {
            return refuse(ThawError::Paused);
        }
        if self.missed() > 0 {
            return refuse(ThawError::NotFinalized);
        }
        self.begin(v)?;
        let account = Stake::Delegated { stake: brought.stake, since: brought.since, until: None };
        if brought.kind != StakeKind::Warm || !self.network.effective(&account).is_full() {
            return refuse(ThawError::StakeNotAcceptable);
        }
        let Brought { stake, lamports, since, .. } = *brought;
        let rent = self.network.slot_rent();
        if lamports < stake + rent || lamports > stake + 2 * rent {
            return refuse(ThawError::StakeLamportsOff);
        }

        // What it holds after, and its target then.
        let all = self.assets() + lamports;
        let target = self.drawn_target(v, all);
        let most = target + self.band_of(target, all);
        let it = &self.validators[v];
        let has_weight = self.counted_weight(v) > 0 && it.next_weight > 0 && !it.standing.is_aside;
        if !has_weight || self.working(v) + lamports > most {
            return refuse(ThawError::ValidatorAboveTarget);
        }
        let notes = ["Stake taken by the next weight", "Stake taken by the next sum"];
        let note = self.draws_less(v, notes);
        let bought = self.quote_deposit(lamports, referrer.is_some())?;
        if min == Min::AboveQuote {
            return refuse(ThawError::SlippageExceeded);
        }

        match self.validators[v].main() {
            Some(main) => {
                let there = self.effective(v, main);
                if !there.is_full() {
                    let is_new = there.effective == 0;
                    let code = if is_new { MERGE_MISMATCH } else { MERGE_TRANSIENT_STAKE };
                    return Err(Refusal::Code(code));
                }
                let slot = &mut self.validators[v].slots[main];
                slot.lamports += lamports;
                slot.recorded += lamports;
                if let Stake::Delegated { stake: there, .. } = &mut slot.stake {
                    *there += stake;
                }
            }
            None => {
                let Some(slot) = self.validators[v].find_free() else {
                    return refuse(ThawError::NoFreeSlot);
                };
                if !self.open_slot(v, slot)? {
                    return refuse(ThawError::SlotUnusable);
                }
                if stake < SOL {
                    return Err(Refusal::Builtin(InstructionError::InvalidArgument));
                }
                let slot = &mut self.validators[v].slots[slot];
                slot.role = Role::Active;
                slot.lamports += stake;
                slot.recorded += stake;
                slot.stake = Stake::Delegated { stake, since, until: None };
                self.reserve += lamports - stake;
                self.reserve_account += lamports - stake;
            }
        }
        self.book_deposit(who, referrer, &bought)?;
        self.follow_stake(lamports, 0);
        self.book(v, false);
        self.stamp();
        self.notes.extend(note);
        let Bought { shares, fee, referral, .. } = bought;
        Ok(Said::StakeIn { shares, lamports, fee, referral })
    }

    /// Value of shares and what stays of it, if they may leave as stake.
    pub fn quote_stake_out(&self, shares: Amount) -> Result<(Amount, Amount), Refusal> {
        self.require_open(STAKE)?;
        if self.missed() > 0 {
            return refuse(ThawError::NotFinalized);
        }
        let gross = self.worth(shares)?;
        let fee = ceil(gross, self.start.exits.stake_fee_bps.into(), 10_000);
        if less(gross, fee) < self.minimum() {
            return refuse(ThawError::BelowMinimumDelegation);
        }
        Ok((gross, fee))
    }

    pub fn withdraw_stake(
        &mut self,
        who: usize,
        v: usize,
        shares: Amount,
        min: Min,
    ) -> Result<Said, Refusal> {
        self.begin(v)?;
        let (gross, fee) = self.quote_stake_out(shares)?;
        if min == Min::AboveQuote {
            return refuse(ThawError::SlippageExceeded);
        }
        let lamports = gross - fee;
        let Some(main) = self.validators[v].main() else {
            return refuse(ThawError::ValidatorBelowTarget);
        };
        let stake = self.validators[v].slots[main].stake.delegated();
        if less(stake, lamports) < self.minimum() {
            return refuse(ThawError::BelowMinimumDelegation);
        }
        let target = self.target_of(self.counted_weight(v), less(self.assets(), lamports));
        if less(self.working(v), lamports) < target {
            return refuse(ThawError::ValidatorBelowTarget);
        }
        if self.people[who].tokens < shares {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        // Split wants live rent beside the delegation: after a rise of rent the reserve pays it.
        let missing =
            less(stake + self.network.slot_rent(), self.validators[v].slots[main].lamports);
        if missing > self.reserve {
            return refuse(ThawError::ReserveTooLow);
        }
        self.credit(v, main, missing);
        self.people[who].tokens -= shares;
        self.supply -= shares;
        let slot = &mut self.validators[v].slots[main];
        slot.lamports -= lamports;
        slot.recorded -= lamports;
        if let Stake::Delegated { stake, .. } = &mut slot.stake {
            *stake -= lamports;
        }
        self.shares -= shares;
        self.follow_stake(0, lamports);
        self.pending_fees += fee;
        self.book(v, false);
        self.stamp();
        Ok(Said::StakeOut { shares, lamports, fee })
    }
}
