//! Opening a pool, listing validators, weights, reviews, removals.

use anyhow::Result;
use solana_signer::Signer;
use thaw_client::thaw::{constants::YIELDS, instructions::Weight};
use thaw_tests::{Setup, votes::VoteSpec};

use crate::{
    results::Row,
    send::Cost,
    stage::{Stage, went},
};

/// Validators that are listed; the search for four derived addresses makes each cost something
/// else, so the row is their mean.
pub const LISTED: u64 = 20;

/// Measures them.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let (mut stage, initialize) = Stage::open(&Setup::default())?;
    let mut rows = vec![Row::new("initialize", 0, &initialize)];

    let payer = stage.world.payer.insecure_clone();
    let extend = stage.world.pool.extend_validator_list(&payer.pubkey());
    rows.push(Row::new("extend_validator_list", 0, &stage.measure(extend)?));

    let operator = stage.world.operator.insecure_clone();
    let mut costs = Vec::new();
    for index in 0..LISTED {
        let listing = stage.listing(index as u16)?;
        stage.know(&stage.world.votes[index as usize].clone());
        costs.push(stage.measure_of(&[&payer, &operator], &[listing])?);
    }
    rows.extend(mean(&costs).map(|mean| Row::new("add_validator, mean of 20", costs.len(), &mean)));

    let weights: Vec<Weight> = (0..5).map(|index| Weight { index, weight: 1 }).collect();
    let weights = stage.world.pool.set_weights(&operator.pubkey(), weights);
    rows.push(Row::new("set_weights of 5", 5, &stage.measure_of(&[&operator], &[weights])?));
    rows.extend(curate(&mut stage)?);
    Ok(rows)
}

/// The mean of what several transactions of one shape took.
pub fn mean(costs: &[Cost]) -> Option<Cost> {
    let count = costs.len() as u64;
    let last = costs.last()?;
    let units = costs.iter().map(|cost| cost.units).sum::<u64>() / count;
    let floor = costs.iter().filter_map(|cost| cost.floor).sum::<u64>() / count;
    Some(Cost { units, floor: last.floor.map(|_| floor), ..*last })
}

/// Reviews by vote accounts with the longest history there is, and a removal.
fn curate(stage: &mut Stage) -> Result<Vec<Row>> {
    let (pool, votes) = (stage.world.pool, stage.world.votes.clone());
    let payer = stage.world.payer.pubkey();
    let world = &mut stage.world;
    let weights = (0..5).map(|index| Weight { index, weight: 1_000 }).collect();
    went(world.set_weights(weights))?;
    world.next_epoch();
    went(world.finalize())?;
    let epoch = world.clock().epoch;
    let history = |last: u64| VoteSpec::voted_in(last - 64..last);
    world.write_vote(0, &VoteSpec { commission_bps: 10_000, ..history(epoch) });
    world.write_vote(1, &history(epoch));
    world.write_vote(2, &history(epoch));
    let listed = LISTED as usize;
    let by_commission = stage.measure(pool.review_validator(&votes[0], 0))?;
    let world = &mut stage.world;
    world.change_pool(|pool| {
        (pool.counters.aside_weight, pool.mean_yields_ppb) = (0, [120_000; YIELDS]);
    });
    // As if the pool's stake had been active there, and had earned nothing.
    world.change_record(2, |record| {
        (record.booked_epoch, record.yields_ppb) = (epoch, [0; YIELDS]);
    });
    let by_yield = stage.measure(pool.review_validator(&votes[2], 2))?;
    let world = &mut stage.world;
    went(world.set_weights(vec![Weight { index: 3, weight: 0 }]))?;
    let operator = world.operator.insecure_clone();
    let remove = pool.remove_validator(&operator.pubkey(), &votes[3], 3);
    let begins = stage.measure_of(&[&operator], &[remove])?;
    let world = &mut stage.world;
    world.next_epoch();
    went(world.finalize())?;
    let ends = stage.measure(pool.remove_validator(&payer, &votes[3], 3))?;
    Ok(vec![
        Row::new("review_validator, by its commission", listed, &by_commission),
        Row::new("review_validator, by its yield", listed, &by_yield),
        Row::new("remove_validator, begins", listed, &begins),
        Row::new("remove_validator, no slot is open", listed, &ends),
    ])
}
