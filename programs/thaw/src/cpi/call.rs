//! A call of another program from the stack.
//!
//! The SDK's `invoke` takes an `Instruction`, whose accounts and data lie on the heap, and copies both
//! once more, and account infos that are counted and dropped: 200 compute units a call and more. The
//! runtime asks for addresses and lengths alone.

use std::{marker::PhantomData, mem::ManuallyDrop};

use crate::prelude::*;

/// An account for the length of a call: the info's own words, not counted and not dropped.
#[repr(transparent)]
pub struct Lent<'a, 'info> {
    info: ManuallyDrop<AccountInfo<'info>>,
    from: PhantomData<&'a AccountInfo<'info>>,
}

/// Lends an account to a call.
#[inline(always)]
pub fn lend<'a, 'info>(info: &'a AccountInfo<'info>) -> Lent<'a, 'info> {
    // SAFETY: the copy is never dropped and nothing can reach its cells, so what `info` counts stays
    // right; it lives no longer than `info` is borrowed.
    let info = ManuallyDrop::new(unsafe { std::ptr::read(info) });
    Lent { info, from: PhantomData }
}

/// A list as the runtime reads it: the first two words of a `StableVec` and its length.
#[repr(C)]
struct List {
    address: *const u8,
    capacity: u64,
    length: u64,
}

impl List {
    fn of<T>(items: &[T]) -> Self {
        let length = items.len() as u64;
        Self { address: items.as_ptr().cast(), capacity: length, length }
    }
}

/// An instruction as the runtime reads it, `StableInstruction`.
#[repr(C)]
struct Layout {
    accounts: List,
    data: List,
    program: Pubkey,
}

/// Calls `program`; `seeds` are those of an address that signs, or none. `infos` holds the accounts
/// that `metas` names. Nothing of them may be borrowed meanwhile where the called program writes it.
///
/// # Errors
/// The called program's.
#[inline(always)]
pub fn invoke(
    program: &Pubkey,
    metas: &[AccountMeta],
    data: &[u8],
    infos: &[Lent],
    seeds: &[&[u8]],
) -> Result<()> {
    let layout = Layout { accounts: List::of(metas), data: List::of(data), program: *program };
    let signers = [seeds];
    let signers = if seeds.is_empty() { &[][..] } else { &signers[..] };
    run(&layout, infos, signers)
}

#[cfg(target_os = "solana")]
#[inline(always)]
fn run(layout: &Layout, infos: &[Lent], signers: &[&[&[u8]]]) -> Result<()> {
    // SAFETY: the runtime reads an instruction, a slice of account infos and one of seeds, laid out as
    // the SDK's `invoke_signed_unchecked` passes them, and checks every address in them.
    let code = unsafe {
        solana_cpi::syscalls::sol_invoke_signed_rust(
            std::ptr::from_ref(layout).cast(),
            infos.as_ptr().cast(),
            infos.len() as u64,
            signers.as_ptr().cast(),
            signers.len() as u64,
        )
    };
    if code == 0 { Ok(()) } else { Err(ProgramError::from(code).into()) }
}

/// Off chain nothing is called, as in the SDK.
#[cfg(not(target_os = "solana"))]
fn run(layout: &Layout, infos: &[Lent], signers: &[&[&[u8]]]) -> Result<()> {
    let Layout { accounts, data, program } = layout;
    for list in [accounts, data] {
        std::hint::black_box((list.address, list.capacity, list.length));
    }
    for lent in infos {
        std::hint::black_box((&lent.info, lent.from));
    }
    std::hint::black_box((program, signers));
    Ok(())
}
