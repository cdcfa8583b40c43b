//! `docs/edge-cases.md`: complete, and true to the tests.

use thaw_tests::tables::{assert_all_cited, cited};

#[test]
fn every_case_is_told_and_every_test_it_names_exists() {
    let numbers: Vec<String> = (1..=52).map(|number| number.to_string()).collect();
    let cited = cited("docs/edge-cases.md", &numbers);
    assert_all_cited("tests/edges", &cited, |test| {
        test.strip_prefix('e').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
}
