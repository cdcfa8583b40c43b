//! The table of accounts that inputs choose from, and who can sign.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The table of accounts, and who can sign.
pub struct Places {
    pub(crate) keys: Vec<Pubkey>,
    pub(crate) signers: Vec<Keypair>,
}

impl Places {
    /// The place of a key.
    pub fn find(&self, key: &Pubkey) -> u8 {
        self.keys.iter().position(|it| it == key).unwrap_or_else(|| panic!("no place for {key}"))
            as u8
    }

    /// The key at a place; the corpus may know more places than there are.
    pub fn key(&self, place: u8) -> Pubkey {
        self.keys[usize::from(place) % self.keys.len()]
    }

    /// How many there are.
    pub fn count(&self) -> u8 {
        self.keys.len() as u8
    }

    /// Whether its key is at hand.
    pub fn can_sign(&self, key: &Pubkey) -> bool {
        self.signers.iter().any(|signer| signer.pubkey() == *key)
    }

    /// The keys that sign for `instruction`.
    pub fn signers(&self, instruction: &Instruction) -> Vec<&Keypair> {
        let signs = |key: &Pubkey| {
            instruction.accounts.iter().any(|meta| meta.is_signer && meta.pubkey == *key)
        };
        self.signers.iter().filter(|signer| signs(&signer.pubkey())).collect()
    }
}
