//! The validator list: a header and records at fixed places.

use std::{cell::RefMut, mem::size_of};

use crate::prelude::*;

use super::record::Record;
use crate::{constants::VERSION, error::ThawError};

/// Bytes before the first record: discriminator and header.
pub const LIST_HEADER_BYTES: usize = 8 + size_of::<ValidatorList>();

/// Header of a pool's validator list. [`Record`]s follow it up to the account's end; `count` of
/// them are in use. No record ever moves, so an index stays true.
#[account(zero_copy)]
#[derive(Debug)]
pub struct ValidatorList {
    /// The pool.
    pub pool: Pubkey,
    /// Records in use, free ones among them.
    pub count: u32,
    /// Validators listed.
    pub live: u32,
    /// Layout version.
    pub version: u8,
    /// Bump of this account.
    pub bump: u8,
    /// For later versions, 0.
    pub reserved: [u8; 14],
}

/// Proof that a vote account is listed, and where; makes a second listing impossible.
#[account]
#[derive(Debug, InitSpace)]
pub struct ValidatorMarker {
    /// The pool.
    pub pool: Pubkey,
    /// The vote account.
    pub vote: Pubkey,
    /// Index of its record.
    pub index: u16,
    /// Bump of this account.
    pub bump: u8,
}

/// A validator list borrowed for writing.
pub struct Records<'a> {
    data: RefMut<'a, [u8]>,
}

impl<'a> Records<'a> {
    /// Borrows the list, whose owner and discriminator the account type has checked.
    ///
    /// # Errors
    /// Anchor's borrow errors.
    pub fn load(list: &'a AccountLoader<'_, ValidatorList>) -> Result<Self> {
        drop(list.load_mut()?);
        let data = list.as_ref().try_borrow_mut_data()?;
        Ok(Self { data: RefMut::map(data, |data| &mut **data) })
    }

    /// The header.
    pub fn header(&mut self) -> &mut ValidatorList {
        bytemuck::from_bytes_mut(&mut self.data[8..LIST_HEADER_BYTES])
    }

    /// Records that fit.
    pub fn capacity(&self) -> usize {
        capacity(self.data.len())
    }

    /// All records in use.
    pub fn all(&mut self) -> &mut [Record] {
        let count = (self.header().count as usize).min(self.capacity());
        // cannot overflow: count is at most the capacity of the data.
        let end = LIST_HEADER_BYTES.wrapping_add(count.wrapping_mul(size_of::<Record>()));
        bytemuck::cast_slice_mut(&mut self.data[LIST_HEADER_BYTES..end])
    }

    /// The validator at `index`.
    ///
    /// # Errors
    /// [`ThawError::NoSuchValidator`].
    pub fn get(&mut self, index: u16) -> Result<&mut Record> {
        let record = self.all().get_mut(usize::from(index)).filter(|record| !record.is_free());
        record.ok_or_else(|| error!(ThawError::NoSuchValidator))
    }

    /// A free record for a new validator: a removed one's, else the next.
    ///
    /// # Errors
    /// [`ThawError::ListFull`].
    pub fn claim_free(&mut self, index: u16) -> Result<&mut Record> {
        let capacity = self.capacity();
        let header = self.header();
        let index = usize::from(index);
        if index == header.count as usize {
            require!(index < capacity, ThawError::ListFull);
            header.count = header.count.checked_add(1).ok_or(ThawError::Overflow)?;
        }
        header.live = header.live.checked_add(1).ok_or(ThawError::Overflow)?;
        let record = self.all().get_mut(index).filter(|record| record.is_free());
        record.ok_or_else(|| error!(ThawError::NoSuchValidator))
    }

    /// Frees the record at `index` for another validator.
    ///
    /// # Errors
    /// [`ThawError::NoSuchValidator`].
    pub fn release(&mut self, index: u16) -> Result<()> {
        *self.get(index)? = Record::default();
        let header = self.header();
        header.live = header.live.checked_sub(1).ok_or(ThawError::Overflow)?;
        Ok(())
    }
}

/// Records that fit a list of `bytes`.
pub fn capacity(bytes: usize) -> usize {
    bytes.saturating_sub(LIST_HEADER_BYTES).checked_div(size_of::<Record>()).unwrap_or(0)
}

impl ValidatorList {
    /// The header of a new list.
    pub fn new(pool: Pubkey, bump: u8) -> Self {
        Self { pool, count: 0, live: 0, version: VERSION, bump, reserved: [0; 14] }
    }
}
