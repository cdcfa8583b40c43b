//! What an epoch leaves in the vote accounts: votes, credits, commissions.
//!
//! Accounts are read, changed and written back, so that what transactions changed in them (commission,
//! authorities) stays.

use solana_account::Account;
use solana_clock::Clock;
use solana_pubkey::Pubkey;
use solana_vote_interface::state::{
    BlockTimestamp, LandedVote, Lockout, VoteStateV4, VoteStateVersions,
};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{Error, Regime, Validator, chain};

/// Epochs that a vote account remembers.
pub(crate) const CREDITS_HISTORY: usize = 64;
/// Votes in the tower of a validator that keeps up.
const TOWER_VOTES: u64 = 31;

/// An epoch with the credits at its end and at its start.
pub(crate) type Credits = (u64, u64, u64);

/// What a validator does around a boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Term {
    /// Credits that it earned in the epoch that ended.
    pub(crate) earned: u64,
    /// Credits of its first vote in the new epoch; 0 if it does not vote.
    pub(crate) first: u64,
}

/// The vote account at `key`; nothing where its owner closed or broke it.
pub(crate) fn read(
    svm: &SurfnetSvm,
    key: &Pubkey,
) -> Result<Option<(Account, VoteStateV4)>, Error> {
    let account = svm.get_account(key)?;
    Ok(account.and_then(|account| {
        let state = VoteStateV4::deserialize(&account.data, key).ok()?;
        Some((account, state))
    }))
}

/// Ends `ended` in every vote account and begins the clock's epoch. `terms` are by index. Returns the
/// last credits that each account had when `ended` was over.
pub(crate) fn cross(
    svm: &mut SurfnetSvm,
    validators: &[Validator],
    terms: &[Term],
    ended: u64,
    regime: Regime,
) -> Result<Vec<Option<Credits>>, Error> {
    let clock = chain::clock(svm);
    let mut last = Vec::with_capacity(validators.len());
    for (validator, term) in validators.iter().zip(terms) {
        let Some((mut account, mut state)) = read(svm, &validator.vote)? else {
            last.push(None);
            continue;
        };
        earn(&mut state.epoch_credits, ended, term.earned);
        last.push(state.epoch_credits.last().copied());
        begin(&mut state, &clock, term.first, regime);
        account.data = serialize(state)?;
        svm.set_account(&validator.vote, account)?;
    }
    Ok(last)
}

/// Adds lamports to vote accounts, as commissions are.
pub(crate) fn pay(
    svm: &mut SurfnetSvm,
    validators: &[Validator],
    lamports: &[u64],
) -> Result<(), Error> {
    for (validator, lamports) in validators.iter().zip(lamports).filter(|(_, paid)| **paid > 0) {
        let Some((mut account, _)) = read(svm, &validator.vote)? else { continue };
        account.lamports = account.lamports.saturating_add(*lamports);
        svm.set_account(&validator.vote, account)?;
    }
    Ok(())
}

/// Takes all lamports beyond rent from a vote account.
pub(crate) fn drain(svm: &mut SurfnetSvm, vote: &Pubkey) -> Result<(), Error> {
    let rent = chain::rent(svm).minimum_balance(VoteStateV4::size_of());
    if let Some((mut account, _)) = read(svm, vote)? {
        account.lamports = account.lamports.min(rent);
        svm.set_account(vote, account)?;
    }
    Ok(())
}

/// The first vote of the clock's epoch, with its credits; nothing if there are none.
pub(crate) fn begin(state: &mut VoteStateV4, clock: &Clock, first: u64, regime: Regime) {
    if first > 0 {
        earn(&mut state.epoch_credits, clock.epoch, first);
        match regime {
            Regime::Alpenglow => vote(state, clock),
            Regime::Steady => vote_in_tower(state, clock),
        }
    }
}

/// Raises the credits of `epoch` to `earned`; the first ones open its entry. An entry of an earlier
/// epoch that earned nothing is used again, as the runtime does.
pub(crate) fn earn(credits: &mut Vec<Credits>, epoch: u64, earned: u64) {
    if earned == 0 {
        return;
    }
    match credits.last_mut() {
        Some((last, end, start)) if *last == epoch => {
            *end = (*end).max(start.saturating_add(earned))
        }
        Some((last, end, start)) if *end == *start => {
            *last = epoch;
            *end = start.saturating_add(earned);
        }
        before => {
            let start = before.map_or(0, |(_, end, _)| *end);
            credits.push((epoch, start.saturating_add(earned), start));
        }
    }
    let surplus = credits.len().saturating_sub(CREDITS_HISTORY);
    credits.drain(..surplus);
}

/// The newest vote, which is all that Alpenglow keeps.
fn vote(state: &mut VoteStateV4, clock: &Clock) {
    let lockout = Lockout::new(clock.slot);
    state.votes = [LandedVote { latency: 0, lockout }].into();
    state.root_slot = Some(clock.slot);
    state.last_timestamp = BlockTimestamp { slot: clock.slot, timestamp: clock.unix_timestamp };
}

/// A full tower of votes up to the current slot.
fn vote_in_tower(state: &mut VoteStateV4, clock: &Clock) {
    let oldest = clock.slot.saturating_sub(TOWER_VOTES);
    state.root_slot = Some(oldest);
    state.votes = (1..=TOWER_VOTES)
        .map(|age| {
            let confirmations = u32::try_from(TOWER_VOTES.saturating_sub(age)).unwrap_or(0);
            let slot = oldest.saturating_add(age);
            let lockout =
                Lockout::new_with_confirmation_count(slot, confirmations.saturating_add(1));
            LandedVote { latency: 1, lockout }
        })
        .collect();
    state.last_timestamp = BlockTimestamp { slot: clock.slot, timestamp: clock.unix_timestamp };
}

/// The account's data in its full size.
pub(crate) fn serialize(state: VoteStateV4) -> Result<Vec<u8>, Error> {
    let mut data = bincode::serialize(&VoteStateVersions::new_v4(state))
        .map_err(|error| Error::Chain(format!("vote account: {error}")))?;
    data.resize(VoteStateV4::size_of(), 0);
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_one_sum_over_all_epochs() {
        let mut credits = Vec::new();
        earn(&mut credits, 5, 10);
        earn(&mut credits, 5, 100);
        earn(&mut credits, 6, 0);
        earn(&mut credits, 7, 30);
        assert_eq!(credits, [(5, 100, 0), (7, 130, 100)], "an epoch without credits has no entry");
        credits.push((8, 130, 130));
        earn(&mut credits, 9, 1);
        assert_eq!(credits.last(), Some(&(9, 131, 130)), "an entry without credits is used again");
        (10..100).for_each(|epoch| earn(&mut credits, epoch, 1));
        assert_eq!((credits.len(), credits[0].0), (CREDITS_HISTORY, 36));
    }
}
