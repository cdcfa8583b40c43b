//! A whole pool, read at one slot.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding, UiDataSliceConfig};
use solana_clock::Clock;
use solana_epoch_schedule::EpochSchedule;
use solana_rent::Rent;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::RpcAccountInfoConfig;
use solana_stake_interface::stake_history::StakeHistory;
use thaw::{
    constants::{SLOTS, VOTE_LAYOUTS, VOTE_PROGRAM},
    state::{Batch, Effective, Pool, Record, StakeView},
};

use crate::{addresses::PoolAddresses, decode};

/// Addresses one `getMultipleAccounts` call takes.
const CHUNK: usize = 100;
/// Open batches a snapshot reads at most; they are paid in order, so later ones can wait.
const BATCHES: u64 = 64;

const CLOCK: Pubkey = anchor_lang::pubkey!("SysvarC1ock11111111111111111111111111111111");
const SCHEDULE: Pubkey = anchor_lang::pubkey!("SysvarEpochSchedu1e111111111111111111111111");
const RENT: Pubkey = anchor_lang::pubkey!("SysvarRent111111111111111111111111111111111");
const REWARDS: Pubkey = anchor_lang::pubkey!("SysvarEpochRewards1111111111111111111111111");
const HISTORY: Pubkey = anchor_lang::pubkey!("SysvarStakeHistory1111111111111111111111111");
/// Offset of `active` in the EpochRewards sysvar.
const REWARDS_ACTIVE: usize = 80;

/// Why a snapshot could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The RPC server did not answer as it should.
    #[error("the RPC server failed: {0}")]
    Rpc(#[from] Box<solana_rpc_client_api::client_error::Error>),
    /// An account that must exist does not.
    #[error("there is no account at {0}")]
    Missing(Pubkey),
    /// Account bytes are not what they should be.
    #[error("{address}: {source}")]
    Decode {
        /// The account.
        address: Pubkey,
        /// What is wrong.
        source: decode::DecodeError,
    },
    /// Neither a pool nor a share mint.
    #[error("there is no pool at {0}, and {0} is not the share mint of one")]
    NoPool(Pubkey),
    /// An account of another pool.
    #[error("{address} belongs to another pool, {pool}")]
    OtherPool {
        /// The account.
        address: Pubkey,
        /// Its pool.
        pool: Pubkey,
    },
    /// A sysvar cannot be read.
    #[error("sysvar {0} cannot be read")]
    Sysvar(Pubkey),
}

/// A listed validator and the lamports and state of its slots on chain.
#[derive(Clone, Debug)]
pub struct ValidatorView {
    /// Index of the record.
    pub index: u16,
    /// The record.
    pub record: Record,
    /// Its slots as the chain has them: lamports and stake state.
    pub slots: [(u64, StakeView); SLOTS],
    /// True while its vote account can be delegated to.
    pub has_vote: bool,
}

/// A pool and everything a plan needs.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The pool's addresses.
    pub addresses: PoolAddresses,
    /// The pool.
    pub pool: Box<Pool>,
    /// Lamports of the reserve account.
    pub reserve_lamports: u64,
    /// Listed validators.
    pub validators: Vec<ValidatorView>,
    /// Open batches, oldest first, and those in `BATCHES` before them that still exist.
    pub batches: Vec<Batch>,
    /// The clock.
    pub clock: Clock,
    /// The epoch schedule.
    pub schedule: EpochSchedule,
    /// Live rent.
    pub rent: Rent,
    /// How much stake warmed up and cooled down in past epochs.
    pub stake_history: StakeHistory,
    /// True while epoch rewards are being paid.
    pub is_rewards_window: bool,
}

impl Snapshot {
    /// Reads the pool of `addresses` and everything that belongs to it.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(rpc: &RpcClient, addresses: PoolAddresses) -> Result<Self, FetchError> {
        let fixed = [
            addresses.pool,
            addresses.reserve,
            addresses.validators,
            CLOCK,
            SCHEDULE,
            RENT,
            REWARDS,
            HISTORY,
        ];
        let found = read(rpc, &fixed).await?;
        let must = |place: usize| found[place].as_ref().ok_or(FetchError::Missing(fixed[place]));
        let pool = decode::pool(&must(0)?.data)
            .map_err(|source| FetchError::Decode { address: addresses.pool, source })?;
        let (_, records) = decode::validators(&must(2)?.data)
            .map_err(|source| FetchError::Decode { address: addresses.validators, source })?;
        let clock = sysvar(must(3)?, CLOCK)?;
        let schedule = sysvar(must(4)?, SCHEDULE)?;
        let rent = sysvar(must(5)?, RENT)?;
        let stake_history = match &found[7] {
            Some(account) => sysvar(account, HISTORY)?,
            None => StakeHistory::default(),
        };
        let rewards = found[6].as_ref().and_then(|account| account.data.get(REWARDS_ACTIVE));

        let validators = read_validators(rpc, &addresses, &pool, records).await?;
        let batches = read_batches(rpc, &addresses, &pool).await?;
        Ok(Self {
            addresses,
            reserve_lamports: must(1)?.lamports,
            validators,
            batches,
            clock,
            schedule,
            rent,
            stake_history,
            is_rewards_window: rewards.is_some_and(|active| *active != 0),
            pool,
        })
    }

    /// Lamports of a stake that are effective now, as the stake program counts them.
    pub fn effective(&self, vote: &Pubkey, view: &StakeView) -> Effective {
        view.effective_by(vote, self.clock.epoch, &self.stake_history)
    }

    /// Serial of the batch that a request joins now.
    pub fn batch_to_join(&self) -> u64 {
        let pool = &self.pool;
        if pool.next_batch > 0 && pool.newest_batch_epoch == self.clock.epoch {
            pool.next_batch.saturating_sub(1)
        } else {
            pool.next_batch
        }
    }

    /// Lamports on chain in all accounts of the pool that hold its SOL: the reserve without its own
    /// rent, and every slot that is the pool's.
    pub fn lamports_on_chain(&self) -> u64 {
        let reserve = self.reserve_lamports.saturating_sub(self.rent.minimum_balance(0));
        self.validators
            .iter()
            .flat_map(|validator| validator.slots.iter())
            .filter(|(_, view)| {
                matches!(view, StakeView::Initialized | StakeView::Delegated { .. })
            })
            .fold(reserve, |sum, (lamports, _)| sum.saturating_add(*lamports))
    }

    /// Lamports the books say the pool holds, settled tickets included.
    pub fn lamports_in_books(&self) -> u64 {
        self.pool
            .reserve_lamports
            .saturating_add(self.pool.claimable_lamports)
            .saturating_add(self.pool.staked_lamports)
    }
}

async fn read_validators(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    pool: &Pool,
    records: Vec<Record>,
) -> Result<Vec<ValidatorView>, FetchError> {
    let live: Vec<(u16, Record)> =
        (0u16..).zip(records).filter(|(_, record)| !record.is_free()).collect();
    let keys: Vec<Pubkey> =
        live.iter().flat_map(|(_, record)| addresses.slots(&record.vote)).collect();
    let accounts = read(rpc, &keys).await?;
    let votes: Vec<Pubkey> = live.iter().map(|(_, record)| record.vote).collect();
    let have_votes = read_have_votes(rpc, &votes).await?;
    let views = live.into_iter().zip(have_votes);
    let views = views.zip(keys.chunks(SLOTS).zip(accounts.chunks(SLOTS)));
    Ok(views
        .map(|(((index, record), has_vote), (keys, accounts))| {
            let mut slots = [(0, StakeView::Foreign); SLOTS];
            for ((place, key), account) in slots.iter_mut().zip(keys).zip(accounts) {
                if let Some(account) = account {
                    *place = (account.lamports, view(key, account, &pool.authority, &record.vote));
                }
            }
            ValidatorView { index, record, slots, has_vote }
        })
        .collect())
}

/// Which vote accounts can be delegated to. Only their owners and tags are read, not their data of
/// 3.7 KB each.
async fn read_have_votes(rpc: &RpcClient, votes: &[Pubkey]) -> Result<Vec<bool>, FetchError> {
    let config = RpcAccountInfoConfig {
        encoding: Some(UiAccountEncoding::Base64),
        data_slice: Some(UiDataSliceConfig { offset: 0, length: 4 }),
        commitment: Some(rpc.commitment()),
        min_context_slot: None,
    };
    let mut have = Vec::with_capacity(votes.len());
    for chunk in votes.chunks(CHUNK) {
        let response = rpc
            .get_multiple_ui_accounts_with_config(chunk, config.clone())
            .await
            .map_err(Box::new)?;
        have.extend(response.value.iter().map(|found| found.as_ref().is_some_and(is_vote_account)));
    }
    Ok(have)
}

fn is_vote_account(account: &UiAccount) -> bool {
    let data = account.data.decode().unwrap_or_default();
    let tag = data.first_chunk().map_or(0, |tag| u32::from_le_bytes(*tag));
    account.owner == VOTE_PROGRAM.to_string() && VOTE_LAYOUTS.contains(&tag)
}

/// A stake account as the program sees it.
pub fn view(key: &Pubkey, account: &Account, authority: &Pubkey, vote: &Pubkey) -> StakeView {
    let (mut lamports, mut data) = (account.lamports, account.data.clone());
    let info = anchor_lang::prelude::AccountInfo::new(
        key,
        false,
        false,
        &mut lamports,
        &mut data,
        &account.owner,
        false,
    );
    StakeView::read(&info, authority, vote)
}

async fn read_batches(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    pool: &Pool,
) -> Result<Vec<Batch>, FetchError> {
    let first = pool.oldest_batch.saturating_sub(BATCHES);
    let last = pool.next_batch.min(pool.oldest_batch.saturating_add(BATCHES));
    let keys: Vec<Pubkey> = (first..last).map(|serial| addresses.batch(serial)).collect();
    let accounts = read(rpc, &keys).await?;
    accounts
        .into_iter()
        .zip(keys)
        .filter_map(|(account, key)| account.map(|account| (account, key)))
        .filter(|(account, _)| account.owner == thaw::ID)
        .map(|(account, address)| {
            decode::account(&account.data).map_err(|source| FetchError::Decode { address, source })
        })
        .collect()
}

/// Reads accounts in as few calls as the server allows.
pub(crate) async fn read(
    rpc: &RpcClient,
    keys: &[Pubkey],
) -> Result<Vec<Option<Account>>, FetchError> {
    let mut accounts = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(CHUNK) {
        let response = rpc
            .get_multiple_accounts_with_commitment(chunk, rpc.commitment())
            .await
            .map_err(Box::new)?;
        accounts.extend(response.value);
    }
    Ok(accounts)
}

fn sysvar<T: serde::de::DeserializeOwned>(
    account: &Account,
    address: Pubkey,
) -> Result<T, FetchError> {
    bincode::deserialize(&account.data).map_err(|_| FetchError::Sysvar(address))
}
