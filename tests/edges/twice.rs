//! The same account in two places of an instruction: edge case 32.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use thaw_client::{
    instructions::Request,
    thaw::{
        error::ThawError::WrongAccount,
        instructions::{SyncEntry, Weight},
    },
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, sums::is_not_below};

/// An instruction that goes through as it is, and the pairs of places (what stands in the second
/// also stands in the first) that may go through as well: who is paid may be anyone.
type Case = (&'static str, Instruction, Vec<(usize, usize)>);

/// Tries every pair of places of each instruction.
fn try_all(world: &mut World, keys: &[&Keypair], cases: Vec<Case>) {
    for (name, instruction, mut free) in cases {
        let original = world.svm.clone();
        send(world, keys, &instruction).unwrap_or_else(|error| panic!("{name}: {error:#?}"));
        world.svm = original.clone();
        let places = instruction.accounts.len();
        for (into, from) in (0..places).flat_map(|into| (0..places).map(move |from| (into, from))) {
            let (old, new) = (&instruction.accounts[into], &instruction.accounts[from]);
            let can_sign = keys.iter().any(|key| key.pubkey() == new.pubkey);
            if old.pubkey == new.pubkey || (old.is_signer && !can_sign) {
                continue;
            }
            let mut doubled = instruction.clone();
            doubled.accounts[into].pubkey = new.pubkey;
            let (before, then) = (world.pool(), world.now());
            if send(world, keys, &doubled).is_ok() {
                let place = free.iter().position(|pair| *pair == (into, from));
                let place = place.unwrap_or_else(|| panic!("{name}: {from} also at {into}"));
                free.remove(place);
                // It is somebody's to choose, and harms nobody else.
                world.assert_books();
                assert!(is_not_below((&world.pool(), then), (&before, then)), "{name}");
                world.svm = original.clone();
            }
        }
        assert_eq!(free, [], "{name}: refused after all");
    }
}

/// Sends with those of the keys that must sign.
fn send(world: &mut World, keys: &[&Keypair], instruction: &Instruction) -> thaw_tests::Outcome {
    let message = Message::new(std::slice::from_ref(instruction), Some(&world.payer.pubkey()));
    let needed = &message.account_keys[..usize::from(message.header.num_required_signatures)];
    let signers: Vec<&Keypair> =
        keys.iter().copied().filter(|key| needed.contains(&key.pubkey())).collect();
    world.send(std::slice::from_ref(instruction), &signers)
}

/// Pairs with what stands at one of `from` at `into` too.
fn at(into: usize, from: &[usize]) -> Vec<(usize, usize)> {
    from.iter().map(|from| (into, *from)).collect()
}

fn request(world: &World, holder: &Holder, serial: u64) -> Instruction {
    let with = Request { shares: SOL, nonce: 77, serial, is_pushable: true };
    let payer = world.payer.pubkey();
    world.pool.request_withdrawal(&with, &holder.address(), &payer, &holder.tokens)
}

#[test]
fn e32_one_account_in_two_places_of_a_crank_instruction() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(1).unwrap();
    world.request(&mut holder, 600 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.next_epoch();
    let slots = [world.slot(0, 0), world.slot(0, 1), world.slot(1, 0), world.slot(1, 1)];
    let entries = (0..2).map(|index| SyncEntry { index, slots: 2 });
    let sync = world.pool.sync_validators(entries, &slots);
    // A pair that does not fit is skipped, never booked: any of the slots may be another account.
    let skipped = (2..6).flat_map(|into| (0..6).map(move |from| (into, from)));
    let skipped = skipped.filter(|(into, from)| into != from).collect();
    let payer = world.payer.insecure_clone();
    try_all(&mut world, &[&payer], vec![("sync_validators", sync, skipped)]);

    let tipped = world.slot(2, 0);
    world.tip(&tipped, SOL);
    world.sync().unwrap();
    let finalize = world.pool.finalize_epoch();
    try_all(&mut world, &[&payer], vec![("finalize_epoch", finalize, vec![])]);
    world.finalize().unwrap();
    world.move_window();
    world.request(&mut holder, 1_500 * SOL).unwrap();
    let votes = world.votes.clone();
    let batch = Some(world.pool().oldest_batch);
    let pool = world.pool;
    let cases = vec![
        ("merge_activated", pool.merge_activated(&votes[1], 1), vec![]),
        ("collect_cooled", pool.collect_cooled(&votes[0], 0), vec![]),
        ("sweep_excess", pool.sweep_excess(&votes[2], 2), vec![]),
        ("settle_withdrawals", pool.settle_withdrawals(world.pool().oldest_batch), vec![]),
        ("undelegate", pool.undelegate(&payer.pubkey(), &votes[2], 2, batch), vec![]),
        ("request_withdrawal", request(&world, &holder, world.batch_to_join()), vec![(4, 3)]),
    ];
    try_all(&mut world, &[&payer, &holder.key], cases);
}

#[test]
fn e32_one_account_in_two_places_of_a_holders_instruction() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, 600 * SOL).unwrap();
    world.move_all();
    let weights = [(0, 2), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.begin_epoch();
    world.tend();
    let settled = world.pool().oldest_batch;
    world.settle_all();
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_window();
    let open = world.request(&mut holder, 5 * SOL).unwrap();
    world.take_for_paid();
    let (pool, votes, owner) = (world.pool, world.votes.clone(), holder.address());
    let (payer, operator) = (world.payer.insecure_clone(), world.operator.insecure_clone());
    let paid = pool.ticket(&owner, 0);
    let brought = world.stake_account(&owner, 1, 5 * SOL);
    let fresh = world.fresh_stake();
    let list = vec![Weight { index: 0, weight: 3 }];
    // Referrers are not looked at where there is no fee; recipients and new owners are anyone; a
    // holder may pay for itself, and who paid for a ticket may push it.
    let mut paid_by_staker = at(16, &[0, 1, 3, 4, 5, 8, 9, 10, 11, 12]);
    paid_by_staker.extend([(8, 6), (8, 7)]);
    let mut pushed_by_payer = at(5, &[0, 1, 2, 3, 6]);
    pushed_by_payer.push((4, 6));
    let cases = vec![
        ("delegate", pool.delegate(&payer.pubkey(), &votes[1], 1), vec![]),
        ("deposit_sol", pool.deposit_sol(&owner, &holder.tokens, SOL, 0), at(8, &[0, 1, 3, 4, 5])),
        ("deposit_stake", world.stake_deposit(&holder, 1, &brought), paid_by_staker),
        (
            "withdraw_stake",
            world.stake_exit(&holder, 0, &fresh, 5 * SOL),
            at(8, &[0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13]),
        ),
        (
            "withdraw_instant",
            pool.withdraw_instant(&holder.tokens, &owner, &owner, SOL, 0),
            at(5, &[0, 1, 2, 3, 6]),
        ),
        (
            "claim_withdrawal",
            pool.claim_withdrawal(&paid, settled, &owner, &owner, &payer.pubkey()),
            pushed_by_payer,
        ),
        (
            "transfer_ticket",
            pool.transfer_ticket(&open, &owner, &payer.pubkey(), true),
            at(2, &[0, 1]),
        ),
        ("set_weights", pool.set_weights(&operator.pubkey(), list), vec![]),
    ];
    try_all(&mut world, &[&payer, &holder.key, &operator], cases);
}

#[test]
fn e32_no_wallet_is_ever_made_a_ticket() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    let payer = world.payer.insecure_clone();
    let before = world.all_accounts();
    // A signature in the place of the seeds': the holder's, the payer's, a third one's.
    let third = Keypair::new();
    for wallet in [&holder.key, &payer, &third] {
        let mut instruction = request(&world, &holder, world.batch_to_join());
        let ticket = world.pool.ticket(&holder.address(), 77);
        let place = instruction.accounts.iter().position(|meta| meta.pubkey == ticket).unwrap();
        instruction.accounts[place].pubkey = wallet.pubkey();
        instruction.accounts[place].is_signer = true;
        refuses(send(&mut world, &[&payer, &holder.key, &third], &instruction), WrongAccount);
    }
    world.assert_same(&before, &[]);
}
