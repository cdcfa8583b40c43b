//! `docs/instructions.md`: the IDL and the handlers' doc comments as one page.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use anchor_lang_idl::types::{
    Idl, IdlInstruction, IdlInstructionAccount, IdlInstructionAccountItem, IdlType,
};
use anyhow::{Context, Result, bail, ensure};

use crate::source::{Handler, Sources};

/// The groups in the order of the page, with what they have in common.
const GROUPS: [(&str, &str); 5] = [
    ("user", "What holders call."),
    ("crank", "What keeps the books. Anyone may call these, in any order, as often as they like."),
    ("operate", "What the operator calls."),
    ("admin", "The powers, their delays and their caps; and what keeps them in check."),
    ("view", "What readers call: nothing is written, the answer is the return data."),
];

/// The page.
///
/// # Errors
/// When an instruction has no documented handler, or its comment names an error or event that does
/// not exist.
pub fn page(idl: &Idl, program: &Path) -> Result<String> {
    let sources = Sources::read(&program.join("src/instructions"))?;
    let errors: BTreeMap<_, _> =
        idl.errors.iter().map(|error| (error.name.as_str(), error)).collect();
    let mut page = String::from(
        "# Instructions\n\nWritten by `make idl` from the program's IDL and the comments of its \
         handlers; do not edit.\n\nAmounts are base units: lamports, or shares with 9 decimals. Each \
         instruction's code is at `programs/thaw/src/instructions/<group>/<name>.rs`, its tests at \
         `tests/<group>/<name>.rs`. The runtime's and Anchor's own errors (missing signature, wrong \
         owner, not writable) come on top.\n",
    );
    let mut found = 0usize;
    for (group, about) in GROUPS {
        write!(page, "\n## {group}\n\n{about}\n")?;
        for instruction in &idl.instructions {
            let Some(handler) = sources.handler(group, &instruction.name) else { continue };
            found = found.saturating_add(1);
            section(&mut page, idl, instruction, handler, &sources, &errors).with_context(
                || format!("instruction {}, file {}", instruction.name, handler.file),
            )?;
        }
    }
    ensure!(
        found == idl.instructions.len(),
        "{found} of {} instructions have a documented handler",
        idl.instructions.len()
    );
    Ok(page)
}

fn section(
    page: &mut String,
    idl: &Idl,
    instruction: &IdlInstruction,
    handler: &Handler,
    sources: &Sources,
    errors: &BTreeMap<&str, &anchor_lang_idl::types::IdlErrorCode>,
) -> Result<()> {
    let args: Vec<_> = instruction
        .args
        .iter()
        .map(|arg| format!("{}: {}", arg.name, type_name(&arg.ty)))
        .collect();
    write!(page, "\n### {}\n\n`{}({})`", instruction.name, instruction.name, args.join(", "))?;
    if let Some(returns) = &instruction.returns {
        write!(page, " returns `{}`", type_name(returns))?;
    }
    write!(page, "\n\n{}\n\n", handler.about)?;

    page.push_str("| account | | what |\n|---|---|---|\n");
    for account in flat(&instruction.accounts) {
        let about = sources.field(&handler.accounts, &account.name).unwrap_or_default();
        writeln!(page, "| `{}` | {} | {about} |", account.name, flags(account))?;
    }
    if !handler.errors.is_empty() {
        page.push_str("\n| error | code | |\n|---|---|---|\n");
        for name in &handler.errors {
            let error = errors.get(name.as_str());
            let error = error.with_context(|| format!("there is no error {name}"))?;
            writeln!(
                page,
                "| `{name}` | {} | {} |",
                error.code,
                error.msg.as_deref().unwrap_or("")
            )?;
        }
    }
    for name in &handler.events {
        let exists = idl.events.iter().any(|event| event.name == *name);
        ensure!(exists, "there is no event {name}");
    }
    if !handler.events.is_empty() {
        write!(page, "\nEvents: `{}`.\n", handler.events.join("`, `"))?;
    }
    Ok(())
}

/// The accounts without their groups.
pub fn flat<'a>(items: &'a [IdlInstructionAccountItem]) -> Vec<&'a IdlInstructionAccount> {
    let flatten = |item: &'a IdlInstructionAccountItem| match item {
        IdlInstructionAccountItem::Single(account) => vec![account],
        IdlInstructionAccountItem::Composite(group) => flat(&group.accounts),
    };
    items.iter().flat_map(flatten).collect()
}

fn flags(account: &IdlInstructionAccount) -> String {
    let flags =
        [(account.signer, "signs"), (account.writable, "writable"), (account.optional, "optional")];
    let set: Vec<_> = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, name)| *name).collect();
    set.join(", ")
}

fn type_name(ty: &IdlType) -> String {
    match ty {
        IdlType::Pubkey => "pubkey".into(),
        IdlType::Vec(inner) => format!("[{}]", type_name(inner)),
        IdlType::Option(inner) => format!("{}?", type_name(inner)),
        IdlType::Defined { name, .. } => name.rsplit("::").next().unwrap_or_default().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// Reads the IDL that was just built.
///
/// # Errors
/// When it is not an IDL.
pub fn parse(idl: &str) -> Result<Idl> {
    serde_json::from_str(idl).context("the IDL cannot be read back")
}

/// The text of a source file.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) => bail!("cannot read {}: {error}", path.display()),
    }
}
