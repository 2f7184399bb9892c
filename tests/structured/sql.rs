//! SQL dumps, written as the programs of three databases write them.

use super::found::places;
use proptest::prelude::*;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dump {
    /// `INSERT` statements with doubled quotes.
    Standard,
    /// `INSERT` statements with backslashes before quotes, line ends and backslashes.
    Mysql,
    /// `COPY`, a row a line, with tabs between cells.
    Copy,
}

fn cell() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        2 => Just(None),
        3 => "[a-z,;()'\"\\\\ \n\t\u{e9}-]{0,16}".prop_map(Some),
        3 => "[a-z' (]{0,6}PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Some),
        1 => (42_424_242_000_000_i64..42_424_242_999_999).prop_map(|number| Some(number.to_string())),
    ]
}

fn quoted(cell: &str, dump: Dump) -> String {
    match dump {
        Dump::Standard => format!("'{}'", cell.replace('\'', "''")),
        Dump::Mysql => {
            let cell = cell.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('"', "\\\"");
            format!("'{cell}'")
        }
        Dump::Copy => cell.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t"),
    }
}

/// The dump, and on which line each cell starts that holds something planted.
fn written(rows: &[Vec<Option<String>>], dump: Dump, together: usize) -> (String, Vec<String>) {
    let names: Vec<String> = (0..rows[0].len()).map(|index| format!("c{index}")).collect();
    let names = names.join(", ");
    let mut text = String::from(match dump {
        Dump::Standard => "PRAGMA foreign_keys=OFF;\n",
        Dump::Mysql => "-- MySQL dump 10.13\n\n",
        Dump::Copy => "--\n-- PostgreSQL database dump\n--\n\n",
    });
    let mut planted = Vec::new();
    if dump == Dump::Copy {
        text.push_str(&["COPY public.t (", &names, ") FROM stdin;\n"].concat());
    }
    for (number, row) in rows.iter().enumerate() {
        if dump != Dump::Copy {
            // Backslashes are escapes where names stand between backticks.
            let table = if dump == Dump::Mysql { "`t`" } else { "t" };
            let start = ["INSERT INTO ", table, " VALUES\n("].concat();
            text += if number % together == 0 { &start } else { ",\n(" };
        }
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                text += if dump == Dump::Copy { "\t" } else { ", " };
            }
            if cell.as_ref().is_some_and(|cell| cell.contains("PLANT-") || cell.contains("42424242")) {
                planted.push(format!("line {}", text.matches('\n').count() + 1));
            }
            text += &match (cell, dump) {
                (Some(cell), _) => quoted(cell, dump),
                (None, Dump::Copy) => "\\N".to_owned(),
                (None, _) => "NULL".to_owned(),
            };
        }
        let last = (number + 1) % together == 0 || number + 1 == rows.len();
        text += match dump {
            Dump::Copy => "\n",
            _ if last => ");\n",
            _ => ")",
        };
    }
    if dump == Dump::Copy {
        text += "\\.\n";
    }
    planted.sort();
    (text, planted)
}

fn rows() -> impl Strategy<Value = Vec<Vec<Option<String>>>> {
    (1_usize..6).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec(cell(), columns), 1..20))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn planted_values_are_found_on_their_lines(
        rows in rows(),
        dump in prop::sample::select(&[Dump::Standard, Dump::Mysql, Dump::Copy][..]),
        together in 1_usize..5,
    ) {
        let (text, planted) = written(&rows, dump, together);
        let found = places("dump.sql", text.as_bytes());
        let lines: Vec<&str> = found.iter().map(|place| place.split(" column").next().unwrap_or_default()).collect();
        prop_assert_eq!(lines, planted, "{}", text);
    }
}
