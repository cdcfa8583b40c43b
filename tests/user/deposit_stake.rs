//! `deposit_stake`: active stake in, shares out. What it refuses is in `deposit_stake_refusals`.

use bytemuck::bytes_of;
use solana_signer::Signer;
use thaw_client::{
    exits::StakeDeposit,
    thaw::{
        error::ThawError,
        events::{StakeDeposited, StakeMoved},
        state::{
            Config, Pool, Record, STAKE_PROGRAM,
            SlotState::{Activating, Active, Closed, Cooling, Open},
            StakeView,
        },
    },
};
use thaw_tests::{
    Holder, SOL, World,
    checks::refuses,
    prices::Deposit,
    sums::{down, nav},
    world::config,
};

use crate::{
    books::is_not_below,
    scene::{newcomer, roomy},
};

/// Deposits `stake` and returns the price, which must be the formula's to the unit, while nobody
/// else's rate falls and all lamports of the account are the pool's.
fn deposit_exactly(world: &mut World, holder: &Holder, index: u16, stake: u64) -> Deposit {
    let account = world.stake_account(&holder.address(), index, stake);
    let (before, held) = (world.pool(), world.tokens(&holder.tokens));
    let lamports = world.lamports(&account);
    let price = world.bought(lamports, false);
    let sent = world.deposit_stake(holder, index, &account).unwrap();
    let event: StakeDeposited = sent.event();
    assert_eq!((event.lamports, event.shares), (lamports, price.shares));
    let (after, now) = (world.pool(), world.now());
    assert_eq!(world.tokens(&holder.tokens) - held, price.shares);
    assert_eq!(sent.number(), price.shares);
    assert_eq!(after.shares - before.shares, price.shares);
    assert_eq!(after.pending_fees_lamports - before.pending_fees_lamports, price.fee);
    let more = after.reserve_lamports + after.staked_lamports
        - (before.reserve_lamports + before.staked_lamports);
    assert_eq!(more - (after.pending_gain_lamports - before.pending_gain_lamports), lamports);
    assert_eq!(world.lamports(&account), 0);
    assert!(is_not_below(&after, &before, now), "INV-4");
    world.assert_books();
    price
}

#[test]
fn merges_into_main_and_mints_for_all_its_lamports() {
    let (mut world, holder) = roomy();
    let stake = world.stake_account(&holder.address(), 1, 50 * SOL + 7);
    let lamports = 50 * SOL + 7 + world.slot_rent();
    let (before, accounts, now) = (world.pool(), world.all_accounts(), world.now());
    let (record, main) = (world.record(1), world.slot(1, 0));
    let delegated = world.delegation(&main);
    let price = world.bought(lamports, false);
    assert!(price.shares < lamports, "a share costs more than a lamport");

    let sent = world.deposit_stake(&holder, 1, &stake).unwrap();

    let mut expected: Pool = *before;
    expected.staked_lamports += lamports;
    world.expect_followed(&mut expected, lamports as i64);
    expected.shares += price.shares;
    expected.nav_lamports = nav(&before, now) + lamports;
    expected.assets_lamports = before.reserve_lamports + expected.staked_lamports;
    expected.updated_at = now;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    let mut expected_record: Record = record;
    expected_record.slots[0].lamports += lamports;
    expected_record.sampled_lamports += 50 * SOL + 7;
    assert_eq!(world.record(1), expected_record);
    assert_eq!(world.delegation(&main), delegated + 50 * SOL + 7);
    assert_eq!(world.lamports(&stake), 0);
    assert_eq!(world.tokens(&holder.tokens), 1_000 * SOL + price.shares);
    let pool = world.pool;
    let changed = [pool.pool, pool.validators, pool.mint, main, stake, holder.tokens];
    world.assert_same(&accounts, &changed);
    world.assert_books();

    let event: StakeDeposited = sent.event();
    assert_eq!((event.pool, event.vote), (pool.pool, world.votes[1]));
    assert_eq!((event.stake, event.recipient), (stake, holder.tokens));
    assert_eq!((event.lamports, event.fee_lamports), (lamports, 0));
    assert_eq!((event.shares, event.referral_shares), (price.shares, 0));
    assert_eq!(event.epoch, world.clock().epoch);
    let totals = event.totals;
    assert_eq!((totals.nav_lamports, totals.shares), (expected.nav_lamports, expected.shares));
    assert_eq!(totals.staked_lamports, expected.staked_lamports);
    assert_eq!((totals.reserve_lamports, totals.claimable_lamports), (before.reserve_lamports, 0));

    // The rent that came along is not delegated: the crank brings it to the reserve.
    let swept: StakeMoved = world.sweep(1).unwrap().event();
    assert_eq!(swept.lamports, world.slot_rent());
}

#[test]
fn moves_into_a_free_slot_where_there_is_no_main() {
    let (mut world, holder) = newcomer();
    let stake = world.stake_account(&holder.address(), 3, 50 * SOL + 7);
    let (rent, slot) = (world.slot_rent(), world.slot(3, 0));
    let (before, accounts, now) = (world.pool(), world.all_accounts(), world.now());
    let payer = world.lamports(&world.payer.pubkey());
    let price = world.bought(50 * SOL + 7 + rent, false);

    let sent = world.deposit_stake(&holder, 3, &stake).unwrap();

    let mut expected: Pool = *before;
    // The pool pays the slot's rent and gets the stake account's.
    expected.staked_lamports += 50 * SOL + 7 + rent;
    world.expect_followed(&mut expected, (50 * SOL + 7 + rent) as i64);
    expected.shares += price.shares;
    expected.nav_lamports = nav(&before, now) + 50 * SOL + 7 + rent;
    expected.assets_lamports = before.reserve_lamports + expected.staked_lamports;
    expected.updated_at = now;
    expected.open_slots += 1;
    expected.holding_validators += 1;
    expected.synced_validators += 1;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!((world.states(3), world.record(3).main), ([Active, Closed, Closed], 0));
    assert_eq!(world.lamports(&slot), 50 * SOL + 7 + rent);
    let view = world.view(&slot, 3);
    assert!(matches!(view, StakeView::Delegated { stake, deactivated: u64::MAX, .. }
        if stake == 50 * SOL + 7));
    assert_eq!(
        (world.lamports(&stake), world.tokens(&holder.tokens)),
        (0, 1_000 * SOL + price.shares)
    );
    assert_eq!(payer - world.lamports(&world.payer.pubkey()), 10_000, "two signatures");
    let pool = world.pool;
    let changed = [pool.pool, pool.validators, pool.mint, pool.reserve, slot, stake, holder.tokens];
    world.assert_same(&accounts, &changed);
    world.assert_books();
    let event: StakeDeposited = sent.event();
    assert_eq!((event.vote, event.lamports), (world.votes[3], 50 * SOL + 7 + rent));

    // It is the main slot from now on, and the next epoch finds it as it was left.
    deposit_exactly(&mut world, &holder, 3, SOL);
    world.begin_epoch();
    assert_eq!(world.pool().loss_carry_lamports, 0);
    world.assert_books();
}

#[test]
fn has_the_payer_pay_for_a_slot_beyond_half_the_bootstrap() {
    let (mut world, holder) = newcomer();
    world.change_pool(|pool| pool.bootstrap_lamports = 0);
    let rent = world.slot_rent();
    let before = world.lamports(&world.payer.pubkey());
    deposit_exactly(&mut world, &holder, 3, 2 * SOL);
    assert_eq!(before - world.lamports(&world.payer.pubkey()), 10_000 + rent);
    assert_eq!(world.pool().pending_gain_lamports, rent, "a gift");
    // An open slot costs nothing; no slot is needed where there is a main one.
    let before = world.lamports(&world.payer.pubkey());
    deposit_exactly(&mut world, &holder, 3, 2 * SOL);
    assert_eq!(before - world.lamports(&world.payer.pubkey()), 10_000);
}

#[test]
fn takes_a_new_slot_while_others_warm_up_or_cool_down() {
    // Fresh stake warms up in slot 0.
    let (mut world, holder) = newcomer();
    world.move_window();
    world.delegate(3).unwrap();
    deposit_exactly(&mut world, &holder, 3, SOL);
    assert_eq!((world.states(3), world.record(3).main), ([Activating, Active, Closed], 1));
    // In the next epoch it joins the new main.
    world.begin_epoch();
    world.merge(3).unwrap();
    assert_eq!(world.states(3), [Open, Active, Closed]);

    // Strangers deactivate each main in turn, until no slot is left.
    let (mut world, holder) = roomy();
    for slot in 0..3 {
        deposit_exactly(&mut world, &holder, 0, 2 * SOL);
        assert_eq!(world.record(0).main().unwrap(), slot);
        let main = world.slot(0, slot);
        world.deactivate_by_stranger(&main);
    }
    assert_eq!(world.record(0).slots.map(|slot| slot.state()), [Cooling, Cooling, Active]);
    let stake = world.stake_account(&holder.address(), 0, SOL);
    let before = world.all_accounts();
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::NoFreeSlot);
    world.assert_same(&before, &[]);
    // Once one is collected it takes stake again, its rent in it already.
    world.begin_epoch();
    world.collect(0).unwrap();
    assert_eq!(world.states(0), [Open, Open, Open]);
    let open = world.pool().open_slots;
    deposit_exactly(&mut world, &holder, 0, 2 * SOL);
    assert_eq!((world.states(0), world.pool().open_slots), ([Active, Open, Open], open));
}

/// An open slot that was funded when rent was lower is topped up first.
#[test]
fn tops_an_open_slot_up_to_live_rent() {
    let (mut world, holder) = roomy();
    let main = world.slot(0, 0);
    world.deactivate_by_stranger(&main);
    world.begin_epoch();
    world.collect(0).unwrap();
    let old = world.slot_rent();
    world.set_rent(6_960);
    world.begin_epoch();
    let more = world.slot_rent() - old;
    let reserve = world.pool().reserve_lamports;
    deposit_exactly(&mut world, &holder, 0, 2 * SOL);
    assert_eq!(world.lamports(&main), 2 * SOL + world.slot_rent());
    assert_eq!(world.pool().reserve_lamports, reserve - more + world.slot_rent());
}

#[test]
fn gains_what_a_stranger_sent_to_the_slot() {
    let (mut world, holder) = newcomer();
    let (slot, rent) = (world.slot(3, 0), world.slot_rent());
    world.send_lamports(&slot, SOL + rent);
    deposit_exactly(&mut world, &holder, 3, 2 * SOL);
    assert_eq!(world.lamports(&slot), 3 * SOL + rent);
    assert_eq!(world.pool().pending_gain_lamports, SOL + rent);
    assert_eq!(world.delegation(&slot), 2 * SOL);
}

/// Review C2: addresses that were kept alive, empty. Anyone clears them, at any time: neither a move
/// nor the move window is needed.
#[test]
fn refuses_a_bricked_slot_until_it_is_cleared() {
    let (mut world, holder) = newcomer();
    let bribe = world.rent().minimum_balance(0);
    for place in 0..3 {
        let slot = world.slot(3, place);
        world.put(&slot, &STAKE_PROGRAM, bribe, vec![]);
    }
    let stake = world.stake_account(&holder.address(), 3, 2 * SOL);
    let before = world.all_accounts();
    refuses(world.deposit_stake(&holder, 3, &stake), ThawError::SlotUnusable);
    world.assert_same(&before, &[]);
    world.collect(3).unwrap();
    deposit_exactly(&mut world, &holder, 3, 2 * SOL);
    assert_eq!(world.states(3), [Active, Closed, Closed]);

    // What is no stake account stands in nobody's way: a lamport, or more than the rent.
    for lamports in [1, SOL] {
        let (mut world, holder) = newcomer();
        for place in 0..3 {
            let slot = world.slot(3, place);
            world.send_lamports(&slot, lamports);
        }
        deposit_exactly(&mut world, &holder, 3, 2 * SOL);
    }
}

#[test]
fn charges_the_entry_rate_at_every_instant_of_an_epoch() {
    let (mut world, holder) = roomy();
    for part in [0, 1, 50, 99] {
        world.go_to(part);
        let price = deposit_exactly(&mut world, &holder, 2, SOL + 1);
        let value = world.worth(price.shares);
        assert!(value < SOL + 1 + world.slot_rent());
        assert!(value > SOL - SOL / 2_000, "not much less: {value}");
    }
}

#[test]
fn keeps_the_fee_and_pays_the_referrer_out_of_it() {
    let (mut world, holder) = roomy();
    world.change_pool(|pool| {
        pool.config = Config { deposit_fee_bps: 37, referral_bps: 2_500, ..config() };
    });
    let referrer = world.holder(0);
    let stake = world.stake_account(&holder.address(), 0, 20 * SOL);
    let lamports = world.lamports(&stake);
    let (before, now) = (world.pool(), world.now());
    let price = world.bought(lamports, true);
    let with = StakeDeposit {
        stake,
        staker: holder.address(),
        withdrawer: holder.address(),
        payer: world.payer.pubkey(),
        recipient: holder.tokens,
        referrer: Some(referrer.tokens),
    };
    let deposit = world.pool.deposit_stake(&world.votes[0], 0, &with, 0);
    let event: StakeDeposited = world.send(&[deposit], &[&holder.key]).unwrap().event();
    assert_eq!((event.fee_lamports, event.referral_shares), (price.fee, price.referral_shares));
    assert_eq!(price.referral, down(price.fee, 2_500, 10_000));
    assert!(price.referral_shares > 0 && price.referral_shares < price.referral);
    assert_eq!(world.tokens(&referrer.tokens), price.referral_shares);
    assert_eq!(world.tokens(&holder.tokens), 1_000 * SOL + price.shares);
    let after = world.pool();
    assert_eq!(after.pending_fees_lamports, price.fee - price.referral);
    assert_eq!(after.shares, before.shares + price.shares + price.referral_shares);
    assert_eq!(nav(&after, now), nav(&before, now) + lamports - price.fee + price.referral);
    assert!(is_not_below(&after, &before, now), "INV-4");
    world.assert_books();

    // Without a referrer all of the fee stays with the holders.
    let fees = world.pool().pending_fees_lamports;
    let price = deposit_exactly(&mut world, &holder, 0, SOL);
    assert_eq!(world.pool().pending_fees_lamports - fees, price.fee);
}

/// Undelegated lamports up to a second rent are the holder's too.
#[test]
fn credits_lamports_beyond_the_delegation() {
    let (mut world, holder) = roomy();
    for extra in [0, 1, world.slot_rent()] {
        let stake = world.stake_account(&holder.address(), 0, SOL);
        world.tip(&stake, extra);
        let lamports = SOL + world.slot_rent() + extra;
        let shares = world.bought(lamports, false).shares;
        let event: StakeDeposited = world.deposit_stake(&holder, 0, &stake).unwrap().event();
        assert_eq!((event.lamports, event.shares), (lamports, shares));
        world.assert_books();
    }
}

/// Stake below the minimum delegation can still be merged.
#[test]
fn takes_less_than_one_sol_where_there_is_a_main() {
    let (mut world, holder) = roomy();
    deposit_exactly(&mut world, &holder, 0, 1);
    deposit_exactly(&mut world, &holder, 0, SOL / 2);
}

#[test]
fn takes_both_authorities_from_two_holders_and_a_third_who_pays() {
    let (mut world, holder) = newcomer();
    world.change_pool(|pool| pool.bootstrap_lamports = 0);
    // As programs' addresses would: they sign, and have no lamport.
    let (staker, withdrawer) = (world.wallet(0), world.wallet(0));
    let payer = world.wallet(SOL);
    let stake = world.stake_account_with(&staker.pubkey(), 3, 2 * SOL, |meta, _| {
        meta.authorized.withdrawer = withdrawer.pubkey();
    });
    let with = StakeDeposit {
        stake,
        staker: staker.pubkey(),
        withdrawer: withdrawer.pubkey(),
        payer: payer.pubkey(),
        recipient: holder.tokens,
        referrer: None,
    };
    let deposit = world.pool.deposit_stake(&world.votes[3], 3, &with, 0);
    world.send(&[deposit], &[&staker, &withdrawer, &payer]).unwrap();
    assert_eq!(world.lamports(&payer.pubkey()), SOL - world.slot_rent());
    assert_eq!(world.states(3), [Active, Closed, Closed]);
    world.assert_books();
}

/// Tips that nobody has booked yet are the holders', and the depositor pays for them.
#[test]
fn books_before_it_counts() {
    let (mut world, holder) = roomy();
    let main = world.slot(0, 0);
    world.tip(&main, 3 * SOL);
    let stake = world.stake_account(&holder.address(), 0, 2 * SOL);
    let lamports = world.lamports(&stake);
    world.deposit_stake(&holder, 0, &stake).unwrap();
    let after = world.pool();
    assert_eq!(after.pending_gain_lamports, 3 * SOL);
    world.assert_books();

    // The same as if the tip had been booked before.
    let (mut world, holder) = roomy();
    let main = world.slot(0, 0);
    world.tip(&main, 3 * SOL);
    world.sweep(0).unwrap();
    assert_eq!(world.pool().shares + world.bought(lamports, false).shares, after.shares);
    deposit_exactly(&mut world, &holder, 0, 2 * SOL);
    assert_eq!(world.pool().shares, after.shares);
}

/// Stake accounts of unusual length exist: the live rent of their own length counts. The stake
/// program merges one, and refuses to move stake out of one.
#[test]
fn takes_a_long_stake_account() {
    let (mut world, holder) = newcomer();
    let long = |world: &mut World, index: u16, lamports: i64| {
        let stake = world.stake_account(&holder.address(), index, 2 * SOL);
        let rent = world.rent().minimum_balance(240);
        world.change_stake(&stake, |account| {
            account.data.resize(240, 0);
            account.lamports = 2 * SOL + rent;
            account.lamports = account.lamports.checked_add_signed(lamports).unwrap();
        });
        stake
    };
    let short_of_rent = long(&mut world, 0, -1);
    refuses(world.deposit_stake(&holder, 0, &short_of_rent), ThawError::StakeLamportsOff);
    let stake = long(&mut world, 0, 0);
    world.deposit_stake(&holder, 0, &stake).unwrap();
    world.assert_books();
    let stake = long(&mut world, 3, 0);
    world.deposit_stake(&holder, 3, &stake).unwrap_err();
}

/// INV-5: in and out at once, by either exit, gives less than was brought.
#[test]
fn yields_no_more_than_was_brought_to_who_leaves_at_once() {
    let (mut world, _) = roomy();
    let guest = world.holder(0);
    let lamports = 50 * SOL + world.slot_rent();
    let price = deposit_exactly(&mut world, &guest, 0, 50 * SOL);
    world.withdraw_instant(&guest, price.shares).unwrap();
    assert!(world.lamports(&guest.address()) < lamports);

    let (mut world, _) = roomy();
    let guest = world.holder(0);
    let price = deposit_exactly(&mut world, &guest, 0, 50 * SOL);
    assert!(world.stake_exit_price(price.shares).net() < lamports);
}
