//! Lookup tables, written directly: creating them is no work of what is measured.

use anchor_lang::prelude::{Pubkey, pubkey};
use anyhow::Result;
use litesvm::LiteSVM;
use solana_account::Account;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;

use crate::chain;

/// Bytes of a lookup table before its addresses.
const HEADER: usize = 56;
/// The lookup-table program.
const PROGRAM: Pubkey = pubkey!("AddressLookupTab1e1111111111111111111111111");

/// Writes a table of `addresses`, at most 256.
///
/// # Errors
/// When the machine refuses the account.
pub fn write(
    svm: &mut LiteSVM,
    name: &str,
    addresses: Vec<Pubkey>,
) -> Result<AddressLookupTableAccount> {
    let mut data = vec![0; HEADER];
    data[0] = 1; // a lookup table
    data[4..12].copy_from_slice(&u64::MAX.to_le_bytes()); // never deactivated
    for address in &addresses {
        data.extend_from_slice(address.as_ref());
    }
    let key = chain::key(name).pubkey();
    let lamports = svm.minimum_balance_for_rent_exemption(data.len());
    let account =
        Account { lamports, data, owner: PROGRAM, executable: false, rent_epoch: u64::MAX };
    chain::put(svm, key, account)?;
    Ok(AddressLookupTableAccount { key, addresses })
}
