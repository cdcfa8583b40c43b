//! Printing: words and tables for people, JSON for programs.

use std::{
    fmt::{self, Display, Write},
    io::{IsTerminal, Write as _},
};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use thaw_client::amount;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Words and tables
    #[default]
    Display,
    /// JSON with line breaks
    Json,
    /// JSON on one line
    JsonCompact,
}

impl Format {
    /// Prints a report to stdout.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn print<R: Serialize + Display>(self, report: &R) -> Result<()> {
        let text = match self {
            Self::Display => report.to_string(),
            Self::Json => serde_json::to_string_pretty(report)?,
            Self::JsonCompact => serde_json::to_string(report)?,
        };
        let mut stdout = std::io::stdout().lock();
        let written = writeln!(stdout, "{}", text.trim_end_matches('\n'));
        match written {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

/// True where somebody looks at stderr.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// Says something beside the data.
pub fn say(text: impl Display) {
    eprintln!("{text}");
}

/// One line of a report: a name, padded, and a value.
///
/// # Errors
/// As the formatter.
pub fn line(f: &mut impl Write, name: &str, value: impl Display) -> fmt::Result {
    writeln!(f, "{name:<19} {value}")
}

/// Lamports with their unit.
pub fn sol(lamports: u64) -> String {
    format!("{} SOL", amount::show(lamports))
}

/// Basis points as per cent.
pub fn percent(bps: u64) -> String {
    let (whole, part) = (bps.checked_div(100), bps.checked_rem(100));
    format!("{}.{:02} %", whole.unwrap_or(0), part.unwrap_or(0))
}

/// Parts per billion as per cent with three places.
pub fn ppb_percent(ppb: i64) -> String {
    let size = ppb.unsigned_abs();
    let thousandths = size.checked_div(10_000).unwrap_or(0);
    let (whole, part) = (thousandths.checked_div(1_000), thousandths.checked_rem(1_000));
    let sign = if ppb < 0 { "-" } else { "" };
    format!("{sign}{}.{:03} %", whole.unwrap_or(0), part.unwrap_or(0))
}

/// `ppb_percent`, or a dash for what is not known.
pub fn ppb_or_dash(ppb: Option<i64>) -> String {
    ppb.map_or_else(|| "-".into(), ppb_percent)
}

/// Columns, each as wide as its widest cell. Numbers are written by the caller; a header that
/// begins with `>` aligns its column to the right.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headers.
    pub fn new<const N: usize>(headers: [&str; N]) -> Self {
        Self { rows: vec![headers.map(str::to_owned).to_vec()] }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(headers) = self.rows.first() else { return Ok(()) };
        let is_right: Vec<bool> = headers.iter().map(|header| header.starts_with('>')).collect();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.trim_start_matches('>').chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..headers.len()).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), is_right) in row.iter().zip(&widths).zip(&is_right) {
                let cell = cell.trim_start_matches('>');
                if *is_right {
                    write!(line, "{cell:>width$}  ")?;
                } else {
                    write!(line, "{cell:<width$}  ")?;
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_shown_exactly() {
        assert_eq!(percent(3), "0.03 %");
        assert_eq!(percent(10_000), "100.00 %");
        assert_eq!(ppb_percent(67_912_345), "6.791 %");
        assert_eq!(ppb_percent(-180_000), "-0.018 %");
        assert_eq!(ppb_or_dash(None), "-");
    }

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(["name", ">SOL"]);
        table.row(["a".into(), "10.0".into()]);
        table.row(["long".into(), "1.0".into()]);
        assert_eq!(table.to_string(), "name   SOL\na     10.0\nlong   1.0\n");
    }
}
