//! What the handlers' sources say of themselves.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;

use crate::page::read;

/// An instruction's handler.
pub struct Handler {
    /// Where it is.
    pub file: String,
    /// Its comment without the sections.
    pub about: String,
    /// Names in its section of errors.
    pub errors: Vec<String>,
    /// Names in its section of events.
    pub events: Vec<String>,
    /// Its account struct.
    pub accounts: String,
}

/// All handlers and account structs.
pub struct Sources {
    handlers: BTreeMap<(String, String), Handler>,
    fields: BTreeMap<(String, String), String>,
}

impl Sources {
    /// Reads `folder`, one folder a group.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut sources = Self { handlers: BTreeMap::new(), fields: BTreeMap::new() };
        for group in fs::read_dir(folder)? {
            let group = group?.path();
            if !group.is_dir() {
                continue;
            }
            let name = group.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for file in fs::read_dir(&group)? {
                let path = file?.path();
                sources.take_in(&name, &path.to_string_lossy(), &read(&path)?);
            }
        }
        Ok(sources)
    }

    /// The handler of an instruction, if the group has it.
    pub fn handler(&self, group: &str, name: &str) -> Option<&Handler> {
        self.handlers.get(&(group.to_owned(), name.to_owned()))
    }

    /// The handler of an instruction, whatever its group.
    pub fn any_handler(&self, name: &str) -> Option<&Handler> {
        self.handlers.iter().find(|((_, its), _)| its == name).map(|(_, handler)| handler)
    }

    /// What a field of an account struct is.
    pub fn field(&self, accounts: &str, name: &str) -> Option<&str> {
        self.fields.get(&(accounts.to_owned(), name.to_owned())).map(String::as_str)
    }

    /// Goes through a file line by line: doc comments gather until something that they describe.
    fn take_in(&mut self, group: &str, file: &str, text: &str) {
        let (mut docs, mut current) = (Vec::new(), None::<String>);
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim();
            if let Some(doc) = code.strip_prefix("///") {
                docs.push(doc.strip_prefix(' ').unwrap_or(doc).to_owned());
                continue;
            }
            if let Some(rest) = line.strip_prefix("pub struct ") {
                current = rest.split(['<', ' ', '{']).next().map(str::to_owned);
            } else if let Some(rest) = line.strip_prefix("pub fn ") {
                let name = rest.split(['(', '<']).next().unwrap_or_default();
                let signature = lines.get(at..).unwrap_or_default().join(" ");
                if let Some(accounts) = context(&signature) {
                    let handler = handler(file, &docs, accounts);
                    self.handlers.insert((group.to_owned(), name.to_owned()), handler);
                }
            } else if let (Some(rest), Some(owner)) = (code.strip_prefix("pub "), &current) {
                if let Some((name, _)) = rest.split_once(':') {
                    let about = docs.join(" ");
                    let about = about.strip_prefix("CHECK: ").unwrap_or(&about).to_owned();
                    self.fields.insert((owner.clone(), name.to_owned()), capital(&about));
                }
            } else if line.starts_with('}') {
                current = None;
            }
            // Attributes stand between a comment and what it describes; those of an account may
            // take several lines.
            let is_attribute =
                code.starts_with("#[") || code.starts_with(')') || line.starts_with("        ");
            if !is_attribute {
                docs.clear();
            }
        }
    }
}

/// The account struct in a handler's signature.
fn context(signature: &str) -> Option<String> {
    let (head, _) = signature.split_once('{')?;
    let (_, rest) = head.split_once("ctx: Context<")?;
    let inner = rest.split('>').next()?;
    let inner = inner.rsplit(", ").next()?.trim();
    inner.split('<').next().map(str::to_owned)
}

fn handler(file: &str, docs: &[String], accounts: String) -> Handler {
    let mut sections = [String::new(), String::new(), String::new()];
    let mut section = 0usize;
    for line in docs {
        match line.as_str() {
            "# Errors" => section = 1,
            "# Events" => section = 2,
            _ => {
                sections[section].push_str(line);
                sections[section].push('\n');
            }
        }
    }
    let [about, errors, events] = sections;
    let unlinked = about.replace("[`", "`").replace("`]", "`");
    Handler {
        file: file.to_owned(),
        about: unlinked.trim().to_owned(),
        errors: names(&errors),
        events: names(&events),
        accounts,
    }
}

/// Names in backticks that begin with a capital letter, without their paths.
fn names(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let last = quoted.map(|name| name.rsplit("::").next().unwrap_or(name));
    last.filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(str::to_owned)
        .collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use super::*;

    const FILE: &str = "/// Accounts of `pay`.\n#[derive(Accounts)]\npub struct Pay<'info> {\n    \
                        /// The pool.\n    #[account(\n        mut,\n    )]\n    pub pool: Loader<'info>,\n    \
                        /// CHECK: any address.\n    pub to: Unchecked<'info>,\n}\n\n/// Pays [`Pool`].\n///\n\
                        /// # Errors\n/// `ZeroAmount`, those of `pay_more`,\n/// [`crate::ThawError::Paused`].\n///\n\
                        /// # Events\n/// [`Paid`].\npub fn pay(ctx: Context<Pay>, lamports: u64) -> Result<()> {\n}\n";

    #[test]
    fn a_handler_is_read_with_its_sections_and_accounts() {
        let mut sources = Sources { handlers: BTreeMap::new(), fields: BTreeMap::new() };
        sources.take_in("user", "pay.rs", FILE);
        let handler = sources.handler("user", "pay").unwrap();
        assert_eq!(handler.about, "Pays `Pool`.");
        assert_eq!(handler.errors, ["ZeroAmount", "Paused"]);
        assert_eq!(handler.events, ["Paid"]);
        assert_eq!(handler.accounts, "Pay");
        assert_eq!(sources.field("Pay", "pool"), Some("The pool."));
        assert_eq!(sources.field("Pay", "to"), Some("Any address."));
    }

    #[test]
    fn lifetimes_in_a_context_are_skipped() {
        let signature = "pub fn sync<'info>( ctx: Context<'info, Sync<'info>>, e: u8) {";
        assert_eq!(context(signature).as_deref(), Some("Sync"));
    }
}
