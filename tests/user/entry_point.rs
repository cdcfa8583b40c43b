//! The program's own entry point (`src/entrypoint.rs`): what it makes of the accounts it is given.

use solana_instruction::{AccountMeta, Instruction};
use thaw_tests::{Holder, SOL, World, checks::refuses_with_code};

/// The most accounts that the runtime lets an instruction name.
const MOST_ACCOUNTS: usize = 255;
const ACCOUNT_NOT_ENOUGH_KEYS: u32 = 3005;

fn deposit(world: &World, holder: &Holder) -> Instruction {
    world.pool.deposit_sol(&holder.address(), &holder.tokens, SOL, 0)
}

#[test]
fn takes_as_many_accounts_as_the_runtime_does() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    let mut instruction = deposit(&world, &holder);
    let named = instruction.accounts.clone();
    let before = world.tokens(&holder.tokens);

    // first all named ones once more, then copies of one.
    instruction.accounts.extend(named.iter().cloned());
    instruction.accounts.resize(MOST_ACCOUNTS, AccountMeta::new(holder.tokens, false));
    world.send(&[instruction], &[&holder.key]).unwrap();

    assert_eq!(world.tokens(&holder.tokens) - before, SOL);
    world.assert_books();
}

#[test]
fn refuses_too_few_accounts_and_none() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    let before = world.all_accounts();
    for count in [0, 1, 8] {
        let mut instruction = deposit(&world, &holder);
        instruction.accounts.truncate(count);
        let is_signed = instruction.accounts.iter().any(|account| account.is_signer);
        let signers: &[_] = if is_signed { &[&holder.key] } else { &[] };
        refuses_with_code(world.send(&[instruction], signers), ACCOUNT_NOT_ENOUGH_KEYS);
    }
    world.assert_same(&before, &[]);
}
