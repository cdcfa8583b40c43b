//! A pool that winds down: everything flows to the reserve and out through tickets.

use solana_signer::Signer;
use thaw_client::thaw::{
    constants::OVERDUE_EPOCHS,
    error::ThawError,
    events::{StakeMove, StakeMoved},
    state::{Paths, SlotState},
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses};

const MOST: u32 = 259_200;

/// Three validators with stake of two holders, the wind-down started, at the start of an epoch; the
/// guardian has paused all there is, the circuit breaker has tripped.
fn scene() -> (World, [Holder; 2]) {
    let (mut world, first) = World::warm(Setup::default(), 2_000 * SOL);
    let second = world.holder(2_000 * SOL);
    world.deposit(&second, 1_000 * SOL).unwrap();
    world.start_wind_down();
    world.begin_epoch();
    let until = world.now() + 86_400;
    world.change_pool(|pool| pool.circuit_until = until);
    world.pause(Paths::ALL, MOST).unwrap();
    (world, [first, second])
}

/// Undelegates, of each validator, until there is nothing left.
fn undelegate_all(world: &mut World) {
    for index in 0..3 {
        while world.staked(index) > 0 {
            world.undelegate(index).unwrap();
        }
    }
}

#[test]
fn brings_all_stake_home_in_one_epoch_and_pays_everybody() {
    let (mut world, mut holders) = scene();
    assert!(world.pool().staked_lamports > 2_900 * SOL);
    // Outside the move window, under every pause, beyond every cap.
    refuses(world.delegate(0), ThawError::WindingDown);
    for index in 0..3 {
        let before = world.staked(index);
        let event: StakeMoved = world.undelegate(index).unwrap().event();
        assert_eq!(event.kind, StakeMove::UndelegatedToRebalance);
        assert_eq!((event.lamports, world.staked(index)), (before, 0), "all of it at once");
        refuses(world.undelegate(index), ThawError::NothingToUndelegate);
    }
    world.assert_books();

    world.begin_epoch();
    (0..3).for_each(|index| drop(world.collect(index).unwrap()));
    let pool = world.pool();
    assert_eq!(pool.staked_lamports, u64::from(pool.open_slots) * world.slot_rent());
    refuses(world.delegate(0), ThawError::WindingDown);

    let rate = |world: &World, shares: u64| {
        u128::from(shares) * u128::from(world.nav()) / u128::from(world.pool().shares)
    };
    let mut tickets = Vec::new();
    for holder in &mut holders {
        let shares = world.tokens(&holder.tokens);
        tickets.push((world.request(holder, shares).unwrap(), holder.address(), shares));
    }
    world.begin_epoch();
    let expected = tickets.iter().map(|(.., shares)| rate(&world, *shares));
    let expected: Vec<u128> = expected.collect();
    world.settle().unwrap();
    for ((ticket, owner, _), expected) in tickets.iter().zip(expected) {
        let before = world.lamports(owner);
        world.push_claim(ticket).unwrap();
        let paid = u128::from(world.lamports(owner) - before);
        assert!(paid <= expected && expected - paid <= 1, "{paid}, {expected}");
        assert!(world.ticket(ticket).is_none());
    }
    assert_eq!(world.pool().shares, 10 * SOL, "the bootstrap deposit's are left");
    world.assert_books();
}

#[test]
fn takes_all_of_a_validator_in_every_state_of_its_slots() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    // 0: active and activating; 1: active and cooling; 2: activating alone.
    world.deposit(&holder, 300 * SOL).unwrap();
    world.delegate(0).unwrap();
    world.request(&mut holder, 500 * SOL).unwrap();
    world.undelegate(1).unwrap();
    let main = world.main_slot(2);
    world.deactivate_by_stranger(&main);
    world.begin_epoch();
    world.collect(2).unwrap();
    world.move_window();
    world.delegate(2).unwrap();
    world.change_pool(|pool| pool.status = 1);
    undelegate_all(&mut world);
    let working = [SlotState::Active, SlotState::Activating];
    let left = world
        .records()
        .iter()
        .flat_map(|record| record.slots)
        .any(|slot| working.contains(&slot.state()));
    assert!(!left, "nothing works any more");
    world.assert_books();
}

#[test]
fn pays_tickets_that_were_open_before() {
    let (mut world, mut holder) = World::warm(Setup::default(), 2_000 * SOL);
    let shares = world.tokens(&holder.tokens);
    let ticket = world.request(&mut holder, shares / 2).unwrap();
    world.next_epoch();
    world.change_pool(|pool| pool.status = 1);
    let wallet = world.lamports(&holder.address());
    for epochs in 0.. {
        world.sync().unwrap();
        world.finalize().unwrap();
        world.tend();
        world.settle_all();
        if world.pool().pending_shares == 0 {
            break;
        }
        assert!(epochs < OVERDUE_EPOCHS);
        undelegate_all(&mut world);
        world.next_epoch();
    }
    world.push_claim(&ticket).unwrap();
    assert_eq!(world.lamports(&holder.address()) - wallet, 1_000 * SOL);
}

#[test]
fn takes_no_deposit_no_validator_and_no_weights() {
    let (mut world, holders) = scene();
    let before = world.all_accounts();
    refuses(world.deposit(&holders[0], SOL), ThawError::WindingDown);
    refuses(world.set_weights(vec![]), ThawError::WindingDown);
    let (operator, vote) = (world.operator.insecure_clone(), world.create_vote());
    let payer = world.payer.pubkey();
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, 3);
    refuses(world.send_as(&operator, add), ThawError::WindingDown);
    world.assert_same(&before, &[]);
}

#[test]
fn keeps_paying_out_whatever_rewards_and_losses_come() {
    let (mut world, mut holders) = scene();
    let mut tickets = Vec::new();
    for epoch in 0..6 {
        world.next_epoch();
        if epoch < 2 {
            // Nobody has undelegated yet.
            world.pay_rewards(5_000);
            world.slash(1, 30 * SOL);
        }
        world.sync().unwrap();
        world.finalize().unwrap();
        assert_eq!((world.pool().weight_sum, world.pool().next_weight_sum), (0, 0));
        world.tend();
        world.settle_all();
        if epoch >= 1 {
            undelegate_all(&mut world);
        }
        for holder in &mut holders {
            let shares = world.tokens(&holder.tokens).div_ceil(2);
            if shares > 0 {
                tickets.push(world.request(holder, shares).unwrap());
            }
        }
        world.assert_books();
    }
    for _ in 0..2 {
        world.crank_epoch();
    }
    assert_eq!(world.pool().pending_shares, 0);
    for ticket in tickets {
        world.push_claim(&ticket).unwrap();
        assert!(world.ticket(&ticket).is_none());
    }
    world.assert_books();
}
