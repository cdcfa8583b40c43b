//! Stands in for solana-get-sysvar 1.0.0, whose syscall refuses everything off chain: here it reads
//! what the fuzz target has set, with the runtime's own checks.

use std::cell::RefCell;

use solana_address::Address;
use solana_program_error::ProgramError;

thread_local! {
    static SYSVARS: RefCell<Vec<(Address, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
}

/// Sets the sysvars that can be read from now on; all others are refused.
pub fn set_sysvars(sysvars: Vec<(Address, Vec<u8>)>) {
    SYSVARS.set(sysvars);
}

/// A sysvar that is read whole; the program reads none this way.
pub trait GetSysvar: Sized {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    fn get() -> Result<Self, ProgramError> {
        Err(ProgramError::UnsupportedSysvar)
    }
}

/// Copies `length` bytes from `offset` of a sysvar.
///
/// # Errors
/// As in the runtime: a sysvar that is not there, a range beyond its end.
pub fn get_sysvar(
    dst: &mut [u8],
    sysvar_id: &Address,
    offset: u64,
    length: u64,
) -> Result<(), ProgramError> {
    let (offset, length) = (offset as usize, length as usize);
    let dst = dst.get_mut(..length).ok_or(ProgramError::InvalidArgument)?;
    SYSVARS.with_borrow(|sysvars| {
        let found = sysvars.iter().find(|(id, _)| id == sysvar_id);
        let (_, data) = found.ok_or(ProgramError::UnsupportedSysvar)?;
        let end = offset.checked_add(length).ok_or(ProgramError::InvalidArgument)?;
        dst.copy_from_slice(data.get(offset..end).ok_or(ProgramError::InvalidArgument)?);
        Ok(())
    })
}

/// The same to a bare address, for types that read themselves; refused.
///
/// # Errors
/// Always.
///
/// # Safety
/// None is needed; the original writes to `address`.
pub unsafe fn get_sysvar_unchecked(
    _address: *mut u8,
    _sysvar_id: *const u8,
    _offset: u64,
    _length: u64,
) -> Result<(), ProgramError> {
    Err(ProgramError::UnsupportedSysvar)
}

/// The original implements `GetSysvar::get`; nothing of the program calls that.
#[macro_export]
macro_rules! impl_get_sysvar {
    ($($sysvar:tt)*) => {};
}
