//! The table.

use crate::{
    budget,
    results::{Results, Row, SyncRow},
};

/// Prints every figure beside its budget.
pub fn print(results: &Results) {
    println!("Thaw at {}", results.commit);
    println!("whole transactions without budget instructions; budgets: design, section 13\n");
    println!(
        "{:<40} {:>10} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7}",
        "instruction", "validators", "units", "floor", "SPL", "budget", "accounts", "bytes"
    );
    for row in &results.instructions {
        print_row(row);
    }
    println!(
        "\n{:<20} {:>12} {:>7} {:>10} {:>10} {:>9} {:>7}",
        "sync of a whole pool", "transactions", "budget", "units", "budget", "per each", "budget"
    );
    for row in &results.sync {
        print_sync(row);
    }
    if let Ok(file) = std::fs::metadata(thaw_tests::chain::program_path()) {
        let mark = mark(file.len() > budget::PROGRAM_BYTES);
        println!("\nprogram: {} bytes, budget {}{mark}", file.len(), budget::PROGRAM_BYTES);
    }
}

fn print_row(row: &Row) {
    let budget = budget::units(&row.name);
    println!(
        "{:<40} {:>10} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7}{}",
        row.name,
        row.validators,
        row.cu,
        shown(row.floor_cu),
        shown(row.spl_cu),
        shown(budget),
        row.accounts,
        row.bytes,
        mark(budget.is_some_and(|units| row.cu > units)),
    );
}

fn shown(units: Option<u64>) -> String {
    units.map_or_else(|| "-".to_owned(), |units| units.to_string())
}

fn print_sync(row: &SyncRow) {
    let each = row.cu / row.validators as u64;
    let is_largest = row.validators == 1_000;
    let shown = |budget: u64| if is_largest { budget.to_string() } else { "-".to_owned() };
    // In small pools the transaction itself weighs more than the validators.
    let is_over = row.validators >= 100 && each > budget::SYNC_UNITS_EACH
        || is_largest
            && (row.transactions > budget::SYNC_TRANSACTIONS || row.cu > budget::SYNC_UNITS);
    println!(
        "{:<20} {:>12} {:>7} {:>10} {:>10} {:>9} {:>7}{}",
        row.validators,
        row.transactions,
        shown(budget::SYNC_TRANSACTIONS as u64),
        row.cu,
        shown(budget::SYNC_UNITS),
        each,
        budget::SYNC_UNITS_EACH,
        mark(is_over),
    );
}

fn mark(is_over: bool) -> &'static str {
    if is_over { "  OVER BUDGET" } else { "" }
}
