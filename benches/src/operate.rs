//! Opening a pool, listing validators, weights.

use anyhow::Result;
use thaw_tests::{Sent, Setup};

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
    Ok(rows)
}
