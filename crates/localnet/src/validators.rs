//! The validators: vote accounts in the layout of mainnet, with deterministic addresses.

use solana_account::Account;
use solana_bls_signatures::Keypair as BlsKeypair;
use solana_clock::Clock;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_sdk_ids::vote;
use solana_signer::Signer;
use solana_vote_interface::state::{VoteInitV2, VoteStateV4};
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{
    Config, Error, Regime, chain,
    cluster::first_credits,
    rewards::part,
    seats::Seats,
    vote_accounts::{self, CREDITS_HISTORY},
};

/// Most validators a cluster can have.
pub(crate) const MAX_VALIDATORS: usize = 10_000;
/// Lamports in a vote account above rent: tickets for 34 years.
const VOTE_BALANCE_LAMPORTS: u64 = 10_000_000_000_000;
/// Credits of the best validator per epoch: 16 for every slot.
const CREDITS_PER_EPOCH: u64 = 16 * chain::SLOTS_PER_EPOCH;
/// Credits that each further validator earns less, so that they can be told apart.
const CREDITS_STEP: u64 = 1_000;

/// A validator of the cluster.
#[derive(Debug)]
pub struct Validator {
    /// Its vote account.
    pub vote: Pubkey,
    /// Its node identity: authorized voter and withdrawer of the vote account.
    pub identity: Keypair,
    /// Vote credits that it earns in an epoch in which it votes, under [`Regime::Steady`].
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

    /// A vote account that has earned `credits` in each of the past epochs.
    fn new_state(&self, config: &Config, clock: &Clock, credits: u64) -> VoteStateV4 {
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
            vote_accounts::earn(&mut state.epoch_credits, epoch, credits);
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
    let (clock, scenario) = (chain::clock(svm), &config.scenario);
    let seats = Seats::first(config);
    let first = first_credits(&seats, scenario, clock.epoch);
    let node_rent = svm.inner.minimum_balance_for_rent_exemption(0);
    let vote_rent = svm.inner.minimum_balance_for_rent_exemption(VoteStateV4::size_of());
    for ((validator, first), seat) in validators.iter().zip(first).zip(&seats.held) {
        let stake = seat.map_or(0, |seat| seat.stake);
        let past = match scenario.regime {
            Regime::Alpenglow => part(seats.issue(scenario), stake, seats.total().into()),
            Regime::Steady => validator.credits_per_epoch,
        };
        let mut state = validator.new_state(config, &clock, past);
        vote_accounts::begin(&mut state, &clock, first, scenario.regime);
        let account = Account {
            lamports: vote_rent.saturating_add(VOTE_BALANCE_LAMPORTS),
            data: vote_accounts::serialize(state)?,
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
