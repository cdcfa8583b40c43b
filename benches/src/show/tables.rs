//! The tables of the benchmark's page and of the README.

use super::number::{grouped, or_dash, times};
use crate::{
    life::WORKS,
    peers,
    results::{CurveRow, Figure, Results, Row},
    total::Total,
};

/// Rows of the README's table, with what they are called there.
const SUMMARY: [(&str, &str); 9] = [
    ("deposit_sol, no fee", "deposit SOL"),
    ("withdraw_instant", "exit at once"),
    ("request_withdrawal, joins it", "request a ticket"),
    ("request_withdrawal, opens the batch", "the first request of an epoch, which opens the batch"),
    ("claim_withdrawal", "claim it"),
    ("settle_withdrawals, in full", "settle a batch of any size"),
    ("deposit_stake, into main", "deposit a stake account"),
    ("withdraw_stake", "withdraw a stake account"),
    ("sync_validators of 1", "refresh one validator"),
];

/// The README's table.
pub fn summary(results: &Results) -> String {
    let mut lines = vec![
        "| work, compute units | Thaw | SPL stake pool | floor |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for (name, shown) in SUMMARY {
        let Some(row) = results.row(name) else { continue };
        lines.push(line(&[
            shown.to_owned(),
            grouped(row.cu),
            or_dash(row.spl_cu),
            or_dash(row.floor_cu),
        ]));
    }
    let at = |work: &str, validators: usize| {
        let mut rows = results.curve.iter();
        rows.find(|row| row.work == work && row.validators == validators)
    };
    for (work, validators) in [("withdraw stake", 2_950), ("pool update", 2_950)] {
        let Some(row) = at(work, validators) else { continue };
        let shown = format!("{work} with {} validators", grouped(validators as u64));
        lines.push(line(&[shown, cu(row.thaw), cu(row.spl), "–".to_owned()]));
    }
    if let Some(row) = results.sync.iter().find(|row| row.validators == 1_000) {
        lines.push(line(&[
            "refresh 1,000 validators".to_owned(),
            format!("{} in {} transactions", grouped(row.cu), row.transactions),
            match (row.spl_cu, row.spl_transactions) {
                (Some(cu), Some(count)) => format!("{} in {count}", grouped(cu)),
                _ => "–".to_owned(),
            },
            or_dash(row.floor_cu),
        ]));
    }
    lines.push(line(&[
        "bytes of the program".to_owned(),
        grouped(results.size.thaw_bytes),
        grouped(results.size.spl_bytes),
        "–".to_owned(),
    ]));
    lines.join("\n")
}

/// What was measured.
pub fn what(results: &Results) -> String {
    format!(
        "| | |\n|---|---|\n| tools | {} |\n| Thaw, SHA-256 | `{}` |\n| SPL stake pool 2.2.0, SHA-256 \
         | `{}` |\n| Thaw, bytes | {} |\n| SPL stake pool, bytes | {} |",
        results.toolchain,
        results.programs.thaw,
        results.programs.spl,
        grouped(results.size.thaw_bytes),
        grouped(results.size.spl_bytes),
    )
}

/// Every instruction.
pub fn instructions(results: &Results) -> String {
    let mut lines = vec![
        "| instruction | units | floor | over it | SPL | Thaw's part of it | accounts | SPL | bytes | SPL |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    let is_first = |row: &&Row| row.name != "finalize_epoch" || row.validators == 100;
    for row in results.instructions.iter().filter(is_first) {
        let over = row.floor_cu.map_or_else(dash, |floor| format!("{}×", times(row.cu, floor)));
        let part = row.spl_cu.map_or_else(dash, |spl| format!("{} %", row.cu * 100 / spl));
        lines.push(line(&[
            row.name.clone(),
            grouped(row.cu),
            or_dash(row.floor_cu),
            over,
            or_dash(row.spl_cu),
            part,
            row.accounts.to_string(),
            row.spl_accounts.map_or_else(dash, |accounts| accounts.to_string()),
            row.bytes.to_string(),
            row.spl_bytes.map_or_else(dash, |bytes| bytes.to_string()),
        ]));
    }
    lines.join("\n")
}

/// Thaw's tickets beside what others have measured of Marinade's.
pub fn tickets(results: &Results) -> String {
    let mut lines =
        vec!["| work | Thaw | Marinade | floor |".to_owned(), "|---|---|---|---|".to_owned()];
    for (work, name, marinade) in peers::MARINADE {
        let Some(row) = results.row(name) else { continue };
        let shown = format!("{work}: `{name}`");
        lines.push(line(&[shown, grouped(row.cu), grouped(marinade), or_dash(row.floor_cu)]));
    }
    lines.join("\n")
}

/// Each work against the number of validators.
pub fn curve(results: &Results) -> String {
    let mut sizes: Vec<usize> = results.sync.iter().map(|row| row.validators).collect();
    sizes.sort_unstable();
    let heads: Vec<String> = sizes.iter().map(|size| grouped(*size as u64)).collect();
    let mut lines = vec![
        format!("| units with so many validators | {} |", heads.join(" | ")),
        format!("|---|{}", "---|".repeat(sizes.len())),
    ];
    for work in WORKS {
        let of = |figure: fn(&CurveRow) -> Option<Figure>| {
            let row = |size: &usize| {
                let mut rows = results.curve.iter();
                rows.find(|row| row.work == work && row.validators == *size).and_then(figure)
            };
            sizes.iter().map(row).collect::<Vec<_>>()
        };
        for (who, figures) in [("Thaw", of(|row| row.thaw)), ("SPL", of(|row| row.spl))] {
            if figures.iter().any(Option::is_some) {
                let mut cells = vec![format!("{work}, {who}")];
                cells.extend(figures.into_iter().map(cu));
                lines.push(line(&cells));
            }
        }
    }
    lines.join("\n")
}

/// The refresh of whole pools.
pub fn sync(results: &Results) -> String {
    let mut lines = vec![
        "| validators | transactions | units | each | floor of each | SPL's client: transactions | units | each | as many as fit: transactions | units |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for row in &results.sync {
        let each = |units: u64| units / row.validators as u64;
        let count = |count: Option<usize>| or_dash(count.map(|count| count as u64));
        lines.push(line(&[
            grouped(row.validators as u64),
            row.transactions.to_string(),
            grouped(row.cu),
            grouped(each(row.cu)),
            or_dash(row.floor_cu.map(each)),
            count(row.spl_transactions),
            or_dash(row.spl_cu),
            or_dash(row.spl_cu.map(each)),
            count(row.spl_packed_transactions),
            or_dash(row.spl_packed_cu),
        ]));
    }
    lines.join("\n")
}

/// Whole epochs.
pub fn epochs(results: &Results) -> String {
    let mut lines = vec![
        "| epoch | validators | Thaw: transactions | units | signatures | fees, lamports | SPL: transactions | units | signatures | fees, lamports |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    let cells = |total: Option<Total>| match total {
        None => [(); 4].map(|()| dash()),
        Some(total) => {
            [total.transactions as u64, total.cu, total.signatures as u64, total.fee_lamports]
                .map(grouped)
        }
    };
    let mut rows: Vec<_> = results.epochs.iter().collect();
    rows.sort_by_key(|row| (row.kind != "quiet", row.validators));
    for row in rows {
        let mut all = vec![row.kind.clone(), grouped(row.validators as u64)];
        all.extend(cells(Some(row.thaw)));
        all.extend(cells(row.spl));
        lines.push(line(&all));
    }
    lines.join("\n")
}

/// One line of a table.
pub fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn cu(figure: Option<Figure>) -> String {
    or_dash(figure.map(|figure| figure.cu))
}

fn dash() -> String {
    "–".to_owned()
}
