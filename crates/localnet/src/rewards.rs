//! Rewards, slashes and tips: what an epoch owes the stake accounts, and how it is booked.

use std::collections::HashMap;

use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_sdk_ids::stake;
use solana_stake_interface::{
    stake_history::{StakeHistory, StakeHistoryEntry},
    state::{Delegation, Stake, StakeStateV2},
};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{
    EpochReport, Error, PPM, Scenario, StakeChange, Validator, chain, history::NEW_RATE_EPOCH,
    vote_accounts::Credits,
};

/// A stake account with its delegation.
pub(crate) struct Staked {
    key: Pubkey,
    pub(crate) delegation: Delegation,
    /// Vote credits up to which it is paid.
    pub(crate) credits_observed: u64,
}

impl Staked {
    /// Stake that is effective in `epoch`, lamports.
    pub(crate) fn effective(&self, epoch: u64, history: &StakeHistory) -> u64 {
        self.delegation.stake_v2(epoch, history, NEW_RATE_EPOCH)
    }
}

/// An epoch that is over, and what decides its rewards.
pub(crate) struct Ended<'a> {
    pub(crate) epoch: u64,
    pub(crate) stakes: &'a [Staked],
    pub(crate) history: &'a StakeHistory,
    pub(crate) scenario: &'a Scenario,
    pub(crate) validators: &'a [Validator],
}

/// What one stake account is owed for an epoch, lamports.
pub(crate) struct Due {
    stake: Pubkey,
    vote: Pubkey,
    reward: u64,
    slash: u64,
    tips: u64,
    /// Vote credits up to which the stake is paid then; nothing where that does not change.
    credits: Option<u64>,
}

/// What an epoch owes, worked out at its end and paid in the rewards window.
#[derive(Default)]
pub(crate) struct Settlement {
    pub(crate) epoch: u64,
    /// What the stake accounts on the chain are owed.
    pub(crate) dues: Vec<Due>,
    /// What the vote accounts are paid at once, by index, lamports.
    pub(crate) commissions: Vec<u64>,
    /// What is paid to stake that is not on the chain, lamports.
    pub(crate) elsewhere: u64,
}

/// All delegated stake accounts, ordered by address.
pub(crate) fn delegated(svm: &SurfnetSvm) -> Result<Vec<Staked>, Error> {
    let accounts = svm.get_all_accounts()?.into_iter();
    let mut stakes: Vec<Staked> = accounts
        .filter_map(|(key, account)| {
            let account = Account::from(account);
            let state = (account.owner == stake::ID).then(|| read(&account)).flatten()?;
            let StakeStateV2::Stake(_, Stake { delegation, credits_observed }, _) = state else {
                return None;
            };
            Some(Staked { key, delegation, credits_observed })
        })
        .collect();
    stakes.sort_by_key(|staked| staked.key);
    Ok(stakes)
}

/// Sum of effective, activating and deactivating stake in `epoch`, lamports.
pub(crate) fn totals(stakes: &[Staked], epoch: u64, history: &StakeHistory) -> StakeHistoryEntry {
    stakes.iter().fold(StakeHistoryEntry::default(), |sum, staked| {
        let status = &staked.delegation;
        sum.saturating_add(status.stake_activating_and_deactivating_v2(
            epoch,
            history,
            NEW_RATE_EPOCH,
        ))
    })
}

/// Stake that is effective in `epoch` by validator, with what others have there (`outside`), lamports.
pub(crate) fn effective_by_validator(
    stakes: &[Staked],
    epoch: u64,
    history: &StakeHistory,
    validators: &[Validator],
    outside: &[u64],
) -> Vec<u64> {
    let mut sums: HashMap<Pubkey, u64> = HashMap::new();
    for staked in stakes {
        let sum = sums.entry(staked.delegation.voter_pubkey).or_default();
        *sum = sum.saturating_add(staked.effective(epoch, history));
    }
    let all = validators.iter().zip(outside).map(|(validator, outside)| {
        sums.get(&validator.vote).copied().unwrap_or(0).saturating_add(*outside)
    });
    all.collect()
}

impl<'a> Ended<'a> {
    /// The stake accounts of each validator, by index.
    pub(crate) fn by_validator(&self) -> Vec<Vec<&'a Staked>> {
        let votes = self.validators.iter().map(|validator| validator.vote);
        let places: HashMap<Pubkey, usize> =
            votes.enumerate().map(|(index, vote)| (vote, index)).collect();
        let mut lists = vec![Vec::new(); self.validators.len()];
        for staked in self.stakes {
            let list =
                places.get(&staked.delegation.voter_pubkey).and_then(|index| lists.get_mut(*index));
            if let Some(list) = list {
                list.push(staked);
            }
        }
        lists
    }

    /// The stake accounts of validator `index` with their parts of its tips, lamports. Rounded down.
    pub(crate) fn tips(&self, index: usize, own: Vec<&'a Staked>) -> Vec<(&'a Staked, u64)> {
        let effective = |staked: &Staked| staked.effective(self.epoch, self.history);
        let total: u128 = own.iter().map(|staked| u128::from(effective(staked))).sum();
        let tips = self.scenario.tips_lamports(index, self.epoch);
        own.into_iter().map(|staked| (staked, part(tips, effective(staked), total))).collect()
    }

    /// What a stake account of validator `index` is owed, its `reward` and `tips` included; nothing
    /// if it had no effective stake and observes no credits. Rounded down.
    pub(crate) fn due(
        &self,
        index: usize,
        staked: &Staked,
        reward: u64,
        credits: Option<u64>,
        tips: u64,
    ) -> Option<Due> {
        let effective = staked.effective(self.epoch, self.history);
        let slash_ppm = self.scenario.slash_ppm(index, self.epoch);
        (effective > 0 || credits.is_some()).then(|| Due {
            stake: staked.key,
            vote: staked.delegation.voter_pubkey,
            reward,
            slash: part(effective, slash_ppm, u128::from(PPM)),
            tips,
            credits,
        })
    }
}

impl Settlement {
    /// Works out what the ended epoch owes where every stake earns the same. `last` are the last
    /// credits of each vote account at its end, by index; `rest` is what the rest of the cluster
    /// earned, lamports.
    ///
    /// The base is the stake effective in that epoch. Stake that was activating earns nothing yet,
    /// stake that was deactivating still earns: the rule of the runtime. All amounts round down.
    pub(crate) fn of_steady(ended: &Ended<'_>, last: &[Option<Credits>], rest: u64) -> Self {
        let mut settlement = Self { epoch: ended.epoch, elsewhere: rest, ..Self::default() };
        for (index, own) in ended.by_validator().into_iter().enumerate() {
            let reward_ppm = ended.scenario.reward_ppm(index, ended.epoch);
            let observed = last.get(index).copied().flatten().map_or(0, |(_, end, _)| end);
            for (staked, tips) in ended.tips(index, own) {
                let effective = staked.effective(ended.epoch, ended.history);
                let reward = part(effective, reward_ppm, u128::from(PPM));
                let credits = (reward > 0).then_some(observed);
                settlement.dues.extend(ended.due(index, staked, reward, credits, tips));
            }
        }
        settlement.sorted()
    }

    /// Orders what is owed by stake account.
    pub(crate) fn sorted(mut self) -> Self {
        self.dues.sort_by_key(|due| due.stake);
        self
    }

    /// All that is owed in the cluster, lamports.
    pub(crate) fn total(&self) -> u64 {
        self.dues.iter().fold(self.paid_at_once(), |sum, due| sum.saturating_add(due.reward))
    }

    /// What the whole cluster is paid before any stake account is, lamports.
    pub(crate) fn paid_at_once(&self) -> u64 {
        self.commissions.iter().fold(self.elsewhere, |sum, paid| sum.saturating_add(*paid))
    }

    /// Books everything into the stake accounts and says what was booked.
    pub(crate) fn pay(&self, svm: &mut SurfnetSvm) -> Result<EpochReport, Error> {
        let mut report = EpochReport { epoch: self.epoch, ..EpochReport::default() };
        for due in &self.dues {
            // The window keeps the stake program out, yet anyone may have sent lamports: add to
            // what is there now instead of writing back what was there at the boundary.
            let Some(mut account) = svm.get_account(&due.stake)? else { continue };
            let rent = chain::rent(svm).minimum_balance(account.data.len());
            let Some(booked) = due.book(&mut account, rent, self.epoch)? else { continue };
            svm.set_account(&due.stake, account)?;
            let change = |lamports| StakeChange { stake: due.stake, vote: due.vote, lamports };
            report.paid.extend((booked.reward > 0).then(|| change(booked.reward)));
            report.slashed.extend((booked.slash > 0).then(|| change(booked.slash)));
            report.tips.extend((booked.tips > 0).then(|| change(booked.tips)));
        }
        let mut report = report.with_sums();
        report.cluster_lamports = self.paid_at_once().saturating_add(report.rewards_lamports);
        Ok(report)
    }
}

/// What was booked into one account, lamports.
struct Booked {
    reward: u64,
    slash: u64,
    tips: u64,
}

impl Due {
    fn book(&self, account: &mut Account, rent: u64, epoch: u64) -> Result<Option<Booked>, Error> {
        let Some(StakeStateV2::Stake(meta, mut stake, flags)) = read(account) else {
            return Ok(None);
        };
        let spare = account.lamports.saturating_sub(rent);
        let slash = self.slash.min(stake.delegation.stake).min(spare);
        stake.delegation.stake = stake.delegation.stake.saturating_sub(slash);
        account.lamports = account.lamports.saturating_sub(slash);
        if self.reward > 0 || self.credits.is_some() {
            account.lamports = account.lamports.saturating_add(self.reward);
            // SIMD-0392: at payout the delegation is cut to what the account backs under the
            // live rent, and a delegation of nothing ends.
            let backed = account.lamports.saturating_sub(rent);
            stake.delegation.stake = stake.delegation.stake.saturating_add(self.reward).min(backed);
            stake.credits_observed = self.credits.unwrap_or(stake.credits_observed);
        }
        if stake.delegation.stake == 0 {
            stake.delegation.deactivation_epoch = stake.delegation.deactivation_epoch.min(epoch);
        }
        account.lamports = account.lamports.saturating_add(self.tips);
        write(account, &StakeStateV2::Stake(meta, stake, flags))?;
        Ok(Some(Booked { reward: self.reward, slash, tips: self.tips }))
    }
}

/// `amount * numerator / denominator`, rounded down; 0 of nothing.
pub(crate) fn part(amount: u64, numerator: u64, denominator: u128) -> u64 {
    let product = u128::from(amount).saturating_mul(u128::from(numerator));
    let quotient = product.checked_div(denominator).unwrap_or(0);
    u64::try_from(quotient).unwrap_or(u64::MAX)
}

fn read(account: &Account) -> Option<StakeStateV2> {
    bincode::deserialize(&account.data).ok()
}

/// Writes the state over the start of the data: accounts longer than the state exist.
fn write(account: &mut Account, state: &StakeStateV2) -> Result<(), Error> {
    bincode::serialize_into(account.data.as_mut_slice(), state)
        .map_err(|error| Error::Chain(format!("stake account: {error}")))
}
