//! Tables in `docs/` that name tests: complete, and true.

use std::{fs, path::Path};

/// A test that a table names: its file and its name.
pub type Cited = (String, String);

/// The tests that the table of a page in `docs/` names, row by row; its first column says exactly
/// `numbers`.
///
/// # Panics
/// When a row is missing, names no test, or names one that does not exist.
pub fn cited(page: &str, numbers: &[String]) -> Vec<Cited> {
    let text = read(page);
    let table = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    let rows: Vec<Vec<&str>> = table.map(|line| line.split('|').map(str::trim).collect()).collect();
    let found: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(found, numbers, "{page}: rows");
    let mut all = Vec::new();
    for row in rows {
        assert_eq!(row.len(), 6, "{page}, {}: four cells", row[1]);
        let tests: Vec<_> = row[4].split('`').filter_map(|test| test.split_once("::")).collect();
        assert!(!tests.is_empty(), "{page}, {}: a test", row[1]);
        for (file, test) in tests {
            assert!(read(file).contains(&format!("fn {test}(")), "{file}: no test {test}");
            all.push((file.into(), test.into()));
        }
    }
    all
}

/// Nothing is shown that nobody is told of: every test of `folder` whose name begins with a number of
/// the table, as `is_numbered` knows it, is among those `cited`.
///
/// # Panics
/// When one is not.
pub fn assert_all_cited(folder: &str, cited: &[Cited], is_numbered: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let file = format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap());
        let code = read(&file);
        let tests = code.split("#[test]\nfn ").skip(1);
        for name in tests.map(|rest| rest.split_once('(').unwrap().0) {
            let is_cited = cited.iter().any(|(place, test)| *place == file && test == name);
            assert!(is_cited || !is_numbered(name), "{file}::{name} is not in the table");
        }
    }
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}
