//! Syncing whole pools, and finalizing them.
//!
//! The pools are built by the program's own instructions: every validator is listed, weighted and
//! delegated to, its stake is active and was so all epoch, so that its yield is sampled, and it is
//! paid a reward before the sync. Sync transactions are v0 with lookup tables, which are written
//! directly: creating them is no work of a sync.

use anchor_lang::prelude::{Pubkey, pubkey};
use anyhow::{Result, anyhow, ensure};
use solana_account::Account;
use solana_instruction::Instruction;
use solana_message::{AddressLookupTableAccount, VersionedMessage, v0};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use thaw_client::pack::sync_instructions;
use thaw_tests::{SOL, Setup, World};

use crate::{
    results::{Row, SyncRow},
    stage::{Stage, went},
};

/// Accounts a transaction may lock.
const LOCKS: usize = 64;
/// Locks that are no slots: payer, pool, list, Thaw, and the compute budget program, which a real
/// keeper needs for its priority fee.
const FIXED: usize = 5;
/// Slots per lookup table: four transactions' worth, of the 256 that fit.
const PER_TABLE: usize = (LOCKS - FIXED) * 4;
/// Bytes of a lookup table before its addresses.
const TABLE_HEADER: usize = 56;
/// The lookup-table program.
const TABLE_PROGRAM: Pubkey = pubkey!("AddressLookupTab1e1111111111111111111111111");

/// Measures the sync of pools of these sizes, and the finalize after it; also of one validator.
///
/// # Errors
/// When a step is refused.
pub fn measure(sizes: &[usize]) -> Result<(Vec<SyncRow>, Vec<Row>)> {
    let (mut sync, mut finalize) = (Vec::new(), Vec::new());
    for validators in std::iter::once(1).chain(sizes.iter().copied()) {
        let mut stage = staked(validators)?;
        let (transactions, cu) = sync_pool(&mut stage.world)?;
        let sent = went(stage.world.finalize())?;
        stage.world.assert_books();
        finalize.push(Row::new("finalize_epoch", validators, &sent));
        if sizes.contains(&validators) {
            sync.push(SyncRow { validators, transactions, cu });
        }
    }
    Ok((sync, finalize))
}

/// A pool at the start of an epoch, whose validators all hold active stake in one slot and have
/// earned a reward.
fn staked(validators: usize) -> Result<Stage> {
    let mut setup = Setup::default();
    // The smallest piece, else the first validators would get more than their part.
    setup.config.piece_bps = 0;
    let mut stage = Stage::with(&setup, validators, 3 * SOL * validators as u64)?;
    stage.delegate_all()?;
    stage.world.next_epoch();
    went(stage.world.sync().and_then(|()| stage.world.finalize()))?;
    stage.merge_all()?;
    stage.world.next_epoch();
    stage.reward_all();
    Ok(stage)
}

/// Syncs every validator; returns transactions and units.
fn sync_pool(world: &mut World) -> Result<(usize, u64)> {
    let records = world.records();
    let epoch = world.clock().epoch;
    let slots: Vec<Pubkey> =
        (0..records.len() as u16).map(|index| world.main_slot(index)).collect();
    let tables = write_tables(world, &slots)?;
    let indexed = (0u16..).zip(&records);
    let instructions = sync_instructions(&world.pool, indexed, epoch, LOCKS - FIXED);

    let transactions = instructions.len();
    let mut units = 0;
    for (place, instruction) in instructions.into_iter().enumerate() {
        let table = &tables[place / (PER_TABLE / (LOCKS - FIXED))];
        units += send(world, instruction, table)?;
    }
    let pool = world.pool();
    ensure!(pool.synced_validators as usize == records.len(), "not all are synced");
    Ok((transactions, units))
}

/// Sends one instruction with a lookup table; returns its units.
fn send(
    world: &mut World,
    instruction: Instruction,
    table: &AddressLookupTableAccount,
) -> Result<u64> {
    let payer = world.payer.insecure_clone();
    let message = v0::Message::try_compile(
        &payer.pubkey(),
        &[instruction],
        std::slice::from_ref(table),
        world.svm.latest_blockhash(),
    )?;
    let locked = message.account_keys.len()
        + message
            .address_table_lookups
            .iter()
            .map(|lookup| lookup.writable_indexes.len() + lookup.readonly_indexes.len())
            .sum::<usize>();
    ensure!(locked < LOCKS, "{locked} locks leave no place for the compute budget program");
    let transaction = VersionedTransaction::try_new(VersionedMessage::V0(message), &[&payer])?;
    let sent = world
        .svm
        .send_transaction(transaction)
        .map_err(|failed| anyhow!("{:?}\n{}", failed.err, failed.meta.logs.join("\n")))?;
    Ok(sent.compute_units_consumed)
}

/// Writes lookup tables for `slots`, in their order.
fn write_tables(world: &mut World, slots: &[Pubkey]) -> Result<Vec<AddressLookupTableAccount>> {
    let fixed = [world.pool.pool, world.pool.validators];
    let mut tables = Vec::new();
    for part in slots.chunks(PER_TABLE) {
        let addresses: Vec<Pubkey> = fixed.iter().chain(part).copied().collect();
        let mut data = vec![0; TABLE_HEADER];
        data[0] = 1; // a lookup table
        data[4..12].copy_from_slice(&u64::MAX.to_le_bytes()); // never deactivated
        for address in &addresses {
            data.extend_from_slice(address.as_ref());
        }
        let key = Pubkey::new_unique();
        let account = Account {
            lamports: world.rent().minimum_balance(data.len()),
            data,
            owner: TABLE_PROGRAM,
            executable: false,
            rent_epoch: u64::MAX,
        };
        world.svm.set_account(key, account).map_err(|error| anyhow!("{error:?}"))?;
        tables.push(AddressLookupTableAccount { key, addresses });
    }
    Ok(tables)
}
