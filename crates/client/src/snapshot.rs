//! A whole pool, read at one slot.

use anchor_lang::prelude::Pubkey;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_clock::Clock;
use solana_epoch_schedule::EpochSchedule;
use solana_rent::Rent;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Result as ClientResult;
use solana_stake_interface::stake_history::StakeHistory;
use thaw::{
    constants::SLOTS,
    state::{Batch, Effective, Pool, Record, Seat, SplView, StakeView},
};
use thaw_math::{Bps, Lamports};

use crate::{addresses::PoolAddresses, decode, redact::without_url, slots::Listed};

/// Addresses one `getMultipleAccounts` call takes.
pub(crate) const CHUNK: usize = 100;
/// Calls under way at once.
pub(crate) const WIDTH: usize = 8;
/// Slots by which a server's clock may be ahead of what it says about its answer: some count the bank
/// that is being filled.
const SLOT_SLACK: u64 = 32;
/// Tries of one call.
const TRIES: usize = 3;
/// Reads of a pool whose validator list changes meanwhile.
const ATTEMPTS: usize = 5;
/// Accounts that every read ends with, and the place of the list among them.
const FIXED: usize = 9;
const LIST: usize = 2;
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
    #[error("the RPC server failed: {}", without_url(&.0.to_string()))]
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
    /// Validators are listed and removed faster than the pool can be read.
    #[error("{0} gets other validators faster than the pool can be read; try again")]
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
    /// What its vote account offers: whether it can be delegated to, and admitted.
    pub seat: Seat,
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
    /// The view in the layout of an SPL stake pool, where the pool has one.
    pub spl_view: Option<SplView>,
}

impl Snapshot {
    /// True in the last part of an epoch's slots, in which stake moves, and all the time while the pool
    /// winds down: the rule of `Pool::require_move_window`, which reads the schedule where the program
    /// runs.
    pub fn is_move_window(&self) -> bool {
        if self.pool.is_winding_down() {
            return true;
        }
        let slots = self.schedule.get_slots_in_epoch(self.clock.epoch);
        let window = Bps(self.pool.config.move_window_bps).of_up(Lamports(slots)).0;
        let first = self.schedule.get_first_slot_in_epoch(self.clock.epoch);
        self.clock.slot >= first.saturating_add(slots.saturating_sub(window))
    }

    /// Reads the pool of `addresses` and everything that belongs to it.
    ///
    /// Thousands of stake accounts take several calls. The pool, its reserve, the list and the
    /// sysvars come last, in one call and so of one slot. A validator whose record has changed since
    /// its slots were read is read again, in that same call where they are few. Anyone can change
    /// records by a lamport, as often as they like: after some tries slots are taken that may be
    /// moments older than their records.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(rpc: &RpcClient, addresses: PoolAddresses) -> Result<Self, FetchError> {
        let list = must(&read(rpc, &[addresses.validators]).await?, 0, addresses.validators)?;
        let mut listed = Listed::fetch(rpc, &addresses, records(&addresses, &list)?).await?;
        for attempt in 1..=ATTEMPTS {
            let stale = listed.stale_slots(rpc, CHUNK.saturating_sub(FIXED)).await?;
            let (slot, mut found) = read_at(rpc, &fixed(&addresses, &stale)).await?;
            let clock: Clock = sysvar(&must(&found, 3, CLOCK)?, CLOCK)?;
            if clock.slot > slot.saturating_add(SLOT_SLACK) {
                // A busy server may have begun new slots under the reading; a lying one goes on.
                if attempt == ATTEMPTS {
                    return Err(FetchError::Slot { said: slot, clock: clock.slot });
                }
                continue;
            }
            listed.refresh(found.split_off(FIXED));
            let list = must(&found, LIST, addresses.validators)?;
            let newest = records(&addresses, &list)?;
            if !listed.update(newest.clone(), &stale) {
                listed = Listed::fetch(rpc, &addresses, newest).await?;
            } else if listed.is_fresh() || attempt == ATTEMPTS {
                return Self::put_together(rpc, addresses, &found, listed).await;
            }
        }
        Err(FetchError::Moving(addresses.validators))
    }

    /// From the fixed accounts of one call, and the batches.
    async fn put_together(
        rpc: &RpcClient,
        addresses: PoolAddresses,
        found: &[Option<Account>],
        listed: Listed,
    ) -> Result<Self, FetchError> {
        let keys = fixed(&addresses, &[]);
        let must = |place: usize| must(found, place, keys[place]);
        let pool = decode::pool(&must(0)?.data)
            .map_err(|source| FetchError::Decode { address: addresses.pool, source })?;
        let clock: Clock = sysvar(&must(3)?, CLOCK)?;
        let rewards = found[6].as_ref().and_then(|account| account.data.get(REWARDS_ACTIVE));
        let stake_history = found[7].as_ref().map(|account| sysvar(account, HISTORY));
        Ok(Self {
            addresses,
            reserve_lamports: must(1)?.lamports,
            validators: listed.views(&pool.authority),
            batches: read_batches(rpc, &addresses, &pool).await?,
            clock,
            schedule: sysvar(&must(4)?, SCHEDULE)?,
            rent: sysvar(&must(5)?, RENT)?,
            stake_history: stake_history.transpose()?.unwrap_or_default(),
            is_rewards_window: rewards.is_some_and(|active| *active != 0),
            spl_view: found[8].as_ref().and_then(spl_view),
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

/// The accounts that are read in one call, `more` among them.
fn fixed(addresses: &PoolAddresses, more: &[Pubkey]) -> Vec<Pubkey> {
    let PoolAddresses { pool, reserve, validators, .. } = *addresses;
    let fixed: [Pubkey; FIXED] =
        [pool, reserve, validators, CLOCK, SCHEDULE, RENT, REWARDS, HISTORY, addresses.spl_view()];
    fixed.iter().chain(more).copied().collect()
}

/// Somebody may have sent lamports to the address of a view that nobody has opened.
fn spl_view(account: &Account) -> Option<SplView> {
    decode::spl_view(&account.data).ok()
}

fn records(addresses: &PoolAddresses, list: &Account) -> Result<Vec<Record>, FetchError> {
    decode::validators(&list.data)
        .map(|(_, records)| records)
        .map_err(|source| FetchError::Decode { address: addresses.validators, source })
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
pub(crate) async fn again<T, Asked>(ask: impl Fn() -> Asked) -> Result<T, FetchError>
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
