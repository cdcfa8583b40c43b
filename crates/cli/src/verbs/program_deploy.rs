//! `thaw program deploy`, `upgrade` and `write-buffer`.

use std::{
    fmt::{self, Display},
    time::Duration,
};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use solana_keypair::Keypair;
use solana_loader_v3_interface::{
    instruction::{self, MINIMUM_EXTEND_PROGRAM_BYTES},
    state::UpgradeableLoaderState as State,
};
use solana_signer::Signer;
use thaw_client::thaw;
use tokio::time::sleep;

use super::{
    power::change,
    program::{DeployArgs, UpgradeArgs, WriteBufferArgs},
    program_show::ProgramReport,
    program_state::{
        self as state, Program, fetch_buffer, fetch_program, need_buffer, need_program,
    },
    program_write::{self as write, Written},
};
use crate::{
    args::TxArgs,
    context::Context,
    failure::usage,
    outcome::Outcome,
    output::{line, say, sol},
    pool_config::show_changes,
    signers::{self, Actor},
    transact::{Plan, confirm, transact},
};

/// Looks at what was deployed: a server behind a balancer may answer from the past.
const LOOKS: u32 = 10;
const LOOK_WAIT: Duration = Duration::from_millis(500);

/// The JSON of `thaw program deploy`, `upgrade` and `write-buffer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployReport {
    /// SHA-256 of the bytes without the zeros at their end.
    pub hash: String,
    /// The buffer that was used.
    pub buffer: Option<String>,
    /// Transactions that wrote into it.
    pub writes: usize,
    /// Pieces that were in it already.
    pub kept: usize,
    /// The others, in their order; empty where there was nothing to do.
    pub transactions: Vec<Outcome>,
    /// What is on chain now; nothing where nothing was sent.
    pub now: Option<ProgramReport>,
}

impl DeployReport {
    fn new(elf: &[u8], buffer: Option<Pubkey>) -> Self {
        let buffer = buffer.map(|key| key.to_string());
        let hash = state::hash(elf);
        Self { hash, buffer, writes: 0, kept: 0, transactions: Vec::new(), now: None }
    }

    fn note(&mut self, written: Written) {
        (self.writes, self.kept) = (written.writes, written.kept);
        self.transactions.extend(written.created);
    }
}

impl Display for DeployReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.transactions.iter().any(|one| matches!(one, Outcome::Exported { .. })) {
            return self.transactions.iter().try_for_each(|outcome| outcome.fmt(f));
        }
        match &self.now {
            Some(now) => now.fmt(f)?,
            None => line(f, "SHA-256", &self.hash)?,
        }
        if let Some(buffer) = &self.buffer {
            let text = format_args!("{buffer}, {} writes, {} kept", self.writes, self.kept);
            line(f, "Written by buffer", text)?;
        }
        self.transactions.iter().try_for_each(|outcome| outcome.fmt(f))
    }
}

/// Deploys for the first time.
///
/// # Errors
/// When another program is there or the address is not the one it is built for; as [`write::fill`].
pub async fn deploy(context: &Context, args: &DeployArgs) -> Result<()> {
    needs_sending(&args.tx)?;
    let elf = state::read_elf(&args.elf)?;
    let key = signers::read(&args.program_keypair)?;
    let id = key.pubkey();
    if id != thaw::ID {
        return Err(usage(format!(
            "the program is built for {}, the key file is of {id}: put that into `declare_id!` and \
             Anchor.toml, and build program and command line again",
            thaw::ID
        )));
    }
    let actor = Actor::load(context, &args.tx)?;
    if let Some(there) = fetch_program(&context.rpc, id).await? {
        if !state::is_same(&there.bytes, &elf) {
            return Err(usage(format!(
                "another program is at {id}, hash {}: `thaw program upgrade` replaces it",
                state::hash(&there.bytes)
            )));
        }
        say(format_args!("{id} has these bytes already: nothing to do"));
        let now = Some(ProgramReport::of_program(&there));
        return context.output.print(&DeployReport { now, ..DeployReport::new(&elf, None) });
    }
    let buffer = buffer_key(args.buffer.as_deref())?;
    // A buffer that was there before may be longer than the file, and the loader takes all of it.
    let held = fetch_buffer(&context.rpc, buffer.pubkey()).await?;
    let least = held.map_or(0, |held| held.bytes.len()).max(elf.len());
    let room = args.max_len.unwrap_or(least);
    if room < least {
        return Err(usage(format!("--max-len {room} is less than the {least} bytes there are")));
    }
    let rent = |bytes: usize| context.rpc.get_minimum_balance_for_rent_exemption(bytes);
    let (for_data, for_program) =
        (rent(State::size_of_programdata(room)).await?, rent(State::size_of_program()).await?);
    confirm(
        &args.tx,
        format!(
            "Deploys {id}.\n  hash {}\n  upgrade authority {}\n  rent {}",
            state::hash(&elf),
            actor.key,
            sol(for_data.saturating_add(for_program))
        ),
    )?;
    let mut report = DeployReport::new(&elf, Some(buffer.pubkey()));
    let written = write::fill(context, &args.tx, &actor, &buffer, &elf).await;
    report.note(written.with_context(|| resuming(args.buffer.as_deref(), &buffer))?);
    if args.tx.dry_run {
        report.transactions.push(Outcome::NotSimulated);
        return context.output.print(&report);
    }
    // The loader pays the program's data out of the buffer's lamports, which return to the payer.
    let made = instruction::deploy_with_max_program_len(
        &actor.payer,
        &id,
        &buffer.pubkey(),
        &actor.key,
        for_program,
        room,
    );
    let mut plan = Plan::of(made.context("the deployment's instructions")?);
    plan.signers.push(&key);
    let landed = transact(context, &args.tx, &actor, &plan).await;
    report.transactions.push(landed.with_context(|| resuming(args.buffer.as_deref(), &buffer))?);
    report.now = Some(ProgramReport::of_program(&verified(context, id, &elf).await?));
    context.output.print(&report)
}

/// Replaces the program.
///
/// # Errors
/// When the program or the buffer is not the wallet's; as [`write::fill`] and [`transact`].
pub async fn upgrade(context: &Context, args: &UpgradeArgs) -> Result<()> {
    let rpc = &context.rpc;
    let actor = Actor::load(context, &args.tx)?;
    let program = need_program(rpc, args.program_id).await?;
    may_upgrade(&program, &actor)?;
    let (elf, address, written) = match (&args.elf, args.from) {
        (None, Some(address)) => {
            let buffer = need_buffer(rpc, address).await?;
            if buffer.authority != Some(actor.key) {
                return Err(usage(format!("the buffer {address} is not {}'s to use", actor.key)));
            }
            confirm(&args.tx, change_of(&program, &buffer.bytes))?;
            (buffer.bytes, address, Written::default())
        }
        (Some(path), _) => {
            needs_sending(&args.tx)?;
            let elf = state::read_elf(path)?;
            if state::is_same(&program.bytes, &elf) {
                say(format_args!("{} has these bytes already: nothing to do", program.address));
                let now = Some(ProgramReport::of_program(&program));
                let report = DeployReport { now, ..DeployReport::new(&elf, None) };
                return context.output.print(&report);
            }
            confirm(&args.tx, change_of(&program, &elf))?;
            let buffer = buffer_key(args.buffer.as_deref())?;
            let written = write::fill(context, &args.tx, &actor, &buffer, &elf).await;
            let written = written.with_context(|| resuming(args.buffer.as_deref(), &buffer))?;
            // A buffer that was there before may be longer than the file.
            let held = fetch_buffer(rpc, buffer.pubkey()).await?.map(|held| held.bytes);
            (held.unwrap_or(elf), buffer.pubkey(), written)
        }
        (None, None) => return Err(usage("which program? Name its file, or a buffer with --from")),
    };
    if args.tx.export.is_some() {
        say(change_of(&program, &elf));
    }
    let mut report = DeployReport::new(&elf, Some(address));
    let needs_writes = written.writes > 0;
    report.note(written);
    if let Some(more) = missing_room(&program, &elf) {
        let extend = instruction::extend_program(&program.address, Some(&actor.payer), more);
        say(format_args!("the program's account grows by {more} bytes"));
        if !args.tx.sends() {
            return Err(usage(format!(
                "the program has no room for the new one: anybody may extend it by {more} bytes, \
                 such as with `solana program extend {} {more}`; then try again",
                program.address
            )));
        }
        report
            .transactions
            .push(transact(context, &args.tx, &actor, &Plan::of(vec![extend])).await?);
    }
    if args.tx.dry_run && needs_writes {
        report.transactions.push(Outcome::NotSimulated);
        return context.output.print(&report);
    }
    let spill = args.spill.unwrap_or(actor.payer);
    let replace = instruction::upgrade(&program.address, &address, &actor.key, &spill);
    let plan = Plan::of(vec![replace]).watching("spill", spill);
    report.transactions.push(transact(context, &args.tx, &actor, &plan).await?);
    if args.tx.sends() {
        let now = verified(context, program.address, state::trimmed(&elf)).await?;
        report.now = Some(ProgramReport::of_program(&now));
    }
    context.output.print(&report)
}

/// Writes a buffer and hands it over.
///
/// # Errors
/// As [`write::fill`] and [`transact`].
pub async fn write_buffer(context: &Context, args: &WriteBufferArgs) -> Result<()> {
    needs_sending(&args.tx)?;
    let elf = state::read_elf(&args.elf)?;
    let actor = Actor::load(context, &args.tx)?;
    let buffer = buffer_key(args.buffer.as_deref())?;
    let address = buffer.pubkey();
    let mut report = DeployReport::new(&elf, Some(address));
    let new = args.buffer_authority.unwrap_or(actor.key);
    let held = fetch_buffer(&context.rpc, address).await?;
    // Handed over already: nothing left to do but to look.
    let is_done = held
        .as_ref()
        .is_some_and(|held| held.authority == Some(new) && state::is_same(&held.bytes, &elf));
    if !is_done {
        if new != actor.key {
            let handed = show_changes(&[change("buffer authority", actor.key, new)]);
            let action = "Writes a buffer and hands it over; only the new one can give it back.";
            confirm(&args.tx, format!("{action}\n{handed}"))?;
        }
        let written = write::fill(context, &args.tx, &actor, &buffer, &elf).await;
        report.note(written.with_context(|| resuming(args.buffer.as_deref(), &buffer))?);
        if new != actor.key && args.tx.dry_run {
            report.transactions.push(Outcome::NotSimulated);
        } else if new != actor.key {
            let set = instruction::set_buffer_authority(&address, &actor.key, &new);
            let handed = transact(context, &args.tx, &actor, &Plan::of(vec![set])).await?;
            report.transactions.push(handed);
        }
    }
    if args.tx.sends() {
        let held = need_buffer(&context.rpc, address).await?;
        report.now = Some(ProgramReport::of_buffer(address, &held));
    }
    context.output.print(&report)
}

/// Writing takes hundreds of transactions, each with a blockhash of its own.
fn needs_sending(tx: &TxArgs) -> Result<()> {
    if tx.sign_only || tx.export.is_some() || tx.nonce.is_some() || tx.blockhash.is_some() {
        return Err(usage(
            "writing takes hundreds of transactions, which nobody signs by hand: write the buffer \
             with a plain key, hand it over with --buffer-authority, and export `thaw program \
             upgrade --from <buffer>`",
        ));
    }
    Ok(())
}

fn buffer_key(path: Option<&str>) -> Result<Keypair> {
    path.map_or_else(|| Ok(Keypair::new()), signers::read)
}

/// What became of the buffer, beside an error.
fn resuming(path: Option<&str>, buffer: &Keypair) -> String {
    match path {
        Some(path) => format!("it did not go through; --buffer {path} goes on"),
        None => format!(
            "it did not go through; what the buffer {} holds comes back with `thaw program \
             close-buffer`; with a key of yours in --buffer it could go on",
            buffer.pubkey()
        ),
    }
}

fn may_upgrade(program: &Program, actor: &Actor) -> Result<()> {
    match program.authority {
        Some(key) if key == actor.key => Ok(()),
        Some(key) => Err(usage(format!(
            "{key} may upgrade {}, not {}: write a buffer for it with `thaw program write-buffer`",
            program.address, actor.key
        ))),
        None => Err(usage(format!("the program {} is final", program.address))),
    }
}

fn change_of(program: &Program, elf: &[u8]) -> String {
    let (old, new) = (state::hash(&program.bytes), state::hash(elf));
    format!("Upgrades {}.\n  hash {old} -> {new}", program.address)
}

/// Bytes to extend the program's account by; `None` where it is long enough.
fn missing_room(program: &Program, elf: &[u8]) -> Option<u32> {
    let missing = elf.len().checked_sub(program.bytes.len()).filter(|missing| *missing > 0)?;
    Some(u32::try_from(missing).unwrap_or(u32::MAX).max(MINIMUM_EXTEND_PROGRAM_BYTES))
}

/// The program on chain, once it has these bytes.
async fn verified(context: &Context, id: Pubkey, elf: &[u8]) -> Result<Program> {
    for _ in 0..LOOKS {
        if let Some(program) = fetch_program(&context.rpc, id).await?
            && state::is_same(&program.bytes, elf)
        {
            return Ok(program);
        }
        sleep(LOOK_WAIT).await;
    }
    bail!("{id} does not hold the bytes that were sent: look with `thaw program show`")
}
