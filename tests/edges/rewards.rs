//! What epoch rewards do to a delegation since SIMD-0392: edge case 17.

use thaw_client::thaw::{
    events::EpochFinalized,
    state::SlotState::{Active, Cooling, Open},
};
use thaw_tests::{Holder, SOL, Setup, World, crank::allow};

use crate::payout::pay_out;

const REWARD: u64 = 100_000;

/// The epoch after the first one of all stake, in the move window.
fn warm() -> (World, Holder) {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.begin_epoch();
    world.move_window();
    (world, holder)
}

#[test]
fn e17_a_delegation_that_shrank_is_no_loss() {
    let (mut world, mut holder) = warm();
    let slots = [0, 1, 2].map(|index| world.slot(index, 0));
    let before = slots.map(|slot| world.delegation(&slot));
    let (old_rent, old_reserve_rent) = (world.slot_rent(), world.rent().minimum_balance(0));
    world.set_rent(6_960);
    let risen = world.slot_rent() - old_rent;
    assert!(risen > REWARD);
    world.next_epoch();
    for slot in &slots {
        pay_out(&mut world, slot, REWARD);
    }
    // The reward is there in lamports, the delegation is less than before.
    for (slot, before) in slots.iter().zip(before) {
        assert_eq!(world.delegation(slot), before - (risen - REWARD));
    }
    world.sync().unwrap();
    let event: EpochFinalized = world.finalize().unwrap().event();
    let rent = world.rent().minimum_balance(0) - old_reserve_rent;
    let net = (3 * REWARD).checked_sub(rent).unwrap();
    assert_eq!((event.gain_lamports, event.loss_lamports), (net, 0));
    assert_eq!(world.states(0)[0], Active);
    for record in world.records().iter().take(3) {
        assert_eq!(record.yields_ppb[0], 0, "the delegation did not grow");
    }

    // Nothing is swept, stake leaves as before, tickets are paid.
    world.sweep(0).unwrap_err();
    let ticket = world.request(&mut holder, 400 * SOL).unwrap();
    world.move_window();
    world.move_all();
    world.crank_epoch();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    // Once rent falls again, what the account keeps too much comes back.
    world.set_rent(5_080);
    world.sweep(0).unwrap();
    world.assert_books();
}

#[test]
fn e17_a_delegation_that_went_to_nothing_is_collected() {
    let (mut world, mut holder) = warm();
    let slot = world.slot(0, 0);
    let (lamports, assets) = (world.lamports(&slot), world.assets());
    // Rent far beyond the account's lamports while rewards are paid, and only then.
    let per_byte = (lamports + REWARD) / 328 + 1;
    world.next_epoch();
    world.set_rent(per_byte);
    pay_out(&mut world, &slot, REWARD);
    world.set_rent(5_080);
    assert_eq!(world.delegation(&slot), 0);
    let ended = world.clock().epoch - 1;
    world.sync().unwrap();
    assert_eq!((world.states(0)[0], world.recorded(0, 0).epoch), (Cooling, ended));
    assert_eq!(world.pool().cooling_lamports, lamports + REWARD);
    let event: EpochFinalized = world.finalize().unwrap().event();
    assert_eq!((event.gain_lamports, event.loss_lamports), (REWARD, 0), "no lamport is lost");
    assert_eq!(world.assets(), assets + REWARD);

    // A slot that nobody deactivated is free again at once, all it held is liquid.
    let reserve = world.pool().reserve_lamports;
    world.collect(0).unwrap();
    assert_eq!(world.states(0)[0], Open);
    assert_eq!(world.pool().reserve_lamports, reserve + lamports + REWARD - world.slot_rent());
    world.assert_books();
    let ticket = world.request(&mut holder, 500 * SOL).unwrap();
    world.move_window();
    world.move_all();
    world.crank_epoch();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    // The validator gets stake again.
    assert!(world.staked(0) > 500 * SOL, "{}", world.staked(0));
}

#[test]
fn e17_slots_in_every_state_may_shrink_or_go_to_nothing() {
    for per_byte in [6_960, 4_000_000_000] {
        for roles in 1..8u16 {
            let (mut world, mut holder) = warm();
            // Main, activating and cooling.
            world.request(&mut holder, 900 * SOL).unwrap();
            world.undelegate(0).unwrap();
            world.deposit(&holder, 1_500 * SOL).unwrap();
            world.delegate(0).unwrap();
            let ticket = world.request(&mut holder, 200 * SOL).unwrap();
            world.next_epoch();
            let assets = world.assets();
            world.set_rent(per_byte);
            for place in (0..3).filter(|place| roles & 1 << place != 0) {
                let slot = world.slot(0, place);
                pay_out(&mut world, &slot, 0);
            }
            world.set_rent(if per_byte == 6_960 { per_byte } else { 5_080 });
            world.sync().unwrap();
            let event: EpochFinalized = world.finalize().unwrap().event();
            let rent = world.rent().minimum_balance(0) - 128 * 5_080;
            assert_eq!((event.gain_lamports, event.loss_lamports), (0, rent));
            assert_eq!(world.assets(), assets - rent);
            world.tend();
            allow(world.settle(), &[]);
            world.move_window();
            world.move_all();
            world.assert_books();
            world.crank_epoch();
            world.crank_epoch();
            assert_eq!(world.pool().pending_shares, 0, "{roles}");
            world.push_claim(&ticket).unwrap();
            assert!(!world.states(0).contains(&Cooling), "{roles}: {:?}", world.states(0));
        }
    }
}
