//! `lst_to_sol` and `sol_to_lst`: the SOL value calculator that Sanctum's programs call.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use proptest::prelude::*;
use solana_instruction::{AccountMeta, Instruction};
use thaw_client::thaw::{
    ID,
    error::ThawError,
    events::StakeWithdrawn,
    instructions::{ValueRange, WithdrawQuote},
    state::Config,
};
use thaw_tests::{
    Refused, SOL, Setup, World,
    checks::{code, refuses},
    sums::{down, up},
    world::config,
};

use crate::states::{Scene, assert_reads_alone, in_all_states};

/// As a caller that knows nothing but the interface builds it: one byte, eight bytes, two accounts.
fn raw(world: &World, tag: u8, amount: u64) -> Instruction {
    let accounts = [world.pool.mint, world.pool.pool];
    Instruction {
        program_id: ID,
        accounts: accounts.map(|key| AccountMeta::new_readonly(key, false)).to_vec(),
        data: [&[tag][..], &amount.to_le_bytes()].concat(),
    }
}

/// A synced and finalized pool whose rate is no whole number.
fn scene() -> World {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    world.next_epoch();
    world.reward(0, SOL + 12_345);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.go_to(40);
    world
}

#[test]
fn follows_the_interface_byte_by_byte() {
    let mut world = scene();
    for (tag, amount, built) in [
        (0, 5 * SOL + 7, world.pool.lst_to_sol(5 * SOL + 7)),
        (1, 3 * SOL + 1, world.pool.sol_to_lst(3 * SOL + 1)),
    ] {
        let raw = raw(&world, tag, amount);
        assert_eq!((&raw.data, &raw.accounts), (&built.data, &built.accounts));
        let returned = world.returned(raw.clone()).unwrap();
        assert_eq!(returned.len(), 16);
        let word = |at: usize| u64::from_le_bytes(returned[at..at + 8].try_into().unwrap());
        let range = ValueRange { min: word(0), max: word(8) };
        assert_eq!(world.view_of::<ValueRange>(raw.clone()).unwrap(), range);
        assert!(range.min > 0 && range.min <= range.max);
        assert_reads_alone(&mut world, raw);
    }
}

/// The interface as it is published: what its callers know of a calculator, and no more. The accounts
/// are the token's mint and a suffix that is the same both ways.
struct Calculator {
    program: Pubkey,
    lst: Pubkey,
    suffix: Vec<AccountMeta>,
}

impl Calculator {
    const LST_TO_SOL: u8 = 0;
    const SOL_TO_LST: u8 = 1;

    /// Calls it, and reads what it returned as the callers do: sixteen bytes of its own, the least and
    /// the most.
    fn ask(&self, world: &mut World, tag: u8, amount: u64) -> Result<(u64, u64), Refused> {
        let mut data = [tag; 9];
        data[1..].copy_from_slice(&amount.to_le_bytes());
        let mut accounts = vec![AccountMeta::new_readonly(self.lst, false)];
        accounts.extend(self.suffix.clone());
        let call = Instruction { program_id: self.program, accounts, data: data.to_vec() };
        let returned = world.send(&[call], &[])?.returned;
        let (min, max) = returned.split_first_chunk::<8>().unwrap();
        let max = max.try_into().expect("sixteen bytes");
        Ok((u64::from_le_bytes(*min), u64::from_le_bytes(max)))
    }
}

/// Epochs with rewards and a loss: closed from each boundary to the finalize, then both ways agree with
/// each other and with what leaves the pool. Callers forward accounts as they have them, so some may
/// be writable.
#[test]
fn is_driven_by_the_published_interface_alone() {
    let mut world = World::warm(Setup::default(), 3_000 * SOL).0;
    let (program, lst, pool) = (ID, world.pool.mint, world.pool.pool);
    for suffix in [AccountMeta::new_readonly(pool, false), AccountMeta::new(pool, false)] {
        let calculator = Calculator { program, lst, suffix: vec![suffix] };
        let (to_sol, to_lst) = (Calculator::LST_TO_SOL, Calculator::SOL_TO_LST);
        for epoch in 0..3 {
            world.next_epoch();
            world.pay_rewards(5_000);
            if epoch == 1 {
                world.slash(1, 7 * SOL + 1);
            }
            for tag in [to_sol, to_lst] {
                let refused = calculator.ask(&mut world, tag, SOL).unwrap_err();
                assert_eq!(refused.code(), Some(code(ThawError::NotFinalized)), "stale");
            }
            world.sync().unwrap();
            world.finalize().unwrap();
            let pools = world.pool();
            for amount in [0, 1, SOL + 1, 90 * SOL + 123_456_789] {
                let (min, max) = calculator.ask(&mut world, to_sol, amount).unwrap();
                assert_eq!((min, max), (world.stake_exit_price(amount).net(), min), "net of fees");
                let (least, most) = calculator.ask(&mut world, to_lst, max).unwrap();
                assert!(least <= amount && least <= most, "{least} and {most} for {amount}");
                assert!(calculator.ask(&mut world, to_sol, least).unwrap().1 <= max);
                assert!(calculator.ask(&mut world, to_sol, most).unwrap().0 >= max);
            }
            assert_eq!(bytes_of(&*world.pool()), bytes_of(&*pools), "nothing is written");
        }
    }
}

#[test]
fn tells_what_shares_redeem_for_in_stake() {
    let mut world = scene();
    let price = world.stake_exit_price(5 * SOL + 7);
    let range: ValueRange = world.view_of(world.pool.lst_to_sol(5 * SOL + 7)).unwrap();
    assert_eq!(range, ValueRange { min: price.net(), max: price.net() });
    assert!(price.fee > 0 && price.gross > 5 * SOL + 7);
    let zero: ValueRange = world.view_of(world.pool.lst_to_sol(0)).unwrap();
    assert_eq!(zero, ValueRange::default());
}

#[test]
fn tells_the_shares_around_an_amount() {
    let mut world = scene();
    let (pool, nav) = (world.pool(), world.nav());
    let range: ValueRange = world.view_of(world.pool.sol_to_lst(5 * SOL + 7)).unwrap();
    // The fee of 2 bp comes on top, then the rate.
    let least = down(down(5 * SOL + 7, 10_000, 9_998), pool.shares, nav);
    let most = up(up(5 * SOL + 7, 10_000, 9_998), pool.shares, nav);
    assert_eq!(range, ValueRange { min: least, max: most });
    assert!(most - least <= 2);
    let zero: ValueRange = world.view_of(world.pool.sol_to_lst(0)).unwrap();
    assert_eq!(zero, ValueRange::default());
}

/// Both ways bracket each other, and the first equals what `withdraw_stake` pays, in any state.
#[test]
fn brackets_every_amount() {
    in_all_states(384, "proptest-regressions/sol_value.txt", |scene, state| {
        let Scene { world, holder, .. } = scene;
        let amount = state.amount;
        let range = world.view_of::<ValueRange>(world.pool.sol_to_lst(amount));
        let value = world.view_of::<ValueRange>(world.pool.lst_to_sol(amount));
        if world.missed() > 0 {
            let refusals = [range.unwrap_err().code(), value.unwrap_err().code()];
            prop_assert_eq!(refusals, [Some(code(ThawError::NotFinalized)); 2]);
            return Ok(());
        }
        let (Ok(range), Ok(value)) = (range, value) else {
            prop_assert_eq!(world.nav(), 0, "refused without a reason");
            return Ok(());
        };
        let redeemed = |world: &mut World, shares: u64| {
            world.view_of::<ValueRange>(world.pool.lst_to_sol(shares)).unwrap()
        };
        prop_assert!(range.min <= range.max);
        prop_assert!(redeemed(world, range.min).max <= amount);
        prop_assert!(redeemed(world, range.max).min >= amount);
        // And back: the value of shares is not worth more shares than they are.
        let back: ValueRange = world.view_of(world.pool.sol_to_lst(value.min)).unwrap();
        prop_assert!(back.min <= amount);

        if let Ok(told) = world.view_of::<WithdrawQuote>(world.pool.quote_withdraw(amount)) {
            let lamports = told.stake.lamports;
            let is_same = value == ValueRange { min: lamports, max: lamports };
            prop_assert!(told.stake.refusal != 0 || is_same);
        }
        world.change_record(0, |record| (record.weight, record.next_weight) = (0, 0));
        if let Ok(stake) = world.withdraw_stake(holder, 0, amount) {
            prop_assert_eq!(world.delegation(&stake), value.min);
        }
        Ok(())
    });
}

/// With no fee and with the highest.
#[test]
fn counts_the_fee_of_every_config() {
    for stake_withdrawal_fee_bps in [0, 1, 50] {
        let mut world = scene();
        world.change_pool(|pool| {
            pool.config = Config { stake_withdrawal_fee_bps, ..config() };
        });
        let gross = world.worth(SOL);
        let range: ValueRange = world.view_of(world.pool.lst_to_sol(SOL)).unwrap();
        assert_eq!(range.min, gross - up(gross, stake_withdrawal_fee_bps.into(), 10_000));
    }
}

#[test]
fn is_paid_by_the_exit_with_stake_in_the_same_slot() {
    let mut world = World::warm(Setup { validators: 1, ..Setup::default() }, 3_000 * SOL).0;
    let holder = world.holder(100 * SOL);
    world.deposit(&holder, 90 * SOL).unwrap();
    world.change_record(0, |record| (record.weight, record.next_weight) = (0, 0));
    let range: ValueRange = world.view_of(world.pool.lst_to_sol(50 * SOL)).unwrap();
    let stake = world.fresh_stake();
    let exit = world.stake_exit(&holder, 0, &stake, 50 * SOL);
    let event: StakeWithdrawn = world.send(&[exit], &[&holder.key]).unwrap().event();
    assert_eq!(range, ValueRange { min: event.lamports, max: event.lamports });
}

#[test]
fn refuses_a_pool_that_is_not_finalized() {
    let mut world = scene();
    world.next_epoch();
    for view in [world.pool.lst_to_sol(SOL), world.pool.sol_to_lst(SOL)] {
        refuses(world.send(&[view], &[]), ThawError::NotFinalized);
    }
    world.sync().unwrap();
    for view in [world.pool.lst_to_sol(SOL), world.pool.sol_to_lst(SOL)] {
        refuses(world.send(&[view], &[]), ThawError::NotFinalized);
    }
    world.finalize().unwrap();
    for view in [world.pool.lst_to_sol(SOL), world.pool.sol_to_lst(SOL)] {
        world.send(&[view], &[]).unwrap();
    }
}

#[test]
fn refuses_another_mint_and_another_pool() {
    let mut world = scene();
    let twin = world.open_pool(&Setup::default()).unwrap();
    for view in [world.pool.lst_to_sol(SOL), world.pool.sol_to_lst(SOL)] {
        for (place, key) in [(0, twin.mint), (0, Pubkey::new_unique()), (1, twin.pool)] {
            let mut wrong = view.clone();
            wrong.accounts[place].pubkey = key;
            refuses(world.send(&[wrong], &[]), ThawError::WrongAccount);
        }
        let mut swapped = view;
        swapped.accounts.swap(0, 1);
        world.send(&[swapped], &[]).unwrap_err();
    }
}

#[test]
fn refuses_pools_without_value_and_numbers_beyond_all() {
    let mut world = scene();
    for view in [world.pool.lst_to_sol(u64::MAX), world.pool.sol_to_lst(u64::MAX)] {
        refuses(world.send(&[view], &[]), ThawError::Overflow);
    }
    let assets = world.assets();
    world.change_pool(|pool| pool.pending_fees_lamports = assets);
    for view in [world.pool.lst_to_sol(SOL), world.pool.sol_to_lst(SOL)] {
        refuses(world.send(&[view], &[]), ThawError::NoValue);
    }
}

/// Short and empty data reach no handler.
#[test]
fn refuses_data_of_another_length() {
    const DID_NOT_DESERIALIZE: u32 = 102;
    let mut world = scene();
    for tag in [0, 1] {
        for length in [1, 5, 8] {
            let mut short = raw(&world, tag, SOL);
            short.data.truncate(length);
            let refused = world.send(&[short], &[]).unwrap_err();
            assert_eq!(refused.code(), Some(DID_NOT_DESERIALIZE), "{length} bytes");
        }
    }
}
