//! `thaw program show`: what is on chain, and whether it is what it should be.

use std::fmt::{self, Display};

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use super::{
    program::ShowArgs,
    program_state::{self as state, Buffer, Program, need_buffer, need_program},
};
use crate::{
    context::Context,
    output::{line, sol},
};

/// The JSON of `thaw program show`, and of what other verbs leave behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramReport {
    /// The program, or the buffer.
    pub address: String,
    /// `program` or `buffer`.
    pub kind: String,
    /// Where a program's bytes are.
    pub program_data: Option<String>,
    /// Who may upgrade the program, or use the buffer; nobody where there is none.
    pub authority: Option<String>,
    /// The slot a program was last deployed in.
    pub slot: Option<u64>,
    /// Bytes, without the zeros at their end.
    pub bytes: u64,
    /// Bytes there is room for.
    pub capacity: u64,
    /// Rent, lamports.
    pub lamports: u64,
    /// SHA-256 of the bytes without the zeros at their end, as `make build` prints it.
    pub hash: String,
}

impl ProgramReport {
    /// The report of a program.
    pub fn of_program(program: &Program) -> Self {
        Self {
            address: program.address.to_string(),
            kind: "program".into(),
            program_data: Some(program.data.to_string()),
            authority: program.authority.map(|key| key.to_string()),
            slot: Some(program.slot),
            bytes: state::trimmed(&program.bytes).len() as u64,
            capacity: program.bytes.len() as u64,
            lamports: program.lamports,
            hash: state::hash(&program.bytes),
        }
    }

    /// The report of a buffer.
    pub fn of_buffer(address: Pubkey, buffer: &Buffer) -> Self {
        Self {
            address: address.to_string(),
            kind: "buffer".into(),
            program_data: None,
            authority: buffer.authority.map(|key| key.to_string()),
            slot: None,
            bytes: state::trimmed(&buffer.bytes).len() as u64,
            capacity: buffer.bytes.len() as u64,
            lamports: buffer.lamports,
            hash: state::hash(&buffer.bytes),
        }
    }
}

impl Display for ProgramReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_program = self.kind == "program";
        line(f, if is_program { "Program" } else { "Buffer" }, &self.address)?;
        if let Some(data) = &self.program_data {
            line(f, "Program data", data)?;
        }
        let name = if is_program { "Upgrade authority" } else { "Authority" };
        line(f, name, self.authority.as_deref().unwrap_or("none: final"))?;
        if let Some(slot) = self.slot {
            line(f, "Deployed in slot", slot)?;
        }
        line(f, "Length", format_args!("{} bytes, room for {}", self.bytes, self.capacity))?;
        line(f, "Rent", sol(self.lamports))?;
        line(f, "SHA-256", &self.hash)
    }
}

/// Shows a program or a buffer.
///
/// # Errors
/// The server's; when nothing is there; when the bytes are not those of `--against`.
pub async fn run(context: &Context, args: &ShowArgs) -> Result<()> {
    let rpc = &context.rpc;
    let (report, held) = match args.buffer_account {
        Some(address) => {
            let buffer = need_buffer(rpc, address).await?;
            (ProgramReport::of_buffer(address, &buffer), buffer.bytes)
        }
        None => {
            let program = need_program(rpc, args.program_id).await?;
            (ProgramReport::of_program(&program), program.bytes)
        }
    };
    if let Some(path) = &args.against {
        let file = state::read_elf(path)?;
        if !state::is_same(&held, &file) {
            bail!(
                "the {} {} holds other bytes than {}: {}, not {}",
                report.kind,
                report.address,
                path.display(),
                report.hash,
                state::hash(&file)
            );
        }
    }
    context.output.print(&report)
}
