//! `request_withdrawal`: shares go to escrow, a ticket joins the batch of the clock's epoch.

use anchor_lang::{InstructionData, prelude::Pubkey};
use bytemuck::bytes_of;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    instructions::Request,
    thaw::{
        ID,
        constants::{BATCH_SEED, TICKET_SEED},
        error::ThawError,
        events::WithdrawalRequested,
        instruction,
        instructions::RequestArgs,
        pda,
        state::{Batch, Ticket},
    },
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

use crate::scene::{depositor, finalized_epoch, pause_everything};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ACCOUNT_DISCRIMINATOR_MISMATCH: u32 = 3002;
/// The token program's.
const INSUFFICIENT_FUNDS: u32 = 1;
const MINT_MISMATCH: u32 = 3;
const OWNER_MISMATCH: u32 = 4;

/// Live rent, with 128 bytes for the account itself.
fn rent(bytes: u64) -> u64 {
    (128 + bytes) * lamports_per_byte()
}
/// Discriminator and fields, counted by hand.
fn batch_rent() -> u64 {
    rent(8 + 32 + 6 * 8 + 4 + 32 + 1)
}
fn ticket_rent() -> u64 {
    rent(8 + 3 * 32 + 4 * 8 + 32 + 2)
}

/// A pool, a holder of 100 SOL of shares, and another who pays the rent.
fn scene() -> (World, Holder, Keypair) {
    let mut world = World::new();
    let holder = depositor(&mut world, 100 * SOL);
    let payer = world.wallet(10 * SOL);
    (world, holder, payer)
}

/// The holder's next request, rent paid by `payer`.
fn instruction(world: &mut World, holder: &Holder, payer: &Keypair, shares: u64) -> Instruction {
    let serial = world.batch_to_join();
    let request = Request { shares, nonce: holder.nonce, serial, is_pushable: false };
    let owner = holder.address();
    world.known.extend([world.pool.batch(serial), world.pool.ticket(&owner, holder.nonce)]);
    world.pool.request_withdrawal(&request, &owner, &payer.pubkey(), &holder.tokens)
}

/// Sends the holder's next request, as `change` leaves it.
fn send(
    world: &mut World,
    holder: &Holder,
    payer: &Keypair,
    shares: u64,
    change: impl FnOnce(&mut Instruction),
) -> Outcome {
    let mut request = instruction(world, holder, payer, shares);
    change(&mut request);
    world.send(&[request], &[&holder.key, payer])
}

/// Puts `address` at `place` of the accounts.
fn at(place: usize, address: Pubkey) -> impl FnOnce(&mut Instruction) {
    move |request| request.accounts[place].pubkey = address
}
const BATCH: usize = 5;
const TICKET: usize = 6;

/// A second pool's batch that requests of this epoch join, with serial 0.
fn foreign_batch(world: &mut World) -> Pubkey {
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let mut stranger = depositor(world, SOL);
    world.request(&mut stranger, 1).unwrap();
    let foreign = world.pool.batch(0);
    world.pool = own;
    foreign
}

#[test]
fn opens_the_batch_of_the_epoch_and_writes_a_ticket() {
    let (mut world, holder, payer) = scene();
    let PoolAddresses { pool, escrow, .. } = world.pool;
    let (batch, ticket) = (world.pool.batch(0), world.pool.ticket(&holder.address(), 0));
    let request = instruction(&mut world, &holder, &payer, 40 * SOL + 1);
    let (before, accounts) = (world.pool(), world.all_accounts());

    let sent = world.send(&[request], &[&holder.key, &payer]).unwrap();

    assert_eq!(sent.number(), 0, "the batch's serial");
    let epoch = world.clock().epoch;
    assert_eq!(
        world.batch(0).unwrap(),
        Batch {
            pool,
            serial: 0,
            epoch,
            shares_requested: 40 * SOL + 1,
            shares_settled: 0,
            lamports_settled: 0,
            lamports_claimed: 0,
            tickets: 1,
            opener: payer.pubkey(),
            bump: pda::batch(&pool, 0).1,
        }
    );
    assert_eq!(
        world.ticket(&ticket).unwrap(),
        Ticket {
            pool,
            owner: holder.address(),
            first_owner: holder.address(),
            nonce: 0,
            batch: 0,
            shares: 40 * SOL + 1,
            lamports_claimed: 0,
            payer: payer.pubkey(),
            is_pushable: false,
            bump: pda::ticket(&pool, &holder.address(), 0).1,
        }
    );
    let mut expected = *before;
    expected.next_batch = 1;
    expected.newest_batch_epoch = epoch;
    expected.pending_shares = 40 * SOL + 1;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");

    assert_eq!(world.tokens(&holder.tokens), 60 * SOL - 1);
    assert_eq!(world.tokens(&escrow), 40 * SOL + 1);
    assert_eq!((world.lamports(&batch), world.lamports(&ticket)), (batch_rent(), ticket_rent()));
    assert_eq!(world.lamports(&payer.pubkey()), 10 * SOL - batch_rent() - ticket_rent());
    let changed = [pool, escrow, holder.tokens, payer.pubkey(), batch, ticket];
    world.assert_same(&accounts, &changed);
    world.assert_books();

    let event: WithdrawalRequested = sent.event();
    assert_eq!((event.pool, event.ticket, event.owner), (pool, ticket, holder.address()));
    assert_eq!((event.batch, event.shares, event.epoch), (0, 40 * SOL + 1, epoch));
    assert_eq!(event.pending_shares, 40 * SOL + 1);
}

#[test]
fn joins_the_batch_that_the_epoch_has() {
    let (mut world, mut holder, payer) = scene();
    send(&mut world, &holder, &payer, 3, |_| ()).unwrap();
    holder.nonce = u64::MAX;
    let second = world.wallet(SOL);
    world.go_to(99);
    let sent = send(&mut world, &holder, &second, 1, |_| ()).unwrap();

    assert_eq!(sent.number(), 0);
    let batch = world.batch(0).unwrap();
    assert_eq!((batch.shares_requested, batch.tickets, batch.serial), (4, 2, 0));
    assert_eq!(batch.opener, payer.pubkey(), "who opened it gets its rent");
    assert_eq!(world.lamports(&second.pubkey()), SOL - ticket_rent(), "no rent for the batch");
    assert_eq!((world.pool().pending_shares, world.pool().next_batch), (4, 1));
    let ticket = world.ticket(&world.pool.ticket(&holder.address(), u64::MAX)).unwrap();
    assert_eq!((ticket.shares, ticket.batch, ticket.nonce), (1, 0, u64::MAX));
    world.assert_books();
}

/// A request joins the batch of the clock's epoch, also where the pool is epochs behind.
#[test]
fn opens_a_batch_per_epoch_while_nobody_finalizes() {
    let (mut world, mut holder, payer) = scene();
    for (serial, epochs) in [(0, 0), (1, 1), (2, 30)] {
        world.skip_epochs(epochs);
        let sent = send(&mut world, &holder, &payer, SOL, |_| ()).unwrap();
        holder.nonce += 1;
        assert_eq!(sent.number(), serial);
        let batch = world.batch(serial).unwrap();
        assert_eq!((batch.serial, batch.epoch), (serial, world.clock().epoch));
        assert_eq!(world.pool().newest_batch_epoch, world.clock().epoch);
    }
    assert_eq!((world.pool().next_batch, world.pool().pending_shares), (3, 3 * SOL));
}

/// INV-6 and C1 of the review: nobody joins a batch that can be settled, and nothing settles one
/// that can be joined.
#[test]
fn never_mixes_joiners_and_settlements() {
    let (mut world, mut holder, payer) = scene();
    world.request(&mut holder, SOL).unwrap();
    refuses(world.settle(), ThawError::WrongBatch);

    world.next_epoch();
    refuses(world.settle(), ThawError::NotFinalized);
    world.finalize().unwrap();
    let old = world.pool.batch(0);
    // As the batch to be opened, before and after the settlement.
    let into_old =
        |world: &mut World, holder: &Holder| send(world, holder, &payer, SOL, at(BATCH, old));
    refuses(into_old(&mut world, &holder), ThawError::WrongBatch);
    world.settle().unwrap();
    refuses(into_old(&mut world, &holder), ThawError::WrongBatch);
    // As the batch to be joined.
    world.request(&mut holder, SOL).unwrap();
    refuses(into_old(&mut world, &holder), ThawError::WrongBatch);
    assert_eq!(world.batch(0).unwrap().shares_requested, SOL);
    refuses(world.settle(), ThawError::WrongBatch);
    world.assert_books();
}

#[test]
fn refuses_no_shares() {
    let (mut world, holder, payer) = scene();
    refuses(send(&mut world, &holder, &payer, 0, |_| ()), ThawError::ZeroAmount);
}

#[test]
fn refuses_a_batch_of_another_pool() {
    let (mut world, mut holder, payer) = scene();
    let foreign = foreign_batch(&mut world);
    let swap =
        |world: &mut World, holder: &Holder| send(world, holder, &payer, SOL, at(BATCH, foreign));
    refuses(swap(&mut world, &holder), ThawError::WrongBatch);
    world.request(&mut holder, SOL).unwrap();
    refuses(swap(&mut world, &holder), ThawError::WrongBatch);
}

#[test]
fn refuses_a_batch_that_is_not_open() {
    let (mut world, mut holder, payer) = scene();
    world.request(&mut holder, SOL).unwrap();
    let next = world.pool.batch(1);
    refuses(send(&mut world, &holder, &payer, SOL, at(BATCH, next)), ThawError::WrongBatch);
    world.send_lamports(&next, SOL);
    refuses(send(&mut world, &holder, &payer, SOL, at(BATCH, next)), ThawError::WrongBatch);
}

#[test]
fn refuses_accounts_of_other_types_as_batch() {
    let (mut world, mut holder, payer) = scene();
    let ticket = world.request(&mut holder, SOL).unwrap();
    for account in [ticket, world.pool.pool, world.pool.validators] {
        let outcome = send(&mut world, &holder, &payer, SOL, at(BATCH, account));
        assert!(outcome.is_err());
    }
    let outcome = send(&mut world, &holder, &payer, SOL, at(BATCH, ticket));
    refuses_with_code(outcome, ACCOUNT_DISCRIMINATOR_MISMATCH);
    refuses(
        send(&mut world, &holder, &payer, SOL, at(BATCH, holder.tokens)),
        ThawError::WrongBatch,
    );
}

#[test]
fn refuses_a_nonce_that_is_in_use() {
    let (mut world, mut holder, payer) = scene();
    world.request(&mut holder, SOL).unwrap();
    holder.nonce = 0;
    let before = world.all_accounts();
    refuses(send(&mut world, &holder, &payer, SOL, |_| ()), ThawError::TicketExists);
    world.assert_same(&before, &[]);
    // In another epoch too, as long as the ticket lives.
    world.next_epoch();
    refuses(send(&mut world, &holder, &payer, SOL, |_| ()), ThawError::TicketExists);
    world.finalize().unwrap();
    world.settle().unwrap();
    world.push_claim(&world.pool.ticket(&holder.address(), 0)).unwrap();
    send(&mut world, &holder, &payer, SOL, |_| ()).unwrap();
}

#[test]
fn refuses_the_batch_as_its_own_ticket() {
    let (mut world, holder, payer) = scene();
    let batch = world.pool.batch(0);
    refuses(send(&mut world, &holder, &payer, SOL, at(TICKET, batch)), ThawError::TicketExists);
}

#[test]
fn refuses_sums_beyond_all_numbers() {
    let (mut world, mut holder, payer) = scene();
    world.request(&mut holder, SOL).unwrap();
    world.change_pool(|pool| pool.pending_shares = u64::MAX - 5);
    refuses(send(&mut world, &holder, &payer, 6, |_| ()), ThawError::Overflow);
    send(&mut world, &holder, &payer, 5, |_| ()).unwrap();

    let (mut world, mut holder, payer) = scene();
    world.request(&mut holder, SOL).unwrap();
    let batch = world.pool.batch(0);
    world.change_typed(&batch, |batch: &mut Batch| batch.shares_requested = u64::MAX - 5);
    refuses(send(&mut world, &holder, &payer, 6, |_| ()), ThawError::Overflow);
    send(&mut world, &holder, &payer, 5, |_| ()).unwrap();
}

#[test]
fn refuses_more_shares_than_there_are() {
    let (mut world, holder, payer) = scene();
    for shares in [100 * SOL + 1, u64::MAX] {
        let outcome = send(&mut world, &holder, &payer, shares, |_| ());
        refuses_with_code(outcome, INSUFFICIENT_FUNDS);
    }
    send(&mut world, &holder, &payer, 100 * SOL, |_| ()).unwrap();
    assert_eq!(world.tokens(&holder.tokens), 0);
}

#[test]
fn refuses_shares_of_somebody_else() {
    let (mut world, holder, payer) = scene();
    let other = depositor(&mut world, SOL);
    let mut waiting = depositor(&mut world, SOL);
    world.request(&mut waiting, SOL).unwrap();
    for tokens in [other.tokens, world.pool.escrow, world.pool.bootstrap] {
        let outcome = send(&mut world, &holder, &payer, SOL, at(2, tokens));
        refuses_with_code(outcome, OWNER_MISMATCH);
    }
}

#[test]
fn refuses_tokens_of_another_mint() {
    let (mut world, holder, payer) = scene();
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let foreign = world.token_account(&holder.address());
    let deposit = world.pool.deposit_sol(&payer.pubkey(), &foreign, SOL, 0);
    world.send(&[deposit], &[&payer]).unwrap();
    world.pool = own;
    refuses_with_code(send(&mut world, &holder, &payer, SOL, at(2, foreign)), MINT_MISMATCH);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, mut holder, payer) = scene();
    // 4: anyone may pay the rent.
    let opening = instruction(&mut world, &holder, &payer, SOL);
    refuses_each_swap(&mut world, &opening, &[&holder.key, &payer], &[4]);
    world.send(&[opening], &[&holder.key, &payer]).unwrap();
    holder.nonce += 1;
    let joining = instruction(&mut world, &holder, &payer, SOL);
    refuses_each_swap(&mut world, &joining, &[&holder.key, &payer], &[4]);
    world.send(&[joining], &[&holder.key, &payer]).unwrap();
}

#[test]
fn refuses_a_missing_signature() {
    let (mut world, holder, payer) = scene();
    let request = instruction(&mut world, &holder, &payer, SOL);
    let without_owner = unsigned(&request, &holder.address());
    refuses_with_code(world.send(&[without_owner], &[&payer]), ACCOUNT_NOT_SIGNER);
    let without_payer = unsigned(&request, &payer.pubkey());
    refuses_with_code(world.send(&[without_payer], &[&holder.key]), ACCOUNT_NOT_SIGNER);
}

/// As a program's address would: it signs, holds the shares, and has no lamport.
#[test]
fn takes_an_owner_without_a_lamport() {
    let (mut world, holder, payer) = scene();
    let program = Holder { nonce: 5, ..world.penniless(SOL) };
    send(&mut world, &program, &payer, SOL, |_| ()).unwrap();
    let ticket = world.ticket(&world.pool.ticket(&program.address(), 5)).unwrap();
    assert_eq!((ticket.owner, ticket.payer), (program.address(), payer.pubkey()));
    assert_eq!(world.lamports(&program.address()), 0);
    assert_eq!(world.ticket(&world.pool.ticket(&holder.address(), 5)), None);
}

#[test]
fn gives_a_delegate_the_ticket_for_what_it_may_spend() {
    let (mut world, holder, payer) = scene();
    let delegate = world.wallet(0);
    world.approve(&holder, &delegate.pubkey(), SOL);
    let spender = Holder { key: delegate, tokens: holder.tokens, nonce: 0 };
    let outcome = send(&mut world, &spender, &payer, SOL + 1, |_| ());
    refuses_with_code(outcome, INSUFFICIENT_FUNDS);
    send(&mut world, &spender, &payer, SOL, |_| ()).unwrap();
    let ticket = world.ticket(&world.pool.ticket(&spender.address(), 0)).unwrap();
    assert_eq!(ticket.owner, spender.address());
}

#[test]
fn opens_accounts_at_addresses_with_lamports() {
    for prefund in [1, ticket_rent(), 3 * batch_rent()] {
        let (mut world, holder, payer) = scene();
        let (batch, ticket) = (world.pool.batch(0), world.pool.ticket(&holder.address(), 0));
        world.send_lamports(&batch, prefund);
        world.send_lamports(&ticket, prefund);
        send(&mut world, &holder, &payer, SOL, |_| ()).unwrap();
        assert_eq!(world.lamports(&batch), prefund.max(batch_rent()));
        assert_eq!(world.lamports(&ticket), prefund.max(ticket_rent()));
        let paid = batch_rent().saturating_sub(prefund) + ticket_rent().saturating_sub(prefund);
        assert_eq!(world.lamports(&payer.pubkey()), 10 * SOL - paid);
        assert_eq!(world.ticket(&ticket).unwrap().shares, SOL);
    }
}

/// INV-11: nothing stops a request.
#[test]
fn takes_requests_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 6] = [
        pause_everything,
        |world| world.rewards_window(true),
        |world| world.skip_epochs(30),
        |world| world.wait(i64::from(u32::MAX)),
        |world| world.change_pool(|pool| pool.pending_fees_lamports = u64::MAX / 2),
        |world| world.set_rent(6_960),
    ];
    for state in states {
        let (mut world, mut holder, _) = scene();
        state(&mut world);
        world.request(&mut holder, SOL).unwrap();
        world.request(&mut holder, 1).unwrap();
        assert_eq!(world.pool().pending_shares, SOL + 1);
    }
}

/// A request with `seeds`' address for batch or ticket under a bump below the canonical one.
fn lower_bump(seeds: &[&[u8]]) -> (Pubkey, u8) {
    let canonical = Pubkey::find_program_address(seeds, &ID).1;
    let derive = |bump: u8| {
        let bump = [bump];
        let seeds: Vec<&[u8]> = seeds.iter().copied().chain([&bump[..]]).collect();
        Pubkey::create_program_address(&seeds, &ID).ok()
    };
    let found = (0..canonical).rev().find_map(|bump| Some((derive(bump)?, bump)));
    found.expect("half of all bumps are off the curve")
}

fn with_args(request: &mut Instruction, args: RequestArgs) {
    request.data = instruction::RequestWithdrawal { args }.data();
}

/// A batch anywhere else would be out of reach for everybody who derives its address: no request
/// could join it and no keeper would settle it (INV-11).
#[test]
fn refuses_to_open_a_batch_away_from_its_address() {
    let (mut world, holder, payer) = scene();
    let pool = world.pool.pool;
    let (batch, _) = lower_bump(&[BATCH_SEED, pool.as_ref(), &0u64.to_le_bytes()]);
    let outcome = send(&mut world, &holder, &payer, SOL, |request| {
        request.accounts[BATCH].pubkey = batch;
    });
    refuses(outcome, ThawError::WrongBatch);
}

/// A ticket under another bump is its owner's alone: it finds no other's address, and it is paid
/// like any other.
#[test]
fn pays_a_ticket_under_another_bump() {
    let (mut world, holder, payer) = scene();
    let pool = world.pool.pool;
    let owner = holder.address();
    let (ticket, ticket_bump) =
        lower_bump(&[TICKET_SEED, pool.as_ref(), owner.as_ref(), &0u64.to_le_bytes()]);
    let args = RequestArgs { shares: SOL, nonce: 0, is_pushable: true, ticket_bump };
    // Only where the seeds lead.
    assert!(send(&mut world, &holder, &payer, SOL, |request| with_args(request, args)).is_err());
    send(&mut world, &holder, &payer, SOL, |request| {
        with_args(request, args);
        request.accounts[TICKET].pubkey = ticket;
    })
    .unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&owner), 2 * SOL);
}
