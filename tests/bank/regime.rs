//! What brings the bank into the regime of Alpenglow, and what validators earn in it.
//!
//! The feature and a genesis certificate for slot 0 are in the genesis, so that every epoch but the
//! first counts as one of Alpenglow: the bank itself shares out rewards, takes admission tickets and
//! leaves vote accounts out. Its blocks have no footers, so nobody votes: the test writes the epoch's
//! credits into the vote accounts, by the stake that the runtime says the seats were given for.

use anchor_lang::prelude::{Pubkey, pubkey};
use solana_account::Account;
use solana_program_test::ProgramTest;
use solana_rent::Rent;
use solana_system_interface::program as system_program;
use solana_vote_interface::state::VoteStateV4;

use crate::world::World;

/// The gate of Alpenglow, and the program of the accounts in which the runtime keeps its state.
const ALPENGLOW: Pubkey = pubkey!("a1penGLz8Vm2QHYB3JPefBiU4BY3Z6JkW2k3Scw5GWP");
/// The owner of feature gates.
const FEATURE_PROGRAM: Pubkey = pubkey!("Feature111111111111111111111111111111111111");
/// A gate that is active since slot 0.
const ACTIVE_SINCE_GENESIS: [u8; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 0];
/// Bytes of a certificate: slot, block, aggregate signature, and the length of a bitmap without bits.
const CERTIFICATE_BYTES: usize = 8 + 32 + 192 + 8;
/// Epochs that a vote account remembers.
const CREDIT_HISTORY: usize = 64;
/// The part of an epoch's slots whose certificates get into a block, per cent: more than is paid in the
/// end must not be earned, and the two are worked out from slightly different capitalizations.
const CERTIFIED_PERCENT: u128 = 95;

/// A place among the validators of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The vote account.
    pub vote: Pubkey,
    /// The stake that it earns by, lamports: what was effective in the epoch before.
    pub stake: u64,
}

/// The stake of a vote account's seat, lamports; 0 without one.
pub fn stake_of(seats: &[Seat], vote: &Pubkey) -> u64 {
    seats.iter().find(|seat| seat.vote == *vote).map_or(0, |seat| seat.stake)
}

/// Puts Alpenglow into the genesis, on since slot 0.
pub fn enter(test: &mut ProgramTest) {
    let account = |owner, data: Vec<u8>| {
        let lamports = Rent::default().minimum_balance(data.len());
        Account { lamports, data, owner, ..Account::default() }
    };
    test.add_genesis_account(ALPENGLOW, account(FEATURE_PROGRAM, ACTIVE_SINCE_GENESIS.to_vec()));
    let certificate = account(system_program::ID, vec![0; CERTIFICATE_BYTES]);
    test.add_genesis_account(runtime_account(b"carlgration"), certificate);
}

/// An account in which the runtime keeps state of Alpenglow.
fn runtime_account(seed: &[u8]) -> Pubkey {
    Pubkey::find_program_address(&[seed], &ALPENGLOW).0
}

fn u64_at(data: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(data[offset..offset + 8].try_into().unwrap())
}

impl World {
    /// The vote accounts that were admitted at the last boundary, with their stake that was effective
    /// in the epoch before it: what the runtime shares out that epoch's credits by.
    pub async fn shared_by(&self) -> Vec<Seat> {
        let data =
            self.account(runtime_account(b"reward_epoch_delegated_stakes")).await.unwrap().data;
        assert_eq!(u64_at(&data, 0) + 1, self.clock().await.epoch, "of the last epoch");
        assert_eq!(data[16..].len() as u64, u64_at(&data, 8) * 40, "key and stake of each");
        let seat = |entry: &[u8]| Seat {
            vote: Pubkey::try_from(&entry[..32]).unwrap(),
            stake: u64_at(entry, 32),
        };
        data[16..].chunks_exact(40).map(seat).collect()
    }

    /// Gives the seats of the epoch that has begun: to those who were admitted a boundary ago, for the
    /// stake that was effective then. Of one that was left out now, the stake an epoch earlier is known.
    pub async fn give_seats(&mut self) {
        let shared = self.shared_by().await;
        let seat = |earlier: Seat| shared.iter().find(|seat| seat.vote == earlier.vote).copied();
        let seats =
            self.admitted.iter().map(|earlier| seat(*earlier).unwrap_or(*earlier)).collect();
        self.seats = seats;
        self.admitted = shared;
    }

    /// What a validator with all votes and the mean number of blocks earns in the running epoch, lamports;
    /// 0 without a seat.
    pub async fn mean_credits(&self, vote: &Pubkey) -> u64 {
        let data = self.account(runtime_account(b"vote_reward_account")).await.unwrap().data;
        assert_eq!(u64_at(&data, 16), self.clock().await.epoch, "of this epoch");
        let all: u64 = self.seats.iter().map(|seat| seat.stake).sum();
        let inflation = u64_at(&data, 0);
        let earned = u128::from(inflation) * CERTIFIED_PERCENT / 100
            * u128::from(stake_of(&self.seats, vote));
        earned.checked_div(all.into()).unwrap_or(0) as u64
    }

    /// Adds what a validator earned in the running epoch to its vote account, as the runtime does for
    /// every block.
    pub async fn earn(&mut self, vote: &Pubkey, lamports: u64) {
        let epoch = self.clock().await.epoch;
        self.change_vote(vote, |state| add_credits(state, epoch, lamports)).await;
    }

    /// Lets everybody with a seat earn the mean but `idle`.
    pub async fn earn_all_but(&mut self, idle: &[Pubkey]) {
        for Seat { vote, .. } in self.seats.clone() {
            let credits = self.mean_credits(&vote).await;
            if credits > 0 && !idle.contains(&vote) {
                self.earn(&vote, credits).await;
            }
        }
    }
}

/// An entry in which nothing was earned is used again, as the runtime does.
fn add_credits(state: &mut VoteStateV4, epoch: u64, lamports: u64) {
    let credits = &mut state.epoch_credits;
    match credits.last_mut() {
        Some(last) if last.0 == epoch || last.1 == last.2 => {
            *last = (epoch, last.1 + lamports, last.2);
        }
        last => {
            let before = last.map_or(0, |last| last.1);
            credits.push((epoch, before + lamports, before));
        }
    }
    let forgotten = credits.len().saturating_sub(CREDIT_HISTORY);
    credits.drain(..forgotten);
}
