//! Other programs print what looks like Thaw's events, and call Thaw.

use anchor_lang::prelude::Pubkey;
use base64::{Engine, prelude::BASE64_STANDARD};
use solana_instruction::{AccountMeta, Instruction, error::InstructionError};
use solana_program_runtime::{
    declare_process_instruction, solana_sbpf::program::BuiltinFunctionDefinition, stable_log,
};
use thaw_client::replay::{Event, read_events};
use thaw_tests::{SOL, World};

use crate::scene::{assert_replayed, data_of, replay};

const STRANGER: Pubkey = Pubkey::new_from_array([77; 32]);

// Prints the bytes it is given as data, calls the program that is its last account with the rest of its
// instruction data and accounts, and prints the bytes again. Its text has line breaks, after which
// stands what the runtime would print of a call of Thaw.
declare_process_instruction!(Stranger, 0, |invoke_context| {
    let log = invoke_context.get_log_collector();
    let print = |data: &[u8]| {
        stable_log::program_data(&log, &[data]);
        let (thaw, text) = (thaw_client::thaw::ID, BASE64_STANDARD.encode(data));
        let call = format!("Program {thaw} invoke [2]");
        stable_log::program_log(&log, &format!("\n{call}\nProgram data: {text}\n"));
        stable_log::program_log(&log, &call);
    };
    let instruction = {
        let context = invoke_context.transaction_context.get_current_instruction_context()?;
        let (length, rest) = context.get_instruction_data().split_at_checked(2).ok_or(BAD)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        let (data, rest) = rest.split_at_checked(length).ok_or(BAD)?;
        print(data);
        let last = context.get_number_of_instruction_accounts().checked_sub(1).ok_or(BAD)?;
        let mut accounts = Vec::new();
        for index in 0..last {
            let key = *context.get_key_of_instruction_account(index)?;
            let is_signer = context.is_instruction_account_signer(index)?;
            accounts.push(match context.is_instruction_account_writable(index)? {
                true => AccountMeta::new(key, is_signer),
                false => AccountMeta::new_readonly(key, is_signer),
            });
        }
        let program_id = *context.get_key_of_instruction_account(last)?;
        (data.to_vec(), Instruction { program_id, accounts, data: rest.to_vec() })
    };
    let (data, inner) = instruction;
    invoke_context.native_invoke_signed(inner, &[])?;
    print(&data);
    Ok(())
});

const BAD: InstructionError = InstructionError::InvalidInstructionData;

/// Wraps a call of Thaw in one of the stranger, which prints `data` before and after.
fn wrap(inner: &Instruction, data: &[u8]) -> Instruction {
    let mut accounts = inner.accounts.clone();
    accounts.push(AccountMeta::new_readonly(inner.program_id, false));
    let mut bytes = (data.len() as u16).to_le_bytes().to_vec();
    bytes.extend(data);
    bytes.extend(&inner.data);
    Instruction { program_id: STRANGER, accounts, data: bytes }
}

/// A world with the stranger's program, and a deposit's event.
fn scene() -> (World, thaw_tests::Holder, Vec<u8>) {
    let mut world = World::new();
    world.svm.add_builtin(STRANGER, Stranger::register);
    let holder = world.holder(100 * SOL);
    let sent = world.deposit(&holder, SOL).unwrap();
    let event = BASE64_STANDARD.decode(data_of(&sent.logs)).unwrap();
    (world, holder, event)
}

#[test]
fn data_of_a_stranger_is_not_taken_for_the_programs() {
    let (mut world, holder, event) = scene();
    let deposit = world.pool.deposit_sol(&holder.address(), &holder.tokens, 2 * SOL, 0);
    let sent = world.send(&[wrap(&deposit, &event)], &[&holder.key]).unwrap();

    let lines = |text: &str| sent.logs.iter().filter(|line| line.contains(text)).count();
    assert_eq!(lines("Program data: "), 5, "two of the stranger, two in its text, one of Thaw");
    let events = read_events(&sent.logs, false).unwrap();
    let [Event::SolDeposited(event)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(event.lamports, 2 * SOL);
    assert_replayed(&world, &[]);
}

#[test]
fn calls_at_any_depth_and_side_by_side_are_read() {
    let (mut world, holder, event) = scene();
    let deposit = |lamports| world.pool.deposit_sol(&holder.address(), &holder.tokens, lamports, 0);
    let twice = wrap(&wrap(&deposit(3 * SOL), &event), &event);
    let instructions = [deposit(SOL), twice, deposit(2 * SOL), wrap(&deposit(4 * SOL), &event)];
    let sent = world.send(&instructions, &[&holder.key]);
    // The stranger may not be called by itself twice in a row: the runtime lets a program call itself.
    let sent = sent.unwrap();
    let found: Vec<u64> = read_events(&sent.logs, false)
        .unwrap()
        .iter()
        .map(|event| match event {
            Event::SolDeposited(event) => event.lamports / SOL,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, [1, 3, 2, 4]);
    assert_replayed(&world, &[]);
}

#[test]
fn events_of_another_pool_are_left_out() {
    let (mut world, holder, _) = scene();
    let (first, pool) = (world.pool, world.open_pool(&thaw_tests::Setup::default()).unwrap());
    world.pool = pool;
    let other = world.holder(10 * SOL);
    world.deposit(&other, SOL).unwrap();
    world.pool = first;
    world.deposit(&holder, SOL).unwrap();

    assert_replayed(&world, &[]);
    let of_other = replay(pool.pool, &world.history).unwrap();
    assert_eq!(of_other.flows().deposited_sol, 11 * SOL);
    world.pool = pool;
    let expected = crate::scene::ledger(&world, &[]);
    assert_eq!(of_other.ledger(), Some(&expected));
}
