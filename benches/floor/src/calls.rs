//! The calls that the instruction data lists.

use solana_define_syscall::definitions::sol_invoke_signed_c;

use crate::input::{ABOVE, Input};

/// Most seeds of a signer.
const SEEDS: usize = 8;

/// An account of a call.
#[repr(C)]
struct Meta {
    key: *const u8,
    is_writable: u8,
    is_signer: u8,
}

/// A call.
#[repr(C)]
struct Call {
    program: *const u8,
    accounts: *const Meta,
    accounts_len: u64,
    data: *const u8,
    data_len: u64,
}

/// Bytes, or seeds.
#[repr(C)]
#[derive(Clone, Copy)]
struct Slice {
    start: *const u8,
    len: u64,
}

/// The instruction data from where it is read next.
#[derive(Debug)]
pub struct Script {
    at: *const u8,
}

impl Script {
    /// The script that begins at `at`.
    pub fn new(at: *const u8) -> Self {
        Self { at }
    }

    /// The next byte.
    ///
    /// # Safety
    /// There is one; so for all that follow.
    pub unsafe fn byte(&mut self) -> u8 {
        // SAFETY: the caller's word.
        unsafe {
            let byte = *self.at;
            self.at = self.at.add(1);
            byte
        }
    }

    /// The next bytes.
    unsafe fn bytes(&mut self, len: usize) -> *const u8 {
        let start = self.at;
        // SAFETY: the caller's word.
        self.at = unsafe { start.add(len) };
        start
    }

    /// Steps over the moves; returns where they begin.
    ///
    /// # Safety
    /// As [`Script::byte`].
    pub unsafe fn moves(&mut self) -> *const u8 {
        let start = self.at;
        // SAFETY: the caller's word.
        unsafe {
            let count = usize::from(self.byte());
            self.bytes(count * 11);
        }
        start
    }

    /// Makes the next call; 0 where it went through.
    ///
    /// # Safety
    /// As [`Script::byte`], and its places are accounts.
    pub unsafe fn call(&mut self, accounts: &Input) -> u64 {
        let metas = ABOVE as *mut Meta;
        // SAFETY: the caller's word; above the accounts the heap has room for 64 metas and more.
        unsafe {
            let program = accounts.info(usize::from(self.byte())).key;
            let accounts_len = usize::from(self.byte());
            for place in 0..accounts_len {
                *metas.add(place) = Meta {
                    key: accounts.info(usize::from(self.byte())).key,
                    is_writable: self.byte(),
                    is_signer: self.byte(),
                };
            }
            let data_len = self.bytes(2).cast::<u16>().read_unaligned();
            let data = self.bytes(usize::from(data_len));
            let mut seeds = [Slice { start: core::ptr::null(), len: 0 }; SEEDS];
            let seeds_len = usize::from(self.byte());
            for seed in seeds.iter_mut().take(seeds_len) {
                let len = usize::from(self.byte());
                *seed = Slice { start: self.bytes(len), len: len as u64 };
            }
            let call = Call {
                program,
                accounts: metas,
                accounts_len: accounts_len as u64,
                data,
                data_len: u64::from(data_len),
            };
            let signer = Slice { start: seeds.as_ptr().cast(), len: seeds_len as u64 };
            sol_invoke_signed_c(
                (&raw const call).cast(),
                accounts.all(),
                accounts.count as u64,
                (&raw const signer).cast(),
                u64::from(seeds_len > 0),
            )
        }
    }
}
