//! What readers call.

use anyhow::Result;
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
    let payer = stage.world.payer.insecure_clone();
    let mut rows = Vec::new();
    for (name, view) in views {
        rows.push(Row::new(name, 1, &stage.send_as(&payer, view)?));
    }
    let refresh = pool.refresh_spl_view(&payer.pubkey());
    for name in ["refresh_spl_view, opens it", "refresh_spl_view"] {
        rows.push(Row::new(name, 1, &stage.send_as(&payer, refresh.clone())?));
    }
    stage.world.next_epoch();
    stage.reward_all();
    stage.sync()?;
    let finalize = stage.send_as(&payer, pool.finalize_epoch_and_view())?;
    rows.push(Row::new("finalize_epoch, with the SPL view", 1, &finalize));
    Ok(rows)
}
