//! The accounts as the runtime passes them: one block of memory in the loader's format, of exactly
//! its length, so that the sanitizer sees each access beyond it. Access beyond one account's data
//! would hit the room that the loader leaves there for growth; that is closed while nothing grows.

use std::alloc::{Layout, alloc, dealloc};

use anchor_lang::prelude::*;
use solana_program_entrypoint::{MAX_PERMITTED_DATA_INCREASE, NON_DUP_MARKER, deserialize_into};

use crate::scene::{Account, Scene};

/// A transaction in the loader's format.
struct Buffer {
    address: *mut u8,
    layout: Layout,
    /// Where the room behind each account's data begins.
    rooms: Vec<usize>,
}

impl Buffer {
    /// Writes a scene.
    fn new(scene: &Scene) -> Self {
        let mut pieces = Pieces { list: Vec::new(), end: 0 };
        pieces.push((scene.accounts.len() as u64).to_le_bytes().to_vec());
        let mut rooms = Vec::new();
        for (index, account) in scene.accounts.iter().enumerate() {
            let same = |other: &Account| other.key == account.key;
            let first = scene.accounts.iter().position(same).unwrap();
            if first < index {
                pieces.push(vec![first as u8, 0, 0, 0, 0, 0, 0, 0]);
            } else {
                pieces.push(head(account));
                rooms.push(pieces.end);
                // Then the epoch that rent was paid for, which nobody reads.
                pieces.end = (pieces.end + MAX_PERMITTED_DATA_INCREASE).next_multiple_of(8) + 8;
            }
        }
        let length = (scene.data.len() as u64).to_le_bytes();
        pieces.push([&length[..], &scene.data, thaw::ID.as_ref()].concat());

        let layout = Layout::from_size_align(pieces.end, 8).unwrap();
        // SAFETY: the layout is not empty, and each piece lies in it. What is between them is the
        // rooms, which nobody reads before it has written them.
        let address = unsafe { alloc(layout) };
        assert!(!address.is_null());
        for (at, piece) in &pieces.list {
            unsafe { address.add(*at).copy_from_nonoverlapping(piece.as_ptr(), piece.len()) };
        }
        if !scene.grows {
            rooms.iter().for_each(|room| close(address.wrapping_add(*room)));
        }
        Self { address, layout, rooms }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.rooms.iter().for_each(|room| open(self.address.wrapping_add(*room)));
        // SAFETY: allocated in `new` with this layout.
        unsafe { dealloc(self.address, self.layout) };
    }
}

/// Writes a scene, reads it as `programs/thaw/src/entrypoint.rs` does and hands it to `run`, which
/// keeps nothing of it: unlike there, the memory is freed.
pub fn pass(
    scene: &Scene,
    run: impl FnOnce(&'static Pubkey, &'static [AccountInfo<'static>], &'static [u8]),
) {
    let buffer = Buffer::new(scene);
    let input = buffer.address;
    // SAFETY: the block is in the loader's format, and as many accounts fit the vector as it begins
    // with.
    let (accounts, program, data) = unsafe {
        let mut accounts = Vec::with_capacity(*input.cast::<u64>() as usize);
        let (program, count, data) = deserialize_into(input, accounts.spare_capacity_mut());
        accounts.set_len(count);
        (accounts, program, data)
    };
    // SAFETY: the vector lives until `run` is done.
    let lent = unsafe { std::slice::from_raw_parts(accounts.as_ptr(), accounts.len()) };
    run(program, lent, data);
    drop(accounts);
}

/// What is to be written, and where.
struct Pieces {
    list: Vec<(usize, Vec<u8>)>,
    end: usize,
}

impl Pieces {
    fn push(&mut self, piece: Vec<u8>) {
        let length = piece.len();
        self.list.push((self.end, piece));
        self.end += length;
    }
}

/// An account up to the room behind its data.
fn head(account: &Account) -> Vec<u8> {
    let flags = [account.is_signer, account.is_writable, account.is_executable];
    let [signer, writable, executable] = flags.map(u8::from);
    [
        &[NON_DUP_MARKER, signer, writable, executable, 0, 0, 0, 0],
        account.key.as_ref(),
        account.owner.as_ref(),
        &account.lamports.to_le_bytes(),
        &(account.data.len() as u64).to_le_bytes(),
        &account.data,
    ]
    .concat()
}

#[cfg(asan)]
unsafe extern "C" {
    fn __asan_poison_memory_region(address: *const u8, bytes: usize);
    fn __asan_unpoison_memory_region(address: *const u8, bytes: usize);
}

/// Makes the sanitizer refuse access to a room.
fn close(room: *mut u8) {
    #[cfg(asan)]
    // SAFETY: the room lies in a block of ours.
    unsafe {
        __asan_poison_memory_region(room, MAX_PERMITTED_DATA_INCREASE);
    }
    let _ = room;
}

/// Ends that.
fn open(room: *mut u8) {
    #[cfg(asan)]
    // SAFETY: as in `close`.
    unsafe {
        __asan_unpoison_memory_region(room, MAX_PERMITTED_DATA_INCREASE);
    }
    let _ = room;
}
