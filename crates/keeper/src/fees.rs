//! What a keeper offers for being included, and what it may spend on that in an epoch.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anchor_lang::prelude::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw_client::Budget;

use crate::{action::Action, means::RentBudget};

/// Accounts that one question about recent fees may name.
const MAX_ACCOUNTS: usize = 128;
/// Micro-lamports in a lamport.
const MICRO: u64 = 1_000_000;

/// How priority fees are chosen, in micro-lamports a compute unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeePolicy {
    /// Offered at least.
    pub min: u64,
    /// Offered at most, also when tries fail.
    pub max: u64,
    /// Of the fees that were paid lately for the accounts it writes, 0 to 100.
    pub percentile: u8,
    /// Priority fees in one epoch at most, lamports; beyond it nothing is offered.
    pub budget_lamports: u64,
}

impl Default for FeePolicy {
    /// Up to 0.01 SOL an epoch, up to 0.1 lamports a unit, the median of what others paid.
    fn default() -> Self {
        Self { min: 0, max: 100_000, percentile: 50, budget_lamports: 10_000_000 }
    }
}

impl FeePolicy {
    /// The price for a try, from what was paid lately; it doubles with each try that failed.
    pub fn price(&self, mut recent: Vec<u64>, failed_tries: u32) -> u64 {
        recent.sort_unstable();
        let last = recent.len().saturating_sub(1);
        let place = last.saturating_mul(self.percentile.into()).checked_div(100).unwrap_or(0);
        let paid = recent.get(place).copied().unwrap_or(0).max(self.min);
        // From nothing, doubling would lead nowhere.
        let first = if failed_tries > 0 { paid.max(1_000) } else { paid };
        let factor = 1u64.checked_shl(failed_tries).unwrap_or(u64::MAX);
        first.saturating_mul(factor).min(self.max)
    }
}

/// A policy and what has been spent of its budget; keepers of one payer share it.
#[derive(Debug, Default)]
pub struct Purse {
    policy: FeePolicy,
    spent: Mutex<Spent>,
}

/// What an epoch has cost.
#[derive(Debug, Default)]
struct Spent {
    epoch: u64,
    /// Priority fees, lamports.
    fees: u64,
    /// Rent given away.
    rent: RentBudget,
}

impl Purse {
    /// A full purse.
    pub fn new(policy: FeePolicy) -> Self {
        Self { policy, spent: Mutex::default() }
    }

    /// Fills the purse when an epoch begins.
    pub fn enter(&self, epoch: u64) {
        let mut spent = self.lock();
        if epoch > spent.epoch {
            *spent = Spent { epoch, ..Spent::default() };
        }
    }

    /// Priority fees spent in the running epoch, lamports.
    pub fn spent_lamports(&self) -> u64 {
        self.lock().fees
    }

    /// Asks the server what was paid lately for `writable` and what that makes the price. A server
    /// that does not answer costs nothing: the least is offered.
    pub async fn price(&self, rpc: &RpcClient, writable: &[Pubkey], failed_tries: u32) -> u64 {
        let accounts = writable.get(..MAX_ACCOUNTS).unwrap_or(writable);
        if self.policy.max == 0 {
            return 0;
        }
        let recent = match rpc.get_recent_prioritization_fees(accounts).await {
            Ok(recent) => recent.into_iter().map(|fee| fee.prioritization_fee).collect(),
            Err(error) => {
                tracing::debug!("no word on recent fees: {error}");
                Vec::new()
            }
        };
        self.policy.price(recent, failed_tries)
    }

    /// Takes the fee of `budget` out of the purse, or lowers its price to what is left.
    pub fn pay(&self, mut budget: Budget) -> Budget {
        let mut spent = self.lock();
        let left = self.policy.budget_lamports.saturating_sub(spent.fees);
        if budget.fee_lamports() > left {
            let affordable = left.saturating_mul(MICRO).checked_div(budget.units.into());
            budget.price = affordable.unwrap_or(0);
            tracing::warn!("the epoch's budget of priority fees is nearly spent");
        }
        spent.fees = spent.fees.saturating_add(budget.fee_lamports());
        budget
    }

    /// What is left of `budget` in the running epoch.
    pub fn rent_left(&self, budget: RentBudget) -> RentBudget {
        budget.less(self.lock().rent)
    }

    /// Takes the rent that `action` gives away out of what `budget` allows in the epoch; false where
    /// too little is left.
    #[must_use]
    pub fn give_rent(&self, action: &Action, budget: RentBudget) -> bool {
        let mut spent = self.lock();
        let is_allowed = budget.less(spent.rent).take(action);
        if is_allowed {
            spent.rent.put(action);
        }
        is_allowed
    }

    /// Puts rent back that was not given after all.
    pub fn take_rent_back(&self, action: &Action) {
        self.lock().rent.remove(action);
    }

    /// Puts the fee of a transaction that did not land back.
    pub fn refund(&self, budget: Budget) {
        let mut spent = self.lock();
        spent.fees = spent.fees.saturating_sub(budget.fee_lamports());
    }

    /// A panic elsewhere says nothing about these numbers.
    fn lock(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::OnValidator;

    fn policy(min: u64, max: u64, percentile: u8) -> FeePolicy {
        FeePolicy { min, max, percentile, budget_lamports: 1_000 }
    }

    #[test]
    fn the_price_is_the_percentile_within_bounds() {
        let recent = || vec![40, 0, 10, 30, 20];
        let price = |policy: FeePolicy| policy.price(recent(), 0);
        assert_eq!(price(policy(0, 100, 0)), 0);
        assert_eq!(price(policy(0, 100, 50)), 20);
        assert_eq!(price(policy(0, 100, 75)), 30);
        assert_eq!(price(policy(0, 100, 100)), 40);
        assert_eq!(price(policy(25, 100, 50)), 25);
        assert_eq!(price(policy(0, 15, 50)), 15);
        assert_eq!(policy(7, 100, 50).price(Vec::new(), 0), 7);
    }

    #[test]
    fn it_doubles_with_each_failure_up_to_the_most() {
        let policy = policy(0, 5_000, 50);
        let prices: Vec<u64> = (0..5).map(|tries| policy.price(Vec::new(), tries)).collect();
        assert_eq!(prices, [0, 2_000, 4_000, 5_000, 5_000]);
        assert_eq!(policy.price(vec![u64::MAX], u32::MAX), 5_000);
    }

    /// A move whose new slot costs so much rent.
    fn opening(rent_lamports: u64, pays_tickets: bool) -> Action {
        let vote = Pubkey::default();
        let on = OnValidator { index: 0, vote, lamports: 0, rent_lamports, pays_tickets };
        if pays_tickets { Action::Undelegate { on, batch: None } } else { Action::Delegate(on) }
    }

    #[test]
    fn rent_is_given_within_budgets_of_its_own() {
        let purse = Purse::new(policy(0, 1, 50));
        let budget = RentBudget { tickets: 70, others: 100 };
        let gives =
            |lamports, pays_tickets| purse.give_rent(&opening(lamports, pays_tickets), budget);
        purse.enter(7);
        assert!(gives(60, false) && !gives(41, false) && gives(40, false));
        assert_eq!(purse.rent_left(budget), RentBudget { tickets: 70, others: 0 });
        assert!(gives(70, true) && !gives(1, true), "tickets have their own");
        purse.take_rent_back(&opening(60, false));
        assert!(gives(60, false) && !gives(1, false) && !gives(1, true));
        purse.take_rent_back(&opening(30, true));
        assert!(!gives(1, false) && gives(30, true));
        purse.enter(8);
        assert!(gives(100, false));
    }

    #[test]
    fn a_budget_ends_and_begins_anew_with_the_epoch() {
        let purse = Purse::new(policy(0, u64::MAX, 50));
        purse.enter(7);
        let budget = |price| Budget { units: 1_000_000, price, loaded_bytes: 0 };
        assert_eq!(purse.pay(budget(600)).price, 600);
        assert_eq!(purse.pay(budget(600)).price, 400, "what is left of 1,000 lamports");
        assert_eq!(purse.pay(budget(600)).price, 0);
        assert_eq!(purse.spent_lamports(), 1_000);
        purse.refund(budget(600));
        assert_eq!(purse.pay(budget(600)).price, 600);
        purse.enter(7);
        assert_eq!(purse.pay(budget(1)).price, 0);
        purse.enter(8);
        assert_eq!((purse.spent_lamports(), purse.pay(budget(600)).price), (0, 600));
        purse.enter(7);
        assert_eq!(purse.spent_lamports(), 600, "a server that lags behind fills no purse");
    }
}
