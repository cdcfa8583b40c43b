//! What leaves at once, and tickets that change hands (design, section 7).

use num_bigint::BigUint;
use thaw_client::thaw::error::ThawError;

use super::{
    Amount, MOST, Reference, Refusal, Said, ceil, floor, less,
    powers::INSTANT,
    refuse,
    users::{NOT_ENOUGH, Paid},
};
use crate::ops::Min;

/// The curve's integral from 0 to `at`, in 1/10,000 of 1/(2 * target) lamports.
fn integral(min: Amount, max: Amount, target: Amount, at: Amount) -> BigUint {
    let [min, max, target, at] = [min, max, target, at].map(BigUint::from);
    let two = BigUint::from(2u8);
    if at > target {
        return integral_to(&min, &max, &target, &target) + (at - &target) * &min * two * &target;
    }
    integral_to(&min, &max, &target, &at)
}

/// The same below the target, where the fee falls from `max` to `min`.
fn integral_to(min: &BigUint, max: &BigUint, target: &BigUint, at: &BigUint) -> BigUint {
    max * at * BigUint::from(2u8) * target - (max - min) * at * at
}

impl Reference {
    /// Lamports that may leave at once.
    pub fn liquid(&self) -> Amount {
        less(self.reserve, self.network.float() + self.owed() + self.pending_fees)
    }

    /// What the curve takes of `gross` out of what is liquid, rounded up.
    fn instant_fee(&self, liquid: Amount, gross: Amount) -> Amount {
        let target = self.finalized.liquidity_target;
        let (min, max) =
            (self.start.exits.instant_min_bps.into(), self.start.exits.instant_max_bps.into());
        if target == 0 {
            return ceil(gross, min, 10_000);
        }
        let all = integral(min, max, target, liquid) - integral(min, max, target, liquid - gross);
        let scale = BigUint::from(2 * target) * BigUint::from(10_000u32);
        Amount::try_from((all + &scale - BigUint::from(1u8)) / scale).expect("a part of gross")
    }

    /// Left before a finalize in this epoch.
    pub fn stale_exits_now(&self) -> Amount {
        let (epoch, lamports) = self.stale_exits;
        if epoch == self.network.epoch { lamports } else { 0 }
    }

    /// Value of shares at the exit rate.
    pub fn worth(&self, shares: Amount) -> Result<Amount, Refusal> {
        if shares == 0 {
            return refuse(ThawError::ZeroAmount);
        }
        if !self.has_value() {
            return refuse(ThawError::NoValue);
        }
        let worth = floor(shares, self.nav(), self.shares);
        if worth > MOST { refuse(ThawError::Overflow) } else { Ok(worth) }
    }

    /// Value of shares and what stays of it, if they may leave at once.
    pub fn quote_instant(&self, shares: Amount) -> Result<(Amount, Amount), Refusal> {
        self.require_open(INSTANT)?;
        if self.is_stale() {
            return refuse(ThawError::PoolStale);
        }
        let (gross, liquid) = (self.worth(shares)?, self.liquid());
        if gross > liquid {
            return refuse(ThawError::NotEnoughLiquidity);
        }
        let mut fee = self.instant_fee(liquid, gross);
        if self.missed() > 0 {
            let exits = &self.start.exits;
            fee += ceil(gross, Amount::from(exits.haircut_bps) * self.missed(), 10_000);
            let most = floor(self.assets(), exits.stale_exit_bps.into(), 10_000);
            if gross > most.saturating_sub(self.stale_exits_now()) {
                return refuse(ThawError::StaleExitCapReached);
            }
        }
        if fee >= gross {
            return refuse(ThawError::AmountTooSmall);
        }
        Ok((gross, fee))
    }

    pub fn withdraw_instant(
        &mut self,
        who: usize,
        shares: Amount,
        min: Min,
        to: Paid,
    ) -> Result<Said, Refusal> {
        let (gross, fee) = self.quote_instant(shares)?;
        if min == Min::AboveQuote {
            return refuse(ThawError::SlippageExceeded);
        }
        if shares > self.shares {
            return refuse(ThawError::Overflow);
        }
        if self.people[who].tokens < shares {
            return Err(Refusal::Code(NOT_ENOUGH));
        }
        let lamports = gross - fee;
        if self.missed() > 0 {
            self.stale_exits = (self.network.epoch, self.stale_exits_now() + gross);
        }
        self.people[who].tokens -= shares;
        self.supply -= shares;
        self.shares -= shares;
        self.reserve -= lamports;
        self.reserve_account -= lamports;
        self.pending_fees += fee;
        self.stamp();
        match to {
            Paid::Person(who) => self.people[who].lamports += lamports,
            Paid::Fresh => self.paid_to_fresh = lamports,
        }
        Ok(Said::PaidAtOnce { shares, lamports, fee })
    }

    pub fn give_ticket(
        &mut self,
        index: usize,
        to: usize,
        is_pushable: bool,
    ) -> Result<Said, Refusal> {
        let ticket = &mut self.tickets[index];
        (ticket.owner, ticket.is_pushable) = (to, is_pushable);
        Ok(Said::Nothing)
    }
}
