//! What a transaction did, and what it must not do.

use anchor_lang::prelude::Pubkey;
use litesvm::types::TransactionMetadata;
use solana_account::Account;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_transaction::TransactionError;
use thaw_client::thaw::{ID, error::ThawError};

use crate::World;

/// First code of the program's own errors.
const FIRST_CODE: u32 = anchor_lang::error::ERROR_CODE_OFFSET;

/// A transaction that went through.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Compute units of the whole transaction.
    pub units: u64,
    /// Log lines.
    pub logs: Vec<String>,
    /// What Thaw returned; empty where it returned nothing, or another program did.
    pub returned: Vec<u8>,
    /// Accounts it named.
    pub accounts: usize,
    /// Serialized length, bytes.
    pub bytes: usize,
}

/// A transaction that was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Why.
    pub error: TransactionError,
    /// Log lines.
    pub logs: Vec<String>,
}

/// What came of a transaction.
pub type Outcome = Result<Sent, Refused>;

impl Sent {
    /// What the machine says of a transaction with so many accounts and bytes.
    pub fn new(meta: TransactionMetadata, accounts: usize, bytes: usize) -> Self {
        let is_ours = meta.return_data.program_id == ID;
        let returned = if is_ours { meta.return_data.data } else { vec![] };
        Self { units: meta.compute_units_consumed, logs: meta.logs, returned, accounts, bytes }
    }

    /// The one number that the instruction returned.
    ///
    /// # Panics
    /// When it returned anything else.
    #[track_caller]
    pub fn number(&self) -> u64 {
        let bytes = self.returned.as_slice().try_into();
        u64::from_le_bytes(bytes.expect("eight bytes, little-endian"))
    }
}

impl Refused {
    /// The custom code, if the refusal has one.
    pub fn code(&self) -> Option<u32> {
        match self.error {
            TransactionError::InstructionError(_, InstructionError::Custom(code)) => Some(code),
            _ => None,
        }
    }
}

/// The code of one of the program's errors.
pub fn code(error: ThawError) -> u32 {
    FIRST_CODE + error as u32
}

/// The outcome must be exactly this error of the program.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn refuses(outcome: Outcome, error: ThawError) {
    let name = format!("{error:?}");
    let expected = code(error);
    let refused = outcome.expect_err(&format!("{name} expected, but it went through"));
    assert_eq!(refused.code(), Some(expected), "{name} expected: {refused:#?}");
}

/// The outcome must be this custom code, of any program.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn refuses_with_code(outcome: Outcome, expected: u32) {
    let refused = outcome.expect_err("a refusal expected, but it went through");
    assert_eq!(refused.code(), Some(expected), "{refused:#?}");
}

/// Replaces each account of `instruction` in turn, by the same account of another pool where there
/// is one and by a fresh address, and expects a refusal that changes nothing; another pool's must be
/// refused by Thaw itself or its caller, not by a program that Thaw calls. `free` lists the places
/// where another account is legitimate. A signer is replaced by another signer.
///
/// # Panics
/// When one goes through.
#[track_caller]
pub fn refuses_each_swap(
    world: &mut World,
    instruction: &Instruction,
    signers: &[&Keypair],
    free: &[usize],
) {
    for place in (0..instruction.accounts.len()).filter(|place| !free.contains(place)) {
        let original = instruction.accounts[place].pubkey;
        let stranger = world.wallet(10 * crate::SOL);
        let mut others = vec![stranger.pubkey()];
        let twin = world.twin_of(&original);
        others.extend(twin);
        for other in others {
            let mut swapped = instruction.clone();
            swapped.accounts[place].pubkey = other;
            let mut with: Vec<&Keypair> = signers.to_vec();
            if instruction.accounts[place].is_signer {
                if other != stranger.pubkey() {
                    continue;
                }
                with.retain(|signer| signer.pubkey() != original);
                with.push(&stranger);
            }
            let before = world.all_accounts();
            let outcome = world.send(&[swapped], &with);
            let swap = format!("account {place} ({original}) swapped for {other}");
            let refused = outcome.expect_err(&swap);
            let is_own =
                || [ID, instruction.program_id].iter().any(|it| failed_first(&refused, it));
            assert!(Some(other) != twin || is_own(), "{swap}: {:#?}", refused.logs);
            world.assert_same(&before, &[]);
        }
    }
}

/// True where `program` refused, and not one that it called.
fn failed_first(refused: &Refused, program: &Pubkey) -> bool {
    let first = refused.logs.iter().find(|line| line.contains(" failed: custom program error"));
    first.is_some_and(|line| line.starts_with(&format!("Program {program} failed")))
}

/// Accounts by address.
pub type Accounts = std::collections::BTreeMap<Pubkey, Account>;
