//! Tables in pages, between `<!-- bench: NAME -->` and `<!-- /bench -->`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{scale, tables};
use crate::results::Results;

/// A table, and the page that shows it.
struct Place {
    page: &'static str,
    name: &'static str,
    table: fn(&Results) -> String,
}

const PLACES: [Place; 12] = [
    Place { page: "README.md", name: "costs", table: tables::summary },
    Place { page: "docs/benchmark.md", name: "what", table: tables::what },
    Place { page: "docs/benchmark.md", name: "instructions", table: tables::instructions },
    Place { page: "docs/benchmark.md", name: "tickets", table: tables::tickets },
    Place { page: "docs/benchmark.md", name: "curve", table: tables::curve },
    Place { page: "docs/benchmark.md", name: "sync", table: tables::sync },
    Place { page: "docs/benchmark.md", name: "epochs", table: tables::epochs },
    Place { page: "docs/scale.md", name: "locks", table: scale::locks },
    Place { page: "docs/scale.md", name: "tickets", table: scale::tickets },
    Place { page: "docs/scale.md", name: "epochs", table: scale::epochs },
    Place { page: "docs/scale.md", name: "congestion", table: scale::congestion },
    Place { page: "docs/scale.md", name: "weights", table: scale::weights },
];

/// Writes every table into its page.
///
/// # Errors
/// When a page is missing, or has no such place.
pub fn write(results: &Results) -> Result<()> {
    for place in PLACES {
        let path = path(place.page);
        let (old, new) = filled(&path, &place, results)?;
        if old != new {
            std::fs::write(&path, new)?;
        }
    }
    Ok(())
}

/// A line for each page whose table is not as the figures say.
///
/// # Errors
/// When a page is missing, or has no such place.
pub fn stale(results: &Results) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for place in PLACES {
        let (old, new) = filled(&path(place.page), &place, results)?;
        if old != new {
            lines.push(format!("{}: the table `{}` is stale", place.page, place.name));
        }
    }
    Ok(lines)
}

/// The page as it is, and as it should be.
fn filled(path: &Path, place: &Place, results: &Results) -> Result<(String, String)> {
    let page = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let begin = format!("<!-- bench: {} -->", place.name);
    let missing = || format!("{}: no place for `{}`", path.display(), place.name);
    let (before, rest) = page.split_once(&begin).with_context(missing)?;
    let (_, after) = rest.split_once("<!-- /bench -->").with_context(missing)?;
    let table = (place.table)(results);
    let new = format!("{before}{begin}\n\n{}\n\n<!-- /bench -->{after}", table.trim());
    Ok((page, new))
}

fn path(page: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(page)
}
