//! Accounts and arguments to an instruction.

use alloc::{string::String, vec::Vec};

use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use crate::ID;

/// The accounts of an instruction.
pub trait Accounts {
    /// Their metas, in the order of the program.
    fn metas(&self) -> Vec<AccountMeta>;
}

/// The arguments of an instruction.
pub trait InstructionData: Sized {
    /// The accounts it takes.
    type Accounts: Accounts;
    /// The first bytes of its data.
    const DISCRIMINATOR: &'static [u8];

    /// Appends the arguments.
    fn encode_args(&self, out: &mut Vec<u8>);

    /// The instruction's data: discriminator and arguments.
    fn data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.encode_args(&mut data);
        data
    }

    /// The instruction with its accounts.
    fn with(&self, accounts: &Self::Accounts) -> Instruction {
        Instruction { program_id: ID, accounts: accounts.metas(), data: self.data() }
    }
}

/// A value as the program reads it: integers little-endian, lengths as `u32`, no padding.
pub trait Encode {
    /// Appends the value.
    fn encode(&self, out: &mut Vec<u8>);
}

macro_rules! encode_integers {
    ($($ty:ty)*) => {$(
        impl Encode for $ty {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}

encode_integers!(u8 u16 u32 u64 i64);

impl Encode for bool {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push((*self).into());
    }
}

impl Encode for Address {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_ref());
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_length(self.len(), out);
        out.extend_from_slice(self.as_bytes());
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_length(self.len(), out);
        self.iter().for_each(|item| item.encode(out));
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        self.is_some().encode(out);
        self.iter().for_each(|some| some.encode(out));
    }
}

/// No transaction carries 4 GiB; a length beyond that is written as one the program refuses.
fn encode_length(length: usize, out: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).encode(out);
}

/// An account that is not there is named by the program's own address.
fn meta(key: Option<Address>, is_signer: bool, is_writable: bool) -> AccountMeta {
    match key {
        Some(pubkey) => AccountMeta { pubkey, is_signer, is_writable },
        None => AccountMeta::new_readonly(ID, false),
    }
}

pub(crate) fn readonly(key: impl Into<Option<Address>>) -> AccountMeta {
    meta(key.into(), false, false)
}

pub(crate) fn writable(key: impl Into<Option<Address>>) -> AccountMeta {
    meta(key.into(), false, true)
}

pub(crate) fn signer(key: impl Into<Option<Address>>) -> AccountMeta {
    meta(key.into(), true, false)
}

pub(crate) fn writable_signer(key: impl Into<Option<Address>>) -> AccountMeta {
    meta(key.into(), true, true)
}
