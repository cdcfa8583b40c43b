//! The validators: vote accounts in the layout of mainnet, with deterministic addresses.

use solana_account::Account;
use solana_bls_signatures::Keypair as BlsKeypair;
use solana_clock::Clock;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_sdk_ids::vote;
use solana_signer::Signer;
use solana_vote_interface::state::{
    BlockTimestamp, LandedVote, Lockout, VoteInitV2, VoteStateV4, VoteStateVersions,
};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{Config, Error, Scenario, chain};

/// Most validators a cluster can have.
pub(crate) const MAX_VALIDATORS: usize = 10_000;
/// Lamports in a vote account above rent.
const VOTE_BALANCE_LAMPORTS: u64 = 10_000_000_000;
/// Epochs that a vote account remembers.
const CREDITS_HISTORY: usize = 64;
/// Credits of the best validator per epoch: 16 for every slot.
const CREDITS_PER_EPOCH: u64 = 16 * chain::SLOTS_PER_EPOCH;
/// Credits that each further validator earns less, so that they can be told apart.
const CREDITS_STEP: u64 = 1_000;
/// Credits of the first vote in an epoch: whoever votes has an entry for the running epoch.
const FIRST_CREDITS: u64 = 16;
/// Votes in the tower of a validator that keeps up.
const TOWER_VOTES: u64 = 31;

/// A validator of the cluster.
#[derive(Debug)]
pub struct Validator {
    /// Its vote account.
    pub vote: Pubkey,
    /// Its node identity: authorized voter and withdrawer of the vote account.
    pub identity: Keypair,
    /// Vote credits that it earns in an epoch in which it votes.
    pub credits_per_epoch: u64,
    bls: [u8; 48],
}

impl Validator {
    /// The validator number `index` of the clusters with this `seed`.
    pub(crate) fn derive(seed: u64, index: usize) -> Result<Self, Error> {
        let bytes = |label: &[u8; 16]| -> [u8; 32] {
            let mut bytes = [0; 32];
            let (head, tail) = bytes.split_at_mut(16);
            head.copy_from_slice(label);
            let (first, second) = tail.split_at_mut(8);
            first.copy_from_slice(&seed.to_le_bytes());
            second.copy_from_slice(&(index as u64).to_le_bytes());
            bytes
        };
        let bls = BlsKeypair::derive(&bytes(b"thaw local bls  "))
            .map_err(|error| Error::Config(format!("BLS key: {error:?}")))?;
        Ok(Self {
            vote: Keypair::new_from_array(bytes(b"thaw local vote ")).pubkey(),
            identity: Keypair::new_from_array(bytes(b"thaw local node ")),
            credits_per_epoch: CREDITS_PER_EPOCH
                .saturating_sub(CREDITS_STEP.saturating_mul(index as u64)),
            bls: bls.public.to_bytes_compressed(),
        })
    }

    /// A vote account that has voted in all past epochs.
    fn new_state(&self, config: &Config, clock: &Clock) -> VoteStateV4 {
        let node = self.identity.pubkey();
        let init = VoteInitV2 {
            node_pubkey: node,
            authorized_voter: node,
            authorized_voter_bls_pubkey: self.bls,
            authorized_withdrawer: node,
            inflation_rewards_commission_bps: config.commission_bps,
            block_revenue_commission_bps: 10_000,
            ..VoteInitV2::default()
        };
        let mut state = VoteStateV4::new(&init, &self.vote, &node, clock);
        let past = (CREDITS_HISTORY as u64).min(clock.epoch);
        for epoch in clock.epoch.saturating_sub(past)..clock.epoch {
            open_epoch(&mut state, epoch);
            close_epoch(&mut state, epoch, self.credits_per_epoch);
        }
        state
    }
}

/// Creates the vote accounts in the epoch the chain starts in.
pub(crate) fn create_all(
    svm: &mut SurfnetSvm,
    validators: &[Validator],
    config: &Config,
) -> Result<(), Error> {
    let clock = chain::clock(svm);
    let node_rent = svm.inner.minimum_balance_for_rent_exemption(0);
    let vote_rent = svm.inner.minimum_balance_for_rent_exemption(VoteStateV4::size_of());
    for (index, validator) in validators.iter().enumerate() {
        let mut state = validator.new_state(config, &clock);
        if config.scenario.is_voting(index, clock.epoch) {
            open_epoch(&mut state, clock.epoch);
            vote_on(&mut state, &clock);
        }
        let account = Account {
            lamports: vote_rent.saturating_add(VOTE_BALANCE_LAMPORTS),
            data: serialize(state)?,
            owner: vote::ID,
            executable: false,
            rent_epoch: u64::MAX,
        };
        svm.set_account(&validator.vote, account)?;
        let identity = Account {
            lamports: node_rent.saturating_add(VOTE_BALANCE_LAMPORTS),
            rent_epoch: u64::MAX,
            ..Account::default()
        };
        svm.set_account(&validator.identity.pubkey(), identity)?;
    }
    Ok(())
}

/// Ends `epoch` in every vote account and opens the next one. Returns the credits that each
/// validator had at the end of `epoch`, by index.
///
/// The accounts are read, changed and written back, so that what transactions changed in them
/// (commission, authorities) stays.
pub(crate) fn cross_epoch(
    svm: &mut SurfnetSvm,
    validators: &[Validator],
    scenario: &Scenario,
    epoch: u64,
    clock: &Clock,
) -> Result<Vec<u64>, Error> {
    let mut credits = Vec::with_capacity(validators.len());
    for (index, validator) in validators.iter().enumerate() {
        let account = svm.get_account(&validator.vote)?;
        let readable = account.and_then(|account| {
            let state = VoteStateV4::deserialize(&account.data, &validator.vote).ok()?;
            Some((account, state))
        });
        // A vote account that its owner closed or broke earns nothing any more.
        let Some((mut account, mut state)) = readable else {
            credits.push(0);
            continue;
        };
        if scenario.is_voting(index, epoch) {
            close_epoch(&mut state, epoch, validator.credits_per_epoch);
        }
        credits.push(state.epoch_credits.last().map_or(0, |entry| entry.1));
        if scenario.is_voting(index, clock.epoch) {
            open_epoch(&mut state, clock.epoch);
            vote_on(&mut state, clock);
        }
        account.data = serialize(state)?;
        svm.set_account(&validator.vote, account)?;
    }
    Ok(credits)
}

/// Starts the entry of `epoch` with the first vote, as the vote program does.
fn open_epoch(state: &mut VoteStateV4, epoch: u64) {
    let total = state.epoch_credits.last().map_or(0, |entry| entry.1);
    state.epoch_credits.push((epoch, total.saturating_add(FIRST_CREDITS), total));
    let surplus = state.epoch_credits.len().saturating_sub(CREDITS_HISTORY);
    state.epoch_credits.drain(..surplus);
}

/// Completes the entry of `epoch`. A validator without one (just listed as delinquent) has none.
fn close_epoch(state: &mut VoteStateV4, epoch: u64, earned: u64) {
    if let Some(entry) = state.epoch_credits.iter_mut().find(|entry| entry.0 == epoch) {
        entry.1 = entry.2.saturating_add(earned);
    }
}

/// A full tower of votes up to the current slot.
fn vote_on(state: &mut VoteStateV4, clock: &Clock) {
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

fn serialize(state: VoteStateV4) -> Result<Vec<u8>, Error> {
    let mut data = bincode::serialize(&VoteStateVersions::new_v4(state))
        .map_err(|error| Error::Chain(format!("vote account: {error}")))?;
    data.resize(VoteStateV4::size_of(), 0);
    Ok(data)
}
