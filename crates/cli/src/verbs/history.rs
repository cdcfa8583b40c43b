//! `thaw history`: rate and APY of past epochs.

use std::fmt::{self, Display, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use thaw_client::{amount, history};

use crate::{
    context::Context,
    output::{Table, ppb_or_dash, ppb_percent},
};

/// Points from which on the plot has no space between them.
const CROWD: usize = 40;
/// Rows of the plot.
const HEIGHT: usize = 12;

/// Arguments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  thaw history                       plot of the rate
  thaw history --plot apy            plot of the APY
  thaw history --csv > rate.csv
  thaw history --output json")]
pub struct HistoryArgs {
    /// What to plot
    #[arg(long, value_enum, default_value_t = Plot::Rate)]
    pub plot: Plot,
    /// A table instead of the plot
    #[arg(long, conflicts_with = "csv")]
    pub table: bool,
    /// Comma-separated values, for spreadsheets
    #[arg(long)]
    pub csv: bool,
    /// The last so many epochs; a pool keeps 64
    #[arg(long, value_name = "EPOCHS")]
    pub last: Option<usize>,
}

/// What is plotted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Plot {
    /// Lamports per share, all gain included
    #[default]
    Rate,
    /// Yearly yield of each epoch
    Apy,
}

/// The JSON of `thaw history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryReport {
    /// The pool.
    pub pool: String,
    /// Finalized epochs, oldest first.
    pub epochs: Vec<EpochLine>,
    /// How it is printed for people.
    #[serde(skip)]
    pub style: Style,
}

/// How a history is printed for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A table.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// A plot.
    Plot(Plot),
}

/// One finalized epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochLine {
    /// The epoch.
    pub epoch: u64,
    /// When it was finalized, unix seconds.
    pub unix_time: i64,
    /// Everything the pool owned, lamports.
    pub assets_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
    /// Lamports per 10^9 base units of shares, all gain included.
    pub rate_lamports: u64,
    /// Growth of the rate since the line before, parts per billion.
    pub growth_ppb: Option<i64>,
    /// The same for a year, compounded, parts per billion.
    pub apy_ppb: Option<i64>,
}

/// Prints the history.
///
/// # Errors
/// The server's.
pub async fn run(context: &Context, args: &HistoryArgs) -> Result<()> {
    let snapshot = context.snapshot().await?;
    let mut epochs: Vec<EpochLine> =
        history::rates(&snapshot.pool).into_iter().map(EpochLine::from).collect();
    let first = epochs.len().saturating_sub(args.last.unwrap_or(usize::MAX));
    epochs.drain(..first);
    let style = match (args.csv, args.table) {
        (true, _) => Style::Csv,
        (_, true) => Style::Table,
        _ => Style::Plot(args.plot),
    };
    let pool = snapshot.addresses.pool.to_string();
    context.output.print(&HistoryReport { pool, epochs, style })
}

impl From<history::EpochRate> for EpochLine {
    fn from(rate: history::EpochRate) -> Self {
        Self {
            epoch: rate.epoch,
            unix_time: rate.unix_time,
            assets_lamports: rate.assets_lamports,
            shares: rate.shares,
            rate_lamports: rate.rate_lamports,
            growth_ppb: rate.growth_ppb,
            apy_ppb: rate.apy_ppb,
        }
    }
}

impl Display for HistoryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            Style::Csv => self.write_csv(f),
            _ if self.epochs.is_empty() => writeln!(f, "The pool has not been finalized yet."),
            Style::Table => self.write_table(f),
            Style::Plot(what) => self.write_plot(f, what),
        }
    }
}

impl HistoryReport {
    fn write_csv(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "epoch,unix_time,assets_lamports,shares,rate,growth_ppb,apy_ppb")?;
        let known = |ppb: Option<i64>| ppb.map(|ppb| ppb.to_string()).unwrap_or_default();
        self.epochs.iter().try_for_each(|line| {
            writeln!(
                f,
                "{},{},{},{},{},{},{}",
                line.epoch,
                line.unix_time,
                line.assets_lamports,
                line.shares,
                amount::show(line.rate_lamports),
                known(line.growth_ppb),
                known(line.apy_ppb)
            )
        })
    }

    fn write_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new([">epoch", ">SOL", ">shares", ">rate", ">growth", ">APY"]);
        for line in &self.epochs {
            table.row([
                line.epoch.to_string(),
                amount::show(line.assets_lamports),
                amount::show(line.shares),
                amount::show(line.rate_lamports),
                ppb_or_dash(line.growth_ppb),
                ppb_or_dash(line.apy_ppb),
            ]);
        }
        table.fmt(f)
    }

    fn write_plot(&self, f: &mut fmt::Formatter<'_>, what: Plot) -> fmt::Result {
        let points: Vec<(u64, i64)> = self
            .epochs
            .iter()
            .filter_map(|line| {
                let value = match what {
                    Plot::Rate => i64::try_from(line.rate_lamports).ok(),
                    Plot::Apy => line.apy_ppb,
                };
                Some((line.epoch, value?))
            })
            .collect();
        let label = |value: i64| match what {
            Plot::Rate => amount::show(value.unsigned_abs()),
            Plot::Apy => ppb_percent(value),
        };
        f.write_str(&plot(&points, label))?;
        let name = match what {
            Plot::Rate => "rate: SOL per share, all gain included",
            Plot::Apy => "APY of each epoch, compounded",
        };
        writeln!(f, "{name}")
    }
}

/// A plot of values over epochs, one column each.
fn plot(points: &[(u64, i64)], label: impl Fn(i64) -> String) -> String {
    let values = || points.iter().map(|(_, value)| *value);
    let (Some(low), Some(high)) = (values().min(), values().max()) else {
        return "nothing to plot yet\n".into();
    };
    let range = high.abs_diff(low);
    let top = HEIGHT.saturating_sub(1);
    // The row of a value, counted from below; in the middle where all are equal.
    let row_of = |value: i64| {
        let part = u128::from(value.abs_diff(low)).saturating_mul(top as u128);
        part.checked_div(range.into()).map_or(top >> 1, |row| row as usize)
    };
    let value_of = |row: usize| {
        let part = u128::from(range).saturating_mul(row as u128).checked_div(top as u128);
        low.saturating_add(part.and_then(|part| i64::try_from(part).ok()).unwrap_or(0))
    };
    let width = [low, high].map(|value| label(value).chars().count()).into_iter().max();
    let width = width.unwrap_or(0);
    let mut text = String::new();
    for row in (0..HEIGHT).rev() {
        let is_labelled = row == top >> 1 || (range > 0 && (row == 0 || row == top));
        let name = if is_labelled { label(value_of(row)) } else { String::new() };
        let _ = write!(text, "{name:>width$} |");
        for value in values() {
            let space = if points.len() < CROWD { " " } else { "" };
            text.push_str(space);
            text.push(if row_of(value) == row { '*' } else { ' ' });
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let width_of_point = if points.len() < CROWD { 2 } else { 1 };
    let dashes = "-".repeat(points.len().saturating_mul(width_of_point).saturating_add(1));
    let _ = writeln!(text, "{:>width$} +{dashes}", "");
    let (first, last) = (points.first().map(|it| it.0), points.last().map(|it| it.0));
    let _ = writeln!(text, "{:>width$}  epoch {} to {}", "", first.unwrap_or(0), last.unwrap_or(0));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_has_its_lowest_value_below_and_its_highest_above() {
        let text = plot(&[(1, 100), (2, 150), (3, 200)], |value| value.to_string());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "200 |     *");
        assert_eq!(lines[HEIGHT - 1], "100 | *");
        assert_eq!(lines[HEIGHT], "    +-------");
        assert_eq!(lines[HEIGHT + 1], "     epoch 1 to 3");
        assert_eq!(text.matches('*').count(), 3);
    }

    #[test]
    fn flat_and_empty_histories_are_plotted_too() {
        let flat = plot(&[(1, 5), (2, 5)], |value| value.to_string());
        assert_eq!(flat.lines().filter(|line| line.contains("* *")).count(), 1);
        assert_eq!(plot(&[], |value| value.to_string()), "nothing to plot yet\n");
        let points: Vec<(u64, i64)> = (0..64).map(|place| (place, 1)).collect();
        let crowded = plot(&points, |value| value.to_string());
        assert!(crowded.contains(&"*".repeat(64)));
        let negative = plot(&[(1, -7), (2, 7)], |value| value.to_string());
        assert!(negative.lines().next().unwrap().starts_with(" 7 |"));
    }
}
