//! `thaw metadata`: the share token's name, symbol and link, as wallets show them.

use anyhow::Result;
use clap::Args;
use thaw_client::thaw::constants::METADATA_PROGRAM;

use super::power::{Deed, change, perform};
use crate::{args::TxArgs, context::Context, failure::usage, signers::Actor};

/// Bytes of a metadata account before its texts: a tag and two keys.
const HEAD: usize = 65;
/// What the texts are, in their order.
const NAMES: [&str; 3] = ["name", "symbol", "uri"];

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw metadata --name \"Thawed SOL\" --symbol thSOL --uri https://example.com/thsol.json
  thaw metadata --uri https://example.com/new.json     the others stay

The name has at most 32 bytes, the symbol 10, the link 200.")]
pub struct MetadataArgs {
    /// Name
    #[arg(long)]
    pub name: Option<String>,
    /// Symbol
    #[arg(long)]
    pub symbol: Option<String>,
    /// Link to a JSON file with picture and description
    #[arg(long)]
    pub uri: Option<String>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Writes the texts.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn run(context: &Context, args: &MetadataArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let pool = context.pool().await?;
    let address = pool.metadata();
    let found = context.rpc.get_account_with_commitment(&address, context.rpc.commitment()).await?;
    let old = found.value.filter(|account| account.owner == METADATA_PROGRAM);
    let old = old.and_then(|account| texts(&account.data));
    let given = [&args.name, &args.symbol, &args.uri];
    let mut new = [const { String::new() }; 3];
    for (place, given) in given.iter().enumerate() {
        let kept = old.as_ref().and_then(|old| old.get(place)).cloned();
        let Some(text) = (*given).clone().or(kept) else {
            let name = NAMES.get(place).copied().unwrap_or_default();
            return Err(usage(format!("the token has no {name} yet: give it one with --{name}")));
        };
        if let Some(slot) = new.get_mut(place) {
            *slot = text;
        }
    }
    let old = old.unwrap_or([const { String::new() }; 3]);
    let changed = NAMES.into_iter().zip(old.iter().zip(&new)).filter(|(_, (old, new))| old != new);
    let changes: Vec<_> = changed
        .map(|(name, (old, new))| change(name, format!("\"{old}\""), format!("\"{new}\"")))
        .collect();
    if changes.is_empty() {
        return Err(usage("the token has these texts already"));
    }
    let [name, symbol, uri] = &new;
    let instruction = pool.set_metadata(&actor.key, &actor.payer, name, symbol, uri);
    let deed = Deed::of("Names the share token.", changes, instruction);
    perform(context, &args.tx, &actor, &pool, deed).await
}

/// The three texts of a metadata account, without the zeros that fill them up.
fn texts(data: &[u8]) -> Option<[String; 3]> {
    let mut rest = data.get(HEAD..)?;
    let mut next = || {
        let (length, tail) = rest.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        let (text, tail) = tail.split_at_checked(length)?;
        rest = tail;
        Some(String::from_utf8_lossy(text).trim_end_matches('\0').to_owned())
    };
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_without_their_padding() {
        let mut data = vec![0; HEAD];
        for (text, bytes) in [("Thawed SOL", 32u32), ("thSOL", 10), ("https://x", 200)] {
            data.extend(bytes.to_le_bytes());
            data.extend(text.bytes().chain(std::iter::repeat(0)).take(bytes as usize));
        }
        let read = texts(&data).unwrap();
        assert_eq!(read, ["Thawed SOL", "thSOL", "https://x"].map(String::from));
        assert_eq!(texts(&data[..80]), None);
        assert_eq!(texts(&[]), None);
    }
}
