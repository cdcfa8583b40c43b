//! Account bytes to typed values, checked by discriminator and length.

use std::mem::size_of;

use anchor_lang::{AccountDeserialize, Discriminator};
use bytemuck::{AnyBitPattern, Pod};
use thaw::state::{LIST_HEADER_BYTES, Pool, Record, SPL_POOL_BYTES, SplView, ValidatorList};

use crate::spl_layout::POOL_TYPE as SPL_POOL_TYPE;

/// Why account bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The first eight bytes name another account type.
    #[error("the account is of another type")]
    WrongType,
    /// The data ends early.
    #[error("the account holds {actual} bytes, {expected} expected")]
    TooShort {
        /// Bytes there are.
        actual: usize,
        /// Bytes there should be.
        expected: usize,
    },
}

/// A pool.
///
/// # Errors
/// [`DecodeError`].
pub fn pool(data: &[u8]) -> Result<Box<Pool>, DecodeError> {
    zero_copy::<Pool>(data).map(Box::new)
}

/// A pool's view in the layout of an SPL stake pool.
///
/// # Errors
/// [`DecodeError`].
pub fn spl_view(data: &[u8]) -> Result<SplView, DecodeError> {
    let bytes = data.get(..SPL_POOL_BYTES);
    let bytes =
        bytes.ok_or(DecodeError::TooShort { actual: data.len(), expected: SPL_POOL_BYTES })?;
    let view: SplView = bytemuck::pod_read_unaligned(bytes);
    if view.account_type != SPL_POOL_TYPE {
        return Err(DecodeError::WrongType);
    }
    Ok(view)
}

/// A validator list: its header and the records in use.
///
/// # Errors
/// [`DecodeError`].
pub fn validators(data: &[u8]) -> Result<(ValidatorList, Vec<Record>), DecodeError> {
    let header: ValidatorList = zero_copy(data)?;
    let records = data[LIST_HEADER_BYTES..]
        .chunks_exact(size_of::<Record>())
        .take(header.count as usize)
        .map(bytemuck::pod_read_unaligned)
        .collect();
    Ok((header, records))
}

/// A batch, ticket or marker.
///
/// # Errors
/// [`DecodeError::WrongType`].
pub fn account<T: AccountDeserialize>(mut data: &[u8]) -> Result<T, DecodeError> {
    T::try_deserialize(&mut data).map_err(|_| DecodeError::WrongType)
}

fn zero_copy<T: Discriminator + Pod + AnyBitPattern>(data: &[u8]) -> Result<T, DecodeError> {
    let start = T::DISCRIMINATOR.len();
    let expected = start.saturating_add(size_of::<T>());
    if data.len() < expected {
        return Err(DecodeError::TooShort { actual: data.len(), expected });
    }
    if &data[..start] != T::DISCRIMINATOR {
        return Err(DecodeError::WrongType);
    }
    Ok(bytemuck::pod_read_unaligned(&data[start..expected]))
}
