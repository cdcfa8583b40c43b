//! Opening a pool, listing validators, weights, reviews, removals.

use anyhow::Result;
use thaw_client::thaw::{constants::YIELDS, instructions::Weight};
use thaw_tests::{Sent, Setup, World, votes::VoteSpec};

use crate::{
    results::Row,
    stage::{Stage, went},
};

/// Validators that are listed; the search for four derived addresses makes each cost something
/// else, so the row is their mean.
const LISTED: u64 = 20;

/// Measures them.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let (mut stage, initialize) = Stage::open(&Setup::default())?;
    let mut rows = vec![Row::new("initialize", 0, &initialize)];

    let payer = stage.world.payer.insecure_clone();
    let extend = stage.world.pool.extend_validator_list(&solana_signer::Signer::pubkey(&payer));
    rows.push(Row::new("extend_validator_list", 0, &went(stage.world.send(&[extend], &[]))?));

    let mut units = 0;
    let mut last = None;
    for index in 0..LISTED {
        let sent = stage.add_validator(index as u16)?;
        units += sent.units;
        last = Some(sent);
    }
    if let Some(last) = last {
        let mean = Sent { units: units / LISTED, ..last };
        rows.push(Row::new("add_validator, mean of 20", LISTED as usize, &mean));
    }
    rows.push(Row::new("set_weights of 5", 5, &stage.set_weights(5)?));
    rows.extend(curate(&mut stage.world)?);
    Ok(rows)
}

/// Reviews by vote accounts with the longest history there is, and a removal.
fn curate(world: &mut World) -> Result<Vec<Row>> {
    let weights = (0..5).map(|index| Weight { index, weight: 1_000 }).collect();
    went(world.set_weights(weights))?;
    world.next_epoch();
    went(world.finalize())?;
    let epoch = world.clock().epoch;
    let history = |last: u64| VoteSpec::voted_in(last - 64..last);
    world.write_vote(0, &VoteSpec { commission_bps: 10_000, ..history(epoch) });
    world.write_vote(1, &history(epoch));
    world.write_vote(2, &history(epoch - 2));
    let listed = LISTED as usize;
    let by_commission = went(world.review(0, None))?;
    world.change_pool(|pool| pool.counters.aside_weight = 0);
    // As if the pool's stake had been active there in the last two epochs.
    world.change_record(2, |record| {
        (record.booked_epoch, record.yields_ppb) = (epoch, [0; YIELDS]);
    });
    let by_votes = went(world.review(2, Some(1)))?;
    went(world.set_weights(vec![Weight { index: 3, weight: 0 }]))?;
    let begins = went(world.remove(3))?;
    world.next_epoch();
    went(world.finalize())?;
    let ends = went(world.finish_removal(3))?;
    Ok(vec![
        Row::new("review_validator, by its commission", listed, &by_commission),
        Row::new("review_validator, by missed votes", listed, &by_votes),
        Row::new("remove_validator, begins", listed, &begins),
        Row::new("remove_validator, no slot is open", listed, &ends),
    ])
}
