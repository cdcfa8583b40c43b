//! What the input stands for: accounts, an instruction, sysvars.

use anchor_lang::prelude::*;
use thaw::state::{LIST_HEADER_BYTES, Pool};
use thaw_fuzz::bytes::Bytes;

use crate::{
    cast::{CAST, OWNERS, Part, part},
    instruction::{Place, SHAPES},
    kinds::{KINDS, Kind},
    pool::{RENT, RESERVE_LAMPORTS, SLOT_LAMPORTS, SOL},
};

/// The most accounts of a transaction here.
const ACCOUNTS: usize = 24;
/// No account holds more than this many bytes here.
const LONGEST: usize = 6_000;

/// An account.
pub struct Account {
    /// Its address.
    pub key: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
    /// Its balance.
    pub lamports: u64,
    /// It signs.
    pub is_signer: bool,
    /// It is written.
    pub is_writable: bool,
    /// It is a program.
    pub is_executable: bool,
    /// Its data.
    pub data: Vec<u8>,
}

/// A transaction with one instruction.
pub struct Scene {
    /// The accounts, some perhaps more than once.
    pub accounts: Vec<Account>,
    /// The instruction's data.
    pub data: Vec<u8>,
    /// The instruction grows an account into the room behind it.
    pub grows: bool,
}

impl Scene {
    /// Reads it: an instruction with its own accounts, each of which the input may change, and more.
    pub fn new(input: &mut Bytes) -> Self {
        let shape = &SHAPES[input.below(SHAPES.len())];
        let data = shape.data(input);
        let mut accounts: Vec<Account> =
            shape.accounts.iter().map(|place| placed(place, input)).collect();
        for _ in 0..input.below(8) {
            let part = CAST[input.below(CAST.len())];
            accounts.push(changed(account(&part, input), &part, input));
        }
        accounts.truncate(ACCOUNTS);
        if shape.name == "initialize" {
            open_pool(&mut accounts);
        }
        Self { accounts, data, grows: shape.name == "extend_validator_list" }
    }
}

/// Off chain the system program does nothing, so what `initialize` opens stays as short as the input
/// made it, while the program counts on the length that it has asked for.
fn open_pool(accounts: &mut [Account]) {
    for (place, length) in [(1, Pool::BYTES), (5, LIST_HEADER_BYTES)] {
        let key = accounts[place].key;
        for account in accounts.iter_mut().filter(|account| account.key == key) {
            account.data.resize(account.data.len().max(length), 0);
        }
    }
}

/// The account at a place of an instruction.
fn placed(place: &Place, input: &mut Bytes) -> Account {
    let is_left_out = place.is_optional && input.byte() & 1 == 0;
    let part = if is_left_out { part("thaw") } else { place.part };
    let mut account = account(&part, input);
    account.is_signer = place.is_signer;
    account.is_writable = place.is_writable;
    changed(account, &part, input)
}

/// An account as it is where the input changes nothing.
fn account(part: &Part, input: &mut Bytes) -> Account {
    let lamports = match part.name {
        "slot_2" | "other_2" => RENT,
        // More than the books say, as after a deposit, whose transfer does nothing off chain.
        "reserve" => RESERVE_LAMPORTS + 100 * SOL,
        _ if matches!(part.kind, Kind::Stake) => SLOT_LAMPORTS,
        _ => 10 * SOL,
    };
    Account {
        key: part.key,
        owner: part.owner,
        lamports,
        is_signer: false,
        is_writable: true,
        is_executable: part.name.ends_with("program") || part.name == "thaw",
        data: part.kind.bytes(&part.key, lamports, input),
    }
}

/// The same with what the input changes: one bit of a byte for each thing.
fn changed(mut account: Account, part: &Part, input: &mut Bytes) -> Account {
    let changes = input.byte();
    let is_set = |bit: u8| changes >> bit & 1 != 0;
    if is_set(0) {
        account.lamports = input.near(account.lamports);
    }
    if is_set(1) {
        let at = input.byte();
        account.key = CAST.get(usize::from(at)).map_or(Pubkey::from([at; 32]), |part| part.key);
    }
    if is_set(2) {
        account.owner = OWNERS[input.below(OWNERS.len())];
    }
    if is_set(3) {
        let flags = input.byte();
        account.is_signer ^= flags & 1 != 0;
        account.is_writable ^= flags & 2 != 0;
        account.is_executable ^= flags & 4 != 0;
    }
    if is_set(4) {
        let kind = KINDS[input.below(KINDS.len())];
        account.data = kind.bytes(&part.key, account.lamports, input);
    }
    if is_set(5) {
        // Any content; the discriminator stays, most of the time, and the length too.
        let (kept, length) = (if input.byte() == 0 { 0 } else { 8 }, account.data.len());
        let content = usize::from(input.short()) % LONGEST;
        account.data.truncate(kept);
        account.data.extend(input.take(content));
        account.data.resize(length, input.byte());
    }
    if is_set(6) {
        let length = match input.byte() {
            step if step < 128 => account.data.len().saturating_sub(step.into()),
            255 => usize::from(input.short()) % LONGEST,
            step => account.data.len() + usize::from(step) - 127,
        };
        account.data.resize(length, input.byte());
    }
    if is_set(7) {
        (0..input.byte() % 16).for_each(|_| patch(&mut account.data, input));
    }
    account
}

/// Overwrites some bytes with a number.
fn patch(data: &mut [u8], input: &mut Bytes) {
    let (at, width) = (usize::from(input.short()), 1 << (input.byte() % 4));
    let bytes = input.amount().to_le_bytes();
    let at = at.checked_rem(data.len()).unwrap_or(0);
    data[at..].iter_mut().zip(&bytes[..width]).for_each(|(place, byte)| *place = *byte);
}
