//! Seats: who votes and leads in an epoch, with how much stake, and what the admission costs.
//!
//! At the start of epoch E the runtime fixes who has a seat in E + 1 (SIMD-0357): every vote account
//! with a BLS key and effective stake that holds its rent and a ticket. The ticket is burned at once.
//! Who is left out is not paid for E - 1 either.

use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_rent::Rent;
use solana_vote_interface::state::VoteStateV4;
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{Config, Error, PPM, Scenario, Validator, chain, rewards::part, vote_accounts};

/// Price of a seat for one epoch at slots of 200 ms, lamports.
pub const TICKET_LAMPORTS: u64 = 800_000_000;

/// Sizes of validators: each is half as large as the one before, then they begin again.
const SIZES: usize = 5;

/// One seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    /// Effective stake, lamports.
    pub(crate) stake: u64,
    /// Commission that will count for the epoch, basis points.
    pub(crate) commission_bps: u16,
}

/// All seats of an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seats {
    /// Of the validators, by index.
    pub(crate) held: Vec<Option<Seat>>,
    /// Stake of the rest of the cluster, lamports.
    pub(crate) rest: u64,
}

/// Address that stands for all validators of the cluster that are not on the local network.
pub(crate) const REST_OF_CLUSTER: Pubkey =
    Pubkey::new_from_array(*b"thaw local, the rest of cluster\0");

/// Stake that others have with the validators, by index, and with the rest of the cluster. Together the
/// cluster's stake of the configuration; the validators have half of it at most. Lamports.
pub(crate) fn outside_stakes(config: &Config) -> (Vec<u64>, u64) {
    let count = u64::try_from(config.validators).unwrap_or(u64::MAX);
    let most = config.cluster_stake_lamports.checked_div(count.saturating_mul(2)).unwrap_or(0);
    let largest = config.validator_stake_lamports.min(most);
    let stakes: Vec<u64> = (0..config.validators).map(|index| largest >> (index % SIZES)).collect();
    let sum = stakes.iter().fold(0u64, |sum, stake| sum.saturating_add(*stake));
    (stakes, config.cluster_stake_lamports.saturating_sub(sum))
}

impl Seats {
    /// The seats of the epoch that the chain starts in: of all validators, with others' stake.
    pub(crate) fn first(config: &Config) -> Self {
        let (stakes, rest) = outside_stakes(config);
        let seat =
            |stake| (stake > 0).then_some(Seat { stake, commission_bps: config.commission_bps });
        Self { held: stakes.into_iter().map(seat).collect(), rest }
    }

    /// Takes the tickets of the next epoch and returns its seats. `stakes` are effective, by index.
    /// `price` is what a ticket costs; with none, a BLS key is not asked for either.
    pub(crate) fn admit(
        svm: &mut SurfnetSvm,
        validators: &[Validator],
        stakes: &[u64],
        rest: u64,
        price: Option<u64>,
    ) -> Result<Self, Error> {
        let rent = chain::rent(svm);
        let mut held = Vec::with_capacity(validators.len());
        for (validator, stake) in validators.iter().zip(stakes.iter().copied()) {
            let Some((mut account, state)) = vote_accounts::read(svm, &validator.vote)? else {
                held.push(None);
                continue;
            };
            let is_admitted =
                stake > 0 && price.is_none_or(|price| can_pay(&account, &state, &rent, price));
            if let Some(price) = price.filter(|_| is_admitted) {
                account.lamports = account.lamports.saturating_sub(price);
                svm.set_account(&validator.vote, account)?;
            }
            let commission_bps = state.inflation_rewards_commission_bps;
            held.push(is_admitted.then_some(Seat { stake, commission_bps }));
        }
        Ok(Self { held, rest })
    }

    /// Stakes by index, the rest of the cluster last; 0 without a seat. Lamports.
    pub(crate) fn stakes(&self) -> Vec<u64> {
        let stakes = self.held.iter().map(|seat| seat.map_or(0, |seat| seat.stake));
        stakes.chain([self.rest]).collect()
    }

    /// Commissions by index, basis points; 0 without a seat.
    pub(crate) fn commissions(&self) -> Vec<u16> {
        self.held.iter().map(|seat| seat.map_or(0, |seat| seat.commission_bps)).collect()
    }

    /// All stake, lamports.
    pub(crate) fn total(&self) -> u64 {
        self.stakes().iter().fold(0, |sum, stake| sum.saturating_add(*stake))
    }

    /// What their epoch pays if everybody votes, lamports. Rounded down.
    pub(crate) fn issue(&self, scenario: &Scenario) -> u64 {
        part(self.total(), scenario.reward_ppm, PPM.into())
    }

    /// Makes them what `sol_get_epoch_stake` answers.
    pub(crate) fn publish(
        &self,
        svm: &mut SurfnetSvm,
        validators: &[Validator],
    ) -> Result<(), Error> {
        let keys = validators.iter().map(|validator| validator.vote).chain([REST_OF_CLUSTER]);
        svm.inner
            .svm
            .set_epoch_stakes(keys.zip(self.stakes()))
            .map_err(|error| Error::Chain(format!("epoch stakes: {error:?}")))
    }
}

fn can_pay(account: &Account, state: &VoteStateV4, rent: &Rent, price: u64) -> bool {
    let least = rent.minimum_balance(VoteStateV4::size_of()).saturating_add(price);
    state.bls_pubkey_compressed.is_some() && account.lamports >= least
}
