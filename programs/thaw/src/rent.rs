//! Live rent.
#![warn(missing_docs)]

use anchor_lang::Result;
use solana_get_sysvar::GetSysvar;
pub use solana_rent::Rent;

/// The Rent sysvar, in integers. Rent falls and may rise: it is read wherever it matters, never
/// stored as a rule.
///
/// # Errors
/// When the runtime has none.
pub fn live() -> Result<Rent> {
    Ok(Rent::get()?)
}
