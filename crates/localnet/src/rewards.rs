//! Rewards, slashes and tips: what an epoch owes the stake accounts, and how it is booked.

use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_sdk_ids::stake;
use solana_stake_interface::{
    stake_history::{StakeHistory, StakeHistoryEntry},
    state::{Delegation, StakeStateV2},
};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{
    EpochReport, Error, PPM, Scenario, StakeChange, Validator, chain, history::NEW_RATE_EPOCH,
};

/// A stake account with its delegation.
pub(crate) struct Staked {
    key: Pubkey,
    delegation: Delegation,
}

/// What one stake account is owed for an epoch, lamports.
struct Due {
    stake: Pubkey,
    vote: Pubkey,
    reward: u64,
    slash: u64,
    tips: u64,
    /// Vote credits up to which the stake is paid.
    credits: u64,
}

/// What an epoch owes, worked out at its end and paid in the rewards window.
pub(crate) struct Settlement {
    epoch: u64,
    dues: Vec<Due>,
}

/// All delegated stake accounts, ordered by address.
pub(crate) fn delegated(svm: &SurfnetSvm) -> Result<Vec<Staked>, Error> {
    let accounts = svm.get_all_accounts()?.into_iter();
    let stakes = accounts.filter_map(|(key, account)| {
        let account = Account::from(account);
        let delegation =
            (account.owner == stake::ID).then(|| read(&account)).flatten()?.delegation()?;
        Some(Staked { key, delegation })
    });
    Ok(stakes.collect())
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

impl Settlement {
    /// Works out what `epoch` owes. `credits` are those of the validators at its end, by index.
    ///
    /// The base is the stake effective in that epoch. Stake that was activating earns nothing yet,
    /// stake that was deactivating still earns: the rule of the runtime. All amounts round down.
    pub(crate) fn new(
        stakes: &[Staked],
        epoch: u64,
        history: &StakeHistory,
        scenario: &Scenario,
        validators: &[Validator],
        credits: &[u64],
    ) -> Self {
        let effective =
            |staked: &Staked| staked.delegation.stake_v2(epoch, history, NEW_RATE_EPOCH);
        let mut dues = Vec::new();
        for (index, validator) in validators.iter().enumerate() {
            let own = || stakes.iter().filter(|s| s.delegation.voter_pubkey == validator.vote);
            let total: u128 = own().map(|staked| u128::from(effective(staked))).sum();
            let reward_ppm = scenario.reward_ppm(index, epoch);
            let slash_ppm = scenario.slash_ppm(index, epoch);
            let tips = scenario.tips_lamports(index, epoch);
            dues.extend(own().filter(|staked| effective(staked) > 0).map(|staked| Due {
                stake: staked.key,
                vote: validator.vote,
                reward: part(effective(staked), reward_ppm, u128::from(PPM)),
                slash: part(effective(staked), slash_ppm, u128::from(PPM)),
                tips: part(tips, effective(staked), total),
                credits: credits.get(index).copied().unwrap_or(0),
            }));
        }
        dues.sort_by_key(|due| due.stake);
        Self { epoch, dues }
    }

    /// Rewards that will be paid, lamports.
    pub(crate) fn total_rewards(&self) -> u64 {
        self.dues.iter().fold(0, |sum, due| sum.saturating_add(due.reward))
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
        Ok(report.with_sums())
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
        if self.reward > 0 {
            account.lamports = account.lamports.saturating_add(self.reward);
            // SIMD-0392: at payout the delegation is cut to what the account backs under the
            // live rent, and a delegation of nothing ends.
            let backed = account.lamports.saturating_sub(rent);
            stake.delegation.stake = stake.delegation.stake.saturating_add(self.reward).min(backed);
            stake.credits_observed = self.credits;
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
fn part(amount: u64, numerator: u64, denominator: u128) -> u64 {
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
