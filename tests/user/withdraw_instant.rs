//! `withdraw_instant`: shares in, SOL out at once, for a price.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_instruction::Instruction;
use solana_signer::Signer;
use solana_transaction::TransactionError;
use thaw_client::thaw::{
    error::ThawError,
    events::WithdrawnInstantly,
    state::{Config, Path, Pool, Status},
};
use thaw_tests::{
    DAY, Holder, Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    prices::Exit,
    sums::up,
    world::config,
};

use crate::{
    books::{config_with_fee, is_not_below, nav},
    scene::{depositor, earning},
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The token program's.
const INSUFFICIENT_FUNDS: u32 = 1;
const MINT_MISMATCH: u32 = 3;
const OWNER_MISMATCH: u32 = 4;

/// The earning pool at 40 % of its epoch, with `lamports` for instant exits. Its target is about
/// 10 SOL.
fn liquid(lamports: u64) -> (World, Holder) {
    let (mut world, holder) = earning();
    world.go_to(40);
    let reserve = world.float() + lamports;
    world.set_reserve(reserve);
    assert_eq!(world.liquid(), lamports);
    (world, holder)
}

/// Pays a holder's shares to its wallet, if at least `min_lamports` come out.
fn exit(world: &mut World, holder: &Holder, shares: u64, min_lamports: u64) -> Outcome {
    let owner = holder.address();
    let exit = world.pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, min_lamports);
    world.send(&[exit], &[&holder.key])
}

/// Leaves and returns the price, which must be the formula's to the lamport, while nobody else's
/// rate falls.
fn exit_exactly(world: &mut World, holder: &Holder, shares: u64) -> Exit {
    let (before, wallet) = (world.pool(), world.lamports(&holder.address()));
    let price = world.instant_exit(shares);
    let sent = exit(world, holder, shares, 0).unwrap();
    let event: WithdrawnInstantly = sent.event();
    assert_eq!((event.lamports, event.fee_lamports), (price.net(), price.fee));
    let (after, now) = (world.pool(), world.now());
    assert_eq!(world.lamports(&holder.address()) - wallet, price.net());
    assert_eq!(sent.number(), price.net());
    assert_eq!(before.reserve_lamports - after.reserve_lamports, price.net());
    assert_eq!(after.pending_fees_lamports - before.pending_fees_lamports, price.fee);
    assert_eq!(before.shares - after.shares, shares);
    assert_eq!(nav(&after, now), nav(&before, now) - price.gross);
    assert!(is_not_below(&after, &before, now), "INV-4");
    assert!(after.reserve_lamports >= world.float(), "INV-1");
    world.assert_books();
    price
}

#[test]
fn pays_the_value_less_the_fee() {
    let (mut world, holder) = liquid(50 * SOL);
    let (before, accounts) = (world.pool(), world.all_accounts());
    let (reserve, now) = (world.lamports(&world.pool.reserve), world.now());
    let price = world.instant_exit(3 * SOL);
    // Above the target the least fee applies, rounded up; no share is worth a whole lamport.
    assert!(price.gross > 3 * SOL && price.fee == up(price.gross, 3, 10_000));

    let sent = exit(&mut world, &holder, 3 * SOL, price.net()).unwrap();

    let mut expected: Pool = *before;
    expected.shares -= 3 * SOL;
    expected.reserve_lamports -= price.net();
    expected.pending_fees_lamports = price.fee;
    expected.nav_lamports = nav(&before, now) - price.gross;
    expected.assets_lamports = before.reserve_lamports + before.staked_lamports - price.net();
    expected.updated_at = now;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    let pool = world.pool;
    assert_eq!(world.lamports(&pool.reserve), reserve - price.net());
    assert_eq!(world.lamports(&holder.address()), 1_000 * SOL + price.net());
    assert_eq!(world.tokens(&holder.tokens), 997 * SOL);
    assert_eq!(world.supply(), 1_007 * SOL);
    let changed = [pool.pool, pool.reserve, pool.mint, holder.tokens, holder.address()];
    world.assert_same(&accounts, &changed);
    world.assert_books();

    let event: WithdrawnInstantly = sent.event();
    let owner = holder.address();
    assert_eq!((event.pool, event.owner, event.recipient), (pool.pool, owner, owner));
    assert_eq!(
        (event.shares, event.lamports, event.fee_lamports),
        (3 * SOL, price.net(), price.fee)
    );
    assert_eq!(event.epoch, world.clock().epoch);
    let totals = event.totals;
    assert_eq!((totals.nav_lamports, totals.shares), (expected.nav_lamports, expected.shares));
    assert_eq!(totals.reserve_lamports, expected.reserve_lamports);
    assert_eq!((totals.staked_lamports, totals.claimable_lamports), (before.staked_lamports, 0));
}

/// One to one, so that the fees can be told by heart: 3 bp at or above 100 SOL, 300 bp at 0.
#[test]
fn charges_the_integral_of_the_fee_curve() {
    for (liquid, shares, fee) in [
        (150, 50, 15_000_000),
        (100, 50, 386_250_000), // 77.25 bp: from 3 to 151.5
        (50, 50, 1_128_750_000),
        (100, 100, 1_515_000_000),
        (150, 150, 1_530_000_000),
        (150, 100, 401_250_000),
    ] {
        let mut world = World::new();
        let holder = depositor(&mut world, 1_000 * SOL);
        // What is not liquid counts as staked, so that a share stays worth a lamport.
        let (reserve, assets) = (world.float() + liquid * SOL, world.assets());
        world.set_reserve(reserve);
        world.change_pool(|pool| {
            pool.staked_lamports = assets - reserve;
            pool.liquidity_target_lamports = 100 * SOL;
        });
        assert_eq!((world.liquid(), world.worth(shares * SOL)), (liquid * SOL, shares * SOL));
        let sent = world.withdraw_instant(&holder, shares * SOL).unwrap();
        let event: WithdrawnInstantly = sent.event();
        assert_eq!(event.fee_lamports, fee, "{shares} of {liquid}");
        assert_eq!(event.lamports, shares * SOL - fee);
    }
}

#[test]
fn charges_the_curve_to_the_lamport_at_a_rate_that_divides_nothing() {
    // Above the kink, up to one lamport below it, across it, on the slope, to the last lamport.
    let (mut world, holder) = liquid(30 * SOL);
    let target = world.pool().liquidity_target_lamports;
    exit_exactly(&mut world, &holder, SOL + 1);
    let down_to_the_kink = world.shares_for(world.liquid() - target);
    let price = exit_exactly(&mut world, &holder, down_to_the_kink);
    assert!(world.liquid().abs_diff(target) <= 2, "{} {target}", world.liquid());
    assert!(price.fee.abs_diff(up(price.gross, 3, 10_000)) <= 1);
    let slope = exit_exactly(&mut world, &holder, SOL);
    assert!(slope.fee > up(slope.gross, 15, 10_000), "the kink: {slope:?}");
    exit_exactly(&mut world, &holder, 7);
    let rest = world.liquid_shares();
    let last = exit_exactly(&mut world, &holder, rest);
    assert!(last.fee > up(last.gross, 150, 10_000) && world.liquid() <= 1);

    let (mut world, holder) = liquid(30 * SOL);
    let all = world.liquid_shares();
    exit_exactly(&mut world, &holder, all);
}

/// Review L1: no cut of an exit pays less than the whole; and next to nothing more.
#[test]
fn gains_nothing_by_splitting() {
    for (reserve, shares) in [(30, 25), (30, 10), (9, 8), (11, 2)] {
        let (mut world, holder) = liquid(reserve * SOL);
        let whole = world.instant_exit(shares * SOL);
        for pieces in [2, 10] {
            let (mut world, holder) = liquid(reserve * SOL);
            let paid: u64 = (0..pieces)
                .map(|_| exit_exactly(&mut world, &holder, shares * SOL / pieces).net())
                .sum();
            assert!(paid <= whole.net(), "{pieces} pieces: {paid} for {}", whole.net());
            assert!(whole.net() - paid <= 3 * pieces, "rounding alone");
        }
        exit_exactly(&mut world, &holder, shares * SOL);
    }
}

#[test]
fn leaves_the_float_and_what_open_batches_are_owed() {
    let (mut world, mut holder) = liquid(30 * SOL);
    world.request(&mut holder, 20 * SOL).unwrap();
    let owed = world.owed();
    assert!(owed > 20 * SOL + 20 * SOL / 500, "with 20 bp: {owed}");
    let most = world.liquid_shares();
    assert!(world.worth(most) <= 30 * SOL - owed);
    let before = world.all_accounts();
    refuses(exit(&mut world, &holder, most + 1, 0), ThawError::NotEnoughLiquidity);
    world.assert_same(&before, &[]);
    exit_exactly(&mut world, &holder, most);
    assert!(world.pool().reserve_lamports >= world.float() + world.owed());
    // A share is worth a lamport and a bit: nothing more leaves.
    refuses(exit(&mut world, &holder, 3, 0), ThawError::NotEnoughLiquidity);

    // A reserve below the float has nothing to give, and the check does not wrap around.
    let below = world.float() - 1;
    world.set_reserve(below);
    refuses(exit(&mut world, &holder, 2, 0), ThawError::NotEnoughLiquidity);
}

/// Else the fee of one exit would lower the price of the next.
#[test]
fn counts_no_pending_fees_as_liquidity() {
    let (mut world, holder) = liquid(30 * SOL);
    let first = exit_exactly(&mut world, &holder, 25 * SOL);
    assert!(first.fee > SOL / 100);
    assert_eq!(world.liquid(), 30 * SOL - first.gross, "less the gross, not the net");
    let most = world.liquid_shares();
    refuses(exit(&mut world, &holder, most + 1, 0), ThawError::NotEnoughLiquidity);

    // Nor the fee of a deposit.
    let mut world = World::with(Setup { config: config_with_fee(50), ..Setup::default() });
    let holder = depositor(&mut world, 100 * SOL);
    let fee = world.pool().pending_fees_lamports;
    assert_eq!(fee, SOL / 2);
    assert_eq!(world.liquid(), 110 * SOL - fee - world.float());
    let most = world.liquid_shares();
    refuses(exit(&mut world, &holder, most + 1, 0), ThawError::NotEnoughLiquidity);
    // The next finalize makes it everybody's.
    world.next_epoch();
    world.finalize().unwrap();
    assert_eq!(world.liquid(), 110 * SOL - world.float());
}

#[test]
fn counts_no_settled_lamports_as_liquidity() {
    let (mut world, mut holder) = liquid(30 * SOL);
    world.request(&mut holder, 20 * SOL).unwrap();
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.settle().unwrap();
    let claimable = world.pool().claimable_lamports;
    assert!(claimable > 20 * SOL);
    let most = world.liquid_shares();
    assert!(world.worth(most) < 10 * SOL);
    refuses(exit(&mut world, &holder, most + 1, 0), ThawError::NotEnoughLiquidity);
    exit_exactly(&mut world, &holder, most);
    assert_eq!(world.pool().claimable_lamports, claimable);
}

#[test]
fn refuses_one_lamport_less_than_the_minimum() {
    let (mut world, holder) = liquid(30 * SOL);
    let price = world.instant_exit(25 * SOL);
    let before = world.all_accounts();
    for least in [price.net() + 1, price.gross, u64::MAX] {
        refuses(exit(&mut world, &holder, 25 * SOL, least), ThawError::SlippageExceeded);
    }
    world.assert_same(&before, &[]);
    exit(&mut world, &holder, 25 * SOL, price.net()).unwrap();
}

#[test]
fn refuses_amounts_that_are_nothing_or_beyond_all_numbers() {
    let (mut world, holder) = liquid(30 * SOL);
    let before = world.all_accounts();
    refuses(exit(&mut world, &holder, 0, 0), ThawError::ZeroAmount);
    // One lamport, and the fee takes it.
    refuses(exit(&mut world, &holder, 1, 0), ThawError::AmountTooSmall);
    refuses(exit(&mut world, &holder, u64::MAX, 0), ThawError::Overflow);
    world.assert_same(&before, &[]);
    exit_exactly(&mut world, &holder, 2);

    // After a loss a share is worth less than a lamport.
    let most = world.assets() - SOL;
    world.change_pool(|pool| pool.pending_loss_lamports = pool.locked_gain_lamports);
    world.change_pool(|pool| pool.pending_fees_lamports = most);
    assert_eq!(world.worth(1), 0);
    refuses(exit(&mut world, &holder, 1, 0), ThawError::AmountTooSmall);
}

#[test]
fn refuses_a_pool_without_value() {
    let (mut world, holder) = liquid(30 * SOL);
    let assets = world.assets();
    world.change_pool(|pool| pool.pending_fees_lamports = assets);
    refuses(exit(&mut world, &holder, SOL, 0), ThawError::NoValue);
}

#[test]
fn refuses_while_instant_exits_are_paused() {
    let (mut world, holder) = liquid(30 * SOL);
    let now = world.now();
    world.change_pool(|pool| pool.paused_until[Path::InstantExit as usize] = now + 1);
    let before = world.all_accounts();
    refuses(exit(&mut world, &holder, SOL, 0), ThawError::Paused);
    world.assert_same(&before, &[]);
    // Nor does any other pause hold them, nor the circuit breaker (review L10).
    world.change_pool(|pool| {
        pool.paused_until = [i64::MAX, now, i64::MAX, i64::MAX];
        pool.circuit_until = i64::MAX;
    });
    exit_exactly(&mut world, &holder, SOL);
}

#[test]
fn pays_while_the_pool_winds_down_and_in_the_rewards_window() {
    let (mut world, holder) = liquid(30 * SOL);
    world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    world.rewards_window(true);
    exit_exactly(&mut world, &holder, SOL);
}

#[test]
fn refuses_four_days_after_the_last_finalize() {
    let (mut world, holder) = liquid(30 * SOL);
    let finalized_at = world.pool().finalized_at;
    world.wait(finalized_at + 4 * DAY - world.now());
    exit_exactly(&mut world, &holder, SOL);
    world.wait(1);
    refuses(exit(&mut world, &holder, SOL, 0), ThawError::PoolStale);
}

/// The shares of the first deposit stay, and the pool with them.
#[test]
fn pays_the_last_holder() {
    let mut world = World::new();
    let holder = depositor(&mut world, 100 * SOL);
    let price = exit_exactly(&mut world, &holder, 100 * SOL);
    assert_eq!((price.gross, price.fee), (100 * SOL, 100 * SOL * 3 / 10_000));
    assert_eq!((world.pool().shares, world.supply()), (10 * SOL, 10 * SOL));
    assert_eq!(world.tokens(&world.pool.bootstrap), 10 * SOL);
    assert_eq!(world.nav(), 10 * SOL);
    refuses_with_code(exit(&mut world, &holder, 2, 0), INSUFFICIENT_FUNDS);
    world.next_epoch();
    world.finalize().unwrap();
    world.go_to(100);
    assert_eq!(world.nav(), 10 * SOL + price.fee, "the fee is theirs who stay");
    world.deposit(&holder, 50 * SOL).unwrap();
    world.assert_books();
}

#[test]
fn pays_whom_the_owner_names() {
    let (mut world, holder) = liquid(30 * SOL);
    let (owner, elsewhere) = (holder.address(), Pubkey::new_unique());
    let price = world.instant_exit(SOL);
    let to = |world: &World, recipient: &Pubkey| {
        world.pool.withdraw_instant(&holder.tokens, &owner, recipient, SOL, 0)
    };
    let event: WithdrawnInstantly =
        world.send(&[to(&world, &elsewhere)], &[&holder.key]).unwrap().event();
    assert_eq!((event.owner, event.recipient), (owner, elsewhere));
    assert_eq!(world.lamports(&elsewhere), price.net());
    assert_eq!(world.lamports(&owner), 1_000 * SOL);

    // Too little for an empty address: the runtime refuses, nothing is burned.
    let (empty, before) = (Pubkey::new_unique(), world.all_accounts());
    let dust = world.pool.withdraw_instant(&holder.tokens, &owner, &empty, 1_000, 0);
    let refused = world.send(&[dust], &[&holder.key]).unwrap_err();
    assert!(matches!(refused.error, TransactionError::InsufficientFundsForRent { .. }));
    world.assert_same(&before, &[]);
}

/// A gift to those who stay, from the next finalize; the books stay right.
#[test]
fn takes_the_reserve_as_recipient() {
    let (mut world, holder) = liquid(30 * SOL);
    let (reserve, price) = (world.pool.reserve, world.instant_exit(SOL));
    let (held, liquid) = (world.lamports(&reserve), world.pool().reserve_lamports);
    let exit = world.pool.withdraw_instant(&holder.tokens, &holder.address(), &reserve, SOL, 0);
    world.send(&[exit], &[&holder.key]).unwrap();
    assert_eq!(world.lamports(&reserve), held);
    assert_eq!(world.pool().reserve_lamports, liquid - price.net());
    world.assert_books();
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!(world.pool().reserve_lamports, liquid);
}

/// As a program's address would: it signs, holds the shares, and has no lamport.
#[test]
fn takes_an_owner_without_a_lamport() {
    let (mut world, _) = liquid(30 * SOL);
    let owner = world.penniless(SOL);
    let (shares, recipient) = (world.tokens(&owner.tokens), Pubkey::new_unique());
    let price = world.instant_exit(shares);
    let exit = world.pool.withdraw_instant(&owner.tokens, &owner.address(), &recipient, shares, 0);
    world.send(&[exit], &[&owner.key]).unwrap();
    assert_eq!((world.lamports(&owner.address()), world.lamports(&recipient)), (0, price.net()));
}

#[test]
fn takes_a_delegate_for_what_it_may_spend() {
    let (mut world, holder) = liquid(30 * SOL);
    let delegate = world.wallet(0);
    world.approve(&holder, &delegate.pubkey(), SOL);
    let spender = Holder { key: delegate, tokens: holder.tokens, nonce: 0 };
    refuses_with_code(exit(&mut world, &spender, SOL + 1, 0), INSUFFICIENT_FUNDS);
    let price = exit_exactly(&mut world, &spender, SOL);
    assert_eq!(world.lamports(&spender.address()), price.net());
    refuses_with_code(exit(&mut world, &spender, SOL, 0), OWNER_MISMATCH);
}

#[test]
fn refuses_shares_of_others_more_than_there_are_and_of_another_mint() {
    let (mut world, holder) = liquid(30 * SOL);
    let poor = depositor(&mut world, SOL);
    let held = world.tokens(&poor.tokens);
    refuses_with_code(exit(&mut world, &poor, held + 1, 0), INSUFFICIENT_FUNDS);
    let (escrow, bootstrap) = (world.pool.escrow, world.pool.bootstrap);
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let foreign = depositor(&mut world, SOL);
    world.pool = own;
    for (tokens, code) in [
        (holder.tokens, OWNER_MISMATCH),
        (bootstrap, OWNER_MISMATCH),
        (escrow, INSUFFICIENT_FUNDS),
        (foreign.tokens, MINT_MISMATCH),
    ] {
        let owner = if tokens == foreign.tokens { &foreign } else { &poor };
        let mut theft = instruction(&world, owner, SOL / 2);
        theft.accounts[3].pubkey = tokens;
        refuses_with_code(world.send(&[theft], &[&owner.key]), code);
    }
}

fn instruction(world: &World, holder: &Holder, shares: u64) -> Instruction {
    let owner = holder.address();
    world.pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, 0)
}

/// INV-1: books that the account does not cover, its own rent apart.
#[test]
fn refuses_books_that_the_reserve_does_not_cover() {
    let rent = 128 * lamports_per_byte();
    for (more, is_covered) in [(rent, true), (rent + 1, false)] {
        let (mut world, holder) = liquid(30 * SOL);
        world.change_pool(|pool| pool.reserve_lamports += more);
        let outcome = exit(&mut world, &holder, SOL, 0);
        if is_covered {
            outcome.unwrap();
        } else {
            refuses(outcome, ThawError::BalanceMismatch);
        }
    }
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, holder) = liquid(30 * SOL);
    let exit = instruction(&world, &holder, SOL);
    // 5: the owner may be paid anywhere.
    refuses_each_swap(&mut world, &exit, &[&holder.key], &[5]);
    world.send(&[exit], &[&holder.key]).unwrap();
}

#[test]
fn refuses_a_missing_signature() {
    let (mut world, holder) = liquid(30 * SOL);
    let exit = unsigned(&instruction(&world, &holder, SOL), &holder.address());
    refuses_with_code(world.send(&[exit], &[]), ACCOUNT_NOT_SIGNER);
}

/// INV-4 and INV-3 over many odd amounts, deposits between them, under every fee the caps allow.
#[test]
fn never_lowers_the_rate_of_the_others() {
    for (min, max) in [(0, 0), (3, 300), (300, 300)] {
        let fees = Config { instant_fee_min_bps: min, instant_fee_max_bps: max, ..config() };
        let (mut world, holder) = liquid(60 * SOL);
        world.change_pool(|pool| pool.config = fees);
        let mut seed = 0x9E37_79B9_7F4A_7C15u64;
        for step in 0..40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            if step % 3 == 2 {
                world.deposit(&holder, (seed >> 24) % (3 * SOL) + 2).unwrap();
            }
            let shares = (seed >> 20) % world.liquid_shares() / 4 + 2;
            exit_exactly(&mut world, &holder, shares);
        }
        assert_eq!(world.supply(), world.pool().shares - world.pool().fee_shares_owed, "INV-3");
    }
}
