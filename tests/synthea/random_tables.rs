//! Tables of every layout against the naive reading of them.

use super::oracle::{self, Identifier};
use super::{custom_scanner, found};
use lakegate::sources::walk;
use proptest::prelude::*;
use std::fs;
use std::num::NonZeroUsize;

#[derive(Debug, Clone)]
struct Table {
    content: String,
    delimiter: char,
}

/// One cell: a key, a document number, or a text, now and then with a keyword before a match.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        2 => "S[0-9]{8}",
        2 => "X[0-9]{8}X",
        2 => "[a-z0-9]{7,9}-[a-f0-9]{4}-[g-z]{4}-[0-9]{4}-[0-9a-z]{12,13}",
        2 => "[A-Za-z\u{e9}\u{4e2d} ]{0,12}",
        1 => "[0-9]{1,6}\\.[0-9]{2}",
        1 => "(passport|Drivers|patient|PATIENT) .{0,3}[a-z ]{0,50}(X[0-9]{8}X|S[0-9]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        1 => Just(String::new()),
    ]
}

/// Whether a cell is quoted, and what is put into it.
fn styled() -> impl Strategy<Value = (String, u8)> {
    (cell(), 0_u8..12)
}

fn written(cell: &str, style: u8, delimiter: char) -> String {
    let plain: String =
        cell.chars().filter(|character| !['"', '\n', '\r', ',', ';', '|', '\t'].contains(character)).collect();
    match style {
        // A quote that is not at the start of a cell is a character as any other.
        0 if !plain.is_empty() => format!("{plain}\"{plain}"),
        1 => format!("\"{}\"", plain.replace(' ', "\n")),
        2 => format!("\"{plain}\"\"{plain}\""),
        3 => format!("\"{plain}{delimiter}{plain}\""),
        4 => format!("\"{plain}\r\n\""),
        5 | 6 => format!("\"{plain}\""),
        _ => plain,
    }
}

fn table() -> impl Strategy<Value = Table> {
    let names = prop::sample::subsequence(
        vec!["PATIENT", "DRIVERS", "PASSPORT", "CODE", "DESCRIPTION", "START", "PatientRef", "\"NOTE\""],
        3..=7,
    );
    let rows = prop::collection::vec((prop::collection::vec(styled(), 8), -1_isize..=12), 6..40);
    (names.prop_shuffle(), rows, prop::sample::select(vec![',', '\t', ';', '|']), any::<[bool; 3]>()).prop_map(
        |(names, rows, delimiter, [crlf, last_line_end, mark])| {
            let line_end = if crlf { "\r\n" } else { "\n" };
            let mut lines = vec![names.join(&delimiter.to_string())];
            for (cells, ragged) in &rows {
                // Now and then a row is one cell short or one too long.
                let width = match ragged {
                    -1 => names.len() - 1,
                    0 => names.len() + 1,
                    _ => names.len(),
                };
                let cells: Vec<String> =
                    cells.iter().take(width).map(|(cell, style)| written(cell, *style, delimiter)).collect();
                lines.push(cells.join(&delimiter.to_string()));
            }
            let mark = if mark { "\u{feff}" } else { "" };
            let end = if last_line_end { line_end } else { "" };
            Table { content: format!("{mark}{}{end}", lines.join(line_end)), delimiter }
        },
    )
}

/// Compares what scans with 1, 2 and 8 threads find in the tables with what the naive reading finds.
fn compare(tables: &[(String, u8)]) {
    let scanner = custom_scanner();
    let folder = tempfile::tempdir().unwrap();
    for (index, (content, _)) in tables.iter().enumerate() {
        fs::write(folder.path().join(format!("{index:04}.csv")), content).unwrap();
    }
    let entries = walk(&[folder.path()]);
    for threads in [1, 2, 8] {
        let reports = scanner.scan_entries(&entries, "", NonZeroUsize::new(threads).unwrap(), &()).unwrap();
        for ((content, delimiter), report) in tables.iter().zip(&reports) {
            // The naive reader does not know of byte order marks.
            let plain = content.trim_start_matches('\u{feff}').as_bytes();
            for identifier in Identifier::all() {
                let expected = oracle::find(plain, *delimiter, &identifier);
                let found = found(report, identifier.name);
                assert_eq!(found, expected, "{} with {threads} threads in\n{content:.4000}", identifier.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_gives_the_count_and_places_of_a_naive_reading(table in table()) {
        compare(&[(table.content.clone(), table.delimiter as u8)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// Long enough to be scanned in several parts, which end at other places in each.
    #[test]
    fn tables_of_several_parts_give_the_count_and_places_of_a_naive_reading(
        tables in prop::collection::vec(table(), 3),
        sizes in prop::collection::vec(600_000_usize..1_400_000, 3),
    ) {
        let long: Vec<(String, u8)> = tables
            .iter()
            .zip(&sizes)
            .map(|(table, size)| {
                let content = table.content.trim_end();
                let line_end = if content.contains("\r\n") { "\r\n" } else { "\n" };
                let (header, rows) = content.split_once('\n').unwrap();
                let rows = format!("{rows}{line_end}");
                (format!("{header}\n{}", rows.repeat(size / rows.len() + 1)), table.delimiter as u8)
            })
            .collect();
        compare(&long);
    }
}
