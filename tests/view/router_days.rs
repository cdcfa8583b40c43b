//! The router's adapter over a pool's days: rewards, losses, queues, and wrapped SOL to shares and
//! back by the token program itself.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use thaw_client::thaw::error::ThawError;
use thaw_jupiter::{
    TOKEN_PROGRAM, WRAPPED_SOL,
    amm::{Amm, ClockRef},
};
use thaw_tests::{DAY, Holder, SOL, Setup, World, checks::code, world::config};

use crate::router::{Way, agrees, quote, router, swap};

/// Bytes of a token account.
const TOKEN_ACCOUNT: usize = 165;
const CLOSE_ACCOUNT: u8 = 9;
const SYNC_NATIVE: u8 = 17;

/// A pool of 3,000 SOL at work, with 60 SOL liquid and a target of about 30.
fn at_work() -> (World, Holder) {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    let reserve = world.float() + 60 * SOL;
    world.set_reserve(reserve);
    (world, holder)
}

/// Amounts of every size that the pool takes, both ways, one after another.
#[track_caller]
fn agrees_at_all_sizes(world: &mut World, holder: &Holder) {
    let (mut paid, mut amount) = (0, 1);
    while amount <= 40 * SOL {
        for way in [Way::Deposit, Way::Exit] {
            paid += u64::from(agrees(world, holder, way, amount).is_ok());
        }
        amount = amount * 7 + 3;
    }
    assert!(paid > 10, "{paid} were paid");
    world.assert_ledger();
}

#[test]
fn agrees_while_a_reward_is_released() {
    let (mut world, holder) = at_work();
    for _ in 0..3 {
        world.next_epoch();
        world.pay_rewards(5_000);
        // Before it is booked, when it is, and while it comes in.
        agrees_at_all_sizes(&mut world, &holder);
        world.sync().unwrap();
        agrees_at_all_sizes(&mut world, &holder);
        world.finalize().unwrap();
        assert!(world.pool().locked_gain_lamports > 0);
        for part in [0, 1, 33, 66, 99] {
            world.go_to(part);
            agrees_at_all_sizes(&mut world, &holder);
        }
    }
}

#[test]
fn agrees_after_a_loss() {
    let (mut world, holder) = at_work();
    let before = quote(&world, Way::Exit, SOL).unwrap();
    world.next_epoch();
    world.pay_rewards(10_000);
    world.slash(0, 40 * SOL);
    agrees_at_all_sizes(&mut world, &holder);
    world.sync().unwrap();
    assert!(world.pool().pending_loss_lamports > 0);
    agrees_at_all_sizes(&mut world, &holder);
    world.finalize().unwrap();
    let exit = quote(&world, Way::Exit, SOL).unwrap();
    assert!(exit.out_amount < before.out_amount * 99 / 100, "the loss is in the rate");
    agrees_at_all_sizes(&mut world, &holder);
}

#[test]
fn agrees_while_a_queue_waits() {
    let (mut world, mut holder) = at_work();
    let before = quote(&world, Way::Exit, 20 * SOL).unwrap();
    world.request(&mut holder, 30 * SOL).unwrap();
    // What the queue is owed is not for sale: the same exit costs more, a larger one is refused.
    let after = quote(&world, Way::Exit, 20 * SOL).unwrap();
    assert!(after.out_amount < before.out_amount && after.fee_amount > before.fee_amount);
    agrees_at_all_sizes(&mut world, &holder);
    let refused = agrees(&mut world, &holder, Way::Exit, 50 * SOL).unwrap_err();
    assert_eq!(refused, code(ThawError::NotEnoughLiquidity));
    world.begin_epoch();
    agrees_at_all_sizes(&mut world, &holder);
    world.settle_all();
    assert!(world.pool().claimable_lamports > 0);
    agrees_at_all_sizes(&mut world, &holder);
}

/// Above the kink, at it, below it; the last liquid lamport, and one share more.
#[test]
fn agrees_where_the_fee_curve_bends_and_ends() {
    let kink =
        |world: &World| world.shares_for(world.liquid() - world.pool().liquidity_target_lamports);
    let (world, _) = at_work();
    let (kink, last) = (kink(&world), world.liquid_shares());
    assert!(SOL < kink && kink < last);
    for shares in [kink - 1, kink, kink + 1, last - 1, last] {
        let (mut world, holder) = at_work();
        agrees(&mut world, &holder, Way::Exit, shares).unwrap();
        assert!(shares != last || world.liquid() < 2, "{} are left", world.liquid());
    }
    let (mut world, holder) = at_work();
    let refused = agrees(&mut world, &holder, Way::Exit, last + 1).unwrap_err();
    assert_eq!(refused, code(ThawError::NotEnoughLiquidity));
}

#[test]
fn agrees_on_a_pool_that_nobody_finalizes() {
    let (mut world, holder) = at_work();
    for missed in 1..=3 {
        world.next_epoch();
        // Until all that may leave before a finalize has left.
        let mut left = 0;
        while agrees(&mut world, &holder, Way::Exit, SOL).is_ok() {
            left += 1;
        }
        let bound = (world.assets() / 10_000 * 25) / SOL;
        assert!(left >= 1 && left <= bound, "{left} SOL left, {bound} may, {missed} missed");
        agrees(&mut world, &holder, Way::Deposit, SOL).unwrap();
    }
    // Four days after the finalize, to the second.
    let since = world.clock().unix_timestamp - world.pool().finalized_at;
    world.wait(4 * DAY - since);
    agrees(&mut world, &holder, Way::Deposit, SOL).unwrap();
    world.wait(1);
    for way in [Way::Deposit, Way::Exit] {
        let refused = agrees(&mut world, &holder, way, SOL).unwrap_err();
        assert_eq!(refused, code(ThawError::PoolStale));
    }
    assert!(!router(&world).is_active());
}

/// A clock behind the pool's last write counts as that write: no execution can be earlier.
#[test]
fn is_not_misled_by_a_clock_that_lags() {
    let (mut world, holder) = at_work();
    world.next_epoch();
    world.pay_rewards(5_000);
    let old = world.clock();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.go_to(50);
    world.deposit(&holder, SOL).unwrap();
    let now = quote(&world, Way::Exit, SOL).unwrap();
    world.svm.set_sysvar(&old);
    assert_eq!(quote(&world, Way::Exit, SOL).unwrap().out_amount, now.out_amount);
    let shared = ClockRef::default();
    shared.update(world.clock());
    assert_eq!(shared.epoch.load(std::sync::atomic::Ordering::Relaxed), world.clock().epoch);
}

/// An exit pays no less when it is executed later in the epoch: gain comes in by the second. So an
/// aggregator's slippage bound on the way out can be 0.
#[test]
fn pays_no_less_a_minute_later() {
    let (mut world, holder) = at_work();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    let told = quote(&world, Way::Exit, 3 * SOL).unwrap().out_amount;
    world.wait(60);
    let wallet = holder.address();
    let late = swap(&world, &holder, wallet, Way::Exit, 3 * SOL, told);
    let before = world.lamports(&wallet);
    world.send(&[late], &[&holder.key]).unwrap();
    assert!(world.lamports(&wallet) - before > told);
}

/// Why exact out is not offered: at most rates no number of shares pays a given amount.
#[test]
fn pays_some_amounts_by_no_number_of_shares() {
    let setup = Setup { config: config(), ..Setup::default() };
    let (mut world, _) = World::warm(setup, 3_000 * SOL);
    // A share is worth 2 lamports and a half.
    let shares = world.assets() * 2 / 5;
    world.change_pool(|pool| pool.shares = shares);
    let pays = |shares| quote(&world, Way::Exit, shares).unwrap().out_amount;
    let missed = (1_000..1_010).any(|shares| pays(shares + 1) - pays(shares) > 1);
    assert!(missed && !router(&world).supports_exact_out());
}

/// A token account of wrapped SOL that holds `lamports`.
fn wrapped(world: &mut World, owner: &Pubkey, lamports: u64) -> Pubkey {
    let address = world.token_account(owner);
    let rent = world.rent().minimum_balance(TOKEN_ACCOUNT);
    let mut account: Account = world.svm.get_account(&address).unwrap();
    account.data[..32].copy_from_slice(WRAPPED_SOL.as_ref());
    account.data[64..72].copy_from_slice(&lamports.to_le_bytes());
    account.data[109] = 1; // native, with this rent
    account.data[113..121].copy_from_slice(&rent.to_le_bytes());
    account.lamports = rent + lamports;
    world.svm.set_account(address, account).unwrap();
    address
}

fn token(tag: u8, accounts: Vec<AccountMeta>) -> Instruction {
    Instruction { program_id: TOKEN_PROGRAM, accounts, data: vec![tag] }
}

/// The way of a router: unwrap, deposit; exit into the wrapped account, sync.
#[test]
fn trades_wrapped_sol_for_shares_and_back() {
    let (mut world, _) = at_work();
    let trader = world.holder(0);
    let wallet = trader.address();
    let source = wrapped(&mut world, &wallet, 5 * SOL);
    let close = token(
        CLOSE_ACCOUNT,
        vec![
            AccountMeta::new(source, false),
            AccountMeta::new(wallet, false),
            AccountMeta::new_readonly(wallet, true),
        ],
    );
    let told = quote(&world, Way::Deposit, 5 * SOL).unwrap();
    let deposit = swap(&world, &trader, wallet, Way::Deposit, 5 * SOL, told.out_amount);
    world.send(&[close, deposit], &[&trader.key]).unwrap();
    assert_eq!(world.tokens(&trader.tokens), told.out_amount);

    let destination = wrapped(&mut world, &wallet, SOL);
    let sync = token(SYNC_NATIVE, vec![AccountMeta::new(destination, false)]);
    let back = quote(&world, Way::Exit, told.out_amount).unwrap();
    let exit = swap(&world, &trader, destination, Way::Exit, told.out_amount, back.out_amount);
    world.send(&[exit, sync], &[&trader.key]).unwrap();
    assert_eq!(world.tokens(&destination), SOL + back.out_amount);
    assert_eq!(world.tokens(&trader.tokens), 0);
    // There and back at one instant costs the entry premium and the fee, never nothing (INV-5).
    assert!(back.out_amount < 5 * SOL);
}
