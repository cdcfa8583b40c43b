//! The states: each is one that a price, a gate or a view depends on.

use solana_stake_history::StakeHistoryEntry;
use thaw_client::thaw::{
    constants::ADMISSION_TICKET_LAMPORTS,
    instructions::Weight,
    state::{Config, Counters, NO_YIELD, Paths},
};
use thaw_tests::{
    DAY, SOL, Setup,
    votes::{Layout, VoteSpec},
    world::config,
};

use super::scene::Scene;

/// A holder's deposit.
const DEPOSIT: u64 = 3_000 * SOL;

/// Every state by its name.
pub fn all() -> Vec<(&'static str, Scene)> {
    vec![
        ("fresh", fresh()),
        ("warm", warm()),
        ("gain, half released", half_released()),
        ("gain, booked and not finalized", booked()),
        ("loss to be made up", loss()),
        ("circuit breaker", broken()),
        ("stale by 1 epoch", stale(1)),
        ("stale by 4 epochs", stale(4)),
        ("stale by time", stale_by_time()),
        ("reserve below its target", low_reserve(6 * SOL)),
        ("reserve a little above its target", low_reserve(46 * SOL)),
        ("open batches", open_batches()),
        ("a batch half settled", half_settled()),
        ("paused", paused()),
        ("winding down", winding_down()),
        ("long history", long_history()),
        ("rewards window", rewards_window()),
        ("fees and a referrer", fees()),
        ("no value", no_value()),
        ("warming and cooling", warming_and_cooling()),
        ("weights about to change", weights_to_come()),
        ("a higher minimum delegation", higher_minimum()),
        ("validators of every kind", kinds()),
        ("validators of every kind, in the move window", kinds_late()),
    ]
}

fn setup() -> Setup {
    Setup::default()
}

fn fresh() -> Scene {
    Scene::new(&setup(), 100 * SOL)
}

fn warm() -> Scene {
    Scene::warm(&setup(), DEPOSIT)
}

/// An epoch's reward to every validator, paid at its boundary.
fn rewarded() -> Scene {
    let mut scene = warm();
    scene.world.next_epoch();
    scene.world.pay_rewards(5_000);
    scene
}

fn half_released() -> Scene {
    let mut scene = rewarded();
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    scene.world.go_to(50);
    scene
}

fn booked() -> Scene {
    let mut scene = rewarded();
    scene.world.sync().unwrap();
    scene
}

fn loss() -> Scene {
    let mut scene = warm();
    scene.world.next_epoch();
    scene.world.pay_rewards(6_000);
    scene.world.slash(0, 7 * SOL + 123_456_789);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    scene.world.go_to(10);
    assert!(scene.world.pool().loss_carry_lamports > 0);
    scene
}

fn broken() -> Scene {
    let mut scene = warm();
    scene.world.next_epoch();
    scene.world.slash(1, 900 * SOL);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    assert!(scene.world.pool().is_broken(scene.world.clock().unix_timestamp));
    scene
}

fn stale(epochs: u64) -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.world.pay_rewards(4_000);
    scene.world.skip_epochs(epochs);
    scene.world.wait(1_234);
    if epochs <= 3 {
        let reserve = scene.world.float() + 200 * SOL;
        scene.world.set_reserve(reserve);
        scene.world.withdraw_instant(&scene.holder, 2 * SOL).unwrap();
        assert!(scene.world.pool().counters.stale_exit_lamports > 0);
    }
    scene
}

fn stale_by_time() -> Scene {
    let mut scene = warm();
    scene.world.wait(4 * DAY);
    scene
}

fn low_reserve(liquid: u64) -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    let reserve = scene.world.float() + liquid;
    scene.world.set_reserve(reserve);
    scene.world.change_pool(|pool| pool.liquidity_target_lamports = 40 * SOL);
    scene
}

fn open_batches() -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.request(20 * SOL);
    scene.request(7 * SOL + 1);
    scene.world.crank_epoch();
    scene.world.next_epoch();
    scene.request(500 * SOL);
    scene.world.go_to(3);
    scene
}

fn half_settled() -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.request(300 * SOL);
    scene.request(123_456_789_012);
    scene.request(1);
    scene.world.begin_epoch();
    let reserve = scene.world.float() + 150 * SOL + 7;
    scene.world.set_reserve(reserve);
    scene.world.settle().unwrap();
    let first = scene.tickets[0];
    scene.world.push_claim(&first).unwrap();
    scene.world.set_reserve(reserve / 2);
    scene.world.settle().unwrap();
    let batch = scene.world.batch(0).unwrap();
    assert!(batch.shares_settled > 0 && !batch.is_settled());
    scene
}

fn paused() -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.world.pause(Paths::ALL, 10_000).unwrap();
    scene
}

fn winding_down() -> Scene {
    let mut scene = warm();
    scene.world.start_wind_down();
    scene.world.begin_epoch();
    scene
}

/// More finalizes than the ring has entries, at a varying pace.
fn long_history() -> Scene {
    let mut scene = warm();
    for epoch in 0..70 {
        scene.world.next_epoch();
        if epoch % 9 == 8 {
            scene.world.slash(0, SOL / 3);
        } else {
            scene.world.pay_rewards(4_000 + 300 * (epoch % 7));
        }
        scene.world.sync().unwrap();
        scene.world.wait(60 * (epoch % 5) as i64);
        scene.world.finalize().unwrap();
    }
    scene
}

fn rewards_window() -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.world.rewards_window(true);
    scene
}

fn fees() -> Scene {
    let config = Config {
        deposit_fee_bps: 37,
        referral_bps: 2_500,
        stake_withdrawal_fee_bps: 50,
        instant_fee_min_bps: 10,
        instant_fee_max_bps: 10,
        ..config()
    };
    let mut scene = Scene::warm(&Setup { config, ..setup() }, DEPOSIT);
    scene.world.next_epoch();
    scene.world.pay_rewards(7_777);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    scene.world.go_to(33);
    scene
}

fn no_value() -> Scene {
    let mut scene = fresh();
    let assets = scene.world.assets();
    scene.world.change_pool(|pool| pool.pending_fees_lamports = assets);
    scene
}

/// Stake on its way in and out, both slower than asked for.
fn warming_and_cooling() -> Scene {
    let mut scene = warm();
    let epoch = scene.world.clock().epoch;
    scene.world.begin_epoch();
    scene.request(1_000 * SOL);
    scene.world.begin_epoch();
    scene.world.move_window();
    scene.world.move_all();
    scene.world.deposit(&scene.holder, 2_500 * SOL).unwrap();
    scene.world.move_all();
    let tight = StakeHistoryEntry {
        effective: 5_000 * SOL,
        activating: 1_000 * SOL + 1,
        deactivating: 1_000 * SOL + 3,
    };
    let history: Vec<(u64, StakeHistoryEntry)> =
        (epoch..epoch + 4).map(|epoch| (epoch, tight.clone())).collect();
    scene.world.next_epoch_after(&history);
    scene.world.sync().unwrap();
    scene.world.finalize().unwrap();
    scene.world.go_to(7);
    let pool = scene.world.pool();
    assert!(pool.cooling_slots > 0 && scene.world.states(0).len() == 3);
    scene
}

/// What attracts stake differs from what keeps it: one weight falls, one rises.
fn weights_to_come() -> Scene {
    let mut scene = warm();
    let weights = |weights: [u32; 3]| {
        (0..).zip(weights).map(|(index, weight)| Weight { index, weight }).collect()
    };
    scene.world.set_weights(weights([10, 10, 10])).unwrap();
    scene.world.begin_epoch();
    scene.world.set_weights(weights([4, 10, 30])).unwrap();
    scene
}

/// The stake program asks for more than 1 SOL.
fn higher_minimum() -> Scene {
    let mut scene = warm();
    scene.world.begin_epoch();
    scene.world.change_pool(|pool| pool.min_delegation_lamports = 20 * SOL);
    scene
}

/// A validator without fault, one that takes too much, one without a BLS key, one that is gone, one
/// that earns too little, one that cannot pay a ticket, one whose layout nobody knows.
fn kinds() -> Scene {
    let mut scene = Scene::warm(&Setup { validators: 7, ..setup() }, DEPOSIT);
    scene.world.begin_epoch();
    let world = &mut scene.world;
    world.write_vote(1, &VoteSpec { commission_bps: 10_000, ..VoteSpec::default() });
    world.write_vote(
        2,
        &VoteSpec { commission_bps: 700, layout: Layout::V3, ..VoteSpec::default() },
    );
    world.write_vote(4, &VoteSpec { commission_bps: 500, ..VoteSpec::default() });
    let poor = VoteSpec { spare_lamports: ADMISSION_TICKET_LAMPORTS - 1, ..VoteSpec::default() };
    world.write_vote(5, &poor);
    let mut later = world.svm.get_account(&world.votes[6]).unwrap();
    later.data[0] = 4;
    world.svm.set_account(world.votes[6], later).unwrap();
    // The first lacks as much of an epoch as the fifth, which luck explains where few windows are due.
    for index in 0..7 {
        world.change_record(index, |record| {
            record.yields_ppb = [NO_YIELD; 3];
            record.windows_16 = if index == 0 { 14 * 16 } else { 7 };
            record.dilution_percent = 100 + index;
            record.epoch_stake_sol = 70_000 + u32::from(index);
            if [0, 4].contains(&index) {
                record.deficit_ppm = 6_400_000;
                record.yields_ppb = [160_000, 100, 200_000];
            }
        });
    }
    world.change_pool(|pool| {
        pool.mean_yields_ppb = [200_000; 3];
        pool.counters = Counters { epoch: pool.epoch, ..pool.counters };
    });
    world.review(1).unwrap();
    let gone = world.votes[3];
    world.svm.set_account(gone, solana_account::Account::default()).unwrap();
    let slot = world.slot(2, 2);
    world.send_lamports(&slot, 5_000_000);
    let main = world.main_slot(2);
    world.tip(&main, 77_777);
    world.change_pool(|pool| pool.sol_per_window = 4_321);
    scene
}

/// The same when a missing ticket counts.
fn kinds_late() -> Scene {
    let mut scene = kinds();
    scene.world.move_window();
    scene
}
