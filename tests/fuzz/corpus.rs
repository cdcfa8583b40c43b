//! The inputs that are kept in the repository, a line each: data in hex, then the accounts.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::input::{Input, Meta};

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus.txt"))
}

/// All inputs of the corpus.
pub fn read() -> Vec<Input> {
    fs::read_to_string(path()).unwrap_or_default().lines().map(parse).collect()
}

/// Writes the corpus, a line each.
pub fn write(lines: &BTreeSet<String>) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    fs::write(path(), lines.join("\n") + "\n").unwrap();
}

/// An input as a line: `data place[s][w] place[s][w] ...`.
pub fn line(input: &Input) -> String {
    let data: String = input.data.iter().map(|byte| format!("{byte:02x}")).collect();
    let metas = input.metas.iter().map(|meta| {
        let (signs, writes) =
            (if meta.signs { "s" } else { "" }, if meta.is_writable { "w" } else { "" });
        format!(" {}{signs}{writes}", meta.place)
    });
    format!("x{data}{}", metas.collect::<String>())
}

fn parse(line: &str) -> Input {
    let mut words = line.split(' ');
    let hex = words.next().unwrap().strip_prefix('x').unwrap();
    let data = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
    let metas = words.map(|word| Meta {
        place: word.trim_end_matches(['s', 'w']).parse().unwrap(),
        signs: word.contains('s'),
        is_writable: word.contains('w'),
    });
    Input { data: data.collect(), metas: metas.collect() }
}
