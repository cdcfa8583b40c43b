//! The machine as a keeper sees it.

use solana_epoch_schedule::EpochSchedule;
use solana_signer::Signer;
use thaw_client::{Snapshot, ValidatorView, thaw::state::StakeView};
use thaw_keeper::Action;
use thaw_tests::{Outcome, World};

/// What RPC would show of the machine.
pub fn snapshot(world: &World) -> Snapshot {
    let (pool, records) = (world.pool(), world.records());
    let validators = (0u16..).zip(records).filter(|(_, record)| !record.is_free());
    let validators = validators.map(|(index, record)| {
        let slots = world.pool.slots(&record.vote).map(|key| {
            world.svm.get_account(&key).map_or((0, StakeView::Foreign), |account| {
                let view = thaw_client::slots::view(&key, &account, &pool.authority, &record.vote);
                (account.lamports, view)
            })
        });
        let vote = world.svm.get_account(&record.vote);
        let seat = thaw_client::slots::seat(vote.as_ref());
        ValidatorView { index, record, slots, seat }
    });
    let validators: Vec<ValidatorView> = validators.collect();
    let first = pool.oldest_batch.saturating_sub(64);
    Snapshot {
        addresses: world.pool,
        reserve_lamports: world.lamports(&world.pool.reserve),
        batches: (first..pool.next_batch).filter_map(|serial| world.batch(serial)).collect(),
        clock: world.clock(),
        schedule: world.svm.get_sysvar::<EpochSchedule>(),
        rent: world.rent(),
        stake_history: Default::default(),
        is_rewards_window: false,
        spl_view: world.spl_view(),
        validators,
        pool,
    }
}

/// Sends an action; the world's payer pays.
pub fn carry_out(world: &mut World, action: &Action) -> Outcome {
    let instruction = action.instruction(&world.pool, &world.payer.pubkey());
    world.send(&[instruction], &[])
}
