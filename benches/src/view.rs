//! What readers call.

use anyhow::{Result, anyhow};
use solana_signer::Signer;
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
    let refresh = pool.refresh_spl_view(&stage.world.payer.pubkey());
    let mut rows = Vec::new();
    let refreshes =
        ["refresh_spl_view, opens it", "refresh_spl_view"].map(|name| (name, refresh.clone()));
    for (name, instruction) in views.into_iter().chain(refreshes) {
        rows.push(Row::new(name, 1, &stage.measure(instruction)?));
    }
    stage.world.next_epoch();
    stage.reward_all();
    stage.world.sync().map_err(|refused| anyhow!("{refused:?}"))?;
    let finalize = stage.measure(pool.finalize_epoch_and_view())?;
    rows.push(Row::new("finalize_epoch, with the SPL view", 1, &finalize));
    Ok(rows)
}
