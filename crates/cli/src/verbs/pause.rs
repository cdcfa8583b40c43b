//! `thaw pause` and `thaw unpause`: paths close for a while.

use anyhow::Result;
use clap::{Args, ValueEnum};
use thaw_client::{
    refusal::duration,
    thaw::state::{Paths, Pool},
};

use super::{
    power::{Deed, change, perform},
    show::PATHS,
};
use crate::{args::TxArgs, context::Context, pool_config::Change, signers::Actor};

/// Arguments of `thaw pause`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw pause deposit --for 6h
  thaw pause all --for 72h

A pause lasts at most 72 hours, and the next may begin 24 hours after its end. Withdrawal tickets
are never paused.")]
pub struct PauseArgs {
    /// What to pause
    #[arg(required = true, value_enum)]
    pub paths: Vec<PathName>,
    /// For how long: 30m, 6h or 3d
    #[arg(long = "for", value_parser = seconds, value_name = "DURATION")]
    pub seconds: u32,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// Arguments of `thaw unpause`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  thaw unpause deposit")]
pub struct UnpauseArgs {
    /// What to open again
    #[arg(required = true, value_enum)]
    pub paths: Vec<PathName>,
    /// How to sign and send.
    #[command(flatten)]
    pub tx: TxArgs,
}

/// A path that can be paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PathName {
    /// SOL deposits
    Deposit,
    /// Instant exits
    InstantExit,
    /// Stake accounts in and out
    Stake,
    /// Delegating and rebalancing
    Moves,
    /// All of them
    All,
}

/// Reads `90s`, `30m`, `6h` or `3d` as seconds.
fn seconds(text: &str) -> Result<u32, String> {
    let unit = |letter| match letter {
        's' => Some(1u32),
        'm' => Some(60),
        'h' => Some(3_600),
        'd' => Some(86_400),
        _ => None,
    };
    let malformed = || format!("`{text}` is not a duration: write 90s, 30m, 6h or 3d");
    let letter = text.chars().last().ok_or_else(malformed)?;
    let number: u32 = text.trim_end_matches(letter).parse().map_err(|_| malformed())?;
    let seconds = number.checked_mul(unit(letter).ok_or_else(malformed)?);
    seconds.ok_or_else(|| format!("`{text}` is too long"))
}

fn paths(names: &[PathName]) -> Paths {
    let has = |name: PathName| names.contains(&name) || names.contains(&PathName::All);
    Paths {
        deposit: has(PathName::Deposit),
        instant_exit: has(PathName::InstantExit),
        stake: has(PathName::Stake),
        moves: has(PathName::Moves),
    }
}

/// What changes, by path.
fn changes(pool: &Pool, now: i64, paths: Paths, new: &str) -> Vec<Change> {
    let named = paths.named().map(|path| path as usize);
    let all = named.filter_map(|place| Some((PATHS.get(place)?, pool.paused_until.get(place)?)));
    all.map(|(name, until)| {
        let old = if now < *until { format!("paused until {until}") } else { "open".into() };
        change(*name, old, new)
    })
    .collect()
}

/// Pauses.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn pause(context: &Context, args: &PauseArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let (paths, now) = (paths(&args.paths), snapshot.clock.unix_timestamp);
    let until = now.saturating_add(args.seconds.into());
    let changes = changes(&snapshot.pool, now, paths, &format!("paused until {until}"));
    let action = format!("Pauses for {}.", duration(args.seconds.into()));
    let instruction = snapshot.addresses.pause(&actor.key, paths, args.seconds);
    let deed = Deed::of(action, changes, instruction);
    perform(context, &args.tx, &actor, &snapshot.addresses, deed).await
}

/// Ends pauses.
///
/// # Errors
/// Refusals, the server's errors, missing keys.
pub async fn unpause(context: &Context, args: &UnpauseArgs) -> Result<()> {
    let actor = Actor::load(context, &args.tx)?;
    let snapshot = context.snapshot().await?;
    let paths = paths(&args.paths);
    let changes = changes(&snapshot.pool, snapshot.clock.unix_timestamp, paths, "open");
    let instruction = snapshot.addresses.unpause(&actor.key, paths);
    let deed = Deed::of("Opens paths again.", changes, instruction);
    perform(context, &args.tx, &actor, &snapshot.addresses, deed).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(["90s", "30m", "6h", "3d"].map(seconds), [90, 1_800, 21_600, 259_200].map(Ok));
        for text in ["", "6", "h", "1w", "-1h", "1.5h", "ähh"] {
            assert!(seconds(text).unwrap_err().contains("not a duration"), "{text}");
        }
        assert!(seconds("99999d").unwrap_err().contains("too long"));
    }

    #[test]
    fn all_means_every_path() {
        assert_eq!(paths(&[PathName::All]), Paths::ALL);
        let stake = Paths { stake: true, ..Paths::default() };
        assert_eq!(paths(&[PathName::Stake]), stake);
    }
}
