//! Reviews, and validators that come and go: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{constants::VOTE_PROGRAM, error::ThawError, instructions::Weight};
use thaw_tests::{chain::vote_account, votes::VoteSpec};

use super::{Actor, Done, Model, Outcome};
use crate::{
    ops::{Candidate, VoteState},
    reference::{Amount, Ballot, Said, Stake, operate::Listing, refuse},
};

/// More validators than this only cost time.
const MOST_VALIDATORS: usize = 6;
/// Epochs of votes that a ballot keeps.
const HISTORY: usize = 4;

impl Model {
    pub(super) fn add_validator(&mut self, candidate: Candidate) -> Outcome {
        let all = &self.reference.validators;
        let free = all.iter().position(|it| it.is_free);
        if free.is_none() && all.len() >= MOST_VALIDATORS {
            return Ok(Done::outside(0));
        }
        let mut index = free.unwrap_or(all.len());
        let mut injected = 0;
        let mut remains = [(0, Stake::Nothing); 3];
        let mut listing = Listing { ballot: Ballot::default(), is_listed: false };
        let vote = match candidate {
            Candidate::Former if !self.former.is_empty() => {
                let (vote, left, ballot) = self.former[self.former.len() - 1].clone();
                (listing.ballot, remains) = (ballot, left);
                vote
            }
            Candidate::Listed => {
                let listed = all.iter().position(|it| !it.is_free);
                let Some(listed) = listed else { return Ok(Done::outside(0)) };
                listing.ballot = all[listed].ballot.clone();
                listing.is_listed = true;
                self.world.votes[listed]
            }
            _ => {
                let vote = self.world.create_vote();
                self.world.know_validator(&vote);
                injected = self.world.lamports(&vote).into();
                vote
            }
        };
        if candidate == Candidate::Nowhere {
            // Past the next one.
            index = self.reference.validators.len() + 1;
        }
        let predicted = self.reference.attempt(|pool| pool.add_validator(index, &listing));
        let operator = self.world.operator.insecure_clone();
        let instruction =
            self.world.pool.add_validator(&operator.pubkey(), &self.payer, &vote, index as u16);
        let done = self.send(Actor::Other, &[instruction], &[&operator], predicted)?;
        if done.said.is_some() {
            // What an earlier listing left behind, and what strangers sent there, is in the slots.
            let slots = &mut self.reference.validators[index].slots;
            for (slot, remains) in slots.iter_mut().zip(remains) {
                (slot.lamports, slot.stake) = remains;
            }
            self.former.retain(|(former, ..)| *former != vote);
            let slots = self.world.pool.slots(&vote);
            if index == self.slots.len() {
                self.slots.push(slots);
                self.world.votes.push(vote);
            } else {
                self.slots[index] = slots;
                self.world.votes[index] = vote;
            }
        }
        Ok(Done { injected, ..done })
    }

    pub(super) fn set_weights(&mut self, weights: &[(u8, u32)]) -> Outcome {
        let count = self.reference.validators.len() as u8 + 1;
        let weights: Vec<(u8, u32)> = weights.iter().map(|(v, it)| (v % count, *it)).collect();
        let predicted = self.reference.attempt(|pool| pool.set_weights(&weights));
        let weight = |(v, weight): &(u8, u32)| Weight { index: (*v).into(), weight: *weight };
        let weights = weights.iter().map(weight);
        let operator = self.world.operator.insecure_clone();
        let instruction = self.world.pool.set_weights(&operator.pubkey(), weights);
        self.send(Actor::Other, &[instruction], &[&operator], predicted)
    }

    pub(super) fn remove_validator(&mut self, v: u8, by_operator: bool) -> Outcome {
        let v = self.listed(v);
        let old = self.reference.validators.get(v).cloned();
        let vote = self.vote(v);
        let mut listed = self.world.votes.iter().zip(&self.reference.validators).enumerate();
        // A removed validator may be listed again at another index: its marker says so.
        let is_elsewhere = listed
            .any(|(index, (other, validator))| index != v && *other == vote && !validator.is_free);
        let predicted = self.reference.attempt(|pool| {
            if is_elsewhere { refuse(ThawError::WrongAccount) } else { pool.remove(v, by_operator) }
        });
        let operator = self.world.operator.insecure_clone();
        let signer = if by_operator { operator.pubkey() } else { self.payer };
        let instruction = self.world.pool.remove_validator(&signer, &vote, v as u16);
        let signers = [&operator];
        let signers: &[_] = if by_operator { &signers } else { &[] };
        let done = self.send(Actor::Other, &[instruction], signers, predicted)?;
        if let (Some(Said::Removed { is_gone: true, .. }), Some(old)) = (&done.said, old) {
            // What is not the pool's stays where it is.
            let left = [0, 1, 2].map(|place| {
                let slot = &old.slots[place];
                if slot.role.is_open() { (0, Stake::Nothing) } else { (slot.lamports, slot.stake) }
            });
            self.former.push((vote, left, old.ballot));
        }
        let worked_on = done.said.is_some().then_some(v);
        Ok(Done { worked_on, ..done })
    }

    pub(super) fn review(&mut self, v: u8, beside: Option<u8>) -> Outcome {
        let (v, beside) = (self.listed(v), beside.map(|other| self.listed(other)));
        let vote = self.vote(v);
        let reference = beside.map(|other| (other as u16, self.vote(other)));
        let instruction = self.world.pool.review_validator(&vote, v as u16, reference);
        let predicted = self.reference.attempt(|pool| pool.review_beside(v, beside));
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    /// Validators of `mask` earn credits in this epoch.
    pub(super) fn vote_in(&mut self, mask: u16) -> i128 {
        let epoch = self.reference.network.epoch;
        let mut injected = 0;
        for v in 0..self.reference.validators.len() {
            let it = &mut self.reference.validators[v];
            if it.is_free || mask >> v & 1 == 0 {
                continue;
            }
            if let Ballot::Open { voted, .. } = &mut it.ballot
                && voted.last() != Some(&epoch)
            {
                voted.push(epoch);
                let old = voted.len().saturating_sub(HISTORY);
                voted.drain(..old);
                injected += self.write_ballot(v);
            }
        }
        injected
    }

    /// A vote account is closed, comes back, or takes another commission or key.
    pub(super) fn change_vote(&mut self, v: u8, state: VoteState) -> i128 {
        let v = self.validator(v);
        let it = &mut self.reference.validators[v];
        if it.is_free {
            return 0;
        }
        if !matches!(it.ballot, Ballot::Open { .. }) {
            it.ballot = Ballot::default();
        }
        let Ballot::Open { commission_bps, has_key, .. } = &mut it.ballot else { unreachable!() };
        match state {
            VoteState::Open => *commission_bps = 0,
            VoteState::Takes(bps) => *commission_bps = Amount::from(bps.min(10_000)),
            VoteState::Key(key) => *has_key = key,
            VoteState::Gone => it.ballot = Ballot::Gone,
            VoteState::Zeroed => it.ballot = Ballot::Zeroed,
        }
        self.write_ballot(v)
    }

    /// Writes the vote account of a validator; returns what it has more.
    fn write_ballot(&mut self, v: usize) -> i128 {
        let vote = self.world.votes[v];
        let before = i128::from(self.world.lamports(&vote));
        let rent = self.world.rent();
        let account = match &self.reference.validators[v].ballot {
            Ballot::Gone => Default::default(),
            Ballot::Zeroed => {
                let mut account = vote_account(&vote, &rent);
                (account.data, account.owner) = (vec![0; account.data.len()], VOTE_PROGRAM);
                account
            }
            Ballot::Open { commission_bps, has_key, voted } => {
                let spec = VoteSpec {
                    commission_bps: *commission_bps as u16,
                    has_bls_key: *has_key,
                    ..VoteSpec::voted_in(voted.iter().copied())
                };
                spec.account(&vote, &rent)
            }
        };
        let injected = i128::from(account.lamports) - before;
        self.world.svm.set_account(vote, account).unwrap();
        injected
    }

    pub(super) fn extend_list(&mut self) -> Outcome {
        let predicted = self.reference.attempt(|pool| pool.extend_list());
        let instruction = self.world.pool.extend_validator_list(&self.payer);
        self.send(Actor::Other, &[instruction], &[], predicted)
    }

    /// The index of a validator, or one beyond the list.
    pub(super) fn listed(&self, v: u8) -> usize {
        usize::from(v) % (self.reference.validators.len() + 1)
    }

    /// Its vote account; beyond the list the first one's.
    pub(super) fn vote(&self, v: usize) -> Pubkey {
        *self.world.votes.get(v).unwrap_or(&self.world.votes[0])
    }
}
