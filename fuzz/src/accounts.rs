//! The program's own code on any accounts and any instruction, under the address sanitizer: first its
//! entry, then what the handlers call. Refusals are fine; a panic and a memory error are findings.
#![no_main]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Test code: a panic is a finding.

mod buffer;
mod cast;
mod foreign;
mod instruction;
mod kinds;
mod pool;
mod prices;
mod records;
mod scene;
mod state;
mod sysvars;
mod validators;

use std::rc::Rc;

use anchor_lang::prelude::AccountInfo;
use libfuzzer_sys::fuzz_target;
use thaw_fuzz::bytes::Bytes;

use scene::Scene;
use sysvars::Sysvars;

fuzz_target!(init: sysvars::install(), |input: &[u8]| {
    let mut bytes = Bytes(input);
    let sysvars = Sysvars::new(&mut bytes);
    let scene = Scene::new(&mut bytes);
    sysvars.set();
    buffer::pass(&scene, |program, accounts, data| {
        let before = counts(accounts);
        let _ = thaw::entry(program, accounts, data);
        check(accounts, &before);
    });
    buffer::pass(&scene, |_, accounts, _| {
        let before = counts(accounts);
        state::call(accounts, &sysvars, &mut bytes);
        check(accounts, &before);
    });
});

/// How many share each account's cells.
fn counts(accounts: &[AccountInfo]) -> Vec<(usize, usize)> {
    let count = |account: &AccountInfo| {
        (Rc::strong_count(&account.lamports), Rc::strong_count(&account.data))
    };
    accounts.iter().map(count).collect()
}

/// Nothing stays borrowed, whatever was lent to a call; nothing is counted twice or given up.
fn check(accounts: &[AccountInfo], before: &[(usize, usize)]) {
    assert_eq!(counts(accounts), before);
    for account in accounts {
        assert!(account.try_borrow_mut_lamports().is_ok() && account.try_borrow_mut_data().is_ok());
    }
}
