//! Who acts, who pays, and with which keys.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, bail};
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

use crate::{args::TxArgs, context::Context, failure::usage};

/// Reads a key file.
///
/// # Errors
/// When there is none, or it holds no key.
pub fn read(path: &str) -> Result<Keypair> {
    for scheme in ["usb://", "prompt://", "ask"] {
        if path.starts_with(scheme) {
            bail!(
                "keys at `{scheme}` are not supported: sign elsewhere with --sign-only or --export"
            );
        }
    }
    read_keypair_file(path)
        .map_err(|error| anyhow::anyhow!("the key file {path} cannot be read: {error}"))
}

/// Who acts and who pays.
pub struct Actor {
    /// Who acts: the wallet, or `--authority`.
    pub key: Pubkey,
    /// Who pays the fee.
    pub payer: Pubkey,
    /// Who may advance the nonce.
    pub nonce_authority: Pubkey,
    keys: BTreeMap<Pubkey, Keypair>,
}

impl Actor {
    /// By the command line.
    ///
    /// # Errors
    /// When a key file cannot be read, or a key is missing for what is to be sent.
    pub fn load(context: &Context, tx: &TxArgs) -> Result<Self> {
        if tx.authority.is_some() && tx.sends() {
            return Err(usage(
                "--authority acts for somebody else, so nothing can be sent: add --export, \
                 --sign-only or --dry-run",
            ));
        }
        let mut keys = BTreeMap::new();
        let mut keep = |keypair: Keypair| {
            let key = keypair.pubkey();
            keys.insert(key, keypair);
            key
        };
        let key = match tx.authority {
            Some(key) => key,
            None => keep(context.wallet()?),
        };
        let mut resolve = |text: &str| match text.parse::<Pubkey>() {
            Ok(key) => Ok(key),
            Err(_) => read(text).map(&mut keep),
        };
        let payer = tx.fee_payer.as_deref().map_or(Ok(key), &mut resolve)?;
        let nonce_authority = tx.nonce_authority.as_deref().map_or(Ok(key), &mut resolve)?;
        if let (true, Some(missing)) =
            (tx.sends(), [payer, nonce_authority].into_iter().find(|key| !keys.contains_key(key)))
        {
            return Err(usage(format!("{missing} must sign: name its key file")));
        }
        Ok(Self { key, payer, nonce_authority, keys })
    }

    /// The keys at hand, and `more`.
    pub fn signers<'a>(&'a self, more: &'a [&'a Keypair]) -> Vec<&'a Keypair> {
        self.keys.values().chain(more.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_file_is_refused_in_words() {
        let text = |path: &str| read(path).unwrap_err().to_string();
        assert!(text("usb://ledger").contains("--sign-only"));
        assert!(text("/no/such/id.json").contains("/no/such/id.json"));
    }
}
