//! What readers call.

use anyhow::Result;
use thaw_tests::{SOL, Setup};

use crate::{results::Row, stage::Stage};

/// Measures the views, in a pool that has earned and is finalized.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), 1, 1_000 * SOL)?;
    stage.world.move_all();
    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;

    let pool = stage.world.pool;
    let views = [
        ("quote_deposit", pool.quote_deposit(SOL)),
        ("quote_withdraw", pool.quote_withdraw(5 * SOL)),
        ("lst_to_sol", pool.lst_to_sol(SOL)),
        ("sol_to_lst", pool.sol_to_lst(SOL)),
    ];
    views.into_iter().map(|(name, view)| Ok(Row::new(name, 1, &stage.measure(view)?))).collect()
}
