//! `transfer_ticket`: a ticket changes hands.

use anchor_lang::prelude::Pubkey;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{error::ThawError, events::TicketTransferred, state::Ticket};
use thaw_tests::{
    Holder, Outcome, SOL, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

use crate::scene::{depositor, finalized_epoch, pause_everything};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ACCOUNT_DISCRIMINATOR_MISMATCH: u32 = 3002;
const ACCOUNT_NOT_INITIALIZED: u32 = 3012;

/// A pool with a ticket of 40 SOL, pushable, whose rent the world's payer paid.
fn scene() -> (World, Holder, Pubkey) {
    let mut world = World::new();
    let mut holder = depositor(&mut world, 100 * SOL);
    let ticket = world.request(&mut holder, 40 * SOL).unwrap();
    (world, holder, ticket)
}

fn transfer(
    world: &mut World,
    ticket: &Pubkey,
    owner: &Keypair,
    to: &Pubkey,
    push: bool,
) -> Outcome {
    let instruction = world.pool.transfer_ticket(ticket, &owner.pubkey(), to, push);
    world.send(&[instruction], &[owner])
}

fn claim(world: &mut World, ticket: &Pubkey, claimer: &Keypair, to: &Pubkey) -> Outcome {
    let payer = world.payer.pubkey();
    let claim = world.pool.claim_withdrawal(ticket, 0, &claimer.pubkey(), to, &payer);
    world.send(&[claim], &[claimer])
}

#[test]
fn gives_the_ticket_to_the_new_owner() {
    for push in [true, false] {
        let (mut world, holder, ticket) = scene();
        let taker = world.wallet(SOL);
        let (before, accounts) = (world.ticket(&ticket).unwrap(), world.all_accounts());
        let sent = transfer(&mut world, &ticket, &holder.key, &taker.pubkey(), push).unwrap();
        let expected = Ticket { owner: taker.pubkey(), is_pushable: push, ..before };
        assert_eq!(world.ticket(&ticket).unwrap(), expected);
        world.assert_same(&accounts, &[ticket]);
        world.assert_books();
        let event: TicketTransferred = sent.event();
        assert_eq!((event.pool, event.ticket), (world.pool.pool, ticket));
        assert_eq!((event.owner, event.new_owner), (holder.address(), taker.pubkey()));
        assert_eq!(event.is_pushable, push);
    }
}

#[test]
fn pays_the_new_owner_and_not_the_old() {
    let (mut world, holder, ticket) = scene();
    let (taker, payer) = (world.wallet(SOL), world.payer.pubkey());
    transfer(&mut world, &ticket, &holder.key, &taker.pubkey(), false).unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();

    // The old owner is a stranger now: it can neither claim, nor transfer, nor push.
    let before = world.all_accounts();
    let old = holder.address();
    refuses(claim(&mut world, &ticket, &holder.key, &old), ThawError::PushRefused);
    let outcome = transfer(&mut world, &ticket, &holder.key, &old, true);
    refuses(outcome, ThawError::NotTicketOwner);
    world.assert_same(&before, &[]);

    let (rent, elsewhere) = (world.lamports(&ticket), Pubkey::new_unique());
    let paid = world.lamports(&payer);
    claim(&mut world, &ticket, &taker, &elsewhere).unwrap();
    assert_eq!(world.lamports(&elsewhere), 40 * SOL);
    assert_eq!((world.lamports(&old), world.lamports(&taker.pubkey())), (SOL, SOL));
    // Less the fee of two signatures: the rent goes to who paid it, not to an owner.
    assert_eq!(world.lamports(&payer), paid + rent - 10_000);
    assert!(world.ticket(&ticket).is_none());
    world.assert_books();
}

#[test]
fn lets_anyone_push_to_the_new_owner_if_it_says_so() {
    let (mut world, holder, ticket) = scene();
    let (taker, stranger) = (world.wallet(SOL), world.wallet(SOL));
    transfer(&mut world, &ticket, &holder.key, &taker.pubkey(), true).unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();
    let old = holder.address();
    refuses(claim(&mut world, &ticket, &stranger, &old), ThawError::NotTicketOwner);
    refuses(claim(&mut world, &ticket, &holder.key, &old), ThawError::NotTicketOwner);
    claim(&mut world, &ticket, &stranger, &taker.pubkey()).unwrap();
    assert_eq!(world.lamports(&taker.pubkey()), 41 * SOL);
}

/// What was claimed before belongs to the old owner, the rest to the new one.
#[test]
fn passes_on_what_is_not_claimed_yet() {
    let (mut world, holder, ticket) = scene();
    finalized_epoch(&mut world);
    // Of 110 SOL only 10 are liquid for now.
    let (part, assets) = (world.float() + 10 * SOL, world.assets());
    world.set_reserve(part);
    world.change_pool(|pool| pool.staked_lamports = assets - part);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    let claimed = world.ticket(&ticket).unwrap().lamports_claimed;
    assert!(claimed > 9 * SOL);
    let taker = world.wallet(SOL);
    transfer(&mut world, &ticket, &holder.key, &taker.pubkey(), true).unwrap();
    assert_eq!(world.ticket(&ticket).unwrap().lamports_claimed, claimed);
    refuses(world.push_claim(&ticket), ThawError::NothingToClaim);
    world.set_reserve(50 * SOL);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()), SOL + claimed);
    let all = world.batch(0).unwrap().lamports_settled;
    assert_eq!(world.lamports(&taker.pubkey()), SOL + all - claimed);
}

#[test]
fn sets_the_flag_alone_when_given_to_oneself() {
    let (mut world, holder, ticket) = scene();
    let before = world.ticket(&ticket).unwrap();
    for push in [false, false, true] {
        let owner = holder.address();
        transfer(&mut world, &ticket, &holder.key, &owner, push).unwrap();
        let expected = Ticket { is_pushable: push, ..world.ticket(&ticket).unwrap() };
        assert_eq!(world.ticket(&ticket).unwrap(), expected);
        assert_eq!(expected, Ticket { is_pushable: push, ..before.clone() });
    }
}

#[test]
fn goes_through_many_hands() {
    let (mut world, holder, ticket) = scene();
    let mut owner = holder.key.insecure_clone();
    for _ in 0..3 {
        let next = world.wallet(0);
        transfer(&mut world, &ticket, &owner, &next.pubkey(), true).unwrap();
        refuses(
            transfer(&mut world, &ticket, &owner, &next.pubkey(), true),
            ThawError::NotTicketOwner,
        );
        owner = next;
    }
    // And back to the first, whose address the ticket's own is derived from.
    transfer(&mut world, &ticket, &owner, &holder.address(), true).unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()), 41 * SOL);
}

/// The first owner may write another ticket under another nonce, never the same one again.
#[test]
fn keeps_the_address_from_the_first_owner() {
    let (mut world, mut holder, ticket) = scene();
    let taker = world.wallet(SOL);
    transfer(&mut world, &ticket, &holder.key, &taker.pubkey(), true).unwrap();
    holder.nonce = 0;
    let before = world.all_accounts();
    world.request(&mut holder, SOL).unwrap_err();
    world.assert_same(&before, &[]);
    assert_eq!(world.ticket(&ticket).unwrap().owner, taker.pubkey());
}

#[test]
fn refuses_the_zero_address() {
    let (mut world, holder, ticket) = scene();
    let before = world.all_accounts();
    let outcome = transfer(&mut world, &ticket, &holder.key, &Pubkey::default(), true);
    refuses(outcome, ThawError::WrongAccount);
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_who_is_not_the_owner() {
    let (mut world, holder, ticket) = scene();
    let stranger = world.wallet(SOL);
    let payer = world.payer.insecure_clone();
    let before = world.all_accounts();
    for thief in [&stranger, &payer] {
        let outcome = transfer(&mut world, &ticket, thief, &thief.pubkey(), true);
        refuses(outcome, ThawError::NotTicketOwner);
    }
    let theft = world.pool.transfer_ticket(&ticket, &holder.address(), &stranger.pubkey(), true);
    let unsigned = unsigned(&theft, &holder.address());
    refuses_with_code(world.send(&[unsigned], &[]), ACCOUNT_NOT_SIGNER);
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_what_is_no_ticket() {
    let (mut world, holder, ticket) = scene();
    let taker = world.wallet(SOL).pubkey();
    let batch = world.pool.batch(0);
    let outcome = transfer(&mut world, &batch, &holder.key, &taker, true);
    refuses_with_code(outcome, ACCOUNT_DISCRIMINATOR_MISMATCH);
    // A copy that the program does not own.
    let copy = Pubkey::new_unique();
    let original = world.svm.get_account(&ticket).unwrap();
    world.put(&copy, &Pubkey::new_unique(), original.lamports, original.data);
    transfer(&mut world, &copy, &holder.key, &taker, true).unwrap_err();
    // One that is paid and gone.
    finalized_epoch(&mut world);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    let outcome = transfer(&mut world, &ticket, &holder.key, &taker, true);
    refuses_with_code(outcome, ACCOUNT_NOT_INITIALIZED);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, holder, ticket) = scene();
    let transfer =
        world.pool.transfer_ticket(&ticket, &holder.address(), &Pubkey::new_unique(), true);
    // 2: anybody may get it.
    refuses_each_swap(&mut world, &transfer, &[&holder.key], &[2]);
    world.send(&[transfer], &[&holder.key]).unwrap();
}

/// INV-11: nothing stops it.
#[test]
fn works_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 5] = [
        pause_everything,
        |world| world.skip_epochs(30),
        |world| world.wait(i64::from(u32::MAX)),
        |world| world.change_pool(|pool| pool.pending_fees_lamports = u64::MAX / 2),
        |world| world.set_rent(6_960),
    ];
    for state in states {
        let (mut world, holder, ticket) = scene();
        state(&mut world);
        let taker = world.wallet(SOL).pubkey();
        transfer(&mut world, &ticket, &holder.key, &taker, false).unwrap();
        assert_eq!(world.ticket(&ticket).unwrap().owner, taker);
    }
}

/// As a program's address would: it signs, owns the ticket, and has no lamport.
#[test]
fn takes_an_owner_without_a_lamport() {
    let mut world = World::new();
    let mut program = world.penniless(40 * SOL);
    let ticket = world.request(&mut program, 40 * SOL).unwrap();
    let next = world.wallet(0);
    transfer(&mut world, &ticket, &program.key, &next.pubkey(), false).unwrap();
    assert_eq!(world.lamports(&program.address()), 0);
    finalized_epoch(&mut world);
    world.settle().unwrap();
    claim(&mut world, &ticket, &next, &next.pubkey()).unwrap();
    assert_eq!(world.lamports(&next.pubkey()), 40 * SOL);
}
