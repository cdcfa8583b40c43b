//! The floor under a figure: the same transaction on the same accounts, with Thaw's program replaced
//! by one that only repeats its calls (`benches/floor`).
//!
//! The calls are those that the machine recorded while Thaw ran. So the floor is measured, of exactly
//! what Thaw did, and after it every account of another program must hold what it held after Thaw.

use std::collections::BTreeMap;

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, anyhow, ensure};
use litesvm::LiteSVM;
use solana_keypair::Keypair;
use solana_message::{VersionedMessage, compiled_instruction::CompiledInstruction};
use solana_system_interface::program::ID as SYSTEM_PROGRAM;
use solana_transaction::versioned::VersionedTransaction;
use thaw_client::{PoolAddresses, thaw::ID};

use crate::{chain, send::Sent};

/// The program that repeats calls, and the addresses that it may sign for.
pub struct Floor {
    elf: Vec<u8>,
    seeds: BTreeMap<Pubkey, Vec<Vec<u8>>>,
    authority: Pubkey,
}

impl Floor {
    /// The floor under a pool's instructions.
    ///
    /// # Errors
    /// When `make bench` has not built its program.
    pub fn of(pool: &PoolAddresses) -> Result<Self> {
        let path = chain::built("thaw_floor.so");
        let elf = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
        let mut floor = Self { elf, seeds: BTreeMap::new(), authority: pool.authority };
        floor.signs(&[b"pool", pool.mint.as_ref()]);
        for name in ["reserve", "authority", "validators", "escrow", "bootstrap", "spl-view"] {
            floor.signs(&[name.as_bytes(), pool.pool.as_ref()]);
        }
        for serial in 0u64..4 {
            floor.signs(&[b"batch", pool.pool.as_ref(), &serial.to_le_bytes()]);
        }
        Ok(floor)
    }

    /// Adds an address of Thaw's, by its seeds.
    pub fn signs(&mut self, seeds: &[&[u8]]) {
        let (key, bump) = Pubkey::find_program_address(seeds, &ID);
        let mut seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
        seeds.push(vec![bump]);
        self.seeds.insert(key, seeds);
    }

    /// Units of the floor under what was sent, from the machine as it was before; `after` is the
    /// machine now. `look`: place of the first stake account that is only looked at, 0 for none.
    ///
    /// # Errors
    /// When it is refused, or leaves anything else behind than Thaw did.
    pub fn measure(
        &self,
        mut before: LiteSVM,
        sent: &Sent,
        signers: &[&Keypair],
        after: &LiteSVM,
        look: u8,
    ) -> Result<u64> {
        let program = sent.accounts.iter().position(|account| account.key == ID);
        let place = sent
            .message
            .instructions()
            .iter()
            .position(|each| Some(usize::from(each.program_id_index)) == program)
            .ok_or_else(|| anyhow!("no instruction of Thaw's"))?;
        let script = self.script(&before, sent, place, after, look)?;
        let mut message = sent.message.clone();
        match &mut message {
            VersionedMessage::Legacy(message) => message.instructions[place].data = script,
            VersionedMessage::V0(message) => message.instructions[place].data = script,
            VersionedMessage::V1(_) => return Err(anyhow!("v1 is not measured here")),
        }
        before.add_program(ID, &self.elf).map_err(|error| anyhow!("{error:?}"))?;
        let transaction = VersionedTransaction::try_new(message, signers)?;
        let meta = before.send_transaction(transaction).map_err(|failed| {
            anyhow!("the floor: {:?}\n{}", failed.err, failed.meta.logs.join("\n"))
        })?;
        for account in sent.accounts.iter().filter(|account| account.key != ID) {
            let (floor, thaw) = (before.get_account(&account.key), after.get_account(&account.key));
            let (Some(floor), Some(thaw)) = (floor, thaw) else { continue };
            let is_alike =
                floor.lamports == thaw.lamports && (thaw.owner == ID || floor.data == thaw.data);
            ensure!(is_alike, "the floor leaves {} as {floor:?}, Thaw as {thaw:?}", account.key);
        }
        Ok(meta.compute_units_consumed)
    }

    /// The instruction data of the floor's program.
    fn script(
        &self,
        before: &LiteSVM,
        sent: &Sent,
        place: usize,
        after: &LiteSVM,
        look: u8,
    ) -> Result<Vec<u8>> {
        let instruction = &sent.message.instructions()[place];
        let mut script = vec![1, look];
        let moves = moves(before, sent, instruction, after);
        script.push(moves.len() as u8);
        script.extend(moves.concat());
        let calls: Vec<&CompiledInstruction> = sent.meta.inner_instructions[place]
            .iter()
            .filter(|inner| inner.stack_height == 2)
            .map(|inner| &inner.instruction)
            .collect();
        script.push(calls.len() as u8);
        for call in calls {
            script.extend(self.call(sent, instruction, call)?);
        }
        Ok(script)
    }

    fn call(
        &self,
        sent: &Sent,
        instruction: &CompiledInstruction,
        call: &CompiledInstruction,
    ) -> Result<Vec<u8>> {
        let place = |index: u8| {
            let found = instruction.accounts.iter().position(|each| *each == index);
            found.map(|place| place as u8).ok_or_else(|| anyhow!("a call of something else"))
        };
        let key = |index: u8| sent.accounts[usize::from(index)].key;
        let signer = self.signer(&key(call.program_id_index), call, &key);
        let mut script = vec![place(call.program_id_index)?, call.accounts.len() as u8];
        for index in &call.accounts {
            let account = sent.accounts[usize::from(*index)];
            let is_signer = account.is_signer || Some(account.key) == signer;
            script.extend([place(*index)?, account.is_writable.into(), is_signer.into()]);
        }
        script.extend((call.data.len() as u16).to_le_bytes());
        script.extend(&call.data);
        let seeds = match signer {
            None => &[][..],
            Some(key) => {
                self.seeds.get(&key).ok_or_else(|| anyhow!("seeds of {key} are not known"))?
            }
        };
        script.push(seeds.len() as u8);
        for seed in seeds {
            script.push(seed.len() as u8);
            script.extend(seed);
        }
        Ok(script)
    }

    /// The address of Thaw's that signs a call: the authority, or the account that the system program
    /// creates (tag 0), assigns (1) or allocates (8).
    fn signer(
        &self,
        program: &Pubkey,
        call: &CompiledInstruction,
        key: &impl Fn(u8) -> Pubkey,
    ) -> Option<Pubkey> {
        let mut keys = call.accounts.iter().map(|index| key(*index));
        if *program != SYSTEM_PROGRAM {
            return keys.find(|key| *key == self.authority);
        }
        let created = match call.data.first()? {
            0 => keys.nth(1),
            1 | 8 => keys.next(),
            _ => None,
        };
        created.filter(|key| self.seeds.contains_key(key))
    }
}

/// Lamports that Thaw moved itself, out of its own accounts: to the account whose balance grew by at
/// least as much. What a new stake account gets it gets before the calls.
fn moves(
    before: &LiteSVM,
    sent: &Sent,
    instruction: &CompiledInstruction,
    after: &LiteSVM,
) -> Vec<Vec<u8>> {
    let lamports = |svm: &LiteSVM, place: u8| {
        svm.get_balance(&sent.accounts[usize::from(instruction.accounts[usize::from(place)])].key)
            .unwrap_or(0)
    };
    let owner = |svm: &LiteSVM, place: u8| {
        let index = usize::from(instruction.accounts[usize::from(place)]);
        svm.get_account(&sent.accounts[index].key).map(|account| account.owner)
    };
    let places = 0..instruction.accounts.len() as u8;
    let fee = |place: u8| {
        let is_payer = instruction.accounts[usize::from(place)] == 0;
        if is_payer { sent.cost.fee_lamports } else { 0 }
    };
    let grown =
        |place: u8| (lamports(after, place) + fee(place)).saturating_sub(lamports(before, place));
    let mut moves = Vec::new();
    for from in places.clone() {
        let out = lamports(before, from).saturating_sub(lamports(after, from));
        if out == 0 || owner(before, from) != Some(ID) {
            continue;
        }
        let Some(to) = places.clone().find(|place| grown(*place) >= out) else { continue };
        let is_first = owner(after, to) != Some(SYSTEM_PROGRAM);
        let mut each = vec![from, to];
        each.extend(out.to_le_bytes());
        each.push(is_first.into());
        moves.push(each);
    }
    moves
}
