//! What others have measured of Marinade. Its deployed program is not in any package, so it cannot be
//! run here; these are the units that its 2.1.0 took in LiteSVM on the state of mainnet's epoch 778.

/// Work, the row of Thaw's that does it, and Marinade's units.
pub const MARINADE: [(&str, &str, u64); 4] = [
    ("deposit SOL", "deposit_sol, no fee", 34_500),
    ("exit at once", "withdraw_instant", 34_000),
    ("order a ticket", "request_withdrawal, joins it", 22_800),
    ("claim a ticket", "claim_withdrawal", 17_700),
];
