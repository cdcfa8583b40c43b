//! The design's budgets: what a figure may be at most.

/// Transactions to refresh 1,000 validators.
pub const SYNC_TRANSACTIONS: usize = 20;
/// Units to refresh 1,000 validators.
pub const SYNC_UNITS: u64 = 1_000_000;
/// Units to refresh one validator.
pub const SYNC_UNITS_EACH: u64 = 900;
/// Bytes of the program.
pub const PROGRAM_BYTES: u64 = 500_000;

/// Units an instruction may take, where the design says.
pub fn units(name: &str) -> Option<u64> {
    let budget = match name {
        "deposit_sol, no fee" => 7_000,
        "deposit_sol, with fee" | "deposit_sol, with fee and referrer" => 9_000,
        "withdraw_instant" => 9_000,
        "request_withdrawal, opens the batch" | "request_withdrawal, joins it" => 10_000,
        "claim_withdrawal" => 6_000,
        "deposit_stake, into main" => 50_000,
        "withdraw_stake" => 48_000,
        "finalize_epoch" => 15_000,
        _ => return None,
    };
    Some(budget)
}
