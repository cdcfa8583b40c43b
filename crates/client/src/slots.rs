//! The slots of a pool's validators, as the chain has them.

use anchor_lang::prelude::Pubkey;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding, UiDataSliceConfig};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::RpcAccountInfoConfig;
use thaw::{
    constants::SLOTS,
    state::{Record, Seat, StakeView},
};

use crate::{
    addresses::PoolAddresses,
    snapshot::{CHUNK, FetchError, ValidatorView, WIDTH, again, read},
};

/// Listed validators with their slots' accounts.
pub(crate) struct Listed {
    validators: Vec<Raw>,
    /// Places whose slots were read before their record was.
    stale: Vec<usize>,
}

/// A listed validator, its slots' accounts, and what its vote account offers.
struct Raw {
    index: u16,
    record: Record,
    slots: [(Pubkey, Option<Account>); SLOTS],
    seat: Seat,
}

impl Listed {
    /// Reads the slots and vote accounts of the validators in `records`.
    pub async fn fetch(
        rpc: &RpcClient,
        addresses: &PoolAddresses,
        records: Vec<Record>,
    ) -> Result<Self, FetchError> {
        let live: Vec<(u16, Record)> = live(records).collect();
        let keys: Vec<Pubkey> =
            live.iter().flat_map(|(_, record)| addresses.slots(&record.vote)).collect();
        let votes: Vec<Pubkey> = live.iter().map(|(_, record)| record.vote).collect();
        let seats = read_seats(rpc, &votes).await?;
        let mut accounts = keys.iter().copied().zip(read(rpc, &keys).await?);
        let validators = live.into_iter().zip(seats).map(|((index, record), seat)| {
            let slots = std::array::from_fn(|_| accounts.next().unwrap_or_default());
            Raw { index, record, slots, seat }
        });
        Ok(Self { validators: validators.collect(), stale: Vec::new() })
    }

    /// Slots that are older than their records, where they are at most `most`; reads them anew
    /// where they are more.
    pub async fn stale_slots(
        &mut self,
        rpc: &RpcClient,
        most: usize,
    ) -> Result<Vec<Pubkey>, FetchError> {
        let keys: Vec<Pubkey> = self.stale.iter().flat_map(|place| self.keys(*place)).collect();
        if keys.len() <= most {
            return Ok(keys);
        }
        let found = read(rpc, &keys).await?;
        self.refresh(found);
        Ok(Vec::new())
    }

    /// Takes in what the stale slots hold now.
    pub fn refresh(&mut self, found: impl IntoIterator<Item = Option<Account>>) {
        let mut found = found.into_iter();
        for place in std::mem::take(&mut self.stale) {
            for slot in &mut self.validators[place].slots {
                slot.1 = found.next().flatten();
            }
        }
    }

    /// Takes in `records`, newer than the slots that were not refreshed with them: validators whose
    /// record differs become stale, but for those in `fresh`. False where other validators are
    /// listed now.
    pub fn update(&mut self, records: Vec<Record>, fresh: &[Pubkey]) -> bool {
        let live: Vec<(u16, Record)> = live(records).collect();
        let same = |((index, record), raw): (&(u16, Record), &Raw)| {
            *index == raw.index && record.vote == raw.record.vote
        };
        if live.len() != self.validators.len() || !live.iter().zip(&self.validators).all(same) {
            return false;
        }
        for (place, (_, record)) in live.into_iter().enumerate() {
            let raw = &mut self.validators[place];
            let has_changed = bytemuck::bytes_of(&raw.record) != bytemuck::bytes_of(&record);
            raw.record = record;
            if has_changed && !fresh.contains(&raw.slots[0].0) {
                self.stale.push(place);
            }
        }
        true
    }

    /// True where every slot was read with its record or did not change in between.
    pub fn is_fresh(&self) -> bool {
        self.stale.is_empty()
    }

    /// The validators; `authority` is the one of the pool's stake.
    pub fn views(self, authority: &Pubkey) -> Vec<ValidatorView> {
        self.validators.into_iter().map(|raw| raw.view(authority)).collect()
    }

    fn keys(&self, place: usize) -> [Pubkey; SLOTS] {
        self.validators[place].slots.each_ref().map(|(key, _)| *key)
    }
}

fn live(records: Vec<Record>) -> impl Iterator<Item = (u16, Record)> {
    (0u16..).zip(records).filter(|(_, record)| !record.is_free())
}

impl Raw {
    fn view(self, authority: &Pubkey) -> ValidatorView {
        let slots = self.slots.map(|(key, account)| {
            account.map_or((0, StakeView::Foreign), |account| {
                (account.lamports, view(&key, &account, authority, &self.record.vote))
            })
        });
        ValidatorView { index: self.index, record: self.record, slots, seat: self.seat }
    }
}

/// What the vote accounts offer. Only the heads of their data are read, not 3.7 KB each.
async fn read_seats(rpc: &RpcClient, votes: &[Pubkey]) -> Result<Vec<Seat>, FetchError> {
    let config = RpcAccountInfoConfig {
        encoding: Some(UiAccountEncoding::Base64),
        data_slice: Some(UiDataSliceConfig { offset: 0, length: Seat::HEAD_BYTES }),
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
    let seats: Vec<Seat> = accounts.map(|found| seat_of_head(found.as_ref())).collect();
    if seats.len() != votes.len() {
        return Err(FetchError::Incomplete { asked: votes.len(), got: seats.len() });
    }
    Ok(seats)
}

fn seat_of_head(account: Option<&UiAccount>) -> Seat {
    let owner = account.and_then(|account| account.owner.parse().ok()).unwrap_or_default();
    let data = account.and_then(|account| account.data.decode()).unwrap_or_default();
    Seat::read(&owner, account.map_or(0, |account| account.lamports), &data)
}

/// What a vote account offers, if there is one.
pub fn seat(account: Option<&Account>) -> Seat {
    let nothing = Seat::read(&Pubkey::default(), 0, &[]);
    account.map_or(nothing, |vote| Seat::read(&vote.owner, vote.lamports, &vote.data))
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
