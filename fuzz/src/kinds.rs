//! What the data of an account looks like before the input changes it.

use anchor_lang::{AccountSerialize, Discriminator, prelude::*};
use thaw::{
    constants::{STAKE_ACCOUNT_BYTES, VERSION},
    state::{Batch, Pool, SPL_POOL_BYTES, Ticket, ValidatorList, ValidatorMarker},
};
use thaw_fuzz::bytes::Bytes;

use crate::{
    cast::{VOTE, WALLET, part},
    foreign::{mint, stake, vote},
    pool::{EPOCH, SOL, pool},
    validators::records,
};

/// What an account's data is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Nothing, or whatever the input says.
    Raw,
    /// [`Pool`].
    Pool,
    /// [`ValidatorList`] and its records.
    List,
    /// [`Batch`].
    Batch,
    /// [`Ticket`].
    Ticket,
    /// [`ValidatorMarker`].
    Marker,
    /// A pool's view in the layout of an SPL stake pool.
    View,
    /// A vote account.
    Vote,
    /// A stake account.
    Stake,
    /// A share mint.
    Mint,
    /// Opened just now: off chain the call that does that changes nothing.
    Zeros,
}

/// All of them, for the input to choose from.
pub const KINDS: [Kind; 11] = [
    Kind::Raw,
    Kind::Pool,
    Kind::List,
    Kind::Batch,
    Kind::Ticket,
    Kind::Marker,
    Kind::View,
    Kind::Vote,
    Kind::Stake,
    Kind::Mint,
    Kind::Zeros,
];

impl Kind {
    /// Its bytes, the discriminator in front.
    pub fn bytes(self, key: &Pubkey, lamports: u64, input: &mut Bytes) -> Vec<u8> {
        match self {
            Self::Raw => Vec::new(),
            Self::Pool => [Pool::DISCRIMINATOR, bytemuck::bytes_of(&pool(input.byte()))].concat(),
            Self::List => list(input),
            Self::Batch => written(&batch(input.byte())),
            Self::Ticket => written(&ticket()),
            Self::Marker => {
                let pool = part("pool").key;
                let bump = part("marker").bump;
                written(&ValidatorMarker { pool, vote: VOTE, index: 0, bump })
            }
            Self::View => vec![0; SPL_POOL_BYTES],
            Self::Vote => vote(input),
            Self::Stake => stake(key, lamports, input),
            Self::Mint => mint(),
            Self::Zeros => vec![0; STAKE_ACCOUNT_BYTES],
        }
    }
}

fn written(account: &impl AccountSerialize) -> Vec<u8> {
    let mut data = Vec::new();
    account.try_serialize(&mut data).unwrap();
    data
}

/// An open batch, or one that is settled, claimed or of this epoch.
fn batch(situation: u8) -> Batch {
    let is_settled = situation & 1 != 0;
    let is_claimed = situation & 2 != 0;
    Batch {
        pool: part("pool").key,
        serial: 0,
        epoch: if situation & 4 != 0 { EPOCH } else { EPOCH - 1 },
        shares_requested: 5 * SOL,
        shares_settled: if is_settled { 5 * SOL } else { SOL },
        lamports_settled: SOL,
        lamports_claimed: if is_claimed { SOL } else { 0 },
        tickets: if is_claimed { 0 } else { 2 },
        opener: WALLET,
        bump: part("batch").bump,
    }
}

fn ticket() -> Ticket {
    Ticket {
        pool: part("pool").key,
        owner: WALLET,
        first_owner: WALLET,
        nonce: 0,
        batch: 0,
        shares: 2 * SOL,
        lamports_claimed: 0,
        payer: WALLET,
        is_pushable: true,
        bump: part("ticket").bump,
    }
}

/// Two validators, and up to five places that are free.
fn list(input: &mut Bytes) -> Vec<u8> {
    let free = input.below(6);
    let header = ValidatorList {
        pool: part("pool").key,
        count: 2,
        live: 2,
        version: VERSION,
        bump: part("validators").bump,
        reserved: [0; 14],
    };
    let records = records(input.byte());
    let mut data = [ValidatorList::DISCRIMINATOR, bytemuck::bytes_of(&header)].concat();
    data.extend_from_slice(bytemuck::cast_slice(&records));
    data.resize(data.len() + free * size_of_val(&records[0]), 0);
    data
}
