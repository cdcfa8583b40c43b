//! `deposit_sol` with a referrer, who gets a part of the fee in shares.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_instruction::Instruction;
use thaw_client::thaw::{
    events::SolDeposited,
    state::{Config, Pool},
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    checks::{refuses_each_swap, refuses_with_code},
    prices::Deposit,
    sums::{down, nav},
    world::config,
};

use crate::{books::is_not_below, scene::earning};

/// The token program's: the account is of another mint.
const MINT_MISMATCH: u32 = 3;

/// The earning pool at 40 % of its epoch, with a deposit fee and a referrer's part of it.
fn scene(deposit_fee_bps: u16, referral_bps: u16) -> (World, Holder) {
    let (mut world, holder) = earning();
    world.go_to(40);
    world.change_pool(|pool| pool.config = Config { deposit_fee_bps, referral_bps, ..config() });
    (world, holder)
}

fn instruction(world: &World, holder: &Holder, referrer: &Pubkey, lamports: u64) -> Instruction {
    let owner = holder.address();
    world.pool.deposit_sol_referred(&owner, &holder.tokens, Some(*referrer), lamports, 0)
}

fn deposit(world: &mut World, holder: &Holder, referrer: &Pubkey, lamports: u64) -> Outcome {
    let deposit = instruction(world, holder, referrer, lamports);
    world.send(&[deposit], &[&holder.key])
}

/// Deposits at the formula's price, to the unit, while nobody else's rate falls.
fn deposit_exactly(world: &mut World, holder: &Holder, to: &Pubkey, lamports: u64) -> Deposit {
    let (before, held) = (world.pool(), world.tokens(to));
    let price = world.bought(lamports, true);
    let event: SolDeposited = deposit(world, holder, to, lamports).unwrap().event();
    assert_eq!((event.shares, event.referral_shares), (price.shares, price.referral_shares));
    assert_eq!((event.lamports, event.fee_lamports), (lamports, price.fee));
    let own = if *to == holder.tokens { price.shares } else { 0 };
    assert_eq!(world.tokens(to) - held, own + price.referral_shares);
    let (after, now) = (world.pool(), world.now());
    assert_eq!(after.shares - before.shares, price.shares + price.referral_shares);
    let kept = price.fee - price.referral;
    assert_eq!(after.pending_fees_lamports - before.pending_fees_lamports, kept);
    assert_eq!(nav(&after, now) - nav(&before, now), lamports - kept);
    assert!(is_not_below(&after, &before, now), "INV-4");
    world.assert_books();
    price
}

#[test]
fn pays_the_referrer_out_of_the_fee() {
    let (mut world, holder) = scene(37, 2_500);
    let referrer = world.holder(0);
    let (before, accounts, now) = (world.pool(), world.all_accounts(), world.now());
    let (supply, price) = (world.supply(), world.bought(10 * SOL + 3, true));
    // 0.37 % rounded up; a quarter of it rounded down; and both buy at the entry rate.
    assert_eq!((price.fee, price.referral), (37_000_001, 9_250_000));
    assert!(price.referral_shares < 9_250_000 && price.referral_shares > 9_200_000);

    let sent = deposit(&mut world, &holder, &referrer.tokens, 10 * SOL + 3).unwrap();

    let mut expected: Pool = *before;
    expected.reserve_lamports += 10 * SOL + 3;
    expected.shares += price.shares + price.referral_shares;
    expected.pending_fees_lamports = 37_000_001 - 9_250_000;
    expected.nav_lamports = nav(&before, now) + 10 * SOL + 3 - 27_750_001;
    expected.assets_lamports = before.reserve_lamports + before.staked_lamports + 10 * SOL + 3;
    expected.updated_at = now;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!(world.tokens(&referrer.tokens), price.referral_shares);
    assert_eq!(world.tokens(&holder.tokens), 1_000 * SOL + price.shares);
    assert_eq!(world.supply() - supply, price.shares + price.referral_shares);
    assert_eq!(sent.number(), price.shares, "without the referrer's");
    let pool = world.pool;
    let changed =
        [pool.pool, pool.reserve, pool.mint, holder.address(), holder.tokens, referrer.tokens];
    world.assert_same(&accounts, &changed);
    world.assert_books();
    let event: SolDeposited = sent.event();
    assert_eq!((event.fee_lamports, event.referral_shares), (37_000_001, price.referral_shares));
    assert_eq!(event.totals.nav_lamports, expected.nav_lamports);
}

/// The depositor gets the same with a referrer and without.
#[test]
fn costs_the_depositor_nothing() {
    let (mut world, holder) = scene(50, 10_000);
    let referrer = world.holder(0).tokens;
    let without = world.bought(SOL, false);
    let with = deposit_exactly(&mut world, &holder, &referrer, SOL);
    assert_eq!((with.shares, with.fee), (without.shares, without.fee));
    assert_eq!((with.referral, world.pool().pending_fees_lamports), (with.fee, 0));
}

/// Whoever refers themselves pays that much less, and never less than nothing.
#[test]
fn lets_depositors_refer_themselves() {
    for referral_bps in [1, 5_000, 10_000] {
        let (mut world, holder) = scene(50, referral_bps);
        let free = {
            let mut free = world.pool();
            free.config.deposit_fee_bps = 0;
            down(SOL, free.shares, thaw_tests::prices::entry_nav(&free, world.now(), 0))
        };
        let price = deposit_exactly(&mut world, &holder, &holder.tokens.clone(), SOL);
        assert!(price.shares + price.referral_shares <= free);
        assert!(world.worth(price.shares + price.referral_shares) < SOL);
    }
}

/// What buys less than one share stays with the holders, and the referrer's account is not touched.
#[test]
fn keeps_a_part_that_rounds_to_nothing() {
    // A fee of one lamport; a part of less than one; a referral or a fee of nothing.
    for (fee, referral, lamports) in
        [(50, 10_000, 200), (1, 9_999, 10_000), (50, 0, SOL), (0, 5_000, SOL)]
    {
        let (mut world, holder) = scene(fee, referral);
        let referrer = world.holder(0).tokens;
        let price = deposit_exactly(&mut world, &holder, &referrer, lamports);
        assert_eq!((price.referral, price.referral_shares), (0, 0));
        assert_eq!(world.pool().pending_fees_lamports, price.fee);
        assert_eq!(world.tokens(&referrer), 0);
        // Nor is it looked at.
        deposit(&mut world, &holder, &Pubkey::new_unique(), lamports).unwrap();
    }
    // One lamport more is enough.
    let (mut world, holder) = scene(50, 10_000);
    let referrer = world.holder(0).tokens;
    let price = deposit_exactly(&mut world, &holder, &referrer, 400);
    assert_eq!((price.fee, price.referral, price.referral_shares), (2, 2, 1));
    assert_eq!(world.pool().pending_fees_lamports, 0);
}

#[test]
fn refuses_a_referrer_that_cannot_hold_shares() {
    let (mut world, holder) = scene(50, 5_000);
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let foreign = world.holder(0).tokens;
    world.pool = own;
    let before = world.all_accounts();
    refuses_with_code(deposit(&mut world, &holder, &foreign, SOL), MINT_MISMATCH);
    let wallet = holder.address();
    for wrong in [wallet, own.pool, own.reserve, own.mint, Pubkey::new_unique()] {
        deposit(&mut world, &holder, &wrong, SOL).unwrap_err();
    }
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, holder) = scene(50, 5_000);
    let referrer = world.holder(0).tokens;
    let deposit = instruction(&world, &holder, &referrer, SOL);
    // 4: any wallet may pay.
    refuses_each_swap(&mut world, &deposit, &[&holder.key], &[4]);
    world.send(&[deposit], &[&holder.key]).unwrap();
}

/// INV-4 and INV-3 over odd amounts and parts.
#[test]
fn never_lowers_the_rate_of_the_others() {
    let (mut world, holder) = scene(50, 0);
    let referrer = world.holder(0).tokens;
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    for _ in 0..40 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        world.go_to(seed >> 33 & 63);
        world.change_pool(|pool| pool.config.referral_bps = (seed >> 45) as u16 % 10_001);
        deposit_exactly(&mut world, &holder, &referrer, (seed >> 20) % (5 * SOL) + 300);
    }
    assert_eq!(world.supply(), world.pool().shares - world.pool().fee_shares_owed, "INV-3");
}
