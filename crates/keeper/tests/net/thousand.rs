//! A pool as large as a cluster.

use std::mem::size_of;

use anchor_lang::prelude::Pubkey;
use bytemuck::{bytes_of, from_bytes_mut};
use thaw_client::{
    decode,
    thaw::state::{LIST_HEADER_BYTES, Pool, Record, SlotState, ValidatorList},
};
use thaw_keeper::Keeper;

use crate::scene::{Scene, count};

const VALIDATORS: usize = 1_000;
/// Offset of the vote account in a delegated stake account.
const VOTER: usize = 124;
/// Offset of the vote credits that it is paid up to.
const CREDITS: usize = 188;

/// 1,000 validators are synced in as many transactions as their addresses need, none for nothing.
#[tokio::test]
async fn a_thousand_validators_are_synced_in_17_transactions() {
    let scene = Scene::with(VALIDATORS, 1).await;
    let (mut keeper, tools, _stop) = scene.keeper(scene.client()).await;
    one_staked(&scene, &mut keeper).await;
    multiply(&scene, VALIDATORS).await;

    scene.net.advance_epoch().await.unwrap();
    let before = count(&tools, "landed");
    let report = keeper.round().await;
    assert!(report.error.is_none() && report.failed() == 0, "{report:#?}");
    assert_eq!(count(&tools, "landed") - before, 17 + 1);
    assert_eq!(count(&tools, "failed"), 0);
    let snapshot = scene.snapshot().await;
    assert_eq!(snapshot.pool.epoch, snapshot.clock.epoch, "finalized");
    assert_eq!(snapshot.lamports_in_books(), snapshot.lamports_on_chain());
    assert!(snapshot.validators.iter().all(|view| view.record.gain_lamports > 0));
}

/// Gives the pool's one validator active stake in its main slot.
pub async fn one_staked(scene: &Scene, keeper: &mut Keeper) {
    scene.deposit(20).await;
    for _ in 0..2 {
        scene.net.advance_epoch().await.unwrap();
        keeper.run_once().await;
        scene.net.warp_to_epoch_fraction(8_000).await.unwrap();
        keeper.run_once().await;
    }
}

/// Makes as many of the pool's one validator: listing and delegating to each would take minutes and
/// show nothing more.
pub async fn multiply(scene: &Scene, validators: usize) {
    let pool = scene.pool;
    let mut list = scene.net.account(pool.validators).await.unwrap().unwrap();
    let (_, records) = decode::validators(&list.data).unwrap();
    let model = records[0];
    let main = model.main().unwrap();
    assert_eq!(model.slots[main].state(), SlotState::Active);
    let stake = scene.net.account(pool.slots(&model.vote)[main]).await.unwrap().unwrap();

    list.data.resize(LIST_HEADER_BYTES + validators * size_of::<Record>(), 0);
    list.lamports *= validators as u64;
    let header: &mut ValidatorList = from_bytes_mut(&mut list.data[8..LIST_HEADER_BYTES]);
    (header.count, header.live) = (validators as u32, validators as u32);
    let votes: Vec<Pubkey> = scene.net.validators().iter().map(|it| it.vote).collect();
    for (place, vote) in votes.into_iter().enumerate().skip(1) {
        let mut record = Record { vote, ..model };
        for (index, slot) in record.slots.iter_mut().enumerate() {
            let seeds = [b"stake", pool.pool.as_ref(), vote.as_ref(), &[index as u8]];
            let (address, bump) = Pubkey::find_program_address(&seeds, &thaw_client::thaw::ID);
            assert_eq!(address, pool.slots(&vote)[index]);
            slot.bump = bump;
        }
        let start = LIST_HEADER_BYTES + place * size_of::<Record>();
        list.data[start..start + size_of::<Record>()].copy_from_slice(bytes_of(&record));
        let mut account = stake.clone();
        account.data[VOTER..VOTER + 32].copy_from_slice(vote.as_ref());
        // Every vote account counts credits of its own.
        account.data[CREDITS..CREDITS + 8].fill(0);
        scene.net.set_account(pool.slots(&vote)[main], account).await.unwrap();
    }
    scene.net.set_account(pool.validators, list).await.unwrap();

    let mut account = scene.net.account(pool.pool).await.unwrap().unwrap();
    let books: &mut Pool = from_bytes_mut(&mut account.data[8..8 + size_of::<Pool>()]);
    let times = validators as u64;
    let more = model.lamports() * (times - 1);
    books.staked_lamports += more;
    books.assets_lamports += more;
    books.nav_lamports += more;
    books.finalized_staked_lamports += more;
    books.weight_sum *= times;
    books.next_weight_sum *= times;
    books.holding_validators *= validators as u32;
    books.synced_validators *= validators as u32;
    books.open_slots *= validators as u32;
    scene.net.set_account(pool.pool, account).await.unwrap();
}
