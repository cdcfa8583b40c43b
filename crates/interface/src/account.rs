//! Account bytes and return data to values, without a copy where the bytes are aligned.

use core::{fmt, mem::size_of};

use bytemuck::{AnyBitPattern, Pod};

/// Bytes of an account's discriminator, which stands before its struct.
pub const DISCRIMINATOR_BYTES: usize = 8;

/// Why account bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// The first eight bytes name another account type.
    WrongType,
    /// The data ends early.
    TooShort {
        /// Bytes there are.
        actual: usize,
        /// Bytes there should be.
        expected: usize,
    },
    /// The bytes are not aligned to be looked at in place; [`Account::read`] copies them.
    Misaligned,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType => to.write_str("the account is of another type"),
            Self::TooShort { actual, expected } => {
                write!(to, "the account holds {actual} bytes, {expected} expected")
            }
            Self::Misaligned => to.write_str("the bytes are not aligned to 8"),
        }
    }
}

impl core::error::Error for LayoutError {}

/// An account of the program. The caller checks that [`crate::ID`] owns it: bytes of another
/// program's account can look the same.
pub trait Account: Pod {
    /// Its first eight bytes.
    const DISCRIMINATOR: [u8; DISCRIMINATOR_BYTES];
    /// Bytes of the account up to the end of the struct, discriminator included.
    const BYTES: usize = DISCRIMINATOR_BYTES.saturating_add(size_of::<Self>());

    /// The account in place, from its whole data. In a program the data is always aligned.
    ///
    /// # Errors
    /// [`LayoutError`].
    fn view(data: &[u8]) -> Result<&Self, LayoutError> {
        bytemuck::try_from_bytes(body::<Self>(data)?).map_err(|_| LayoutError::Misaligned)
    }

    /// A copy of the account, from its whole data.
    ///
    /// # Errors
    /// [`LayoutError::WrongType`], [`LayoutError::TooShort`].
    fn read(data: &[u8]) -> Result<Self, LayoutError> {
        body::<Self>(data).map(bytemuck::pod_read_unaligned)
    }
}

fn body<T: Account>(data: &[u8]) -> Result<&[u8], LayoutError> {
    let short = LayoutError::TooShort { actual: data.len(), expected: T::BYTES };
    let (body, first) = data.get(..T::BYTES).and_then(split).ok_or(short)?;
    if *first != T::DISCRIMINATOR {
        return Err(LayoutError::WrongType);
    }
    Ok(body)
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8; DISCRIMINATOR_BYTES])> {
    data.split_first_chunk().map(|(first, body)| (body, first))
}

/// What an instruction returned. The runtime drops zeros at the end of the return data of a
/// transaction, so that bytes that are missing are zeros; `None` where there are too many.
pub fn returned<T: AnyBitPattern>(data: &[u8]) -> Option<T> {
    let missing = size_of::<T>().checked_sub(data.len())?;
    let whole: alloc::vec::Vec<u8> =
        data.iter().copied().chain(core::iter::repeat_n(0, missing)).collect();
    bytemuck::try_pod_read_unaligned(&whole).ok()
}
