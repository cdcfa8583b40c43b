//! What is sent: data, and accounts by their place in the table of `places.rs`.

use solana_instruction::{AccountMeta, Instruction};
use thaw_client::thaw::ID;

use crate::places::Places;

/// An account of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Meta {
    /// Index in the table.
    pub place: u8,
    /// Signs, where its key is at hand.
    pub signs: bool,
    /// May be written.
    pub is_writable: bool,
}

/// An instruction of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Input {
    /// Discriminator and arguments, or anything else.
    pub data: Vec<u8>,
    /// Accounts.
    pub metas: Vec<Meta>,
}

/// Splitmix64: small, and the same on every machine.
pub struct Rng(pub u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Numbers at which things change.
const NUMBERS: [u64; 12] = [
    0,
    1,
    2,
    255,
    65_535,
    999_999_999,
    1_000_000_000,
    2_000_000_000,
    u32::MAX as u64,
    i64::MAX as u64,
    u64::MAX - 1,
    u64::MAX,
];
/// The longest data of an input.
const MOST_DATA: usize = 600;
/// The most accounts of an input.
const MOST_ACCOUNTS: usize = 30;

impl Input {
    /// An instruction with its accounts found in the table.
    pub fn of(instruction: &Instruction, places: &Places) -> Self {
        let metas = instruction.accounts.iter().map(|meta| Meta {
            place: places.find(&meta.pubkey),
            signs: meta.is_signer,
            is_writable: meta.is_writable,
        });
        Self { data: instruction.data.clone(), metas: metas.collect() }
    }

    /// The instruction in this world.
    pub fn instruction(&self, places: &Places) -> Instruction {
        let accounts = self.metas.iter().map(|meta| {
            let pubkey = places.key(meta.place);
            AccountMeta {
                pubkey,
                is_signer: meta.signs && places.can_sign(&pubkey),
                is_writable: meta.is_writable,
            }
        });
        Instruction { program_id: ID, accounts: accounts.collect(), data: self.data.clone() }
    }

    /// One to four changes.
    pub fn mutated(&self, other: &Self, places: u8, rng: &mut Rng) -> Self {
        let mut new = self.clone();
        for _ in 0..=rng.below(4) {
            if rng.below(2) == 0 {
                new.change_data(other, rng)
            } else {
                new.change_metas(other, places, rng)
            }
        }
        new.data.truncate(MOST_DATA);
        new.metas.truncate(MOST_ACCOUNTS);
        new
    }

    fn change_data(&mut self, other: &Self, rng: &mut Rng) {
        // The discriminator is left alone most of the time.
        let first = if rng.below(16) == 0 { 0 } else { 8 };
        let room = self.data.len().saturating_sub(first);
        match rng.below(8) {
            0 if room > 0 => self.data[first + rng.below(room)] ^= 1 << rng.below(8),
            1 if room > 0 => self.data[first + rng.below(room)] = rng.below(256) as u8,
            2 | 3 if room > 0 => {
                let (at, number) = (first + rng.below(room), NUMBERS[rng.below(NUMBERS.len())]);
                for (byte, new) in self.data[at..].iter_mut().zip(number.to_le_bytes()) {
                    *byte = new;
                }
            }
            4 => self.data.truncate(first + rng.below(room + 1)),
            5 => self.data.extend((0..=rng.below(16)).map(|byte| byte as u8)),
            6 if other.data.len() > 8 && self.data.len() >= 8 => {
                self.data.truncate(8);
                self.data.extend(&other.data[8..]);
            }
            _ => self.data.extend(self.data.clone().iter().rev().take(rng.below(40))),
        }
    }

    fn change_metas(&mut self, other: &Self, places: u8, rng: &mut Rng) {
        if self.metas.is_empty() {
            self.metas.clone_from(&other.metas);
            return;
        }
        let (at, from) = (rng.below(self.metas.len()), rng.below(self.metas.len()));
        match rng.below(8) {
            0..=2 => self.metas[at].place = rng.below(places.into()) as u8,
            3 => self.metas[at].place = self.metas[from].place,
            4 => self.metas.swap(at, from),
            5 => self.metas[at].signs ^= true,
            6 => self.metas[at].is_writable ^= true,
            _ if rng.below(2) == 0 => drop(self.metas.remove(at)),
            _ => self.metas.insert(at, self.metas[from]),
        }
    }
}
