//! `quote_withdraw`: what each of the three exits pays now.

use std::cell::Cell;

use anchor_lang::prelude::Pubkey;
use proptest::{prelude::*, test_runner::TestCaseResult};
use thaw_client::thaw::{
    error::ThawError,
    events::{StakeWithdrawn, WithdrawnInstantly},
    instructions::{ExitQuote, TicketQuote, WithdrawQuote},
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    checks::{code, refuses},
};

use crate::states::{Scene, assert_reads_alone, in_all_states};

fn quote(world: &mut World, shares: u64) -> WithdrawQuote {
    let quote = world.pool.quote_withdraw(shares);
    world.view_of(quote).unwrap()
}

fn refusal(error: ThawError) -> ExitQuote {
    ExitQuote { lamports: 0, fee_lamports: 0, refusal: code(error) }
}

#[test]
fn tells_the_three_exits_side_by_side() {
    let mut world = World::new();
    let holder = world.holder(200 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    let expected = WithdrawQuote {
        // 3 bp, since no liquidity is aimed at yet; 2 bp.
        instant: ExitQuote { lamports: 9_997_000_000, fee_lamports: 3_000_000, refusal: 0 },
        ticket: TicketQuote { lamports: 10 * SOL, payable_epoch: 101, is_covered: true },
        stake: ExitQuote { lamports: 9_998_000_000, fee_lamports: 2_000_000, refusal: 0 },
    };
    assert_eq!(quote(&mut world, 10 * SOL), expected);
    // Borsh, little-endian, nothing else.
    let raw = world.returned(world.pool.quote_withdraw(10 * SOL)).unwrap();
    let exit = |lamports: u64, fee: u64| {
        [&lamports.to_le_bytes()[..], &fee.to_le_bytes(), &[0; 4]].concat()
    };
    let ticket = [&(10 * SOL).to_le_bytes()[..], &101u64.to_le_bytes(), &[1]].concat();
    let parts = [exit(9_997_000_000, 3_000_000), ticket, exit(9_998_000_000, 2_000_000)];
    assert_eq!(raw, parts.concat());
}

#[test]
fn tells_each_refusal_by_its_code() {
    let mut world = World::new();
    let holder = world.holder(200 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    let all = quote(&mut world, 200 * SOL);
    assert_eq!(all.instant, refusal(ThawError::NotEnoughLiquidity));
    assert_eq!(quote(&mut world, 1).stake, refusal(ThawError::BelowMinimumDelegation));
    assert_eq!(quote(&mut world, 1).instant, refusal(ThawError::AmountTooSmall));
    world.rewards_window(true);
    assert_eq!(quote(&mut world, SOL).stake, refusal(ThawError::RewardsWindow));
    world.rewards_window(false);
    world.next_epoch();
    assert_eq!(quote(&mut world, 2 * SOL).stake, refusal(ThawError::NotFinalized));
    assert_eq!(quote(&mut world, 2 * SOL).instant, refusal(ThawError::StaleExitCapReached));
    world.skip_epochs(3);
    assert_eq!(quote(&mut world, SOL).instant, refusal(ThawError::PoolStale));
    world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]);
    let told = quote(&mut world, SOL);
    assert_eq!(told.instant, refusal(ThawError::Paused));
    assert_eq!(told.stake, refusal(ThawError::Paused));
    // Nothing pauses tickets.
    let expected = TicketQuote { lamports: SOL, payable_epoch: 105, is_covered: true };
    assert_eq!(told.ticket, expected);
}

#[test]
fn refuses_amounts_and_pools_without_value() {
    let mut world = World::new();
    let ask = |world: &mut World, shares: u64| {
        let quote = world.pool.quote_withdraw(shares);
        world.send(&[quote], &[])
    };
    refuses(ask(&mut world, 0), ThawError::ZeroAmount);
    world.change_pool(|pool| pool.pending_shares = 1);
    refuses(ask(&mut world, u64::MAX), ThawError::Overflow);
    let assets = world.assets();
    world.change_pool(|pool| pool.pending_fees_lamports = assets);
    refuses(ask(&mut world, SOL), ThawError::NoValue);
}

#[test]
fn writes_nothing() {
    let mut world = World::new();
    let quote = world.pool.quote_withdraw(SOL);
    assert_reads_alone(&mut world, quote);
}

/// What was told is what is done: so many lamports and so much fee, or this refusal.
fn agree(told: &ExitQuote, done: Result<(u64, u64), Option<u32>>) -> TestCaseResult {
    match done {
        Ok((lamports, fee_lamports)) => {
            prop_assert_eq!(*told, ExitQuote { lamports, fee_lamports, refusal: 0 });
        }
        Err(code) => {
            prop_assert_eq!(Some(told.refusal), code);
            prop_assert_eq!((told.lamports, told.fee_lamports), (0, 0));
        }
    }
    Ok(())
}

/// What the holder has, at most.
fn shares(scene: &Scene, amount: u64) -> u64 {
    amount.min(scene.world.tokens(&scene.holder.tokens))
}

/// INV-7 in any state, the refusals among them.
#[test]
fn equals_the_instant_exit() {
    let paid = Cell::new(0);
    in_all_states(512, "proptest-regressions/quote_instant.txt", |scene, state| {
        let shares = shares(scene, state.amount);
        let Scene { world, holder, .. } = scene;
        let told = world.view_of::<WithdrawQuote>(world.pool.quote_withdraw(shares));
        let wallet = world.lamports(&holder.address());
        match (told, world.withdraw_instant(holder, shares)) {
            (Ok(told), Ok(done)) => {
                let event: WithdrawnInstantly = done.event();
                agree(&told.instant, Ok((event.lamports, event.fee_lamports)))?;
                let arrived = world.lamports(&holder.address()) - wallet;
                prop_assert_eq!(arrived, told.instant.lamports);
                paid.set(paid.get() + 1);
            }
            (Ok(told), Err(done)) => agree(&told.instant, Err(done.code()))?,
            // Without a value or an amount there is nothing to tell, nor to pay.
            (Err(told), done) => prop_assert!(told.code().is_some() && done.is_err(), "{done:?}"),
        }
        Ok(())
    });
    assert!(paid.get() > 20, "{} of 512 exits were paid", paid.get());
}

/// The same for stake, from a validator that has enough above its target.
#[test]
fn equals_the_exit_with_stake() {
    let paid = Cell::new(0);
    in_all_states(512, "proptest-regressions/quote_stake.txt", |scene, state| {
        // Most amounts are below 1 SOL: add it to every second.
        let shares = shares(scene, state.amount + state.amount % 2 * SOL);
        let Scene { world, holder, .. } = scene;
        world.change_record(0, |record| (record.weight, record.next_weight) = (0, 0));
        world.take_for_paid();
        let told = world.view_of::<WithdrawQuote>(world.pool.quote_withdraw(shares));
        let ask = world.fresh_stake();
        let exit = world.stake_exit(holder, 0, &ask, shares);
        match (told, world.send(&[exit], &[&holder.key])) {
            (Ok(told), Ok(done)) => {
                let event: StakeWithdrawn = done.event();
                agree(&told.stake, Ok((event.lamports, event.fee_lamports)))?;
                prop_assert_eq!(world.delegation(&ask), told.stake.lamports);
                paid.set(paid.get() + 1);
            }
            (Ok(told), Err(done)) => agree(&told.stake, Err(done.code()))?,
            (Err(told), done) => prop_assert!(told.code().is_some() && done.is_err(), "{done:?}"),
        }
        Ok(())
    });
    assert!(paid.get() > 20, "{} of 512 exits were paid", paid.get());
}

/// A ticket has no price but the rate: its value now, and whether it can be paid from what is there.
#[test]
fn equals_the_value_of_a_ticket() {
    in_all_states(256, "proptest-regressions/quote_ticket.txt", |scene, state| {
        let shares = shares(scene, state.amount);
        let Scene { world, holder, .. } = scene;
        let Ok(told) = world.view_of::<WithdrawQuote>(world.pool.quote_withdraw(shares)) else {
            return Ok(());
        };
        prop_assert_eq!(told.ticket.lamports, world.worth(shares));
        prop_assert_eq!(told.ticket.payable_epoch, world.clock().epoch + 1);
        world.request(holder, shares).unwrap();
        prop_assert_eq!(told.ticket.is_covered, world.shortage() == 0);
        prop_assert_eq!(world.batch(0).unwrap().epoch + 1, told.ticket.payable_epoch);
        holder.nonce = 0;
        Ok(())
    });
}

/// The ticket's owner, requested and paid in the epoch that was told; what arrived.
fn paid(world: &mut World, holder: &mut Holder, shares: u64, payable: u64) -> u64 {
    let ticket = world.request(holder, shares).unwrap();
    refuses_to_settle(world.settle());
    world.begin_epoch();
    assert_eq!(world.clock().epoch, payable);
    world.settle().unwrap();
    let wallet = world.lamports(&holder.address());
    world.push_claim(&ticket).unwrap();
    world.lamports(&holder.address()) - wallet
}

fn refuses_to_settle(outcome: Outcome) {
    refuses(outcome, ThawError::WrongBatch);
}

/// INV-7 for tickets: what is told is what is paid where nothing is earned until then.
#[test]
fn equals_the_claim_where_nothing_is_earned() {
    for shares in [SOL, 1, 7, 123_456_789_123] {
        let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
        world.next_epoch();
        world.reward(0, SOL + 12_345);
        world.sync().unwrap();
        world.finalize().unwrap();
        // All of it is released a day later, and the rate is no whole number.
        world.begin_epoch();
        assert!(world.worth(SOL) > SOL && world.pool().locked_gain_lamports == 0);
        let reserve = world.float() + 200 * SOL;
        world.set_reserve(reserve);
        let told = quote(&mut world, shares);
        assert!(told.ticket.is_covered);
        let arrived = paid(&mut world, &mut holder, shares, told.ticket.payable_epoch);
        assert_eq!(arrived, told.ticket.lamports);
    }
}

/// It keeps earning: what is paid is the value then, never less than told but for a loss.
#[test]
fn is_below_the_claim_where_something_is_earned() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.reward(0, SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    let told = quote(&mut world, 20 * SOL).ticket;
    let arrived = paid(&mut world, &mut holder, 20 * SOL, told.payable_epoch);
    assert!(arrived > told.lamports);
}

#[test]
fn tells_when_what_is_liquid_does_not_cover_the_ticket() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let fits = |world: &mut World, shares: u64| quote(world, shares).ticket.is_covered;
    // Liquid above the float, less 20 bp.
    let liquid = world.pool().reserve_lamports - world.float();
    let most = liquid * 10_000 / 10_020;
    assert!(fits(&mut world, most) && !fits(&mut world, most + 10));
    // What cools counts too.
    let more = world.slot_rent() + SOL;
    world.change_pool(|pool| (pool.cooling_lamports, pool.cooling_slots) = (more, 1));
    assert!(fits(&mut world, most + SOL * 9 / 10));
}

#[test]
fn refuses_a_pool_of_another_program() {
    let mut world = World::new();
    let copy = Pubkey::new_unique();
    let original = world.svm.get_account(&world.pool.pool).unwrap();
    world.put(&copy, &Pubkey::new_unique(), original.lamports, original.data);
    let mut quote = world.pool.quote_withdraw(SOL);
    quote.accounts[0].pubkey = copy;
    world.send(&[quote], &[]).unwrap_err();
}
