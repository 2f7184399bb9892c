//! docs/gate.md names a test for each answer: they exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// `file::test` in the back ticks of a table's cell, where the file is below `tests/` or `src/`.
fn named(text: &str) -> Vec<(String, String)> {
    let quoted = text.split('`').skip(1).step_by(2);
    let tests = quoted.filter_map(|quoted| quoted.split_once("::"));
    tests
        .filter(|(file, _)| Path::new(file).extension().is_some_and(|end| end == "rs"))
        .map(|(file, test)| (file.to_owned(), test.to_owned()))
        .collect()
}

#[test]
fn every_ask_has_a_line_and_every_named_test_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/gate.md")).unwrap();
    let (_, text) = text.split_once("## Thirty asks").unwrap();
    let rows: Vec<&str> =
        text.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()).collect();
    let numbers: Vec<usize> = rows.iter().map(|row| row[2..].split(' ').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    for row in rows {
        let tests = named(row);
        assert!(!tests.is_empty() || row.contains("not done"), "no test: {row}");
        for (file, test) in tests {
            let source = fs::read_to_string(root.join(&file)).unwrap_or_else(|_| panic!("there is no {file}"));
            let is_test = source.split("#[test]").skip(1).any(|part| {
                let until = part.find('{').unwrap_or(part.len());
                part[..until].contains(&format!("fn {test}("))
            });
            assert!(is_test, "{file} has no test {test}");
            seen.insert((file, test));
        }
    }
    assert!(seen.len() >= 30, "{}", seen.len());
}
