//! `docs/incidents.md`: complete, and true to the tests.

use thaw_tests::tables::{assert_all_cited, cited};

#[test]
fn every_finding_is_told_and_every_test_it_names_exists() {
    let of = |letter: char, last: u8| -> Vec<String> {
        (1..=last).map(|number| format!("{letter}{number:02}")).collect()
    };
    let numbers =
        [of('S', 29), of('P', 3), of('M', 12), of('I', 8), of('U', 3), of('J', 9), of('L', 7)];
    let cited = cited("docs/incidents.md", &numbers.concat());
    assert_all_cited("tests/incidents", &cited, |test| {
        let (letter, rest) = test.split_at(1);
        "spmiujl".contains(letter) && rest.starts_with(|c: char| c.is_ascii_digit())
    });
}
