//! Vote accounts as reviews see them: layouts, commissions, keys, credits.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_clock::Clock;
use solana_rent::Rent;
use solana_vote_interface::state::{
    VoteInit, VoteState1_14_11, VoteStateV3, VoteStateV4, VoteStateVersions,
};
use thaw_client::thaw::constants::{ADMISSION_TICKET_LAMPORTS, VOTE_PROGRAM};

use crate::World;

/// A layout of vote accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Of 1.14.11.
    V1_14_11,
    /// 3.
    V3,
    /// 4, the current one.
    V4,
}

/// A vote account to be written.
#[derive(Clone, Debug)]
pub struct VoteSpec {
    /// Its layout.
    pub layout: Layout,
    /// Part of the inflation rewards that the validator keeps; whole per cents before layout 4.
    pub commission_bps: u16,
    /// True for a registered BLS key, which only layout 4 has.
    pub has_bls_key: bool,
    /// Epoch, credits at its end and at its start.
    pub credits: Vec<(u64, u64, u64)>,
    /// Lamports beyond rent.
    pub spare_lamports: u64,
}

impl Default for VoteSpec {
    fn default() -> Self {
        Self {
            layout: Layout::V4,
            commission_bps: 0,
            has_bls_key: true,
            credits: Vec::new(),
            spare_lamports: 3 * ADMISSION_TICKET_LAMPORTS,
        }
    }
}

impl VoteSpec {
    /// One that earned credits in each of these epochs.
    pub fn voted_in(epochs: impl IntoIterator<Item = u64>) -> Self {
        let credits = epochs.into_iter().map(|epoch| (epoch, epoch * 1_000 + 7, epoch * 1_000));
        Self { credits: credits.collect(), ..Self::default() }
    }

    /// The state of the vote account at `vote`.
    pub fn state(&self, vote: &Pubkey) -> VoteStateVersions {
        let commission = (self.commission_bps / 100) as u8;
        let init = VoteInit {
            node_pubkey: *vote,
            authorized_voter: *vote,
            authorized_withdrawer: *vote,
            commission,
        };
        let clock = Clock::default();
        let (v3, epoch_credits) = (VoteStateV3::new(&init, &clock), self.credits.clone());
        match self.layout {
            Layout::V1_14_11 => VoteStateVersions::V1_14_11(Box::new(VoteState1_14_11 {
                epoch_credits,
                ..VoteState1_14_11::from(v3)
            })),
            Layout::V3 => VoteStateVersions::new_v3(VoteStateV3 { epoch_credits, ..v3 }),
            Layout::V4 => VoteStateVersions::new_v4(VoteStateV4 {
                inflation_rewards_commission_bps: self.commission_bps,
                bls_pubkey_compressed: self.has_bls_key.then_some([42; 48]),
                epoch_credits,
                ..VoteStateV4::new_with_defaults(vote, &init, &clock)
            }),
        }
    }

    /// The account at `vote`.
    pub fn account(&self, vote: &Pubkey, rent: &Rent) -> Account {
        let bytes = match self.layout {
            Layout::V1_14_11 => VoteState1_14_11::size_of(),
            Layout::V3 | Layout::V4 => VoteStateV4::size_of(),
        };
        let mut data = bincode::serialize(&self.state(vote)).unwrap();
        data.resize(bytes, 0);
        Account {
            lamports: rent.minimum_balance(data.len()) + self.spare_lamports,
            data,
            owner: VOTE_PROGRAM,
            executable: false,
            rent_epoch: u64::MAX,
        }
    }
}

impl World {
    /// Writes a validator's vote account.
    ///
    /// # Panics
    /// When the machine does not take it.
    pub fn write_vote(&mut self, index: u16, spec: &VoteSpec) {
        let vote = self.votes[usize::from(index)];
        let account = spec.account(&vote, &self.rent());
        self.svm.set_account(vote, account).unwrap();
    }

    /// Has the validators' vote accounts show a vote in each of the last two epochs, as those of
    /// validators without fault do.
    pub fn vote_all(&mut self) {
        let epoch = self.clock().epoch;
        for index in 0..self.votes.len() as u16 {
            self.write_vote(index, &VoteSpec::voted_in(epoch - 2..=epoch - 1));
        }
    }
}
