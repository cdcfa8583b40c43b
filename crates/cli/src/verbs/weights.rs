//! `thaw validator weights`: weights from a file, with the differences.

use std::{collections::BTreeMap, path::Path};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use thaw_client::{Snapshot, thaw::instructions::Weight};

use super::{
    power::{Deed, change, perform},
    weight_steps::steps,
};
use crate::{args::TxArgs, context::Context, failure::usage, output::say, signers::Actor};

/// What becomes of validators that the file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Others {
    /// They keep their weights
    Keep,
    /// They get weight 0
    Zero,
}

/// Sets the weights that differ.
///
/// # Errors
/// For a malformed file, refusals, the server's errors, missing keys.
pub async fn run(context: &Context, file: &Path, others: Others, tx: &TxArgs) -> Result<()> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let wanted = parse(&text).with_context(|| format!("the file {}", file.display()))?;
    let actor = Actor::load(context, tx)?;
    let snapshot = context.snapshot().await?;
    let weights = differences(&snapshot, &wanted, others)?;
    if weights.is_empty() {
        say("all weights are as the file has them: nothing to do");
    }
    let changes = weights.iter().map(|(vote, old, new)| change(vote.to_string(), old, new.weight));
    let changes: Vec<_> = changes.collect();
    let weights: Vec<Weight> = weights.into_iter().map(|(_, _, new)| new).collect();
    let pool = snapshot.addresses;
    let mut action = format!("Sets {} weights from the next finalize on", weights.len());
    let steps = steps(&snapshot, weights)?;
    if steps.len() > 1 {
        action.push_str(&format!(", in {} transactions", steps.len()));
    }
    let set = |some: Vec<Weight>| vec![pool.set_weights(&actor.key, some)];
    let deed = Deed {
        action: format!("{action}."),
        transactions: steps.into_iter().map(set).collect(),
        are_independent: false,
        changes,
    };
    let tx = TxArgs { yes: tx.yes || deed.transactions.is_empty(), ..tx.clone() };
    perform(context, &tx, &actor, &pool, deed).await
}

/// Weights by vote account.
fn parse(text: &str) -> Result<BTreeMap<Pubkey, u32>> {
    let mut weights = BTreeMap::new();
    for (line, number) in text.lines().zip(1u32..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = || format!("line {number}: `{line}`");
        let (vote, weight) = line.split_once(',').with_context(place).map_err(|error| {
            usage(format!("{error:#} is not of the form `vote account,weight`"))
        })?;
        let vote = vote.trim().trim_matches('"');
        let Ok(vote) = vote.parse::<Pubkey>() else {
            if weights.is_empty() && number == 1 {
                continue;
            }
            return Err(usage(format!("{}: `{vote}` is no address", place())));
        };
        let weight =
            weight.trim().trim_matches('"').parse().map_err(|_| {
                usage(format!("{}: the weight is no whole number below 2^32", place()))
            })?;
        if weights.insert(vote, weight).is_some() {
            return Err(usage(format!("{}: {vote} is named twice", place())));
        }
    }
    if weights.is_empty() {
        bail!(usage("it names no weights"));
    }
    Ok(weights)
}

/// What differs from the weights that count from the next finalize, in the order of the list: vote
/// account, old weight, new weight.
fn differences(
    snapshot: &Snapshot,
    wanted: &BTreeMap<Pubkey, u32>,
    others: Others,
) -> Result<Vec<(Pubkey, u32, Weight)>> {
    let is_listed =
        |vote: &Pubkey| snapshot.validators.iter().any(|view| view.record.vote == *vote);
    if let Some(stranger) = wanted.keys().find(|vote| !is_listed(vote)) {
        return Err(usage(format!("this pool does not list {stranger}: add it first")));
    }
    let differing = snapshot.validators.iter().filter_map(|view| {
        let record = &view.record;
        let old = record.next_weight.saturating_add(record.aside_weight);
        let new = match (wanted.get(&record.vote), others) {
            (Some(weight), _) => *weight,
            (None, Others::Zero) if !record.is_leaving() => 0,
            (None, _) => old,
        };
        (new != old).then_some((record.vote, old, Weight { index: view.index, weight: new }))
    });
    Ok(differing.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_headers_comments_and_quotes() {
        let (one, two) = (Pubkey::new_unique(), Pubkey::new_unique());
        let text = format!("vote,weight\r\n# mine\n{one},3000\r\n\n \"{two}\" , \"5\" \n");
        let weights = parse(&text).unwrap();
        assert_eq!(weights, BTreeMap::from([(one, 3_000), (two, 5)]));
    }

    #[test]
    fn malformed_files_are_refused_with_the_line() {
        let key = Pubkey::new_unique();
        let text = |file: &str| format!("{:#}", parse(file).unwrap_err());
        assert!(text(&format!("{key};1")).contains("line 1"));
        assert!(text(&format!("{key},1\nnonsense,2")).contains("line 2"));
        assert!(text(&format!("{key},1.5")).contains("no whole number"));
        assert!(text(&format!("{key},-1")).contains("no whole number"));
        assert!(text(&format!("{key},1\n{key},1")).contains("named twice"));
        assert!(text("# nothing\n").contains("no weights"));
    }
}
