//! Sending a transaction and keeping what it took.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, anyhow};
use litesvm::{LiteSVM, types::TransactionMetadata};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{AddressLookupTableAccount, Message, VersionedMessage, v0};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

/// What a block counts for a limit of 2 MiB of loaded accounts.
const LOADED: u64 = 8 * 64;

/// What is to be sent. The first signer pays.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// Who signs.
    pub signers: &'a [&'a Keypair],
    /// What is done.
    pub instructions: &'a [Instruction],
    /// Where addresses are looked up; a legacy transaction where there is no table.
    pub tables: &'a [AddressLookupTableAccount],
}

impl<'a> Order<'a> {
    /// A legacy transaction.
    pub fn new(signers: &'a [&'a Keypair], instructions: &'a [Instruction]) -> Self {
        Self { signers, instructions, tables: &[] }
    }
}

/// What a transaction took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Compute units of the whole transaction.
    pub units: u64,
    /// Accounts it names, programs and fee payer among them.
    pub accounts: usize,
    /// Serialized length, bytes.
    pub bytes: usize,
    /// Signatures.
    pub signatures: usize,
    /// What a block counts for it: see [`block_units`].
    pub block_units: u64,
    /// Fee without priority, lamports.
    pub fee_lamports: u64,
    /// Units of the floor under it, where that was measured.
    pub floor: Option<u64>,
}

/// What was sent, and what the machine says of it.
pub struct Sent {
    /// The message.
    pub message: VersionedMessage,
    /// Its accounts, in the order that compiled instructions count them.
    pub accounts: Vec<Named>,
    /// Units, logs, calls.
    pub meta: TransactionMetadata,
    /// What it took.
    pub cost: Cost,
}

/// An account of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its address.
    pub key: Pubkey,
    /// Whether it signs.
    pub is_signer: bool,
    /// Whether it may be written to.
    pub is_writable: bool,
}

/// Sends a transaction; two that are equal need another blockhash between them.
///
/// # Errors
/// When it is refused.
pub fn send(svm: &mut LiteSVM, order: &Order) -> Result<Sent> {
    let message = compile(svm, order)?;
    let accounts = named(&message, order.tables)?;
    let transaction = VersionedTransaction::try_new(message.clone(), order.signers)?;
    let bytes = bincode::serialize(&transaction)?.len();
    let signatures = transaction.signatures.len();
    let meta = svm
        .send_transaction(transaction)
        .map_err(|failed| anyhow!("{:?}\n{}", failed.err, failed.meta.logs.join("\n")))?;
    let cost = Cost {
        units: meta.compute_units_consumed,
        accounts: accounts.len(),
        bytes,
        signatures,
        block_units: block_units(&message, &accounts, meta.compute_units_consumed, signatures),
        fee_lamports: meta.fee,
        floor: None,
    };
    Ok(Sent { message, accounts, meta, cost })
}

/// What a block counts for a transaction against its limits: its units, 720 a signature, 300 an account
/// that it may write to, one for 4 bytes of instruction data, and 8 for each 32 KiB of the accounts it
/// may load, of which a wallet that says so needs 2 MiB.
fn block_units(
    message: &VersionedMessage,
    accounts: &[Named],
    units: u64,
    signatures: usize,
) -> u64 {
    let writes = accounts.iter().filter(|account| account.is_writable).count();
    let data: usize = message.instructions().iter().map(|each| each.data.len()).sum();
    units + 720 * signatures as u64 + 300 * writes as u64 + data as u64 / 4 + LOADED
}

fn compile(svm: &LiteSVM, order: &Order) -> Result<VersionedMessage> {
    let payer = order.signers.first().ok_or_else(|| anyhow!("nobody signs"))?.pubkey();
    let hash = svm.latest_blockhash();
    if order.tables.is_empty() {
        let message = Message::new_with_blockhash(order.instructions, Some(&payer), &hash);
        return Ok(VersionedMessage::Legacy(message));
    }
    let message = v0::Message::try_compile(&payer, order.instructions, order.tables, hash)?;
    Ok(VersionedMessage::V0(message))
}

/// Every account of a message: those it names itself, then those it looks up to write, then to read.
fn named(message: &VersionedMessage, tables: &[AddressLookupTableAccount]) -> Result<Vec<Named>> {
    let none = std::collections::HashSet::<Pubkey>::new();
    let own = message.static_account_keys().iter().enumerate().map(|(place, key)| Named {
        key: *key,
        is_signer: message.is_signer(place),
        is_writable: message.is_maybe_writable_with_reserved_addresses(place, Some(&none)),
    });
    let mut accounts: Vec<Named> = own.collect();
    let lookups = message.address_table_lookups().unwrap_or_default();
    for is_writable in [true, false] {
        for lookup in lookups {
            let table = tables.iter().find(|table| table.key == lookup.account_key);
            let table = table.ok_or_else(|| anyhow!("a table is missing"))?;
            let places =
                if is_writable { &lookup.writable_indexes } else { &lookup.readonly_indexes };
            accounts.extend(places.iter().map(|place| Named {
                key: table.addresses[usize::from(*place)],
                is_signer: false,
                is_writable,
            }));
        }
    }
    Ok(accounts)
}
