//! Stake in, stake out: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use solana_stake_interface::{
    stake_flags::StakeFlags,
    state::{Authorized, Delegation, Lockup, Meta, Stake, StakeStateV2},
};
use thaw_client::exits::{StakeDeposit, StakeExit};

use super::{Done, Model, Outcome};
use crate::{
    ops::{Min, Op, Part, StakeKind},
    reference::{Amount, MOST, Reference, swap::Brought},
};

/// Epochs since when a warm stake account is delegated.
const AGE: u64 = 10;

impl Model {
    pub(super) fn deposit_stake(&mut self, op: &Op) -> Outcome {
        let Op::StakeIn { who, v, lamports, extra, kind, min } = *op else { unreachable!() };
        let (who, v) = (self.person(who), self.listed(v));
        let stake = Amount::from(lamports);
        let extra = self.reference.network.slot_rent() * Amount::from(extra) / 100;
        let since = match kind {
            StakeKind::Fresh => self.reference.network.epoch,
            _ => self.reference.network.epoch - AGE,
        };
        let brought = Brought { stake, lamports: stake + extra, since, kind };
        let account = self.bring(who, v, &brought);
        let quote = self.booked(v).quote_deposit(brought.lamports).map_or(0, |(shares, _)| shares);
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => quote,
            Min::AboveQuote => (quote + 1).min(MOST),
        };
        let min = if least <= quote { Min::Quoted } else { Min::AboveQuote };
        let predicted = self.reference.attempt(|pool| pool.deposit_stake(who, v, &brought, min));
        let owner = self.people[who].address();
        let with = StakeDeposit {
            stake: account,
            staker: owner,
            withdrawer: owner,
            payer: self.payer,
            recipient: self.people[who].tokens,
            referrer: None,
        };
        let vote = self.vote(v);
        let instruction = self.world.pool.deposit_stake(&vote, v as u16, &with, least as u64);
        let done = self.send_by(who, instruction, predicted)?;
        let worked_on = done.said.is_some().then_some(v);
        Ok(Done { injected: brought.lamports as i128, worked_on, ..done })
    }

    pub(super) fn withdraw_stake(&mut self, who: u8, v: u8, part: Part, min: Min) -> Outcome {
        let (who, v) = (self.person(who), self.listed(v));
        let shares = part.of(self.reference.people[who].tokens);
        let quote = self.booked(v).quote_stake_out(shares.into());
        let net = quote.map_or(0, |(gross, fee)| gross - fee);
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => net,
            Min::AboveQuote => net + 1,
        };
        let account = self.world.fresh_stake();
        let injected = i128::from(self.world.lamports(&account));
        let is_owed = self.is_owed(v);
        let predicted =
            self.reference.attempt(|pool| pool.withdraw_stake(who, v, shares.into(), min, is_owed));
        let owner = self.people[who].address();
        let with = StakeExit {
            shares_from: self.people[who].tokens,
            owner,
            stake: account,
            new_authority: owner,
        };
        let (vote, least) = (self.vote(v), least as u64);
        let instruction = self.world.pool.withdraw_stake(&vote, v as u16, &with, shares, least);
        let done = self.send_by(who, instruction, predicted)?;
        let worked_on = done.said.is_some().then_some(v);
        Ok(Done { injected, worked_on, ..done })
    }

    /// Whether a validator's last reward is outstanding, by the program's own samples: this pool has
    /// none.
    fn is_owed(&self, v: usize) -> bool {
        let (pool, records) = (self.world.pool(), self.world.records());
        let unpaid = records.get(v).and_then(|record| record.unpaid());
        unpaid.is_some_and(|place| pool.mean_yields_ppb[place] > 0)
    }

    /// The pool once the validator is booked: the price is made then.
    fn booked(&self, v: usize) -> Reference {
        let mut pool = self.reference.clone();
        let _ = pool.begin(v);
        pool
    }

    /// The index of a validator, or one beyond the list.
    fn listed(&self, v: u8) -> usize {
        usize::from(v) % (self.reference.validators.len() + 1)
    }

    /// Its vote account; beyond the list the first one's.
    fn vote(&self, v: usize) -> Pubkey {
        *self.world.votes.get(v).unwrap_or(&self.world.votes[0])
    }

    /// Puts a holder's stake account on the chain.
    fn bring(&mut self, who: usize, v: usize, brought: &Brought) -> Pubkey {
        let owner = self.people[who].address();
        let epoch = self.reference.network.epoch;
        let custodian = self.world.admin.pubkey();
        let lockup = match brought.kind {
            StakeKind::LockedUp => Lockup { epoch: epoch + 1, custodian, ..Lockup::default() },
            _ => Lockup::default(),
        };
        let voter_pubkey = match brought.kind {
            StakeKind::OfAnother => Pubkey::new_unique(),
            _ => self.vote(v),
        };
        let delegation = Delegation {
            voter_pubkey,
            stake: brought.stake as u64,
            activation_epoch: brought.since,
            deactivation_epoch: match brought.kind {
                StakeKind::Leaving => epoch,
                _ => u64::MAX,
            },
            ..Delegation::default()
        };
        let meta = Meta { authorized: Authorized::auto(&owner), lockup, ..Meta::default() };
        let stake = Stake { delegation, credits_observed: 0 };
        let state = StakeStateV2::Stake(meta, stake, StakeFlags::empty());
        let address = self.world.put_stake(&state, 0);
        let mut account = self.world.svm.get_account(&address).expect("just put");
        account.lamports = brought.lamports as u64;
        self.world.svm.set_account(address, account).unwrap();
        address
    }
}
