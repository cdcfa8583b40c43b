//! A whole pool, read at one slot.

use anchor_lang::prelude::Pubkey;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding, UiDataSliceConfig};
use solana_clock::Clock;
use solana_epoch_schedule::EpochSchedule;
use solana_rent::Rent;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{client_error::Result as ClientResult, config::RpcAccountInfoConfig};
use solana_stake_interface::stake_history::StakeHistory;
use thaw::{
    constants::{SLOTS, VOTE_LAYOUTS, VOTE_PROGRAM},
    state::{Batch, Effective, Pool, Record, StakeView},
};

use crate::{addresses::PoolAddresses, decode};

/// Addresses one `getMultipleAccounts` call takes.
const CHUNK: usize = 100;
/// Calls under way at once.
const WIDTH: usize = 8;
/// Slots by which a server's clock may be ahead of what it says about its answer: some count the bank
/// that is being filled.
const SLOT_SLACK: u64 = 32;
/// Tries of one call.
const TRIES: usize = 3;
/// Reads of a pool whose validator list changes meanwhile.
const ATTEMPTS: usize = 5;
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
    /// Somebody changes the account faster than the pool can be read.
    #[error("{0} changes faster than the pool can be read; try again")]
    Moving(Pubkey),
    /// The server's accounts are not of the slot it says.
    #[error("the RPC server says slot {said}, its clock says {clock}")]
    Slot {
        /// The slot of its answer.
        said: u64,
        /// The slot in its Clock sysvar.
        clock: u64,
    },
    /// The server left accounts out.
    #[error("the RPC server was asked for {asked} accounts and answered {got}")]
    Incomplete {
        /// How many.
        asked: usize,
        /// How many came.
        got: usize,
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
    /// Thousands of stake accounts take several calls. The pool, its reserve, the list and the
    /// sysvars come last, in one call and so of one slot, and the list must be the one that the
    /// stake accounts were read by: else all is read again.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(rpc: &RpcClient, addresses: PoolAddresses) -> Result<Self, FetchError> {
        let mut list = must(&read(rpc, &[addresses.validators]).await?, 0, addresses.validators)?;
        for _ in 0..ATTEMPTS {
            let (_, records) = decode::validators(&list.data)
                .map_err(|source| FetchError::Decode { address: addresses.validators, source })?;
            let slots = read_slots(rpc, &addresses, records).await?;
            let (read, newest) = Self::read_fixed(rpc, addresses, slots).await?;
            if newest.data == list.data {
                return Ok(read);
            }
            list = newest;
        }
        Err(FetchError::Moving(addresses.validators))
    }

    /// The accounts of one call, and the batches. Returns the validator list with it.
    async fn read_fixed(
        rpc: &RpcClient,
        addresses: PoolAddresses,
        slots: Vec<RawValidator>,
    ) -> Result<(Self, Account), FetchError> {
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
        let (context_slot, found) = read_at(rpc, &fixed).await?;
        let must = |place: usize| must(&found, place, fixed[place]);
        let pool = decode::pool(&must(0)?.data)
            .map_err(|source| FetchError::Decode { address: addresses.pool, source })?;
        let clock: Clock = sysvar(&must(3)?, CLOCK)?;
        if clock.slot > context_slot.saturating_add(SLOT_SLACK) {
            return Err(FetchError::Slot { said: context_slot, clock: clock.slot });
        }
        let rewards = found[6].as_ref().and_then(|account| account.data.get(REWARDS_ACTIVE));
        let stake_history = found[7].as_ref().map(|account| sysvar(account, HISTORY));
        let read = Self {
            addresses,
            reserve_lamports: must(1)?.lamports,
            validators: slots.into_iter().map(|raw| raw.view(&pool.authority)).collect(),
            batches: read_batches(rpc, &addresses, &pool).await?,
            clock,
            schedule: sysvar(&must(4)?, SCHEDULE)?,
            rent: sysvar(&must(5)?, RENT)?,
            stake_history: stake_history.transpose()?.unwrap_or_default(),
            is_rewards_window: rewards.is_some_and(|active| *active != 0),
            pool,
        };
        Ok((read, must(2)?))
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

/// A listed validator, its slots' accounts, and whether its vote account can be delegated to.
struct RawValidator {
    index: u16,
    record: Record,
    slots: [(Pubkey, Option<Account>); SLOTS],
    has_vote: bool,
}

impl RawValidator {
    fn view(self, authority: &Pubkey) -> ValidatorView {
        let slots = self.slots.map(|(key, account)| {
            account.map_or((0, StakeView::Foreign), |account| {
                (account.lamports, view(&key, &account, authority, &self.record.vote))
            })
        });
        ValidatorView { index: self.index, record: self.record, slots, has_vote: self.has_vote }
    }
}

async fn read_slots(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    records: Vec<Record>,
) -> Result<Vec<RawValidator>, FetchError> {
    let live: Vec<(u16, Record)> =
        (0u16..).zip(records).filter(|(_, record)| !record.is_free()).collect();
    let keys: Vec<Pubkey> =
        live.iter().flat_map(|(_, record)| addresses.slots(&record.vote)).collect();
    let votes: Vec<Pubkey> = live.iter().map(|(_, record)| record.vote).collect();
    let have_votes = read_have_votes(rpc, &votes).await?;
    let mut accounts = keys.iter().copied().zip(read(rpc, &keys).await?);
    Ok(live
        .into_iter()
        .zip(have_votes)
        .map(|((index, record), has_vote)| {
            let slots = std::array::from_fn(|_| accounts.next().unwrap_or_default());
            RawValidator { index, record, slots, has_vote }
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
    let ask = |chunk| {
        let config = &config;
        again(move || rpc.get_multiple_ui_accounts_with_config(chunk, config.clone())).boxed()
    };
    let calls: Vec<_> = votes.chunks(CHUNK).map(ask).collect();
    let answers: Vec<_> = stream::iter(calls).buffered(WIDTH).try_collect().await?;
    let accounts = answers.into_iter().flat_map(|answer| answer.value);
    let have: Vec<bool> =
        accounts.map(|found| found.as_ref().is_some_and(is_vote_account)).collect();
    if have.len() != votes.len() {
        return Err(FetchError::Incomplete { asked: votes.len(), got: have.len() });
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
    // Boxed, so that the compiler sees that the whole can be sent between threads.
    let calls: Vec<_> = keys.chunks(CHUNK).map(|chunk| read_at(rpc, chunk).boxed()).collect();
    let answers: Vec<_> = stream::iter(calls).buffered(WIDTH).try_collect().await?;
    Ok(answers.into_iter().flat_map(|(_, accounts)| accounts).collect())
}

/// Reads up to 100 accounts of one slot, and says which.
async fn read_at(
    rpc: &RpcClient,
    keys: &[Pubkey],
) -> Result<(u64, Vec<Option<Account>>), FetchError> {
    let answer =
        again(|| rpc.get_multiple_accounts_with_commitment(keys, rpc.commitment())).await?;
    if answer.value.len() != keys.len() {
        return Err(FetchError::Incomplete { asked: keys.len(), got: answer.value.len() });
    }
    Ok((answer.context.slot, answer.value))
}

/// A large pool takes many calls: one that fails is made again, so that a server that fails now and
/// then does not fail all.
async fn again<T, Asked>(ask: impl Fn() -> Asked) -> Result<T, FetchError>
where
    Asked: Future<Output = ClientResult<T>>,
{
    let mut answer = ask().await;
    for _ in 1..TRIES {
        if answer.is_ok() {
            break;
        }
        answer = ask().await;
    }
    Ok(answer.map_err(Box::new)?)
}

fn must(found: &[Option<Account>], place: usize, key: Pubkey) -> Result<Account, FetchError> {
    found.get(place).cloned().flatten().ok_or(FetchError::Missing(key))
}

fn sysvar<T: serde::de::DeserializeOwned>(
    account: &Account,
    address: Pubkey,
) -> Result<T, FetchError> {
    bincode::deserialize(&account.data).map_err(|_| FetchError::Sysvar(address))
}
