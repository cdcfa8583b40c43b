//! What the upgradeable loader keeps on chain: programs, buffers, hashes of their bytes.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use solana_loader_v3_interface::{
    get_program_data_address, state::UpgradeableLoaderState as State,
};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;

/// The upgradeable loader.
pub const LOADER: Pubkey = Pubkey::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// A deployed program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its address.
    pub address: Pubkey,
    /// Where its bytes are.
    pub data: Pubkey,
    /// Who may replace it; nobody where it is final.
    pub authority: Option<Pubkey>,
    /// The slot it was last deployed in.
    pub slot: u64,
    /// Its bytes, up to the end of the account.
    pub bytes: Vec<u8>,
    /// Lamports of both accounts.
    pub lamports: u64,
}

/// Bytes that wait to become a program.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// Who may write, use and close it.
    pub authority: Option<Pubkey>,
    /// The bytes, up to the end of the account.
    pub bytes: Vec<u8>,
    /// Lamports of the account.
    pub lamports: u64,
}

/// SHA-256 of a program's bytes without the zeros at their end, in hex: what `make build` prints and
/// `solana-verify` computes. On chain an account may be longer than the program in it.
pub fn hash(bytes: &[u8]) -> String {
    solana_sha256_hasher::hash(trimmed(bytes))
        .to_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// The bytes without the zeros at their end.
pub fn trimmed(bytes: &[u8]) -> &[u8] {
    let length = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    bytes.get(..length).unwrap_or_default()
}

/// True where `held`, as an account holds it, is `file` and nothing but zeros behind it.
pub fn is_same(held: &[u8], file: &[u8]) -> bool {
    held.len() >= file.len() && trimmed(held) == trimmed(file)
}

/// Reads an ELF file.
///
/// # Errors
/// When there is none, or it is no ELF.
pub fn read_elf(path: &std::path::Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !bytes.starts_with(b"\x7fELF") {
        bail!("{} is no program: it does not begin as an ELF file does", path.display());
    }
    Ok(bytes)
}

/// The program at an address; `None` where nothing is.
///
/// # Errors
/// The server's; when something else is there, or the program was closed.
pub async fn fetch_program(rpc: &RpcClient, address: Pubkey) -> Result<Option<Program>> {
    let commitment = rpc.commitment();
    let Some(account) = rpc.get_account_with_commitment(&address, commitment).await?.value else {
        return Ok(None);
    };
    if account.owner != LOADER {
        bail!("{address} is no program of the upgradeable loader; {} owns it", account.owner);
    }
    let Ok(State::Program { programdata_address: data }) = bincode::deserialize(&account.data)
    else {
        bail!("{address} is no program; a buffer is shown with --buffer-account");
    };
    debug_assert_eq!(data, get_program_data_address(&address));
    let Some(held) = rpc.get_account_with_commitment(&data, commitment).await?.value else {
        bail!("the program {address} was closed; its address can never be used again");
    };
    let Ok(State::ProgramData { slot, upgrade_authority_address: authority }) =
        bincode::deserialize(&held.data)
    else {
        bail!("the program {address} was closed; its address can never be used again");
    };
    let bytes = held.data.get(State::size_of_programdata_metadata()..).unwrap_or_default().to_vec();
    let lamports = held.lamports.saturating_add(account.lamports);
    Ok(Some(Program { address, data, authority, slot, bytes, lamports }))
}

/// The program at an address.
///
/// # Errors
/// As [`fetch_program`], or when nothing is there.
pub async fn need_program(rpc: &RpcClient, address: Pubkey) -> Result<Program> {
    fetch_program(rpc, address).await?.with_context(|| format!("there is no program at {address}"))
}

/// The buffer at an address; `None` where nothing is.
///
/// # Errors
/// The server's, or when something else is there.
pub async fn fetch_buffer(rpc: &RpcClient, address: Pubkey) -> Result<Option<Buffer>> {
    let found = rpc.get_account_with_commitment(&address, rpc.commitment()).await?.value;
    let Some(account) = found else { return Ok(None) };
    let state = (account.owner == LOADER).then(|| bincode::deserialize(&account.data));
    let Some(Ok(State::Buffer { authority_address: authority })) = state else {
        bail!("{address} is no buffer");
    };
    let bytes = account.data.get(State::size_of_buffer_metadata()..).unwrap_or_default().to_vec();
    Ok(Some(Buffer { authority, bytes, lamports: account.lamports }))
}

/// The buffer at an address.
///
/// # Errors
/// As [`fetch_buffer`], or when nothing is there.
pub async fn need_buffer(rpc: &RpcClient, address: Pubkey) -> Result<Buffer> {
    fetch_buffer(rpc, address).await?.with_context(|| format!("there is no buffer at {address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_do_not_count() {
        // `printf abc | sha256sum`
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((hash(b"abc"), hash(b"abc\0\0")), (abc.into(), abc.into()));
        assert_ne!(hash(b"\0abc"), abc);
        assert!(is_same(b"abc\0\0\0", b"abc\0") && is_same(b"abc", b"abc"));
        assert!(!is_same(b"abc", b"abc\0"), "the end is cut off");
        assert!(!is_same(b"abcd", b"abc") && !is_same(b"ab\0", b"abc"));
        assert!(trimmed(b"\0\0").is_empty());
    }
}
