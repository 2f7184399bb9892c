//! OpenDocument spreadsheets. There is no writer to be had that is alive: the few elements that matter are written here.

use super::found::places;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell, as often as it is repeated.
#[derive(Debug, Clone)]
struct Cell {
    value: Value,
    times: usize,
}

#[derive(Debug, Clone)]
enum Value {
    Empty,
    Text(String),
    Number(i64),
}

/// A row, as often as it is repeated.
#[derive(Debug, Clone)]
struct Row {
    cells: Vec<Cell>,
    times: usize,
}

fn cell() -> impl Strategy<Value = Cell> {
    let value = prop_oneof![
        Just(Value::Empty),
        "[a-z <&\u{e9}]{1,10}".prop_map(Value::Text),
        "[a-z]{0,4}PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Value::Text),
        (42_424_242_000_000_i64..42_424_242_999_999).prop_map(Value::Number),
    ];
    (value, 1_usize..4).prop_map(|(value, times)| Cell { value, times })
}

fn table() -> impl Strategy<Value = Vec<Row>> {
    let row = (prop::collection::vec(cell(), 0..6), 1_usize..4).prop_map(|(cells, times)| Row { cells, times });
    prop::collection::vec(row, 0..20)
}

fn content(tables: &[Vec<Row>]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>",
    );
    for (number, rows) in tables.iter().enumerate() {
        let _ = write!(xml, "<table:table table:name=\"Table {number}\"><table:table-column/>");
        for row in rows {
            let _ = write!(xml, "<table:table-row table:number-rows-repeated=\"{}\">", row.times);
            for cell in &row.cells {
                let _ = write!(xml, "<table:table-cell table:number-columns-repeated=\"{}\"", cell.times);
                let _ = match &cell.value {
                    Value::Empty => write!(xml, "/>"),
                    Value::Text(text) => {
                        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
                        write!(xml, " office:value-type=\"string\"><text:p>{escaped}</text:p></table:table-cell>")
                    }
                    Value::Number(number) => write!(
                        xml,
                        " office:value-type=\"float\" office:value=\"{number}\"><text:p>4.24242E+13</text:p></table:table-cell>"
                    ),
                };
            }
            xml.push_str("</table:table-row>");
        }
        // As LibreOffice does, the rest of the sheet is one row.
        xml.push_str("<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>");
    }
    xml + "</office:spreadsheet></office:body></office:document-content>"
}

fn file(content: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)] {
        let method = if name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        archive.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn planted(tables: &[Vec<Row>]) -> Vec<String> {
    let mut places = Vec::new();
    for (number, rows) in tables.iter().enumerate() {
        let name = if tables.len() > 1 { format!("Table {number}") } else { String::new() };
        let mut row_number = 0;
        for row in rows {
            for _ in 0..row.times {
                row_number += 1;
                let mut column = 0;
                for cell in &row.cells {
                    let planted = match &cell.value {
                        Value::Empty => false,
                        Value::Text(text) => text.contains("PLANT-"),
                        Value::Number(_) => true,
                    };
                    for _ in 0..cell.times {
                        column += 1;
                        places.extend(planted.then(|| format!("{name}!R{row_number}C{column}")));
                    }
                }
            }
        }
    }
    places.sort();
    places
}

/// A small spreadsheet.
pub fn sample() -> Vec<u8> {
    let text = |number: usize| Cell { value: Value::Text(format!("PLANT-ABCD-{number:04}")), times: 1 };
    let rows = (0..20).map(|number| Row { cells: vec![text(number)], times: 1 }).collect();
    file(&content(&[rows]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_planted_in_a_spreadsheet_is_found_in_its_cell(tables in prop::collection::vec(table(), 1..4)) {
        prop_assert_eq!(places("a.ods", &file(&content(&tables))), planted(&tables));
    }
}

#[test]
fn a_number_keeps_the_signs_that_it_is_shown_with_and_a_comment_is_text() {
    let cell = "<table:table-cell office:value-type=\"float\" office:value=\"42424242000001\">\
                <office:annotation><text:p>PLANT-NOTE-0001</text:p></office:annotation><text:p>4242-4242-000001</text:p></table:table-cell>";
    let xml = content(&[vec![Row { cells: vec![Cell { value: Value::Empty, times: 1 }], times: 1 }]]);
    let xml = xml.replacen("<table:table-cell table:number-columns-repeated=\"1\"/>", cell, 1);
    assert_eq!(places("a.ods", &file(&xml)), ["line 1 column 1"]);
}
