//! Reviews, and validators that come and go: each with its prediction.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, instructions::Weight, state::STAKE_PROGRAM};
use thaw_tests::votes::VoteSpec;

use super::{Actor, Done, Model, Outcome};
use crate::{
    ops::{Candidate, VoteState},
    reference::{
        Ballot, Said, Stake,
        ballot::{Face, TICKET},
        operate::Listing,
        refuse,
    },
};

/// More validators than this only cost time.
const MOST_VALIDATORS: usize = 6;
/// Epochs of credits that a ballot keeps.
const HISTORY: usize = 4;
/// The first layout of vote accounts that is not known.
const NEWER: [u8; 4] = [4, 0, 0, 0];

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
        let ballot = Ballot::fresh(&self.reference.network);
        let mut listing = Listing { ballot, is_listed: false };
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

    pub(super) fn review(&mut self, v: u8) -> Outcome {
        let v = self.listed(v);
        let instruction = self.world.pool.review_validator(&self.vote(v), v as u16);
        let predicted = self.reference.attempt(|pool| pool.review(v));
        self.send(Actor::Crank, &[instruction], &[], predicted)
    }

    /// Validators of `mask` earn credits in this epoch, by voting or leading.
    pub(super) fn earn_in(&mut self, mask: u16) -> i128 {
        let epoch = self.reference.network.epoch;
        let mut injected = 0;
        for v in 0..self.reference.validators.len() {
            let it = &mut self.reference.validators[v];
            let ballot = &mut it.ballot;
            let is_new = ballot.earned.last() != Some(&epoch);
            if !it.is_free && mask >> v & 1 == 1 && ballot.is_vote_account() && is_new {
                ballot.earned.push(epoch);
                let old = ballot.earned.len().saturating_sub(HISTORY);
                ballot.earned.drain(..old);
                injected += self.write_ballot(v);
            }
        }
        injected
    }

    /// The cluster admits validators of `mask` to the next epoch: each that can pays for its seat.
    pub(super) fn admit(&mut self, mask: u16) -> i128 {
        let mut injected = 0;
        for v in 0..self.reference.validators.len() {
            let network = &self.reference.network;
            let it = &self.reference.validators[v];
            if !it.is_free && mask >> v & 1 == 1 && it.ballot.can_be_admitted(network) {
                self.reference.validators[v].ballot.lamports -= TICKET;
                injected += self.write_ballot(v);
            }
        }
        injected
    }

    /// A vote account is closed, comes back, or changes.
    pub(super) fn change_vote(&mut self, v: u8, state: VoteState) -> i128 {
        let v = self.validator(v);
        let network = &self.reference.network;
        let it = &mut self.reference.validators[v];
        if it.is_free {
            return 0;
        }
        let ballot = &mut it.ballot;
        if !ballot.is_vote_account() {
            *ballot = Ballot { epoch_stake: ballot.epoch_stake, ..Ballot::fresh(network) };
        }
        match state {
            VoteState::Open => (ballot.face, ballot.commission_bps) = (Face::Known, 0),
            VoteState::Takes(bps) => ballot.commission_bps = bps.min(10_000).into(),
            VoteState::Key(key) => ballot.has_key = key,
            VoteState::Spare(lamports) => {
                ballot.lamports = network.vote_rent() + u128::from(lamports);
            }
            VoteState::Newer => ballot.face = Face::Newer,
            VoteState::Zeroed => ballot.face = Face::Zeroed,
            VoteState::Foreign => ballot.face = Face::Foreign,
            VoteState::Gone => (ballot.face, ballot.lamports) = (Face::Gone, 0),
        }
        self.write_ballot(v)
    }

    /// The runtime tells another stake of a validator, or of all who are not listed.
    pub(super) fn set_epoch_stake(&mut self, v: Option<u8>, lamports: u64) {
        let v = v.map(|v| self.validator(v));
        let vote = v.map_or(self.elsewhere, |v| self.world.votes[v]);
        let Self { reference, world, .. } = self;
        let told = match v {
            Some(v) if reference.validators[v].is_free => return,
            Some(v) => &mut reference.validators[v].ballot.epoch_stake,
            None => &mut reference.network.epoch_elsewhere,
        };
        let total = &mut reference.network.epoch_total;
        *total = *total + u128::from(lamports) - std::mem::replace(told, lamports.into());
        world.svm.set_epoch_stake(vote, lamports).unwrap();
    }

    /// Writes the vote account of a validator; returns what it has more.
    fn write_ballot(&mut self, v: usize) -> i128 {
        let vote = self.world.votes[v];
        let before = i128::from(self.world.lamports(&vote));
        let ballot = &self.reference.validators[v].ballot;
        let spec = VoteSpec {
            commission_bps: ballot.commission_bps as u16,
            has_bls_key: ballot.has_key,
            ..VoteSpec::voted_in(ballot.earned.iter().copied())
        };
        let mut account = spec.account(&vote, &self.world.rent());
        account.lamports = ballot.lamports as u64;
        match ballot.face {
            Face::Known => {}
            Face::Newer => account.data[..4].copy_from_slice(&NEWER),
            Face::Zeroed => account.data.fill(0),
            Face::Foreign => account.owner = STAKE_PROGRAM,
            Face::Gone => account = Default::default(),
        }
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
