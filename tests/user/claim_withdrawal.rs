//! `claim_withdrawal`: a ticket is paid from what its batch has settled.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_account::Account;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_transaction::TransactionError;
use thaw_client::{
    instructions::Request,
    thaw::{
        error::ThawError,
        events::{BatchClosed, WithdrawalClaimed},
        state::{Batch, Ticket},
    },
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

use crate::{
    books::{down, nav},
    scene::{depositor, finalized_epoch, pause_everything, pay_rewards, staked},
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ACCOUNT_NOT_INITIALIZED: u32 = 3012;
/// Live rent of a ticket, its fields counted by hand.
fn ticket_rent() -> u64 {
    (128 + 8 + 3 * 32 + 4 * 8 + 32 + 2) * lamports_per_byte()
}

/// A ticket of `holder`, whose rent `payer` pays.
fn open(
    world: &mut World,
    holder: &mut Holder,
    payer: &Keypair,
    push: bool,
    shares: u64,
) -> Pubkey {
    let serial = world.batch_to_join();
    let request = Request { shares, nonce: holder.nonce, serial, is_pushable: push };
    let owner = holder.address();
    let ticket = world.pool.ticket(&owner, holder.nonce);
    world.known.extend([ticket, world.pool.batch(serial)]);
    holder.nonce += 1;
    let instruction =
        world.pool.request_withdrawal(&request, &owner, &payer.pubkey(), &holder.tokens);
    world.send(&[instruction], &[&holder.key, payer]).unwrap();
    ticket
}

/// A ticket of 40 SOL, settled in full one to one, of a holder with 1 SOL in the wallet; another
/// paid its rent.
struct Scene {
    world: World,
    holder: Holder,
    payer: Keypair,
    ticket: Pubkey,
}

fn settled(push: bool) -> Scene {
    let mut world = World::new();
    let mut holder = depositor(&mut world, 100 * SOL);
    let payer = world.wallet(SOL);
    let ticket = open(&mut world, &mut holder, &payer, push, 40 * SOL);
    finalized_epoch(&mut world);
    world.settle().unwrap();
    Scene { world, holder, payer, ticket }
}

impl Scene {
    fn instruction(&self, claimer: &Pubkey, recipient: &Pubkey) -> Instruction {
        let payer = self.payer.pubkey();
        self.world.pool.claim_withdrawal(&self.ticket, 0, claimer, recipient, &payer)
    }

    fn claim(&mut self, claimer: &Keypair, recipient: &Pubkey) -> Outcome {
        let instruction = self.instruction(&claimer.pubkey(), recipient);
        self.world.send(&[instruction], &[claimer])
    }

    /// The owner claims to its own address, the accounts as `change` leaves them.
    fn claim_with(&mut self, change: impl FnOnce(&mut Instruction)) -> Outcome {
        let owner = self.holder.address();
        let mut instruction = self.instruction(&owner, &owner);
        change(&mut instruction);
        self.world.send(&[instruction], &[&self.holder.key])
    }
}

/// A staked pool whose reserve pays a part of the batch: tickets of these shares, all one holder's.
fn partly_settled(shares: &[u64]) -> (World, Holder, Vec<Pubkey>) {
    let (mut world, mut holder) = staked();
    let tickets =
        shares.iter().map(|shares| world.request(&mut holder, *shares).unwrap()).collect();
    world.next_epoch();
    pay_rewards(&mut world, 5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.go_to(30);
    world.settle().unwrap();
    (world, holder, tickets)
}

/// Claims by push; returns what arrived.
fn push(world: &mut World, ticket: &Pubkey) -> u64 {
    let owner = world.ticket(ticket).unwrap().owner;
    let before = world.lamports(&owner);
    let sent = world.push_claim(ticket).unwrap();
    let arrived = world.lamports(&owner) - before;
    assert_eq!(sent.number(), arrived);
    arrived
}

#[test]
fn pays_the_ticket_and_closes_it() {
    let Scene { mut world, holder, payer, ticket } = settled(false);
    let (pool_before, batch_before) = (world.pool(), world.batch(0).unwrap());
    assert_eq!(pool_before.claimable_lamports, 40 * SOL);
    let (accounts, reserve) = (world.all_accounts(), world.lamports(&world.pool.reserve));
    let (owner, pool) = (holder.address(), world.pool);

    let claim = pool.claim_withdrawal(&ticket, 0, &owner, &owner, &payer.pubkey());
    let sent = world.send(&[claim], &[&holder.key]).unwrap();

    let expected = thaw_client::thaw::state::Pool { claimable_lamports: 0, ..*pool_before };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    let batch = Batch { lamports_claimed: 40 * SOL, tickets: 0, ..batch_before };
    assert_eq!(world.batch(0).unwrap(), batch);
    assert!(world.svm.get_account(&ticket).is_none_or(|account| account.lamports == 0));
    assert_eq!(world.lamports(&pool.reserve), reserve - 40 * SOL);
    assert_eq!(world.lamports(&owner), 41 * SOL);
    assert_eq!(sent.number(), 40 * SOL, "without the rent");
    assert_eq!(world.lamports(&payer.pubkey()), SOL - batch_rent(&world), "all but the batch's");
    let changed = [pool.pool, pool.reserve, pool.batch(0), ticket, owner, payer.pubkey()];
    world.assert_same(&accounts, &changed);
    world.assert_books();

    let event: WithdrawalClaimed = sent.event();
    assert_eq!((event.pool, event.ticket, event.owner), (pool.pool, ticket, owner));
    assert_eq!((event.recipient, event.batch, event.lamports), (owner, 0, 40 * SOL));
    assert!(event.is_closed);
    assert_eq!(event.claimable_lamports, 0);
}

fn batch_rent(world: &World) -> u64 {
    world.lamports(&world.pool.batch(0))
}

/// Partial settlements at two rates: each ticket gets its part of both, to the lamport (INV-6).
#[test]
fn shares_two_settlements_at_two_rates_pro_rata() {
    let shares = [111_111_111_111, 222_222_222_223, 1, 7, 66 * SOL];
    let requested: u64 = shares.iter().sum();
    let (mut world, _, tickets) = partly_settled(&shares);
    let first = world.batch(0).unwrap();
    assert!(first.shares_settled > 0 && first.shares_settled < requested, "a part");
    let mut paid = [0u64; 5];
    for (index, ticket) in tickets.iter().enumerate() {
        let due = down(shares[index], first.lamports_settled, requested);
        if due == 0 {
            refuses(world.push_claim(ticket), ThawError::NothingToClaim);
            continue;
        }
        paid[index] = push(&mut world, ticket);
        assert_eq!(paid[index], due);
        refuses(world.push_claim(ticket), ThawError::NothingToClaim);
        let state = world.ticket(ticket).unwrap();
        assert_eq!((state.lamports_claimed, state.shares), (due, shares[index]));
    }
    assert_eq!(paid[2], 0, "one share of a part is nothing yet");
    assert_eq!(world.batch(0).unwrap().tickets, 5);
    world.assert_books();

    world.move_window();
    world.move_all();
    world.next_epoch();
    pay_rewards(&mut world, 1_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.tend();
    world.go_to(40);
    let (pool, now) = (world.pool(), world.clock().unix_timestamp);
    world.settle().unwrap();

    let batch = world.batch(0).unwrap();
    assert_eq!(batch.shares_settled, requested);
    let rest = requested - first.shares_settled;
    let second = batch.lamports_settled - first.lamports_settled;
    assert_eq!(second, down(rest, nav(&pool, now), pool.shares));
    let rate = |lamports: u64, shares: u64| down(lamports, 1_000_000_000_000, shares);
    assert!(rate(second, rest) > rate(first.lamports_settled, first.shares_settled), "dearer");

    for (index, ticket) in tickets.iter().enumerate().rev() {
        let entitled = down(shares[index], batch.lamports_settled, requested);
        let arrived = push(&mut world, ticket);
        assert_eq!(paid[index] + arrived, entitled);
        paid[index] = entitled;
        assert!(world.ticket(ticket).is_none());
    }
    let dust = batch.lamports_settled - paid.iter().sum::<u64>();
    assert!(dust < 5, "INV-6: at most a lamport per ticket");
    assert_eq!(world.pool().claimable_lamports, dust);
    world.assert_books();

    let close = world.pool.close_batch(0, &batch.opener);
    let event: BatchClosed = world.send(&[close], &[]).unwrap().event();
    assert_eq!(event.dust_lamports, dust);
    assert_eq!(world.pool().claimable_lamports, 0);
    world.assert_books();
}

#[test]
fn pays_the_same_whatever_was_claimed_between() {
    let shares = [100 * SOL + 1, 200 * SOL + 2, 3];
    let totals = [[true, true], [false, true], [true, false]].map(|early| {
        let (mut world, holder, tickets) = partly_settled(&shares);
        let before = world.lamports(&holder.address());
        for (ticket, _) in tickets.iter().zip(early).filter(|(_, early)| *early) {
            push(&mut world, ticket);
        }
        world.move_window();
        world.move_all();
        finalized_epoch(&mut world);
        world.tend();
        world.settle_all();
        for ticket in &tickets {
            push(&mut world, ticket);
        }
        world.lamports(&holder.address()) - before
    });
    assert_eq!(totals[0], totals[1]);
    assert_eq!(totals[0], totals[2]);
}

#[test]
fn lets_the_owner_name_any_recipient() {
    let mut scene = settled(true);
    let (owner, elsewhere) = (scene.holder.key.insecure_clone(), Pubkey::new_unique());
    let event: WithdrawalClaimed = scene.claim(&owner, &elsewhere).unwrap().event();
    assert_eq!((event.owner, event.recipient), (owner.pubkey(), elsewhere));
    assert_eq!(scene.world.lamports(&elsewhere), 40 * SOL);
    assert_eq!(scene.world.lamports(&owner.pubkey()), SOL);
}

#[test]
fn lets_a_stranger_push_to_the_owner_alone() {
    let mut scene = settled(true);
    let stranger = scene.world.wallet(SOL);
    let (owner, payer) = (scene.holder.address(), scene.payer.pubkey());
    let before = scene.world.all_accounts();
    for thief in [stranger.pubkey(), payer, scene.world.pool.reserve] {
        refuses(scene.claim(&stranger, &thief), ThawError::NotTicketOwner);
    }
    scene.world.assert_same(&before, &[]);
    let rent_before = scene.world.lamports(&payer);
    scene.claim(&stranger, &owner).unwrap();
    assert_eq!(scene.world.lamports(&owner), 41 * SOL);
    assert_eq!(scene.world.lamports(&stranger.pubkey()), SOL, "nothing for the pusher");
    assert_eq!(scene.world.lamports(&payer) - rent_before, ticket_rent());
}

#[test]
fn refuses_to_push_what_the_owner_wants_to_claim_in_person() {
    let mut scene = settled(false);
    let (stranger, payer) = (scene.world.wallet(SOL), scene.payer.insecure_clone());
    let owner = scene.holder.key.insecure_clone();
    refuses(scene.claim(&stranger, &owner.pubkey()), ThawError::PushRefused);
    refuses(scene.claim(&payer, &owner.pubkey()), ThawError::PushRefused);
    scene.claim(&owner, &owner.pubkey()).unwrap();
}

#[test]
fn pays_an_owner_who_paid_the_rent_too() {
    let mut world = World::new();
    let mut holder = depositor(&mut world, 100 * SOL);
    let key = holder.key.insecure_clone();
    let ticket = open(&mut world, &mut holder, &key, false, 40 * SOL);
    finalized_epoch(&mut world);
    world.settle().unwrap();
    let owner = key.pubkey();
    let claim = world.pool.claim_withdrawal(&ticket, 0, &owner, &owner, &owner);
    world.send(&[claim], &[&key]).unwrap();
    assert_eq!(world.lamports(&owner), 41 * SOL - batch_rent(&world));
}

#[test]
fn returns_all_that_was_ever_sent_to_the_ticket() {
    let mut scene = settled(true);
    let before = scene.world.lamports(&scene.payer.pubkey());
    scene.world.send_lamports(&scene.ticket, 12_345);
    scene.claim_with(|_| ()).unwrap();
    let refund = scene.world.lamports(&scene.payer.pubkey()) - before;
    assert_eq!(refund, ticket_rent() + 12_345);
}

/// INV-11: whoever paid the ticket's rent has emptied the wallet, and after a rise of rent the runtime
/// would let it hold no less than more. The claim goes through all the same.
#[test]
fn pays_when_the_payers_wallet_cannot_take_the_rent_back() {
    let mut scene = settled(true);
    let payer = scene.payer.pubkey();
    scene.world.svm.set_account(payer, Account::default()).unwrap();
    scene.world.set_rent(20_000);
    let owner = scene.holder.address();
    let before = scene.world.lamports(&owner);
    let sent = scene.claim_with(|_| ()).unwrap();
    assert_eq!(scene.world.lamports(&owner) - before, 40 * SOL + ticket_rent());
    assert_eq!(sent.number(), 40 * SOL, "without the rent that came along");
    assert_eq!(scene.world.lamports(&payer), 0);

    // A wallet that may hold it gets it, though it was empty.
    let mut scene = settled(true);
    let payer = scene.payer.pubkey();
    scene.world.svm.set_account(payer, Account::default()).unwrap();
    scene.claim_with(|_| ()).unwrap();
    assert_eq!(scene.world.lamports(&payer), ticket_rent());
}

#[test]
fn refuses_to_send_the_rent_to_anyone_else() {
    let mut scene = settled(true);
    let owner = scene.holder.address();
    let outcome = scene.claim_with(|claim| claim.accounts[6].pubkey = owner);
    refuses(outcome, ThawError::WrongAccount);
}

#[test]
fn refuses_before_the_batch_is_settled() {
    let mut world = World::new();
    let mut holder = depositor(&mut world, 100 * SOL);
    let ticket = world.request(&mut holder, SOL).unwrap();
    refuses(world.push_claim(&ticket), ThawError::NothingToClaim);
    finalized_epoch(&mut world);
    refuses(world.push_claim(&ticket), ThawError::NothingToClaim);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
}

#[test]
fn refuses_a_ticket_that_is_gone() {
    let mut scene = settled(true);
    scene.claim_with(|_| ()).unwrap();
    let before = scene.world.all_accounts();
    refuses_with_code(scene.claim_with(|_| ()), ACCOUNT_NOT_INITIALIZED);
    scene.world.assert_same(&before, &[]);
}

/// After a loss one share is worth less than one lamport: its ticket goes with a claim of 0.
#[test]
fn closes_a_finished_ticket_that_gets_nothing() {
    let (mut world, mut holder) = staked();
    let whole = world.request(&mut holder, SOL).unwrap();
    let dust = world.request(&mut holder, 1).unwrap();
    world.next_epoch();
    world.slash(0, 50 * SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.settle().unwrap();
    let batch = world.batch(0).unwrap();
    assert!(batch.is_settled() && batch.lamports_settled < SOL);

    let claimable = world.pool().claimable_lamports;
    let outcome = world.push_claim(&dust).unwrap();
    let event: WithdrawalClaimed = outcome.event();
    assert_eq!((event.lamports, event.is_closed, event.claimable_lamports), (0, true, claimable));
    assert!(world.ticket(&dust).is_none());
    assert_eq!(world.batch(0).unwrap().tickets, 1);
    let due = down(SOL, batch.lamports_settled, SOL + 1);
    assert_eq!(push(&mut world, &whole), due);
    world.assert_books();
}

/// INV-11: nothing stops a claim, not of a part and not of all.
#[test]
fn pays_in_every_state_of_the_pool() {
    let states: [fn(&mut World); 6] = [
        pause_everything,
        |world| world.rewards_window(true),
        |world| world.skip_epochs(30),
        |world| world.wait(i64::from(u32::MAX)),
        |world| world.change_pool(|pool| pool.pending_fees_lamports = u64::MAX / 2),
        |world| world.set_rent(6_960),
    ];
    for state in states {
        let mut scene = settled(true);
        state(&mut scene.world);
        let before = scene.world.lamports(&scene.payer.pubkey());
        scene.claim_with(|_| ()).unwrap();
        assert_eq!(scene.world.lamports(&scene.holder.address()), 41 * SOL);
        assert_eq!(scene.world.lamports(&scene.payer.pubkey()) - before, ticket_rent());

        let (mut world, _, tickets) = partly_settled(&[100 * SOL, 200 * SOL]);
        let settled = world.batch(0).unwrap().lamports_settled;
        state(&mut world);
        assert_eq!(push(&mut world, &tickets[0]), settled / 3);
        assert!(world.ticket(&tickets[0]).is_some());
    }
}

/// M12 of the review: what is too little for an empty wallet's rent cannot be pushed there, and the
/// owner still gets it.
#[test]
fn lets_the_owner_of_an_empty_wallet_claim_dust_elsewhere() {
    let mut world = World::new();
    let (giver, owner) = (world.holder(2 * SOL), world.holder(0));
    let deposit = world.pool.deposit_sol(&giver.address(), &owner.tokens, SOL, 0);
    world.send(&[deposit], &[&giver.key]).unwrap();
    let mut owner = owner;
    let ticket = world.request(&mut owner, 1_000).unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();
    let refused = world.push_claim(&ticket).unwrap_err();
    let is_rent = matches!(refused.error, TransactionError::InsufficientFundsForRent { .. });
    assert!(is_rent, "{refused:?}");
    let (address, payer) = (owner.address(), world.payer.pubkey());
    let claim = world.pool.claim_withdrawal(&ticket, 0, &address, &giver.address(), &payer);
    world.send(&[claim], &[&owner.key]).unwrap();
    assert_eq!(world.lamports(&giver.address()), SOL + 1_000);
}

/// A reserve that holds nothing but what is claimed, and rent that rises: one transfer to the
/// reserve, which anyone may send, and the last ticket is paid.
#[test]
fn pays_the_last_ticket_of_an_empty_reserve_after_rent_has_risen() {
    let mut scene = settled(true);
    let reserve = scene.world.pool.reserve;
    let spare = scene.world.pool().reserve_lamports;
    scene.world.change_pool(|pool| pool.reserve_lamports = 0);
    let mut account = scene.world.svm.get_account(&reserve).unwrap();
    account.lamports -= spare;
    scene.world.svm.set_account(reserve, account).unwrap();
    scene.world.set_rent(6_960);
    let refused = scene.claim_with(|_| ()).unwrap_err();
    let is_rent = matches!(refused.error, TransactionError::InsufficientFundsForRent { .. });
    assert!(is_rent, "{refused:?}");
    scene.world.send_lamports(&reserve, 128 * (6_960 - 5_080));
    scene.claim_with(|_| ()).unwrap();
    assert_eq!(scene.world.lamports(&scene.holder.address()), 41 * SOL);
}

#[test]
fn refuses_a_batch_that_is_not_the_tickets() {
    let mut scene = settled(true);
    scene.world.request(&mut scene.holder, SOL).unwrap();
    let other = scene.world.pool.batch(1);
    let outcome = scene.claim_with(|claim| claim.accounts[2].pubkey = other);
    refuses(outcome, ThawError::WrongBatch);
}

#[test]
fn refuses_batches_and_tickets_of_another_pool() {
    let mut scene = settled(true);
    let own = scene.world.pool;
    scene.world.pool = scene.world.open_pool(&Setup::default()).unwrap();
    let mut stranger = depositor(&mut scene.world, 50 * SOL);
    let ticket = scene.world.request(&mut stranger, 40 * SOL).unwrap();
    let batch = scene.world.pool.batch(0);
    finalized_epoch(&mut scene.world);
    scene.world.settle().unwrap();
    scene.world.pool = own;
    let swap = |scene: &mut Scene, places: &[(usize, Pubkey)]| {
        let (claimer, rent) = (stranger.address(), scene.world.payer.pubkey());
        let mut claim = own.claim_withdrawal(&scene.ticket, 0, &claimer, &claimer, &rent);
        for (place, address) in places {
            claim.accounts[*place].pubkey = *address;
        }
        scene.world.send(&[claim], &[&stranger.key])
    };
    refuses(swap(&mut scene, &[(2, batch)]), ThawError::WrongAccount);
    refuses(swap(&mut scene, &[(3, ticket)]), ThawError::WrongAccount);
    refuses(swap(&mut scene, &[(2, batch), (3, ticket)]), ThawError::WrongAccount);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut scene = settled(false);
    let owner = scene.holder.address();
    let in_person = scene.instruction(&owner, &owner);
    // 5: the owner may be paid anywhere.
    refuses_each_swap(&mut scene.world, &in_person, &[&scene.holder.key], &[5]);
    scene.claim_with(|_| ()).unwrap();

    let mut scene = settled(true);
    let (owner, pusher) = (scene.holder.address(), scene.world.wallet(SOL));
    let pushed = scene.instruction(&pusher.pubkey(), &owner);
    // 4: anyone may push.
    refuses_each_swap(&mut scene.world, &pushed, &[&pusher], &[4]);
    scene.world.send(&[pushed], &[&pusher]).unwrap();
}

#[test]
fn refuses_a_missing_signature() {
    let scene = settled(true);
    let Scene { mut world, holder, payer, ticket } = scene;
    let owner = holder.address();
    let claim = world.pool.claim_withdrawal(&ticket, 0, &owner, &owner, &payer.pubkey());
    refuses_with_code(world.send(&[unsigned(&claim, &owner)], &[]), ACCOUNT_NOT_SIGNER);
}

/// Lamports that the owner sends back to the pool are a gift, and the books stay right.
#[test]
fn takes_the_pools_own_accounts_as_recipients() {
    let mut scene = settled(false);
    let owner = scene.holder.key.insecure_clone();
    let reserve = scene.world.pool.reserve;
    let held = scene.world.lamports(&reserve);
    scene.claim(&owner, &reserve).unwrap();
    assert_eq!(scene.world.lamports(&reserve), held);
    assert_eq!(scene.world.pool().claimable_lamports, 0);
    scene.world.assert_books();
    let liquid = scene.world.pool().reserve_lamports;
    finalized_epoch(&mut scene.world);
    assert_eq!(scene.world.pool().reserve_lamports, liquid + 40 * SOL);

    let mut scene = settled(false);
    let (owner, ticket) = (scene.holder.key.insecure_clone(), scene.ticket);
    let before = scene.world.lamports(&scene.payer.pubkey());
    scene.claim(&owner, &ticket).unwrap();
    let refund = scene.world.lamports(&scene.payer.pubkey()) - before;
    assert_eq!(refund, 40 * SOL + ticket_rent(), "it leaves with the rent");
}

/// States no instruction leads to: the program stops instead of paying what is not there.
#[test]
fn refuses_books_that_do_not_add_up() {
    let mut scene = settled(true);
    let ticket = scene.ticket;
    scene.world.change_typed(&ticket, |ticket: &mut Ticket| {
        ticket.lamports_claimed = 40 * SOL + 1;
    });
    refuses(scene.claim_with(|_| ()), ThawError::Overflow);

    let mut scene = settled(true);
    scene.world.change_pool(|pool| pool.claimable_lamports = 40 * SOL - 1);
    refuses(scene.claim_with(|_| ()), ThawError::BalanceMismatch);
    scene.world.change_pool(|pool| pool.claimable_lamports = 40 * SOL);
    scene.world.change_pool(|pool| pool.reserve_lamports += SOL);
    refuses(scene.claim_with(|_| ()), ThawError::BalanceMismatch);
}
