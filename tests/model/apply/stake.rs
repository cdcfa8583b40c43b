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
    reference::{MOST, Reference, swap::Brought},
};

impl Model {
    pub(super) fn deposit_stake(&mut self, op: &Op) -> Outcome {
        let Op::StakeIn { who, v, lamports, extra, kind, min, referrer } = *op else {
            unreachable!()
        };
        let (who, v) = (self.person(who), self.listed(v));
        let brought = Brought::new(&self.reference, lamports, extra, kind);
        let account = self.bring(who, v, &brought);
        let referrer = referrer.map(|it| self.person(it));
        let is_referred = referrer.is_some();
        let booked = self.booked(v);
        let is_same = booked.entry_nav() == self.reference.entry_nav();
        let quote = booked.quote_deposit(brought.lamports, is_referred);
        let quote = quote.map_or(0, |bought| bought.shares);
        let answer = self.ask_deposit(brought.lamports as u64)?;
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => quote,
            Min::AboveQuote => (quote + 1).min(MOST),
        };
        let min = if least <= quote { Min::Quoted } else { Min::AboveQuote };
        let predicted =
            self.reference.attempt(|pool| pool.deposit_stake(who, v, &brought, min, referrer));
        let owner = self.people[who].address();
        let with = StakeDeposit {
            stake: account,
            staker: owner,
            withdrawer: owner,
            payer: self.payer,
            recipient: self.people[who].tokens,
            referrer: referrer.map(|it| self.people[it].tokens),
        };
        let vote = self.vote(v);
        let instruction = self.world.pool.deposit_stake(&vote, v as u16, &with, least as u64);
        let done = self.send_by(who, instruction, predicted)?;
        // The quote is that of SOL, which other gates may close; a booking changes the price.
        if let (true, Some(told)) = (is_same, answer) {
            let referral = if is_referred { told.referral_shares } else { 0 };
            let told = (told.shares, told.fee_lamports, referral);
            self.as_quoted(Some(told), done.said.as_ref())?;
        }
        let worked_on = done.said.is_some().then_some(v);
        Ok(Done { injected: brought.lamports as i128, worked_on, ..done })
    }

    pub(super) fn withdraw_stake(&mut self, who: u8, v: u8, part: Part, min: Min) -> Outcome {
        let (who, v) = (self.person(who), self.listed(v));
        let shares = part.of(self.reference.people[who].tokens);
        let booked = self.booked(v);
        let is_same = booked.nav() == self.reference.nav();
        let quote = booked.quote_stake_out(shares.into());
        let answer = self.ask_exits(shares)?;
        let net = quote.map_or(0, |(gross, fee)| gross - fee);
        let least = match min {
            Min::AnyShares => 0,
            Min::Quoted => net,
            Min::AboveQuote => net + 1,
        };
        let account = self.world.fresh_stake();
        let injected = i128::from(self.world.lamports(&account));
        let predicted =
            self.reference.attempt(|pool| pool.withdraw_stake(who, v, shares.into(), min));
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
        if is_same {
            let told = answer.map(|it| (it.stake.lamports, it.stake.fee_lamports, 0));
            self.as_quoted(told, done.said.as_ref())?;
        }
        let worked_on = done.said.is_some().then_some(v);
        Ok(Done { injected, worked_on, ..done })
    }

    /// The pool once the validator is booked: the price is made then.
    fn booked(&self, v: usize) -> Reference {
        let mut pool = self.reference.clone();
        let _ = pool.begin(v);
        pool
    }

    /// Puts a holder's stake account on the chain.
    pub(super) fn bring(&mut self, who: usize, v: usize, brought: &Brought) -> Pubkey {
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
