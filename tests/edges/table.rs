//! `docs/edge-cases.md`: complete, and true to the tests.

use std::{fs, path::Path};

/// How many edge cases there are.
const CASES: usize = 40;

#[test]
fn every_case_is_told_and_every_test_it_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/edge-cases.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .map(|line| line.split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells.get(1).is_some_and(|cell| cell.parse::<u8>().is_ok()))
        .collect();
    assert_eq!(rows.len(), CASES);
    let mut cited = Vec::new();
    for (row, number) in rows.iter().zip(1..) {
        assert_eq!(row[1], number.to_string());
        assert_eq!(row.len(), 6, "{number}: four cells");
        let tests: Vec<&str> = row[4].split('`').filter(|test| test.contains("::")).collect();
        assert!(!tests.is_empty(), "{number}: a test");
        cited.extend(tests.into_iter().map(|test| test.split_once("::").unwrap()));
    }
    for (file, test) in &cited {
        let code =
            fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(code.contains(&format!("fn {test}(")), "{file}: no test {test}");
    }

    // And nothing is shown that nobody is told of.
    for entry in fs::read_dir(root.join("tests/edges")).unwrap() {
        let path = entry.unwrap().path();
        let file = format!("tests/edges/{}", path.file_name().unwrap().to_str().unwrap());
        let code = fs::read_to_string(&path).unwrap();
        let tests = code.split("#[test]\nfn e").skip(1);
        let numbered = tests.filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        for test in numbered.map(|rest| rest.split_once('(').unwrap().0) {
            let name = format!("e{test}");
            let is_cited = cited.iter().any(|(place, cited)| *place == file && *cited == name);
            assert!(is_cited, "{file}::{name} is not in the table");
        }
    }
}
