//! The page shows what is tested: each of its blocks is, to the letter, a region of a test file.

use std::{collections::BTreeSet, fs, path::PathBuf};

/// The files that have regions.
const SOURCES: [&str; 7] = [
    "tests/integrate/indexer.rs",
    "tests/integrate/lender.rs",
    "tests/integrate/oracle.rs",
    "tests/integrate/program.rs",
    "tests/integrate/router.rs",
    "tests/integrate/wallet.rs",
    "app/client/test/integrate.test.ts",
];
const PAGE: &str = "docs/integrate.md";
const OPEN: &str = "// region: ";
const CLOSE: &str = "// endregion";

pub fn read(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The regions of a file by `path: name`, without the lines that mark them.
fn regions(path: &str) -> Vec<(String, String)> {
    let mut regions: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for line in read(path).lines() {
        if let Some(name) = line.strip_prefix(OPEN) {
            assert!(!is_open, "{path}: a region within a region");
            regions.push((format!("{path}: {name}"), String::new()));
            is_open = true;
        } else if line == CLOSE {
            is_open = false;
        } else if is_open {
            let (_, text) = regions.last_mut().unwrap();
            text.push_str(line);
            text.push('\n');
        }
    }
    assert!(!is_open, "{path}: a region without an end");
    regions
}

/// The blocks of the page in Rust or TypeScript, by the comment in the line before.
fn blocks() -> Vec<(String, String)> {
    let page = read(PAGE);
    let mut lines = page.lines();
    let (mut blocks, mut before) = (Vec::new(), "");
    while let Some(line) = lines.next() {
        if line == "```rust" || line == "```ts" {
            let name = before.strip_prefix("<!-- ").and_then(|name| name.strip_suffix(" -->"));
            let name = name.unwrap_or_else(|| panic!("a block without its region, after {before}"));
            let text = lines.by_ref().take_while(|line| *line != "```");
            blocks.push((name.to_owned(), text.map(|line| format!("{line}\n")).collect()));
        }
        before = line;
    }
    blocks
}

#[test]
fn shows_each_region_to_the_letter() {
    let regions: Vec<_> = SOURCES.iter().flat_map(|path| regions(path)).collect();
    let blocks = blocks();
    for (name, text) in &blocks {
        let found = regions.iter().find(|(region, _)| region == name);
        let (_, region) = found.unwrap_or_else(|| panic!("{PAGE} shows {name}, which is nowhere"));
        assert_eq!(text, region, "{PAGE} does not show {name} as it is");
    }
    let names = |list: &[(String, String)]| -> BTreeSet<String> {
        list.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&blocks), names(&regions), "a region that the page does not show");
    assert_eq!(blocks.len(), regions.len(), "a name twice");
    assert!(blocks.len() >= 12, "{} blocks", blocks.len());
}

/// What the page links to is there.
#[test]
fn links_to_what_there_is() {
    let page = read(PAGE);
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let mut count = 0;
    for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
        let path = target.split('#').next().unwrap();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs");
        assert!(root.join(path).exists(), "{PAGE} links to {target}");
        count += 1;
    }
    assert!(count > 3);
}
