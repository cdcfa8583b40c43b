//! Live rent.
#![cfg_attr(not(feature = "idl-build"), warn(missing_docs))]

use crate::prelude::*;
use solana_get_sysvar::get_sysvar;
pub use solana_rent::Rent;

/// A constant: the crate's own `id()` decodes base58 at run time on SBF, 1,800 units a call.
const RENT: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");

/// The Rent sysvar, in integers. Rent falls and may rise: it is read wherever it matters, never
/// stored as a rule.
///
/// # Errors
/// When the runtime has none.
pub fn live() -> Result<Rent> {
    let mut lamports_per_byte = [0u8; 8];
    get_sysvar(&mut lamports_per_byte, &RENT, 0, 8)?;
    let lamports_per_byte = u64::from_le_bytes(lamports_per_byte);
    Ok(Rent { lamports_per_byte, ..Rent::default() })
}
