//! The pictures `docs/images/bench-*.svg`.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::plot::{Bars, FLOOR, Height, Line, PACKED, SPL, THAW, bars, lines};
use crate::results::{CurveRow, Results};

/// Rows of the instructions' picture, with their name there.
const SHOWN: [(&str, &str); 10] = [
    ("deposit_sol, no fee", "deposit SOL"),
    ("withdraw_instant", "exit at once"),
    ("request_withdrawal, joins it", "request a ticket"),
    ("claim_withdrawal", "claim it"),
    ("deposit_stake, into main", "deposit stake"),
    ("withdraw_stake", "withdraw stake"),
    ("delegate, creates the slot", "increase"),
    ("undelegate, first of the epoch", "decrease"),
    ("sync_validators of 1", "refresh of one"),
    ("add_validator, mean of 20", "list a validator"),
];

/// Draws all of them.
///
/// # Errors
/// When one cannot be written.
pub fn draw(results: &Results) -> Result<()> {
    let legend = [("floor: the calls alone", FLOOR), ("Thaw", THAW), ("SPL stake pool", SPL)];
    let groups = SHOWN.map(|(row, name)| {
        let row = results.row(row);
        let values = row.map_or_else(Vec::new, |row| vec![row.floor_cu, Some(row.cu), row.spl_cu]);
        Bars { name: name.to_owned(), values }
    });
    bars(&path("instructions"), "Compute units of a transaction", &legend, &groups)?;
    for work in ["deposit stake", "withdraw stake", "pool update"] {
        let title = format!("Compute units to {}", title(work));
        curve(results, work, &title)?;
    }
    refresh(results)?;
    epoch(results)
}

fn title(work: &str) -> &str {
    if work == "pool update" { "update the pool after its list" } else { work }
}

/// One work against the number of validators.
fn curve(results: &Results, work: &str, title: &str) -> Result<()> {
    let of = |figure: fn(&CurveRow) -> Option<u64>| -> Vec<(f64, f64)> {
        let rows = results.curve.iter().filter(|row| row.work == work);
        rows.filter_map(|row| Some((row.validators as f64, figure(row)? as f64))).collect()
    };
    let both = [
        Line { name: "Thaw", colour: THAW, points: of(|row| row.thaw.map(|thaw| thaw.cu)) },
        Line { name: "SPL stake pool", colour: SPL, points: of(|row| row.spl.map(|spl| spl.cu)) },
    ];
    lines(&path(&work.replace(' ', "-")), title, "compute units", Height::Linear, &both)
}

fn refresh(results: &Results) -> Result<()> {
    let points = |figure: &dyn Fn(&crate::results::SyncRow) -> Option<usize>| {
        let some = results.sync.iter();
        some.filter_map(|row| Some((row.validators as f64, figure(row)? as f64))).collect()
    };
    let all = [
        Line { name: "Thaw", colour: THAW, points: points(&|row| Some(row.transactions)) },
        Line {
            name: "SPL stake pool, its own client",
            colour: SPL,
            points: points(&|row| row.spl_transactions),
        },
        Line {
            name: "SPL stake pool, as many as fit",
            colour: PACKED,
            points: points(&|row| row.spl_packed_transactions),
        },
    ];
    let title = "Transactions to refresh a whole pool";
    lines(&path("refresh"), title, "transactions", Height::Logarithmic, &all)
}

fn epoch(results: &Results) -> Result<()> {
    let points = |kind: &str, is_thaw: bool| {
        let rows = results.epochs.iter().filter(|row| row.kind == kind);
        rows.filter_map(|row| {
            let total = if is_thaw { Some(row.thaw) } else { row.spl };
            Some((row.validators as f64, total?.cu as f64))
        })
        .collect()
    };
    let all = [
        Line { name: "Thaw, quiet", colour: THAW, points: points("quiet", true) },
        Line { name: "Thaw, every validator moved", colour: FLOOR, points: points("busy", true) },
        Line { name: "SPL stake pool, quiet", colour: SPL, points: points("quiet", false) },
        Line {
            name: "SPL stake pool, every validator moved",
            colour: PACKED,
            points: points("busy", false),
        },
    ];
    let title = "Compute units of an epoch";
    lines(&path("epoch"), title, "compute units", Height::Logarithmic, &all)
}

fn path(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images"))
        .join(format!("bench-{name}.svg"))
}
