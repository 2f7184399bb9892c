//! Whole files give what a simple reading of them gives: cell by cell, identifier by identifier, whatever the size of the parts and
//! the number of threads.

use super::object::Object;
use super::scanner::{ManagedSelection, Scanner};
use crate::engine::oracle::PlainTable;
use crate::engine::{TablePlan, TextScanner};
use crate::findings::build;
use crate::identifiers::builtin;
use crate::identifiers::custom::{CustomIdentifier, Origin};
use crate::model::{Column, Finding, Location, ObjectInfo, ObjectReport, TextBlock};
use crate::readers::{Decoded, Table, sniff};
use proptest::prelude::*;
use std::io::{Cursor, Read as _};
use std::num::NonZeroUsize;

/// The rows of a table and, if a quote in it is never closed, the offset of the record with that quote: character by character.
fn rows(bytes: &[u8], delimiter: u8, quotes: bool) -> (Vec<Vec<Vec<u8>>>, Option<usize>) {
    #[derive(PartialEq)]
    enum At {
        RecordStart,
        FieldStart,
        Field,
        Quoted,
        Quote,
    }
    let (mut rows, mut row, mut field, mut at, mut start) = (Vec::new(), Vec::new(), Vec::new(), At::RecordStart, 0);
    for (offset, &byte) in bytes.iter().enumerate() {
        if at == At::RecordStart {
            if b"\r\n".contains(&byte) {
                continue;
            }
            (at, start) = (At::FieldStart, offset);
        }
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) | (At::Quote, b'"') => {
                field.push(byte);
                At::Quoted
            }
            (At::FieldStart, b'"') if quotes => At::Quoted,
            (_, byte) if byte == delimiter => {
                row.push(std::mem::take(&mut field));
                At::FieldStart
            }
            (_, b'\r' | b'\n') => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
                At::RecordStart
            }
            _ => {
                field.push(byte);
                At::Field
            }
        };
    }
    match at {
        At::RecordStart => (rows, None),
        At::Quoted => (rows, Some(start)),
        _ => {
            row.push(field);
            rows.push(row);
            (rows, None)
        }
    }
}

/// What a scan should find in a table.
fn expected(scanner: &Scanner, name: &str, content: &[u8], delimiter: u8) -> Option<Finding> {
    let encoding = sniff(name, &content[..content.len().min(Table::HEAD)], content.len() < Table::HEAD).encoding;
    let mut decoded = Vec::new();
    Decoded::new(content, encoding).read_to_end(&mut decoded).expect("bytes in memory can be read");
    let content = decoded.as_slice();
    let head = &content[..content.len().min(Table::HEAD)];
    let table = Table::open(head, content.len() < Table::HEAD, Some(delimiter));
    let plan = TablePlan::new(&scanner.engine, &table.start);
    let mut tally = scanner.tally();
    if !table.preamble.is_empty() {
        let text = table.preamble.as_str();
        let core = (0, text.len());
        let block = TextBlock { text, core, first_line: 1, first_column: 1, at_start: true, at_end: false };
        TextScanner::new(&scanner.engine).block(block, &mut tally);
    }
    let (start, end) = (table.header_line, table.header_line);
    for &(identifier, start_column) in &plan.in_header {
        tally.add(usize::from(identifier), Location::Lines { start, end, start_column });
    }
    let body = &content[table.data_start..];
    let (mut all, broken) = rows(body, table.delimiter, true);
    if let Some(offset) = broken {
        all.extend(rows(&body[offset..], table.delimiter, false).0);
    }
    let mut plain = PlainTable::new(&scanner.engine, &plan);
    for (number, row) in (table.records_before_data() + 1..).zip(&all) {
        for (identifier, location) in plain.row(number, row) {
            tally.add(usize::from(identifier), location);
        }
    }
    for (index, (number, column)) in (1..).zip(&plan.columns).enumerate() {
        let values = all.iter().filter(|row| row.get(index).is_some_and(|cell| !cell.is_empty())).count() as u64;
        tally.add_non_empty(Column { number, name: column.name.as_ref() }, values);
    }
    build(tally, &scanner.counted)
}

fn scan(scanner: &Scanner, name: &str, content: &[u8], threads: usize) -> ObjectReport {
    let info = ObjectInfo { key: name.into(), ..ObjectInfo::default() };
    let object = Object::from_reader(scanner, info, Box::new(Cursor::new(content.to_vec())));
    let threads = NonZeroUsize::new(threads).expect("there are threads");
    scanner.scan_objects(vec![object], threads, &(), None).expect("threads can be started").remove(0)
}

const NAMES: &[&str] = &[
    "id",
    "PATIENT",
    "ssn",
    "name",
    "first_name",
    "last_name",
    "street",
    "city",
    "zip",
    "note",
    "DRIVERS",
    "PASSPORT",
    "phone number",
    "dob",
    "code",
    "card",
    "iban",
    "42",
    "value",
    "badge",
    "Caf\u{e9}",
    "",
];

/// Cells of all kinds. What is to stand in quotes stands in them here.
fn cell() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        4 => Just(String::new()),
        3 => "[0-9]{1,12}",
        3 => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        1 => "[0-9A-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-fg]{4}-[0-9a-f]{12}",
        1 => "20[0-2][0-9]-0[1-9]-1[0-9](T0[0-9]:1[0-9]:00Z)?",
        1 => "[0-9]{3}-[0-9]{2}-[0-9]{4}",
        1 => "[SX][0-9]{8}X?",
        2 => "[a-cA-C1-3 ]{1,20}",
        1 => "[+]?00?[0-9 -]{5,20}",
        1 => "(?:a|b|-){30,70}",
        6 => prop::sample::select(&[
            "Smith", "Mary", "Mary Smith", "4111 1111 1111 1111", "4111111111111111", "219-09-4821", "SSN 219-09-4821",
            "DE89370400440532013000", "de89 3704 0044 0532 0130 00", "Boston", "02139", "12 Main Street", "true", "numeric",
            "patient 593aaa05-d864-1df7-5b96-155fbdb19f28", "drivers S12345678", "EMP-123", "badge A123", "caf\u{e9}", "mm[Hg]",
            "12 Main Street, Boston, MA 02139", "617-242-2714", "1.5", "-71.1", "\"\"", "\"a,b\"", "\"x\ny\"", "\"5\"\" pipe\"",
            "\"219-09-4821\"", "\"Mary\r\nSmith\"", "5\" pipe", "\"a\"b", "a\"", " ", " Mary ", "\"\"\"\"", "\u{4e2d}\u{6587}",
        ][..]).prop_map(String::from),
    ];
    prop_oneof![
        40 => text.prop_map(String::into_bytes),
        1 => Just(b"caf\xe9 219-09-4821".to_vec()),
        1 => (1_usize..700).prop_map(|times| b"SSN 219-09-4821 and ".repeat(times)),
        // A quote that may never be closed.
        1 => Just(b"\"open".to_vec()),
    ]
}

fn table() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let ends = prop::sample::select(&["\n", "\n", "\n", "\r\n", "\r"][..]);
    let delimiter = prop::sample::select(&b",,\t|;"[..]);
    let names = prop::collection::vec(prop::sample::select(NAMES), 1..9);
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..11), 0..40);
    (delimiter, names, rows, ends, 1_usize..12, any::<(bool, bool)>()).prop_map(
        |(delimiter, names, rows, end, times, (headed, ended))| {
            let mut bytes = Vec::new();
            let line = |cells: &[Vec<u8>]| [cells.join(&delimiter), end.as_bytes().to_vec()].concat();
            if headed {
                bytes.extend(line(&names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>()));
            }
            for _ in 0..times {
                bytes.extend(rows.iter().flat_map(|row| line(row)));
            }
            if !ended {
                bytes.truncate(bytes.len().saturating_sub(end.len()));
            }
            (delimiter, bytes)
        },
    )
}

fn custom() -> impl Strategy<Value = CustomIdentifier> {
    let piece = prop::sample::select(
        &[
            "[a-z0-9]",
            "\\d",
            "[A-Z]",
            "-",
            "S",
            "[0-9]{3}",
            "\\d{8}",
            "[a-f0-9]{4}",
            "\\w+",
            "( |-)",
            "[^,]",
            "X?",
            "\\b",
            "[a-z,0-9]{12}",
        ][..],
    );
    let uuid = "[a-z,0-9]{8}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{12}";
    let regex = prop_oneof![
        4 => prop::collection::vec(piece, 1..6).prop_map(|pieces| format!("[a-zA-Z0-9]{}", pieces.concat())),
        1 => Just(uuid.to_owned()),
        1 => Just("EMP-[0-9]{3}".to_owned()),
    ];
    let word =
        prop::sample::select(&["patient", "ssn", "badge", "code", "emp", "ab", "123", "dead-beef", "\u{e9}"][..]);
    let words = prop::collection::vec(word.prop_map(String::from), 0..3);
    (regex, words.clone(), words, 1_u16..60, any::<u32>()).prop_map(|(regex, keywords, ignore_words, distance, id)| {
        CustomIdentifier {
            id: id.to_string(),
            name: format!("custom {id}"),
            description: String::new(),
            regex,
            keywords,
            ignore_words: if id % 4 == 0 { ignore_words } else { Vec::new() },
            maximum_match_distance: distance,
            severity_levels: Vec::new(),
            origin: Origin { file: "generated".into(), line: 1 },
        }
    })
}

fn selection() -> impl Strategy<Value = ManagedSelection> {
    let ids: Vec<String> = builtin::managed().iter().map(|definition| definition.id.to_string()).collect();
    let most = ids.len();
    prop_oneof![
        2 => Just(ManagedSelection::All),
        1 => Just(ManagedSelection::None),
        2 => prop::sample::subsequence(ids, 1..most).prop_map(ManagedSelection::Only),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn a_table_gives_what_reading_it_cell_by_cell_gives(
        tables in prop::collection::vec(table(), 1..4),
        custom in prop::collection::vec(custom(), 0..4),
        selection in selection(),
        sizes in prop::collection::vec(prop_oneof![16_usize..300, 300_usize..9000], 3),
    ) {
        let builder = Scanner::builder().managed(selection).custom(custom);
        for (delimiter, bytes) in &tables {
            let name = match delimiter { b'\t' => "t.tsv", b'|' => "t.psv", _ => "t.csv" };
            let promised = match delimiter { b';' => b',', other => *other };
            let mut finding = None;
            for (threads, size) in [1, 2, 8].into_iter().zip(&sizes) {
                let Ok(scanner) = builder.clone().part_size(*size).build() else { return Err(TestCaseError::reject("pattern")) };
                let report = scan(&scanner, name, bytes, threads);
                // Nothing, or what looks like something else, is no table.
                if !["text/csv", "text/tab-separated-values"].contains(&report.mime_type.as_str()) || bytes.is_empty() {
                    break;
                }
                let expected = finding.get_or_insert_with(|| expected(&scanner, name, bytes, promised));
                prop_assert_eq!(&report.finding, expected, "{} threads, parts of {} bytes", threads, size);
            }
        }
    }
}
