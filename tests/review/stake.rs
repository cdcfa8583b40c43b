//! Stake in and out: no way around a loss, no way to a slot, no free redelegation.

use anchor_lang::prelude::Pubkey;
use solana_stake_interface::state::{Authorized, StakeStateV2};
use thaw_client::thaw::{error::ThawError, instructions::Weight};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, sums::up};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// Validator 0 should hold a third of what it holds, so that its stake may leave.
fn outgrown() -> (World, Holder) {
    let (mut world, holder) = warm();
    let weights = [(0, 1), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    paid_epoch(&mut world);
    (world, holder)
}

/// Stake that was not paid for its last epoch may not leave.
fn paid_epoch(world: &mut World) {
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
}

/// A whale knows of a slash at validator 1 and takes sound stake of validator 0 before the rate has
/// seen it: no, neither before its own validator is synced nor after. What instant exits let out is
/// a small part of the pool.
#[test]
fn c3_a_loss_cannot_be_dodged_through_sound_stake() {
    let (mut world, whale) = outgrown();
    let shares = 500 * SOL;
    world.next_epoch();
    let lost = world.delegation(&world.main_slot(1)) / 10;
    world.slash(1, lost);
    let unaware = world.worth(shares);

    let before = world.all_accounts();
    let fresh = world.fresh_stake();
    let exit = world.stake_exit(&whale, 0, &fresh, shares);
    refuses(world.send(std::slice::from_ref(&exit), &[&whale.key]), ThawError::NotFinalized);
    let (record, epoch) = (world.record(0), world.clock().epoch);
    let sync = thaw_client::pack::sync_instructions(&world.pool, [(0, &record)], epoch, 3);
    let at_once = [sync[0].clone(), exit];
    refuses(world.send(&at_once, &[&whale.key]), ThawError::NotFinalized);
    world.assert_same(&before, &[fresh]);

    let most = world.assets() / 10_000 * u64::from(world.pool().config.stale_exit_bps);
    let mut left = 0;
    while world.withdraw_instant(&whale, SOL).is_ok() {
        left += SOL;
    }
    assert!(left > 0 && left <= most + SOL, "{left} of {most}");

    world.sync().unwrap();
    world.finalize().unwrap();
    world.take_for_paid();
    let price = world.stake_exit_price(shares);
    let share_of_loss = up(lost, shares, world.pool().shares);
    assert!(price.gross + share_of_loss <= unaware + SOL / 1_000, "the whale bears its part");
    let taken = world.withdraw_stake(&whale, 0, shares).unwrap();
    assert_eq!(world.delegation(&taken), price.net());
    world.assert_books();
}

/// However much leaves: the pool's slots stay its own, under its authorities.
#[test]
fn h7_no_exit_hands_over_a_slot() {
    let (mut world, holder) = outgrown();
    world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
    paid_epoch(&mut world);
    let (main, all) = (world.main_slot(0), world.delegation(&world.main_slot(0)));
    let whole = world.shares_for(all + world.slot_rent()) + SOL;
    refuses(
        world.withdraw_stake(&holder, 0, whole).map(|_| panic!("left whole")),
        ThawError::BelowMinimumDelegation,
    );
    for place in 0..3 {
        let slot = world.slot(0, place);
        let exit = world.stake_exit(&holder, 0, &slot, 10 * SOL);
        let outcome = world.send(&[exit], &[&holder.key]);
        assert!(outcome.is_err(), "{slot} was filled for a holder");
    }
    world.withdraw_stake(&holder, 0, world.shares_for(all - 2 * SOL)).unwrap();
    let data = world.svm.get_account(&main).unwrap().data;
    let StakeStateV2::Stake(meta, stake, _) = bincode::deserialize(&data).unwrap() else {
        panic!("{main} is no delegation");
    };
    assert_eq!(meta.authorized, Authorized::auto(&world.pool.authority));
    assert!(stake.delegation.stake >= SOL);
    world.assert_books();
}

/// Stake goes in at a rival's cost only where it is wanted, out only where there is too much, and
/// moving it through the pool costs more than the epoch of yield that redelegating costs.
#[test]
fn m10_stake_cannot_be_redelegated_through_the_pool_for_free() {
    let (mut world, holder) = warm();
    paid_epoch(&mut world);
    // At their targets: validator 0 takes no more than the band, and the rival gives nothing.
    let owner = holder.address();
    let large = world.stake_account(&owner, 0, 200 * SOL);
    refuses(world.deposit_stake(&holder, 0, &large), ThawError::ValidatorAboveTarget);
    let rival = world.withdraw_stake(&holder, 2, 200 * SOL);
    refuses(rival.map(|_: Pubkey| panic!("steered")), ThawError::ValidatorBelowTarget);

    // Where the pool wants just that move, it is paid for it.
    let (mut world, holder) = outgrown();
    let stake = world.stake_account(&holder.address(), 1, 50 * SOL);
    let worth_before = world.worth(world.tokens(&holder.tokens));
    let brought = world.lamports(&stake);
    world.deposit_stake(&holder, 1, &stake).unwrap();
    let shares = world.shares_for(50 * SOL);
    let taken = world.withdraw_stake(&holder, 0, shares).unwrap();
    let worth_after =
        world.worth(world.tokens(&holder.tokens)) + world.lamports(&taken) - world.slot_rent();
    let cost = worth_before + brought - worth_after;
    assert!(cost >= up(50 * SOL, 2, 10_000), "{cost}");
    world.assert_books();
}
