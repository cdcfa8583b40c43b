//! Accounts of other programs, before the input changes them.

use anchor_lang::prelude::*;
use thaw::constants::{SHARE_DECIMALS, STAKE_ACCOUNT_BYTES};
use thaw_fuzz::bytes::Bytes;

use crate::{
    cast::{OTHER_VOTE, VOTE, WALLET, part, part_at},
    pool::{EPOCH, RENT},
};

/// A vote account in one of the three layouts or one that is not known, with a history of some epochs.
pub fn vote(input: &mut Bytes) -> Vec<u8> {
    let (tag, entries, commission) = (1 + input.byte() % 4, input.below(6), input.byte());
    let vote_bytes = if tag == 1 { 12 } else { 13 };
    let mut data = vec![tag, 0, 0, 0];
    if tag >= 3 {
        data.extend([1; 128]);
        data.extend([commission, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, commission & 1]);
        data.extend(vec![1; usize::from(commission & 1) * 48]);
    } else {
        data.extend([1; 64]);
        data.push(commission);
    }
    data.extend(2u64.to_le_bytes());
    data.extend(vec![1; 2 * vote_bytes]);
    data.extend([0, 1, 0, 0, 0, 0, 0, 0, 0]); // no root slot, one voter
    data.extend([1; 40]);
    if tag < 3 {
        data.extend(vec![0; 32 * 48 + 9]);
    }
    data.extend((entries as u64).to_le_bytes());
    for _ in 0..entries {
        let (epoch, credits) = (input.near(EPOCH - 1), input.near(1_000));
        data.extend([epoch, credits, input.near(900)].iter().flat_map(|word| word.to_le_bytes()));
    }
    data.extend([0; 16]);
    data
}

/// A stake account of the pool's, delegated to its validator unless the input says otherwise. So is
/// one that a stranger gives away: the call that hands it over does nothing off chain.
pub fn stake(key: &Pubkey, lamports: u64, input: &mut Bytes) -> Vec<u8> {
    let is_other = part_at(key).is_some_and(|part| part.name.starts_with("other"));
    let vote = if is_other { OTHER_VOTE } else { VOTE };
    let shape = input.byte();
    let mut data = vec![0; STAKE_ACCOUNT_BYTES];
    if shape & 8 != 0 {
        return data;
    }
    let authority = if shape & 16 != 0 { WALLET } else { part("authority").key };
    let stake = lamports.saturating_sub(RENT);
    let natural = if stake == 0 { 1 } else { 2 };
    let activated = if shape & 2 == 0 { EPOCH - 20 } else { input.near(EPOCH) };
    let deactivated = if shape & 4 == 0 { u64::MAX } else { input.near(EPOCH) };
    data[0] = if shape & 1 == 0 { natural } else { input.byte() % 5 };
    data[12..44].copy_from_slice(authority.as_ref());
    data[44..76].copy_from_slice(authority.as_ref());
    data[124..156].copy_from_slice(vote.as_ref());
    for (at, word) in [(156, stake), (164, activated), (172, deactivated)] {
        data[at..at + 8].copy_from_slice(&word.to_le_bytes());
    }
    data
}

/// A mint of the pool's authority, no share in existence.
pub fn mint() -> Vec<u8> {
    let mut data = vec![0; 82];
    data[0] = 1;
    data[4..36].copy_from_slice(part("authority").key.as_ref());
    data[44] = SHARE_DECIMALS;
    data[45] = 1;
    data
}
