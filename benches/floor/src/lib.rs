//! The floor under Thaw's figures: a program that makes the calls that its instruction data lists,
//! reads the clock, moves lamports, looks at stake accounts, and nothing else. It checks nothing: it
//! runs at Thaw's address in the benchmark's machine alone, on accounts that Thaw has just handled.
//!
//! Instruction data, all numbers little-endian:
//!
//! ```text
//! u8  1 to read the clock
//! u8  place of the first stake account to look at, 0 for none
//! u8  moves:  { u8 from, u8 to, u64 lamports, u8 1 to do it before the calls }
//! u8  calls:  { u8 program, u8 accounts, { u8 place, u8 1 writes, u8 1 signs },
//!               u16 bytes, bytes, u8 seeds of a signer, { u8 bytes, bytes } }
//! ```
#![cfg_attr(not(target_os = "solana"), allow(dead_code))]
#![allow(clippy::arithmetic_side_effects)] // What it is given comes from the benchmark.

mod calls;
mod input;

use calls::Script;
use input::Input;

/// Offset of `delegation.stake` in a stake account.
const DELEGATION: usize = 156;

/// Called by the runtime.
///
/// # Safety
/// `input` is what the runtime serialised, its instruction data a script as above.
#[cfg(target_os = "solana")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    // SAFETY: as this function's.
    unsafe { run(input) }
}

unsafe fn run(input: *mut u8) -> u64 {
    // SAFETY: the caller's word for all of this.
    unsafe {
        let (accounts, data) = Input::read(input);
        let mut script = Script::new(data);
        if script.byte() == 1 {
            let mut clock = [0u64; 5];
            solana_define_syscall::definitions::sol_get_sysvar(
                CLOCK.as_ptr(),
                clock.as_mut_ptr().cast(),
                0,
                size_of_val(&clock) as u64,
            );
        }
        let first = usize::from(script.byte());
        if first > 0 {
            look(&accounts, first);
        }
        let moves = script.moves();
        accounts.apply(moves, 1);
        let mut error = 0;
        for _ in 0..script.byte() {
            error |= script.call(&accounts);
        }
        accounts.apply(moves, 0);
        error
    }
}

/// The clock's address, `SysvarC1ock11111111111111111111111111111111`.
const CLOCK: [u8; 32] = [
    6, 167, 213, 23, 24, 199, 116, 201, 40, 86, 99, 152, 105, 29, 94, 182, 139, 94, 184, 163, 155,
    75, 109, 92, 115, 85, 91, 33, 0, 0, 0, 0,
];

/// Reads lamports and delegation of the stake accounts from `first` on and writes both to the second
/// account, each to its own place: the least that a list of what every account holds can do.
unsafe fn look(accounts: &Input, first: usize) {
    // SAFETY: the benchmark passes stake accounts from `first` on, and a list that has room.
    unsafe {
        let mut to = accounts.info(1).data.cast::<u64>();
        for place in first..accounts.count {
            let slot = accounts.info(place);
            to.write_unaligned(*slot.lamports);
            to.add(1).write_unaligned(slot.data.add(DELEGATION).cast::<u64>().read_unaligned());
            to = to.add(2);
        }
    }
}
