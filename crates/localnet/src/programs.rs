//! Programs: the stake program of mainnet, and whatever the configuration names.

use solana_account::ReadableAccount;
use solana_program_binaries::{bpf_loader_upgradeable_program_accounts, by_id};
use solana_pubkey::Pubkey;
use solana_rent::Rent;
use solana_sdk_ids::stake;
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::{Error, chain};

/// Version of the stake program on the cluster.
pub const STAKE_PROGRAM_VERSION: &str = "5.1.0";

/// Bytes of the upgradeable loader's state in front of the ELF in a program data account.
const PROGRAM_DATA_HEADER: usize = 45;

/// The ELF of the stake program that the cluster runs.
pub fn stake_program_elf() -> Vec<u8> {
    // The crate hands out accounts: the program first, then its data behind the loader's state.
    let accounts = by_id(&stake::ID, &Rent::default()).unwrap_or_default();
    let data = accounts.get(1).map(|(_, account)| account.data().to_vec()).unwrap_or_default();
    data.get(PROGRAM_DATA_HEADER..).unwrap_or_default().to_vec()
}

/// Loads a program under the upgradeable loader, replacing one that is there.
///
/// # Errors
/// [`Error::Chain`] if the ELF does not load.
pub(crate) fn load(svm: &mut SurfnetSvm, id: &Pubkey, elf: &[u8]) -> Result<(), Error> {
    let [program, data] = bpf_loader_upgradeable_program_accounts(id, elf, &chain::rent(svm));
    // The data first: the virtual machine compiles the program when its account is set.
    for (key, account) in [data, program] {
        svm.set_account(&key, account)
            .map_err(|error| Error::Chain(format!("program {id} does not load: {error}")))?;
    }
    Ok(())
}
