//! The model of a large pool on a busy chain, computed from measured figures.

use super::{
    number::{grouped, sol, times},
    tables::line,
};
use crate::{
    results::{EpochRow, Results},
    total::Total,
};

/// Units that a block counts at most, at 200 ms a slot.
const BLOCK: u64 = 50_000_000;
/// Units that a block counts at most for transactions that write to one account.
const ACCOUNT: u64 = 20_000_000;
/// Units that an instruction gets unasked, and the most that a transaction can ask for.
const DEFAULT: u64 = 200_000;
const MOST: u64 = 1_400_000;
/// Slots of a second on mainnet.
const SLOTS_PER_SECOND: u64 = 1_000 / thaw_client::pace::SLOT.as_millis() as u64;
/// Fee of a signature, lamports.
const SIGNATURE: u64 = 5_000;
/// Tickets of a run on the pool.
const TICKETS: u64 = 1_000_000;
/// Parts of an account's limit in a block, per cent, that the pool gets when others want it too.
const SHARES: [u64; 3] = [100, 10, 1];
/// Prices of a unit, micro-lamports.
const PRICES: [u64; 4] = [0, 10_000, 100_000, 1_000_000];

/// How many of an instruction fit a block and a second: each of them writes to the pool.
pub fn locks(results: &Results) -> String {
    let mut lines = vec![
        "| transaction | units | as a block counts them | in a block | in a second |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let names = [
        "deposit_sol, no fee",
        "withdraw_instant",
        "request_withdrawal, joins it",
        "claim_withdrawal",
        "deposit_stake, into main",
        "withdraw_stake",
        "delegate, creates the slot",
        "undelegate, first of the epoch",
        "merge_activated, into main",
        "settle_withdrawals, in full",
    ];
    for name in names {
        let Some(row) = results.row(name) else { continue };
        let fit = ACCOUNT / row.block_cu;
        lines.push(line(&[
            format!("`{name}`"),
            grouped(row.cu),
            grouped(row.block_cu),
            grouped(fit),
            grouped(fit * SLOTS_PER_SECOND),
        ]));
    }
    lines.join("\n")
}

/// A million tickets: what asking, settling and claiming takes.
pub fn tickets(results: &Results) -> String {
    let head = SHARES.map(|share| format!("time at {share} %"));
    let mut lines = vec![
        format!("| a million tickets | units | fees, SOL | {} |", head.join(" | ")),
        format!("|---|---|---|{}", "---|".repeat(SHARES.len())),
    ];
    let works = [
        ("requested", "request_withdrawal, joins it", TICKETS),
        ("settled, in one batch", "settle_withdrawals, in full", 1),
        ("claimed", "claim_withdrawal", TICKETS),
    ];
    for (work, name, count) in works {
        let Some(row) = results.row(name) else { continue };
        let mut cells = vec![work.to_owned(), grouped(row.cu * count), sol(SIGNATURE * count)];
        cells.extend(SHARES.map(|share| time(row.block_cu * count, share)));
        lines.push(line(&cells));
    }
    lines.join("\n")
}

/// An epoch of the largest pools.
pub fn epochs(results: &Results) -> String {
    let head = SHARES.map(|share| format!("time at {share} %"));
    let mut lines = vec![
        format!("| epoch | validators | transactions | units | fees, SOL | {} |", head.join(" | ")),
        format!("|---|---|---|---|---|{}", "---|".repeat(SHARES.len())),
    ];
    for (row, total) in large(results) {
        let mut cells = vec![
            row.kind.clone(),
            grouped(row.validators as u64),
            grouped(total.transactions as u64),
            grouped(total.cu),
            sol(total.fee_lamports),
        ];
        cells.extend(SHARES.map(|share| time(total.block_cu, share)));
        lines.push(line(&cells));
    }
    lines.join("\n")
}

/// What an epoch costs when units have a price.
pub fn congestion(results: &Results) -> String {
    let head = PRICES.map(|price| format!("{} µ-lamports", grouped(price)));
    let mut lines = vec![
        format!(
            "| fees of an epoch, SOL, at a unit's price of | validators | {} |",
            head.join(" | ")
        ),
        format!("|---|---|{}", "---|".repeat(PRICES.len())),
    ];
    for (row, total) in large(results) {
        let mut cells = vec![row.kind.clone(), grouped(row.validators as u64)];
        cells.extend(
            PRICES.map(|price| sol(total.fee_lamports + (total.cu * price).div_ceil(1_000_000))),
        );
        lines.push(line(&cells));
    }
    lines.join("\n")
}

/// Where `set_weights`, which reads the whole list, reaches the limits of a transaction.
pub fn weights(results: &Results) -> String {
    let mut rows = results.curve.iter().filter(|row| row.work == "set a weight");
    let (Some(small), Some(large)) = (rows.next(), rows.next_back()) else { return String::new() };
    let (Some(first), Some(last)) = (small.thaw, large.thaw) else { return String::new() };
    // In thousandths of a unit: a short list is mostly what the transaction itself takes.
    let each = (last.cu - first.cu) * 1_000 / (large.validators - small.validators).max(1) as u64;
    let records = |units: u64| (units - first.cu) * 1_000 / each.max(1) / 1_000 * 1_000;
    format!(
        "It takes {} units for each record: the default of {} units is enough for about {} \
         records, the {} units of the largest budget for about {}.",
        (each + 500) / 1_000,
        grouped(DEFAULT),
        grouped(records(DEFAULT)),
        grouped(MOST),
        grouped(records(MOST)),
    )
}

/// Pools of a thousand validators and more.
fn large(results: &Results) -> Vec<(&EpochRow, Total)> {
    let mut rows: Vec<_> = results.epochs.iter().filter(|row| row.validators >= 1_000).collect();
    rows.sort_by_key(|row| (row.kind != "quiet", row.validators));
    rows.into_iter().map(|row| (row, row.thaw)).collect()
}

/// How long blocks need for so many counted units, when the pool gets a part of an account's limit.
fn time(units: u64, share: u64) -> String {
    let slots = units.div_ceil(ACCOUNT.min(BLOCK) * share / 100);
    let tenths = slots * 10 / SLOTS_PER_SECOND;
    match tenths {
        0..600 => format!("{}.{} s", tenths / 10, tenths % 10),
        600..36_000 => format!("{} min", times(tenths, 600)),
        _ => format!("{} h", times(tenths, 36_000)),
    }
}
