//! `deposit_sol`: SOL in, shares out.

use bytemuck::bytes_of;
use solana_instruction::Instruction;
use thaw_client::thaw::{
    error::ThawError,
    events::SolDeposited,
    instructions::SyncEntry,
    state::{Path, Status},
};
use thaw_tests::{
    DAY, Holder, Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
};

use crate::{
    books::{config_with_fee, down, entry_nav, is_not_below, minted, nav, unreleased},
    scene::{depositor, earning, finalized_epoch, pay_rewards, staked},
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The system program's: not enough lamports.
const TOO_FEW_LAMPORTS: u32 = 1;
/// The token program's: the account is of another mint.
const MINT_MISMATCH: u32 = 3;

fn instruction(world: &World, holder: &Holder, lamports: u64, min_shares: u64) -> Instruction {
    world.pool.deposit_sol(&holder.address(), &holder.tokens, lamports, min_shares)
}

fn deposit_for(world: &mut World, holder: &Holder, lamports: u64, min_shares: u64) -> Outcome {
    let instruction = instruction(world, holder, lamports, min_shares);
    world.send(&[instruction], &[&holder.key])
}

/// Deposits and returns the shares that came out, which must be `minted` to the unit, while nobody
/// else's rate falls.
fn deposit_exactly(world: &mut World, holder: &Holder, lamports: u64) -> u64 {
    let (before, held) = (world.pool(), world.tokens(&holder.tokens));
    let expected = minted(world, lamports);
    let returned = world.deposit(holder, lamports).unwrap().number();
    let (after, now) = (world.pool(), world.clock().unix_timestamp);
    assert_eq!(world.tokens(&holder.tokens) - held, expected);
    assert_eq!(returned, expected);
    assert_eq!(after.shares - before.shares, expected);
    assert!(is_not_below(&after, &before, now), "INV-4");
    world.assert_books();
    expected
}

/// Runs `body` on the pool as `change` left it, with a holder of 10 SOL.
fn refuses_when(change: impl FnOnce(&mut World), error: ThawError) {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    change(&mut world);
    let before = world.all_accounts();
    refuses(world.deposit(&holder, SOL), error);
    world.assert_same(&before, &[]);
}

/// The counterpart of `refuses_when`.
fn takes_when(change: impl FnOnce(&mut World)) {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    change(&mut world);
    deposit_exactly(&mut world, &holder, SOL);
}

#[test]
fn mints_one_share_per_lamport_right_after_initialize() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    let (before, accounts) = (world.pool(), world.all_accounts());
    let reserve = world.lamports(&world.pool.reserve);

    let sent = deposit_for(&mut world, &holder, 2 * SOL + 3, 2 * SOL + 3).unwrap();

    let mut expected = *before;
    expected.reserve_lamports = 12 * SOL + 3;
    expected.shares = 12 * SOL + 3;
    expected.nav_lamports = 12 * SOL + 3;
    expected.assets_lamports = 12 * SOL + 3;
    expected.updated_at = world.clock().unix_timestamp;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!(world.lamports(&holder.address()), 8 * SOL - 3);
    assert_eq!(world.lamports(&world.pool.reserve), reserve + 2 * SOL + 3);
    assert_eq!(world.tokens(&holder.tokens), 2 * SOL + 3);
    assert_eq!(world.supply(), 12 * SOL + 3);
    let pool = world.pool;
    let changed = [pool.pool, pool.reserve, pool.mint, holder.address(), holder.tokens];
    world.assert_same(&accounts, &changed);
    world.assert_books();

    let event: SolDeposited = sent.event();
    assert_eq!((event.pool, event.recipient), (pool.pool, holder.tokens));
    assert_eq!((event.lamports, event.fee_lamports, event.shares), (2 * SOL + 3, 0, 2 * SOL + 3));
    assert_eq!(event.epoch, world.clock().epoch);
    assert_eq!((event.totals.nav_lamports, event.totals.shares), (12 * SOL + 3, 12 * SOL + 3));
    assert_eq!(event.totals.reserve_lamports, 12 * SOL + 3);
    assert_eq!((event.totals.staked_lamports, event.totals.claimable_lamports), (0, 0));
}

#[test]
fn rounds_the_fee_up_and_leaves_it_to_the_holders() {
    let mut world = World::with(Setup { config: config_with_fee(50), ..Setup::default() });
    let holder = world.holder(10 * SOL);
    let sent = deposit_for(&mut world, &holder, SOL + 1, 0).unwrap();
    // 0.5 % of 1,000,000,001 is 5,000,000.005.
    let event: SolDeposited = sent.event();
    assert_eq!((event.fee_lamports, event.shares), (5_000_001, 995_000_000));
    assert_eq!(world.pool().pending_fees_lamports, 5_000_001);
    assert_eq!(world.pool().nav_lamports, 10 * SOL + 995_000_000, "not in the rate yet");
    assert_eq!(world.pool().reserve_lamports, 11 * SOL + 1);
    world.assert_books();

    // The next one pays for the fee that waits: 995,000,000 * 10.995 / 11.000000001, rounded down.
    let sent = deposit_for(&mut world, &holder, SOL, 0).unwrap();
    let event: SolDeposited = sent.event();
    let expected = down(995_000_000, 10_995_000_000, 11_000_000_001);
    assert_eq!((event.fee_lamports, event.shares), (5_000_000, expected));
    assert_eq!(world.pool().pending_fees_lamports, 10_000_001);
}

#[test]
fn keeps_a_single_lamport_as_fee_and_refuses_what_is_left() {
    let mut world = World::with(Setup { config: config_with_fee(1), ..Setup::default() });
    let holder = world.holder(SOL);
    refuses(world.deposit(&holder, 1), ThawError::AmountTooSmall);
    world.deposit(&holder, 2).unwrap();
    assert_eq!(world.tokens(&holder.tokens), 1);
    assert_eq!(world.pool().pending_fees_lamports, 1);
}

#[test]
fn charges_for_gain_that_is_not_released_yet() {
    let (mut world, holder) = earning();
    for part in [0, 25, 50, 75, 99] {
        world.go_to(part);
        let (pool, now) = (world.pool(), world.clock().unix_timestamp);
        let left = unreleased(&pool, now);
        assert!(left > 0 && pool.epoch_gain_lamports > 0);
        let premium = left.max(pool.epoch_gain_lamports);
        assert_eq!(entry_nav(&pool, now, 0), nav(&pool, now) + premium);
        let shares = deposit_exactly(&mut world, &holder, SOL);
        // The exit rate does not show it: what is paid comes back less the premium at most.
        let pool = world.pool();
        let back = down(shares, nav(&pool, now), pool.shares);
        assert!(back < SOL && SOL - back <= SOL / 5_000 + 2, "{back}");
    }
}

#[test]
fn charges_one_epoch_more_for_each_that_is_missed() {
    let (mut world, holder) = earning();
    let mut last = u64::MAX;
    for missed in 1..=3 {
        world.next_epoch();
        let (pool, clock) = (world.pool(), world.clock());
        assert_eq!(clock.epoch - pool.epoch, missed);
        let now = clock.unix_timestamp;
        // All of the locked gain is released after a day, so only the missed epochs count.
        assert_eq!(
            entry_nav(&pool, now, missed),
            nav(&pool, now) + missed * pool.epoch_gain_lamports
        );
        let shares = deposit_exactly(&mut world, &holder, SOL);
        assert!(shares < last, "dearer each epoch");
        last = shares;
    }
}

#[test]
fn charges_for_gain_that_is_booked_and_not_folded() {
    // Below and above what the missed epoch was expected to earn (2 bp of the stake).
    for (part, is_expected) in [(50_000, true), (1_000, false)] {
        let (mut world, holder) = earning();
        world.next_epoch();
        pay_rewards(&mut world, part);
        deposit_exactly(&mut world, &holder, SOL);
        world.sync().unwrap();
        let (pool, now) = (world.pool(), world.clock().unix_timestamp);
        assert!(pool.pending_gain_lamports > 0);
        assert_eq!(pool.pending_gain_lamports < pool.epoch_gain_lamports, is_expected);
        let premium = pool.epoch_gain_lamports.max(pool.pending_gain_lamports);
        assert_eq!(entry_nav(&pool, now, 1), nav(&pool, now) + premium);
        deposit_exactly(&mut world, &holder, SOL);
    }
}

#[test]
fn charges_for_gain_that_hides_a_booked_loss() {
    let (mut world, holder) = earning();
    world.next_epoch();
    pay_rewards(&mut world, 5_000);
    world.slash(0, SOL / 10);
    world.sync().unwrap();
    let (pool, now) = (world.pool(), world.clock().unix_timestamp);
    assert!(pool.pending_loss_lamports > 0 && pool.pending_gain_lamports > 0);
    assert_eq!(nav(&pool, now), {
        let hidden = pool.pending_gain_lamports - pool.pending_loss_lamports;
        pool.reserve_lamports + pool.staked_lamports - hidden
    });
    deposit_exactly(&mut world, &holder, SOL);
}

#[test]
fn nobody_enters_between_a_booked_loss_and_a_gain_that_makes_it_up() {
    let (mut world, _) = earning();
    let attacker = world.holder(2_000 * SOL);
    world.next_epoch();
    world.slash(0, 10 * SOL);
    let tipped = world.main_slot(1);
    world.tip(&tipped, 12 * SOL);
    // At one instant, who cranks chooses the order: the loss, an entry, the gain (INV-5).
    let slot = world.slot(0, 0);
    let entries = vec![SyncEntry { index: 0, slots: 1 }];
    world.send(&[world.pool.sync_validators(entries, &[slot])], &[]).unwrap();
    assert_eq!(world.pool().pending_loss_lamports, 10 * SOL);
    let shares = deposit_exactly(&mut world, &attacker, 1_000 * SOL);
    world.sync().unwrap();
    let (pool, now) = (world.pool(), world.clock().unix_timestamp);
    let worth = down(shares, nav(&pool, now), pool.shares);
    assert!(worth <= 1_000 * SOL, "{worth} lamports for 1,000 SOL");
    // Once the loss is final, nobody pays for it any more.
    world.finalize().unwrap();
    let (pool, now) = (world.pool(), world.clock().unix_timestamp);
    let premium = unreleased(&pool, now).max(pool.epoch_gain_lamports);
    assert_eq!(entry_nav(&pool, now, 0), nav(&pool, now) + premium);
}

#[test]
fn rounds_the_shares_down() {
    let (mut world, _) = earning();
    world.go_to(40);
    let holder = world.holder(100 * SOL);
    for lamports in [7, 1_000_003, SOL + 1, 33 * SOL + 333] {
        let (pool, now) = (world.pool(), world.clock().unix_timestamp);
        let (entry, shares) = (entry_nav(&pool, now, 0), minted(&world, lamports));
        let cost = |shares: u64| u128::from(shares) * u128::from(entry);
        let paid = u128::from(lamports) * u128::from(pool.shares);
        assert!(cost(shares) < paid && paid < cost(shares + 1), "{lamports} does not divide");
        assert_eq!(deposit_exactly(&mut world, &holder, lamports), shares);
    }
}

#[test]
fn refuses_one_share_less_than_the_minimum() {
    let (mut world, holder) = earning();
    let shares = minted(&world, SOL);
    let before = world.all_accounts();
    refuses(deposit_for(&mut world, &holder, SOL, shares + 1), ThawError::SlippageExceeded);
    refuses(deposit_for(&mut world, &holder, SOL, u64::MAX), ThawError::SlippageExceeded);
    world.assert_same(&before, &[]);
    deposit_for(&mut world, &holder, SOL, shares).unwrap();
}

#[test]
fn refuses_no_lamports() {
    let mut world = World::new();
    let holder = world.holder(SOL);
    refuses(world.deposit(&holder, 0), ThawError::ZeroAmount);
}

#[test]
fn refuses_a_deposit_below_one_share() {
    let (mut world, holder) = earning();
    world.go_to(50);
    let (pool, now) = (world.pool(), world.clock().unix_timestamp);
    assert!(entry_nav(&pool, now, 0) > pool.shares, "a share costs more than a lamport");
    refuses(world.deposit(&holder, 1), ThawError::AmountTooSmall);
    assert_eq!(deposit_exactly(&mut world, &holder, 2), 1);
}

#[test]
fn refuses_lamports_beyond_all_numbers() {
    let mut world = World::new();
    let holder = world.holder(SOL);
    refuses(world.deposit(&holder, u64::MAX), ThawError::Overflow);
    // Fits the books, not the wallet.
    refuses_with_code(world.deposit(&holder, u64::MAX - 10 * SOL), TOO_FEW_LAMPORTS);
    refuses_with_code(world.deposit(&holder, SOL + 1), TOO_FEW_LAMPORTS);
    world.deposit(&holder, SOL).unwrap();
    assert_eq!(world.lamports(&holder.address()), 0);
}

#[test]
fn refuses_while_the_pool_winds_down() {
    let wind_down = |world: &mut World| {
        world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    };
    refuses_when(wind_down, ThawError::WindingDown);
}

#[test]
fn refuses_while_deposits_are_paused() {
    let pause = |seconds: i64| {
        move |world: &mut World| {
            let now = world.clock().unix_timestamp;
            world.change_pool(|pool| pool.paused_until[Path::Deposit as usize] = now + seconds);
        }
    };
    refuses_when(pause(1), ThawError::Paused);
    takes_when(pause(0));
    takes_when(|world| {
        world.change_pool(|pool| pool.paused_until = [0, i64::MAX, i64::MAX, i64::MAX]);
    });
}

#[test]
fn refuses_while_the_circuit_breaker_holds() {
    let trip = |seconds: i64| {
        move |world: &mut World| {
            let now = world.clock().unix_timestamp;
            world.change_pool(|pool| pool.circuit_until = now + seconds);
        }
    };
    refuses_when(trip(1), ThawError::Paused);
    takes_when(trip(0));
}

#[test]
fn refuses_after_more_than_three_missed_epochs() {
    takes_when(|world| world.skip_epochs(3));
    refuses_when(|world| world.skip_epochs(4), ThawError::PoolStale);
    // Epochs count by themselves, however short they were.
    let quick = |world: &mut World| {
        world.skip_epochs(4);
        world.wait(-4 * DAY);
    };
    refuses_when(quick, ThawError::PoolStale);
}

#[test]
fn refuses_after_more_than_four_days() {
    takes_when(|world| world.wait(4 * DAY));
    refuses_when(|world| world.wait(4 * DAY + 1), ThawError::PoolStale);
}

#[test]
fn opens_again_with_a_finalize() {
    takes_when(|world| {
        world.skip_epochs(9);
        world.finalize().unwrap();
    });
}

#[test]
fn refuses_a_pool_without_value() {
    // Lamports of the assets that are fees, nobody's yet.
    let fees = |lamports: u64| {
        move |world: &mut World| world.change_pool(|pool| pool.pending_fees_lamports = lamports)
    };
    refuses_when(fees(10 * SOL), ThawError::NoValue);
    takes_when(fees(10 * SOL - 1));
    let empty = |world: &mut World| world.change_pool(|pool| pool.reserve_lamports = 0);
    refuses_when(empty, ThawError::NoValue);
}

/// INV-1: books that the account does not cover; its own rent, (128 + 0) bytes, is all the slack.
#[test]
fn refuses_books_that_the_reserve_does_not_cover() {
    let rent = 128 * lamports_per_byte();
    let inflate = |lamports: u64| {
        move |world: &mut World| {
            world.change_pool(|pool| pool.reserve_lamports += lamports);
        }
    };
    refuses_when(inflate(rent + 1), ThawError::BalanceMismatch);
    let mut world = World::new();
    let holder = world.holder(SOL);
    inflate(rent)(&mut world);
    world.deposit(&holder, SOL).unwrap();
}

#[test]
fn takes_sol_in_the_rewards_window() {
    takes_when(|world| world.rewards_window(true));
}

#[test]
fn takes_the_same_twice() {
    let (mut world, holder) = earning();
    world.go_to(10);
    let first = deposit_exactly(&mut world, &holder, SOL);
    let second = deposit_exactly(&mut world, &holder, SOL);
    assert!(second <= first, "the first one cannot make the second cheaper");
    assert!(first - second <= 1);
}

#[test]
fn mints_to_whom_the_depositor_names() {
    let mut world = World::new();
    let (giver, taker) = (world.holder(2 * SOL), world.holder(0));
    let deposit = world.pool.deposit_sol(&giver.address(), &taker.tokens, SOL, SOL);
    world.send(&[deposit], &[&giver.key]).unwrap();
    assert_eq!((world.tokens(&giver.tokens), world.tokens(&taker.tokens)), (0, SOL));
}

#[test]
fn refuses_a_token_account_of_another_mint() {
    let mut world = World::new();
    let holder = world.holder(2 * SOL);
    let pool = world.pool;
    let twin = world.open_pool(&Setup::default()).unwrap();
    world.pool = twin;
    let foreign = world.token_account(&holder.address());
    world.pool = pool;
    let deposit = world.pool.deposit_sol(&holder.address(), &foreign, SOL, 0);
    refuses_with_code(world.send(&[deposit], &[&holder.key]), MINT_MISMATCH);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    let deposit = instruction(&world, &holder, SOL, 0);
    // 4: any wallet may pay.
    refuses_each_swap(&mut world, &deposit, &[&holder.key], &[4]);
    world.send(&[deposit], &[&holder.key]).unwrap();
}

#[test]
fn refuses_without_the_depositors_signature() {
    let mut world = World::new();
    let holder = world.holder(10 * SOL);
    let deposit = unsigned(&instruction(&world, &holder, SOL, 0), &holder.address());
    refuses_with_code(world.send(&[deposit], &[]), ACCOUNT_NOT_SIGNER);
}

/// INV-5: in, out at once through a ticket, and never with more than went in; the settlement has to
/// wait for a finalize in a later epoch (review C1, H10).
#[test]
fn yields_no_more_than_was_paid_to_who_leaves_at_once() {
    for wait in [0, 30, 99] {
        let (mut world, _) = earning();
        world.go_to(wait);
        let mut guest = depositor(&mut world, 5 * SOL);
        let shares = world.tokens(&guest.tokens);
        let ticket = world.request(&mut guest, shares).unwrap();
        refuses(world.settle(), ThawError::WrongBatch);
        refuses(world.push_claim(&ticket), ThawError::NothingToClaim);

        finalized_epoch(&mut world);
        world.tend();
        world.settle().unwrap();
        world.push_claim(&ticket).unwrap();
        let back = world.lamports(&guest.address()) - SOL;
        assert!(back <= 5 * SOL, "{back} after {wait} %");
        assert!(world.ticket(&ticket).is_none());
        world.assert_books();
    }
}

/// INV-5 over an epoch that earns: late joiners do not share in it.
#[test]
fn yields_no_more_than_was_paid_to_who_enters_before_a_reward_is_booked() {
    let (mut world, _) = staked();
    finalized_epoch(&mut world);
    world.next_epoch();
    pay_rewards(&mut world, 5_000);
    let mut guest = depositor(&mut world, 5 * SOL);
    let shares = world.tokens(&guest.tokens);
    let ticket = world.request(&mut guest, shares).unwrap();
    world.sync().unwrap();
    world.finalize().unwrap();
    finalized_epoch(&mut world);
    world.settle().unwrap();
    world.push_claim(&ticket).unwrap();
    let back = world.lamports(&guest.address()) - SOL;
    assert!(back <= 5 * SOL, "{back}");
}

/// INV-4 and INV-3 over many odd amounts at odd times.
#[test]
fn never_lowers_the_rate_of_the_others() {
    let (mut world, _) = earning();
    let holder = world.holder(10_000 * SOL);
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    for _ in 0..60 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        world.go_to(seed >> 33 & 63);
        let lamports = (seed >> 20 & 0xFFFF_FFFF) * (seed >> 52 & 15) + 2;
        deposit_exactly(&mut world, &holder, lamports);
    }
    assert_eq!(world.supply(), world.pool().shares - world.pool().fee_shares_owed, "INV-3");
}
