//! The slots of a pool's validators, as the chain has them.

use anchor_lang::prelude::Pubkey;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding, UiDataSliceConfig};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::RpcAccountInfoConfig;
use thaw::{
    constants::{SLOTS, VOTE_LAYOUTS, VOTE_PROGRAM},
    state::{Record, StakeView},
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

/// A listed validator, its slots' accounts, and whether its vote account can be delegated to.
struct Raw {
    index: u16,
    record: Record,
    slots: [(Pubkey, Option<Account>); SLOTS],
    has_vote: bool,
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
        let have_votes = read_have_votes(rpc, &votes).await?;
        let mut accounts = keys.iter().copied().zip(read(rpc, &keys).await?);
        let validators = live.into_iter().zip(have_votes).map(|((index, record), has_vote)| {
            let slots = std::array::from_fn(|_| accounts.next().unwrap_or_default());
            Raw { index, record, slots, has_vote }
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
        ValidatorView { index: self.index, record: self.record, slots, has_vote: self.has_vote }
    }
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
