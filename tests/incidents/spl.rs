//! Findings in the SPL stake pool and the single-validator pool: stake, rate, storage.

use solana_stake_interface::state::{Authorized, StakeStateV2};
use thaw_client::thaw::{
    error::ThawError,
    instructions::Weight,
    state::{Config, Record},
};
use thaw_tests::{
    DAY, SOL, Setup, World,
    checks::refuses,
    sums::{down, up},
    world::config,
};

/// The largest account that the runtime has, bytes.
const LARGEST: usize = 10 * 1024 * 1024;

/// Extra lamports became active stake at once, and its reward with it. Here who turns SOL into active
/// stake through the pool pays more than an epoch of its yield.
#[test]
fn s03_sol_does_not_become_active_stake_for_less_than_its_yield() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let weights = [(0, 1), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();

    let hasty = world.holder(200 * SOL);
    let shares = world.bought(100 * SOL, false).shares;
    let stake = world.fresh_stake();
    let both = [
        world.pool.deposit_sol(&hasty.address(), &hasty.tokens, 100 * SOL, shares),
        world.stake_exit(&hasty, 0, &stake, shares),
    ];
    world.send(&both, &[&hasty.key]).unwrap();
    assert_eq!(world.tokens(&hasty.tokens), 0);
    let active = world.delegation(&stake);
    assert!(active + up(active, 1, 5_000) < 100 * SOL, "{active}");
    world.assert_books();
}

/// A staker's new validators drained the reserve, and one became the staker's. Here a listing takes
/// nothing from the pool, and what is delegated stays under the pool's authority.
#[test]
fn s08_listings_take_nothing_from_the_reserve() {
    let mut world = World::new();
    let before = (world.lamports(&world.pool.reserve), world.pool().reserve_lamports);
    for _ in 0..20 {
        world.add_validator();
    }
    assert_eq!((world.lamports(&world.pool.reserve), world.pool().reserve_lamports), before);

    let holder = world.holder(1_000 * SOL);
    world.deposit(&holder, 900 * SOL).unwrap();
    world.crank_epoch();
    let slots = (0..3).flat_map(|index| (0..3).map(move |place| (index, place)));
    let open: Vec<_> =
        slots.filter(|(index, place)| world.recorded(*index, *place).is_open()).collect();
    assert_eq!(open.len(), 3);
    for (index, place) in open {
        let data = world.svm.get_account(&world.slot(index, place)).unwrap().data;
        let StakeStateV2::Stake(meta, ..) = bincode::deserialize(&data).unwrap() else {
            panic!("no delegation at slot {place} of {index}");
        };
        assert_eq!(meta.authorized, Authorized::auto(&world.pool.authority));
        assert_eq!(meta.lockup, Default::default());
    }
}

/// A validator with an odd amount could be neither removed nor left, since halves below the minimum
/// cannot be split off. Here every amount around the minima leaves to the lamport.
#[test]
fn s09_a_validator_with_any_amount_of_stake_can_be_left_and_removed() {
    let config = Config {
        circuit_loss_bps: 10_000,
        max_rebalance_bps: 2_000,
        max_violator_bps: 2_000,
        ..config()
    };
    for amount in [1, SOL - 1, SOL, SOL + 1, 2 * SOL - 1, 2 * SOL, 2 * SOL + 1, 3 * SOL - 1] {
        let setup = Setup { config, validators: 2, ..Setup::default() };
        let (mut world, _) = World::warm(setup, 100 * SOL);
        let lost = world.delegation(&world.main_slot(0)) - amount;
        world.slash(0, lost);
        world.begin_epoch();
        world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
        for _ in 0..6 {
            if world.record(0).is_held() {
                world.crank_epoch();
            }
        }
        world.remove(0).unwrap();
        assert_eq!(world.record(0), Record::default(), "{amount}");
        world.assert_books();
    }
}

/// A removed validator that was "preferred" blocked every withdrawal. Here no exit names one, but for
/// stake, and there the holder does.
#[test]
fn s05_a_removed_validator_blocks_no_exit() {
    let config = Config { max_rebalance_bps: 2_000, max_violator_bps: 2_000, ..config() };
    let (mut world, mut holder) = World::warm(Setup { config, ..Setup::default() }, 3_000 * SOL);
    world.set_weights(vec![Weight { index: 2, weight: 0 }]).unwrap();
    while world.record(2).is_held() {
        world.crank_epoch();
    }
    world.remove(2).unwrap();
    let before = world.all_accounts();
    let exit = world.withdraw_stake(&holder, 2, 5 * SOL);
    refuses(exit.map(|_| panic!("left")), ThawError::NoSuchValidator);
    let touched: Vec<_> =
        world.known.iter().filter(|key| !before.contains_key(*key)).copied().collect();
    world.assert_same(&before, &touched);

    let weights = [(0, 1), (1, 8)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.begin_epoch();
    world.take_for_paid();
    world.withdraw_stake(&holder, 0, 5 * SOL).unwrap();
    world.withdraw_instant(&holder, 5 * SOL).unwrap();
    let ticket = world.request(&mut holder, 500 * SOL).unwrap();
    for _ in 0..3 {
        world.crank_epoch();
    }
    world.push_claim(&ticket).unwrap();
}

/// Lists of 35,000 made every withdrawal run out of compute units. Here the largest list there can be
/// costs a holder and the finalize not one unit.
#[test]
fn s19_the_largest_list_costs_a_holder_not_one_unit() {
    let (mut world, mut holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.request(&mut holder, SOL).unwrap();
    world.next_epoch();
    world.sync().unwrap();
    let units = |world: &mut World, holder: &mut thaw_tests::Holder| {
        let finalize = world.finalize().unwrap().units;
        let settle = world.settle().unwrap().units;
        let deposit = world.deposit(holder, SOL).unwrap().units;
        let instant = world.withdraw_instant(holder, SOL).unwrap().units;
        let ticket = world.pool.ticket(&holder.address(), 0);
        let claim = world.push_claim(&ticket).unwrap().units;
        [finalize, settle, deposit, instant, claim]
    };
    let small = world.svm.clone();
    let few = units(&mut world, &mut holder);
    world.svm = small;
    let list = world.pool.validators;
    let mut account = world.svm.get_account(&list).unwrap();
    account.data.resize(LARGEST, 0);
    account.lamports = world.rent().minimum_balance(LARGEST);
    world.svm.set_account(list, account).unwrap();
    assert_eq!(units(&mut world, &mut holder), few);
}

/// Donations to a new pool moved its rate, so that the next deposit rounded to nothing for the
/// donor's profit. Here the first shares are 1 SOL that never leaves, and the donor pays.
#[test]
fn s28_a_new_pools_rate_cannot_be_inflated_at_the_next_ones_cost() {
    let setup = Setup { bootstrap_lamports: SOL, validators: 0, ..Setup::default() };
    let mut world = World::with(setup);
    let attacker = world.holder(20_000 * SOL);
    world.deposit(&attacker, 1_000).unwrap();
    let (donated, reserve) = (10_000 * SOL, world.pool.reserve);
    world.send_lamports(&reserve, donated);
    world.next_epoch();
    world.finalize().unwrap();
    world.wait(3 * DAY);
    world.finalize().unwrap_err();
    world.next_epoch();
    world.finalize().unwrap();

    let victim = world.holder(20 * SOL);
    let pool = world.pool();
    world.deposit(&victim, 10 * SOL).unwrap();
    let worth = world.worth(world.tokens(&victim.tokens));
    let premium = up(10 * SOL, pool.epoch_gain_lamports, world.nav());
    let one_share = up(1, world.nav(), world.pool().shares);
    assert!(worth + premium + 2 * one_share >= 10 * SOL, "{worth} of 10 SOL");
    let kept = world.worth(world.tokens(&attacker.tokens));
    assert!(kept < down(donated, 1, 1_000), "the donor keeps {kept}");
    world.assert_books();
}

/// Tips that lay unclaimed beside the pool's stake were shared by who deposited, merged and left.
/// Here a deposit books them first and pays for them, and they are no gain of who came after.
#[test]
fn p01_unclaimed_tips_are_no_gain_of_who_comes_in_by_stake() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    world.begin_epoch();
    let tipped = world.main_slot(1);
    world.tip(&tipped, 30 * SOL);
    let thief = world.holder(SOL);
    let stake = world.stake_account(&thief.address(), 1, 5 * SOL);
    let brought = world.lamports(&stake);
    world.deposit_stake(&thief, 1, &stake).unwrap();
    world.sweep(1).unwrap();
    assert!(world.worth(world.tokens(&thief.tokens)) <= brought, "at once");
    world.begin_epoch();
    world.wait(3 * DAY);
    assert!(world.worth(world.tokens(&thief.tokens)) <= brought, "once the tips are released");
    world.assert_books();
}
