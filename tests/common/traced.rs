//! A machine that tells which instructions of the bytecode ran.

use litesvm::{InvocationInspectCallback, LiteSVM};

use crate::chain::{equip, lamports_per_byte, program, stake_version};

/// Bytes of a header of a section.
const HEADER: usize = 64;

/// As [`crate::chain::machine`]; after each transaction it tells `callback` what ran.
///
/// # Panics
/// When `make build` has not been run, or the environment names what is not there.
pub fn traced_machine(callback: impl InvocationInspectCallback + 'static) -> LiteSVM {
    let mut svm = LiteSVM::new_debuggable(true);
    svm.set_invocation_inspect_callback(callback);
    equip(svm, &with_sections(program()), &stake_version(), lamports_per_byte())
}

/// The file with a table of two nameless sections. A machine that traces looks for the names of
/// functions, and cannot do without a table; the linker leaves none. What is loaded stays the same.
fn with_sections(mut elf: Vec<u8>) -> Vec<u8> {
    let names = elf.len();
    elf.resize(names.next_multiple_of(8) + 8, 0);
    let table = elf.len();
    elf.resize(table + 2 * HEADER, 0);
    let header = table + HEADER;
    let mut put = |at: usize, bytes: &[u8]| elf[at..at + bytes.len()].copy_from_slice(bytes);
    // Of the second: a table of strings, where it lies, its bytes.
    put(header + 4, &3u32.to_le_bytes());
    put(header + 24, &(names as u64).to_le_bytes());
    put(header + 32, &1u64.to_le_bytes());
    // Of the file: where the table lies, how many sections, which one has the names.
    put(0x28, &(table as u64).to_le_bytes());
    put(0x3c, &2u16.to_le_bytes());
    put(0x3e, &1u16.to_le_bytes());
    elf
}
