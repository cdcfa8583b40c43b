//! `docs/attacks.md`: complete, and true to the tests.

use thaw_tests::tables::{assert_all_cited, cited};

#[test]
fn every_attack_is_told_and_every_test_it_names_exists() {
    let of = |letter: char, numbers: &[u8]| -> Vec<String> {
        numbers.iter().map(|number| format!("{letter}{number}")).collect()
    };
    let numbers = [
        of('C', &[1, 2, 3, 4]),
        of('H', &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        of('M', &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
        of('L', &[1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13]),
    ]
    .concat();
    let cited = cited("docs/attacks.md", &numbers);
    assert_all_cited("tests/review", &cited, |test| {
        let (letter, rest) = test.split_at(1);
        "chml".contains(letter) && rest.starts_with(|c: char| c.is_ascii_digit())
    });
}
