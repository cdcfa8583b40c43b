//! `quote_deposit`: what a deposit buys now.

use proptest::prelude::*;
use thaw_client::{
    exits::StakeDeposit,
    thaw::{
        error::ThawError,
        events::{SolDeposited, StakeDeposited},
        instructions::DepositQuote,
        state::Config,
    },
};
use thaw_tests::{
    SOL, Setup, World,
    checks::{code, refuses, refuses_with_code},
    world::config,
};

use crate::states::{Scene, assert_reads_alone, in_all_states};

/// Anchor's: the account is of no type, of another type, not the program's.
const NO_TYPE: u32 = 3001;
const WRONG_TYPE: u32 = 3002;
const WRONG_OWNER: u32 = 3007;

#[test]
fn tells_shares_fee_and_referral() {
    let fees = Config { deposit_fee_bps: 50, referral_bps: 2_000, ..config() };
    let mut world = World::with(Setup { config: fees, ..Setup::default() });
    let quote: DepositQuote = world.view_of(world.pool.quote_deposit(2 * SOL)).unwrap();
    // No gain, no loss: a share is a lamport, and 0.1 % of 2 SOL is the referrer's.
    let expected = DepositQuote {
        shares: 1_990_000_000,
        fee_lamports: 10_000_000,
        referral_shares: 2_000_000,
    };
    assert_eq!(quote, expected);
    // Borsh, little-endian, nothing else.
    let raw = world.returned(world.pool.quote_deposit(2 * SOL)).unwrap();
    let words = [1_990_000_000u64, 10_000_000, 2_000_000];
    assert_eq!(raw, words.map(u64::to_le_bytes).concat());
}

#[test]
fn writes_nothing() {
    let mut world = World::new();
    let quote = world.pool.quote_deposit(SOL);
    assert_reads_alone(&mut world, quote);
}

#[test]
fn refuses_what_is_no_pool() {
    let mut world = World::new();
    let mut quote = world.pool.quote_deposit(SOL);
    for (key, error) in [
        (world.pool.reserve, NO_TYPE),
        (world.pool.validators, WRONG_TYPE),
        (world.pool.mint, WRONG_OWNER),
    ] {
        quote.accounts[0].pubkey = key;
        refuses_with_code(world.send(&[quote.clone()], &[]), error);
    }
}

/// INV-7 in any state: the same shares, fee and referral to the unit, or the same refusal.
#[test]
fn equals_the_deposit_of_sol() {
    in_all_states(256, "proptest-regressions/quote_deposit.txt", |scene, state| {
        let Scene { world, holder, .. } = scene;
        let lamports = state.amount;
        let referrer = world.holder(0);
        let quote = world.view_of::<DepositQuote>(world.pool.quote_deposit(lamports));
        for to in [Some(referrer.tokens), None] {
            let pool = world.pool;
            let deposit =
                pool.deposit_sol_referred(&holder.address(), &holder.tokens, to, lamports, 0);
            let accounts = world.all_accounts();
            let done = world.send(&[deposit], &[&holder.key]);
            // The next one is asked at the same price.
            for (key, account) in accounts {
                world.svm.set_account(key, account).unwrap();
            }
            match (&quote, done) {
                (Ok(quote), Ok(done)) => {
                    let event: SolDeposited = done.event();
                    let referral = if to.is_some() { quote.referral_shares } else { 0 };
                    prop_assert_eq!(event.shares, quote.shares);
                    prop_assert_eq!(event.fee_lamports, quote.fee_lamports);
                    prop_assert_eq!(event.referral_shares, referral);
                }
                (Err(quote), Err(done)) => {
                    prop_assert!(quote.code().is_some());
                    prop_assert_eq!(quote.code(), done.code());
                }
                (quote, done) => prop_assert!(false, "{quote:?}, but {done:?}"),
            }
        }
        Ok(())
    });
}

/// The same shares for a stake account of so many lamports, wherever it is taken.
#[test]
fn equals_the_deposit_of_stake() {
    let taken = std::cell::Cell::new(0);
    in_all_states(256, "proptest-regressions/quote_deposit_stake.txt", |scene, state| {
        let Scene { world, holder, .. } = scene;
        let stake = state.amount.max(1);
        let account = world.stake_account(&holder.address(), 0, stake);
        let lamports = world.lamports(&account);
        let quote = world.view_of::<DepositQuote>(world.pool.quote_deposit(lamports));
        let referrer = world.holder(0);
        let with = StakeDeposit {
            stake: account,
            staker: holder.address(),
            withdrawer: holder.address(),
            payer: holder.address(),
            recipient: holder.tokens,
            referrer: Some(referrer.tokens),
        };
        let deposit = world.pool.deposit_stake(&world.votes[0], 0, &with, 0);
        match (quote, world.send(&[deposit], &[&holder.key])) {
            (Ok(quote), Ok(done)) => {
                let event: StakeDeposited = done.event();
                prop_assert_eq!((event.lamports, event.shares), (lamports, quote.shares));
                prop_assert_eq!(event.fee_lamports, quote.fee_lamports);
                prop_assert_eq!(event.referral_shares, quote.referral_shares);
                taken.set(taken.get() + 1);
            }
            // Each has gates of its own; the price refuses both alike.
            (Err(quote), Ok(_)) => prop_assert_eq!(quote.code(), Some(code(ThawError::Paused))),
            (Err(quote), Err(done)) => {
                let of_the_price = [ThawError::NoValue, ThawError::AmountTooSmall].map(code);
                if done.code().is_some_and(|code| of_the_price.contains(&code)) {
                    let is_gate = quote.code() == Some(code(ThawError::Paused));
                    prop_assert!(is_gate || quote.code() == done.code());
                }
            }
            (Ok(_), Err(done)) => {
                let gates = [
                    ThawError::Paused,
                    ThawError::NotFinalized,
                    ThawError::RewardsWindow,
                    ThawError::ValidatorAboveTarget,
                ];
                let is_gate = done.code().is_some_and(|code| gates.map(self::code).contains(&code));
                prop_assert!(is_gate, "{done:?}");
            }
        }
        Ok(())
    });
    assert!(taken.get() > 20, "{} of 256 deposits were taken", taken.get());
}

#[test]
fn refuses_as_the_deposit_does() {
    let mut world = World::new();
    let ask = |world: &mut World, lamports: u64| {
        let quote = world.pool.quote_deposit(lamports);
        world.send(&[quote], &[])
    };
    refuses(ask(&mut world, 0), ThawError::ZeroAmount);
    world.skip_epochs(4);
    refuses(ask(&mut world, SOL), ThawError::PoolStale);
    world.change_pool(|pool| pool.paused_until[0] = i64::MAX);
    refuses(ask(&mut world, SOL), ThawError::Paused);
    world.change_pool(|pool| pool.status = 1);
    refuses(ask(&mut world, SOL), ThawError::WindingDown);
}
