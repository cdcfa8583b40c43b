//! The tables of `crates/interface`: accounts, instructions, types, errors and events of the IDL.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

use anchor_lang_idl::types::{
    Idl, IdlArrayLen, IdlDefinedFields, IdlField, IdlInstruction, IdlInstructionAccount,
    IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy,
};
use anyhow::{Context, Result, bail, ensure};

use crate::{page::flat, source::Sources};

/// The end of each file's first line.
const HEAD: &str = "Written by `make idl` from the program's IDL; do not edit.";

/// Each file's name and text.
///
/// # Errors
/// When the IDL has what the interface cannot tell.
pub fn files(idl: &Idl, program: &Path) -> Result<Vec<(&'static str, String)>> {
    let sources = Sources::read(&program.join("src/instructions"))?;
    let types = Types::of(idl)?;
    Ok(vec![
        ("accounts.rs", accounts(idl, &sources)?),
        ("instruction.rs", instructions(idl, &sources)?),
        ("types.rs", types.text()?),
        ("error.rs", errors(idl)),
        ("event.rs", events(idl)),
    ])
}

fn accounts(idl: &Idl, sources: &Sources) -> Result<String> {
    let mut text = format!(
        "//! The accounts of every instruction. {HEAD}\n\nuse solana_address::Address;\n\n\
         use crate::macros::accounts;\n\naccounts! {{\n"
    );
    let mut structs: BTreeMap<&str, Vec<&IdlInstruction>> = BTreeMap::new();
    for instruction in &idl.instructions {
        structs.entry(accounts_of(instruction, sources)?).or_default().push(instruction);
    }
    for (name, users) in structs {
        let Some((first, others)) = users.split_first() else { continue };
        let list = flat(&first.accounts);
        for other in others {
            let same =
                serde_json::to_value(&first.accounts)? == serde_json::to_value(&other.accounts)?;
            ensure!(same, "{} and {} differ in accounts {name}", first.name, other.name);
        }
        let users: Vec<_> = users.iter().map(|user| format!("`{}`", user.name)).collect();
        writeln!(text, "    /// Accounts of {}.\n    {name} {{", users.join(", "))?;
        for account in list {
            let about = sources.field(name, &account.name).unwrap_or("As it is named.");
            let ty = if account.optional { "Option<Address>" } else { "Address" };
            writeln!(
                text,
                "        /// {about}\n        {}: {ty} => {},",
                account.name,
                meta(account)
            )?;
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    Ok(text)
}

fn accounts_of<'a>(instruction: &IdlInstruction, sources: &'a Sources) -> Result<&'a str> {
    let handler = sources.any_handler(&instruction.name);
    let handler = handler.with_context(|| format!("{} has no handler", instruction.name))?;
    Ok(&handler.accounts)
}

fn meta(account: &IdlInstructionAccount) -> &'static str {
    match (account.signer, account.writable) {
        (false, false) => "readonly",
        (false, true) => "writable",
        (true, false) => "signer",
        (true, true) => "writable_signer",
    }
}

fn instructions(idl: &Idl, sources: &Sources) -> Result<String> {
    let mut text = format!(
        "//! Every instruction with its arguments. {HEAD}\n\nuse alloc::{{string::String, vec::Vec}};\n\n\
         use solana_address::Address;\n\nuse crate::{{macros::instructions, types::*}};\n\n\
         /// The program.\npub const ID: Address = Address::from_str_const(\"{}\");\n\n\
         instructions! {{\n",
        idl.address
    );
    for instruction in &idl.instructions {
        for line in &instruction.docs {
            writeln!(text, "    /// {line}")?;
        }
        let args = instruction
            .args
            .iter()
            .map(|arg| Ok(format!("{}: {},", arg.name, rust(&arg.ty, false)?)));
        let args = args.collect::<Result<Vec<_>>>()?.join(" ");
        let (name, accounts) = (camel(&instruction.name), accounts_of(instruction, sources)?);
        let args = if args.is_empty() { "{}".into() } else { format!("{{ {args} }}") };
        writeln!(text, "    {name} {:?} {accounts} {args}", instruction.discriminator)?;
    }
    text.push_str("}\n");
    Ok(text)
}

/// The types that accounts, arguments and return values are made of.
struct Types<'a> {
    idl: &'a Idl,
    layouts: BTreeSet<&'a str>,
    args: BTreeSet<&'a str>,
}

impl<'a> Types<'a> {
    fn of(idl: &'a Idl) -> Result<Self> {
        let mut types = Self { idl, layouts: BTreeSet::new(), args: BTreeSet::new() };
        for account in &idl.accounts {
            types.gather(&account.name, false)?;
        }
        for instruction in &idl.instructions {
            for name in instruction.args.iter().filter_map(|arg| defined(&arg.ty)) {
                types.gather(name, true)?;
            }
            if let Some(name) = instruction.returns.as_ref().and_then(defined) {
                types.gather(name, false)?;
            }
        }
        Ok(types)
    }

    fn gather(&mut self, name: &'a str, is_arg: bool) -> Result<()> {
        let found = self.find(name)?;
        let set = if is_arg { &mut self.args } else { &mut self.layouts };
        set.insert(last(&found.name));
        for field in fields(found)? {
            if let Some(inner) = defined(&field.ty) {
                self.gather(inner, is_arg)?;
            }
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Result<&'a IdlTypeDef> {
        let found = self.idl.types.iter().find(|ty| last(&ty.name) == last(name));
        found.with_context(|| format!("there is no type {name}"))
    }

    fn text(&self) -> Result<String> {
        let mut text = format!(
            "//! Accounts, arguments and return values. {HEAD}\n\nuse solana_address::Address;\n\n\
             use crate::macros::{{account_discriminators, args, choices, encode_layouts, layouts}};\n\n"
        );
        let (mut layouts, mut args, mut choices, mut encoded) =
            (String::new(), String::new(), String::new(), Vec::new());
        for ty in &self.idl.types {
            let name = last(&ty.name);
            if matches!(ty.ty, IdlTypeDefTy::Enum { .. }) && self.args.contains(name) {
                choice(&mut choices, ty)?;
            } else if is_bytemuck(ty) || self.layouts.contains(name) {
                self.layout(&mut layouts, ty)?;
                encoded.extend(self.args.contains(name).then_some(name));
            } else if self.args.contains(name) {
                head(&mut args, ty)?;
                writeln!(args, "    {name} {{")?;
                for field in fields(ty)? {
                    docs(&mut args, "        ", &field.docs)?;
                    writeln!(args, "        {}: {},", field.name, rust(&field.ty, false)?)?;
                }
                args.push_str("    }\n");
            }
        }
        write!(text, "layouts! {{\n{layouts}}}\n\naccount_discriminators! {{\n")?;
        for account in &self.idl.accounts {
            writeln!(text, "    {} {:?}", account.name, account.discriminator)?;
        }
        write!(text, "}}\n\nargs! {{\n{args}}}\n\nchoices! {{\n{choices}}}\n\n")?;
        writeln!(text, "encode_layouts! {{ {} }}", encoded.join(" "))?;
        Ok(text)
    }

    /// A struct whose bytes are its fields one after the other. Borsh has no alignment, so what it
    /// writes is a packed struct.
    fn layout(&self, text: &mut String, ty: &IdlTypeDef) -> Result<()> {
        head(text, ty)?;
        let repr = if is_bytemuck(ty) { "C" } else { "C, packed" };
        writeln!(text, "    #[repr({repr})]\n    {} {{", last(&ty.name))?;
        let mut at = 0usize;
        for field in fields(ty)? {
            docs(text, "        ", &field.docs)?;
            let (name, ty) = (&field.name, rust(&field.ty, true)?);
            writeln!(text, "        {at} {} {name}: {ty},", name.to_uppercase())?;
            at = at.saturating_add(self.size(&field.ty)?);
        }
        text.push_str("    }\n");
        Ok(())
    }

    fn size(&self, ty: &IdlType) -> Result<usize> {
        Ok(match ty {
            IdlType::Bool | IdlType::U8 => 1,
            IdlType::U16 => 2,
            IdlType::U32 => 4,
            IdlType::U64 | IdlType::I64 => 8,
            IdlType::Pubkey => 32,
            IdlType::Array(inner, IdlArrayLen::Value(length)) => {
                self.size(inner)?.saturating_mul(*length)
            }
            IdlType::Defined { name, .. } => {
                let sizes = fields(self.find(name)?)?.iter().map(|field| self.size(&field.ty));
                sizes.sum::<Result<usize>>()?
            }
            other => bail!("{other:?} has no fixed size"),
        })
    }
}

fn head(text: &mut String, ty: &IdlTypeDef) -> Result<()> {
    docs(text, "    ", &ty.docs)
}

fn choice(text: &mut String, ty: &IdlTypeDef) -> Result<()> {
    let IdlTypeDefTy::Enum { variants } = &ty.ty else { bail!("{} is no enum", ty.name) };
    head(text, ty)?;
    writeln!(text, "    {} {{", last(&ty.name))?;
    for variant in variants {
        ensure!(variant.fields.is_none(), "{} of {} has fields", variant.name, ty.name);
        writeln!(text, "        {},", variant.name)?;
    }
    text.push_str("    }\n");
    Ok(())
}

fn fields(ty: &IdlTypeDef) -> Result<&[IdlField]> {
    match &ty.ty {
        IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) } => Ok(fields),
        IdlTypeDefTy::Enum { .. } => Ok(&[]),
        _ => bail!("{} has no named fields", ty.name),
    }
}

fn is_bytemuck(ty: &IdlTypeDef) -> bool {
    matches!(ty.serialization, IdlSerialization::Bytemuck)
}

/// The type in Rust; a `bool` that is read from bytes is 0 or 1.
fn rust(ty: &IdlType, is_layout: bool) -> Result<String> {
    Ok(match ty {
        IdlType::Bool if is_layout => "u8".into(),
        IdlType::Bool | IdlType::U8 | IdlType::U16 | IdlType::U32 | IdlType::U64 | IdlType::I64 => {
            format!("{ty:?}").to_lowercase()
        }
        IdlType::Pubkey => "Address".into(),
        IdlType::String => "String".into(),
        IdlType::Vec(inner) => format!("Vec<{}>", rust(inner, is_layout)?),
        IdlType::Option(inner) => format!("Option<{}>", rust(inner, is_layout)?),
        IdlType::Array(inner, IdlArrayLen::Value(length)) => {
            format!("[{}; {length}]", rust(inner, is_layout)?)
        }
        IdlType::Defined { name, .. } => last(name).into(),
        other => bail!("{other:?} is not known to the interface"),
    })
}

fn defined(ty: &IdlType) -> Option<&str> {
    match ty {
        IdlType::Vec(inner) | IdlType::Option(inner) | IdlType::Array(inner, _) => defined(inner),
        IdlType::Defined { name, .. } => Some(name),
        _ => None,
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Comments, with links as plain words: what they point to is not in the interface.
fn docs(text: &mut String, indent: &str, lines: &[String]) -> Result<()> {
    for line in lines {
        let mut plain = String::new();
        let mut parts = line.split("[`");
        plain.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once("`]").unwrap_or((part, ""));
            let rest = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
                Some((_, after)) => after,
                None => rest,
            };
            write!(plain, "`{name}`{rest}")?;
        }
        writeln!(text, "{indent}///{}{plain}", if plain.is_empty() { "" } else { " " })?;
    }
    Ok(())
}

fn errors(idl: &Idl) -> String {
    let lines = idl.errors.iter().map(|error| {
        let message = error.msg.as_deref().unwrap_or(&error.name);
        format!("    {} = {} {message:?}\n", error.name, error.code)
    });
    let lines: String = lines.collect();
    format!(
        "//! The program's errors. {HEAD}\n\nuse crate::macros::errors;\n\nerrors! {{\n{lines}}}\n"
    )
}

fn events(idl: &Idl) -> String {
    let mut text = format!("//! The first eight bytes of each event. {HEAD}\n");
    for event in &idl.events {
        let name = upper(&event.name);
        text.push_str(&format!(
            "\n/// Of `{}`.\npub const {name}: [u8; 8] = {:?};\n",
            event.name, event.discriminator
        ));
    }
    text
}

/// `deposit_sol` as `DepositSol`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_uppercase())
    };
    name.split('_').map(word).collect()
}

/// `PoolInitialized` as `POOL_INITIALIZED`.
fn upper(name: &str) -> String {
    let letter = |(at, letter): (usize, char)| {
        let gap = if at > 0 && letter.is_uppercase() { "_" } else { "" };
        format!("{gap}{}", letter.to_ascii_uppercase())
    };
    name.chars().enumerate().map(letter).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case() {
        assert_eq!(camel("deposit_sol"), "DepositSol");
        assert_eq!(upper("PoolInitialized"), "POOL_INITIALIZED");
        assert_eq!(last("thaw::state::Config"), "Config");
    }

    #[test]
    fn links_become_plain_words() {
        let mut text = String::new();
        let lines =
            ["[`Status`](super::Status) as a byte, see [`Pool::flow`].".into(), String::new()];
        docs(&mut text, "  ", &lines).unwrap();
        assert_eq!(text, "  /// `Status` as a byte, see `Pool::flow`.\n  ///\n");
    }

    #[test]
    fn a_type_that_the_interface_cannot_write_is_an_error() {
        assert_eq!(rust(&IdlType::Option(Box::new(IdlType::U16)), false).unwrap(), "Option<u16>");
        assert_eq!(rust(&IdlType::Bool, true).unwrap(), "u8");
        assert!(rust(&IdlType::F64, false).is_err());
    }
}
