//! How instructions are told apart: by the bytes their data starts with, tried in the order of
//! `lib.rs`. Two of them are one byte long, as Sanctum's interface wants it.

use std::collections::BTreeMap;

use serde_json::Value;
use solana_instruction::{AccountMeta, Instruction};
use solana_signer::Signer;
use thaw_client::thaw::{
    ID,
    events::{
        BatchClosed, EpochFinalized, SolDeposited, StakeDeposited, StakeMove, StakeMoved,
        StakeWithdrawn, TicketTransferred, ValidatorsSynced, WithdrawalClaimed,
        WithdrawalRequested, WithdrawalsSettled, WithdrawnInstantly,
    },
    instructions::ValueRange,
};
use thaw_tests::{Holder, SOL, Sent, Setup, World};

const IDL: &str = include_str!("../../idls/thaw.json");
const SOURCE: &str = include_str!("../../programs/thaw/src/lib.rs");
/// Anchor's: no instruction's discriminator fits; the arguments or the accounts are missing.
const NO_SUCH_INSTRUCTION: u32 = 101;
const NO_ARGUMENTS: u32 = 102;
const NO_ACCOUNTS: u32 = 3005;
/// The views with one byte.
const SHORT: [(&str, [u8; 1]); 2] = [("lst_to_sol", [0]), ("sol_to_lst", [1])];

/// An instruction of the IDL.
struct Told {
    discriminator: Vec<u8>,
    has_arguments: bool,
}

fn idl() -> BTreeMap<String, Told> {
    let idl: Value = serde_json::from_str(IDL).unwrap();
    let told = |instruction: &Value| {
        let bytes = instruction["discriminator"].as_array().unwrap();
        let discriminator = bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect();
        let has_arguments = !instruction["args"].as_array().unwrap().is_empty();
        let name = instruction["name"].as_str().unwrap().to_owned();
        (name, Told { discriminator, has_arguments })
    };
    idl["instructions"].as_array().unwrap().iter().map(told).collect()
}

/// The names in the order in which the program tries them: that of its source.
fn order() -> Vec<String> {
    let (_, program) = SOURCE.split_once("#[program]").unwrap();
    let (program, _) = program.split_once("\n}").unwrap();
    let name = |line: &str| {
        let rest = line.strip_prefix("    pub fn ")?;
        Some(rest[..rest.find(['(', '<'])?].to_owned())
    };
    program.lines().filter_map(name).collect()
}

#[test]
fn the_idl_and_the_source_name_the_same_instructions() {
    let mut order = order();
    order.sort();
    assert_eq!(order, idl().into_keys().collect::<Vec<_>>());
    assert!(order.len() > 20);
}

#[test]
fn none_shadows_one_that_comes_later() {
    let (idl, order) = (idl(), order());
    for (at, first) in order.iter().enumerate() {
        for later in &order[at + 1..] {
            let (first_bytes, bytes) = (&idl[first].discriminator, &idl[later].discriminator);
            assert!(!bytes.starts_with(first_bytes), "{first} shadows {later}");
        }
    }
}

/// 0 and 1 are Sanctum's to call: the two views have one byte and come last, so that another one
/// which happens to start with it would still be found.
#[test]
fn only_the_views_of_sanctum_have_one_byte() {
    let (idl, order) = (idl(), order());
    let last: Vec<&str> = order[order.len() - 2..].iter().map(String::as_str).collect();
    assert_eq!(last, SHORT.map(|(name, _)| name));
    for (name, told) in &idl {
        match SHORT.iter().find(|(short, _)| short == name) {
            Some((_, byte)) => assert_eq!(told.discriminator, byte),
            None => {
                assert_eq!(told.discriminator.len(), 8, "{name}");
                let is_free = told.discriminator[0] > 1;
                assert!(is_free, "{name}: calls of Sanctum's with its other bytes would reach it");
            }
        }
    }
}

/// With the discriminator alone each instruction is found: it asks for its arguments, or, where it
/// has none, for its accounts.
#[test]
fn each_is_found_by_its_discriminator_alone() {
    let mut world = World::empty();
    let mut send = |data: Vec<u8>| {
        let bare = Instruction { program_id: ID, accounts: vec![], data };
        world.send(&[bare], &[]).unwrap_err().code()
    };
    for (name, told) in idl() {
        let expected = if told.has_arguments { NO_ARGUMENTS } else { NO_ACCOUNTS };
        assert_eq!(send(told.discriminator.clone()), Some(expected), "{name}");
        if told.discriminator.len() > 1 {
            let cut = told.discriminator[..7].to_vec();
            assert_eq!(send(cut), Some(NO_SUCH_INSTRUCTION), "{name}, a byte short");
        }
    }
    for unknown in [vec![], vec![2], vec![255; 8]] {
        assert_eq!(send(unknown), Some(NO_SUCH_INSTRUCTION));
    }
}

#[test]
fn one_byte_and_an_amount_reach_the_views() {
    let mut world = World::new();
    let accounts = [world.pool.mint, world.pool.pool];
    let accounts = accounts.map(|key| AccountMeta::new_readonly(key, false)).to_vec();
    for amount in [0, 1, 1_000, u64::from(u32::MAX), SOL] {
        for (tag, expected) in
            [(0, world.pool.lst_to_sol(amount)), (1, world.pool.sol_to_lst(amount))]
        {
            let data = [&[tag][..], &amount.to_le_bytes()].concat();
            let raw = Instruction { program_id: ID, accounts: accounts.clone(), data };
            let range: ValueRange = world.view_of(raw).unwrap();
            assert_eq!(range, world.view_of(expected).unwrap());
        }
    }
}

/// Sends `instruction`, whose data must start with the discriminator of `name` in the IDL.
fn send(world: &mut World, holder: &Holder, name: &str, instruction: Instruction) -> Sent {
    assert!(instruction.data.starts_with(&idl()[name].discriminator), "{name}");
    let signs = |key| instruction.accounts.iter().any(|meta| meta.is_signer && meta.pubkey == key);
    let signers = if signs(holder.address()) { vec![&holder.key] } else { vec![] };
    world.send(&[instruction], &signers).unwrap()
}

fn kind(sent: &Sent) -> StakeMove {
    let event: StakeMoved = sent.event();
    event.kind
}

/// What each did is told by its event, or by what it returned.
#[test]
fn each_of_a_holders_and_the_cranks_reaches_its_own_handler() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    let (pool, vote, payer) = (world.pool, world.votes[0], world.payer.pubkey());
    let owner = holder.address();

    let deposit = pool.deposit_sol(&owner, &holder.tokens, 90 * SOL, 0);
    send(&mut world, &holder, "deposit_sol", deposit).event::<SolDeposited>();
    let delegate = pool.delegate(&payer, &vote, 0);
    assert_eq!(kind(&send(&mut world, &holder, "delegate", delegate)), StakeMove::Delegated);
    let exit = pool.withdraw_instant(&holder.tokens, &owner, &owner, SOL, 0);
    send(&mut world, &holder, "withdraw_instant", exit).event::<WithdrawnInstantly>();
    let stake = world.stake_account(&owner, 0, SOL);
    let deposit = world.stake_deposit(&holder, 0, &stake);
    send(&mut world, &holder, "deposit_stake", deposit).event::<StakeDeposited>();

    let request = thaw_client::instructions::Request {
        shares: 300 * SOL,
        nonce: holder.nonce,
        serial: world.batch_to_join(),
        is_pushable: true,
    };
    let ticket = pool.ticket(&owner, holder.nonce);
    holder.nonce += 1;
    let request = pool.request_withdrawal(&request, &owner, &payer, &holder.tokens);
    send(&mut world, &holder, "request_withdrawal", request).event::<WithdrawalRequested>();
    let transfer = pool.transfer_ticket(&ticket, &owner, &owner, true);
    send(&mut world, &holder, "transfer_ticket", transfer).event::<TicketTransferred>();
    // The request has lowered the targets.
    let fresh = world.fresh_stake();
    let exit = world.stake_exit(&holder, 0, &fresh, 2 * SOL);
    send(&mut world, &holder, "withdraw_stake", exit).event::<StakeWithdrawn>();
    let undelegate = pool.undelegate(&payer, &vote, 0, None);
    let taken = kind(&send(&mut world, &holder, "undelegate", undelegate));
    assert_eq!(taken, StakeMove::UndelegatedForWithdrawals);
    world.move_all();

    world.next_epoch();
    let records = world.records();
    let sync = thaw_client::pack::sync_instructions(
        &pool,
        (0u16..).zip(&records),
        world.clock().epoch,
        thaw_client::pack::LEGACY_SLOTS,
    );
    for sync in sync {
        send(&mut world, &holder, "sync_validators", sync).event::<ValidatorsSynced>();
    }
    let finalize = pool.finalize_epoch();
    send(&mut world, &holder, "finalize_epoch", finalize).event::<EpochFinalized>();
    let collect = pool.collect_cooled(&vote, 0);
    assert_eq!(kind(&send(&mut world, &holder, "collect_cooled", collect)), StakeMove::Collected);
    let sweep = pool.sweep_excess(&vote, 0);
    assert_eq!(kind(&send(&mut world, &holder, "sweep_excess", sweep)), StakeMove::Swept);
    world.tend();
    let settle = pool.settle_withdrawals(0);
    send(&mut world, &holder, "settle_withdrawals", settle).event::<WithdrawalsSettled>();
    let claim = pool.claim_withdrawal(&ticket, 0, &payer, &owner, &payer);
    send(&mut world, &holder, "claim_withdrawal", claim).event::<WithdrawalClaimed>();
    let close = pool.close_batch(0, &payer);
    send(&mut world, &holder, "close_batch", close).event::<BatchClosed>();

    // Fresh stake of the next days is merged.
    world.deposit(&holder, 500 * SOL).unwrap();
    world.move_window();
    world.move_all();
    world.begin_epoch();
    let merge = pool.merge_activated(&vote, 0);
    assert_eq!(kind(&send(&mut world, &holder, "merge_activated", merge)), StakeMove::Merged);
    for (name, view, bytes) in [
        ("quote_deposit", pool.quote_deposit(SOL), 24),
        ("quote_withdraw", pool.quote_withdraw(SOL), 57),
    ] {
        assert_eq!(world.returned(view.clone()).unwrap().len(), bytes);
        send(&mut world, &holder, name, view);
    }
}
