//! Excel workbooks, written with `rust_xlsxwriter`.

use super::found::{places, scan};
use lakegate::model::Location;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Note, Workbook};
use std::collections::BTreeMap;

/// What stands in a cell.
#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(f64),
    Truth(bool),
    Formula(String),
}

/// Cells of a sheet by 0-based row and column.
type Sheet = BTreeMap<(u32, u16), Value>;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => "[a-z ]{1,12}".prop_map(Value::Text),
        2 => "[a-z\u{e9}<&]{0,4}PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Value::Text),
        2 => (42_424_242_000_000_i64..42_424_242_999_999).prop_map(|number| Value::Number(number as f64)),
        1 => (-1e6_f64..1e6).prop_map(Value::Number),
        1 => any::<bool>().prop_map(Value::Truth),
        1 => "PLANT-[A-Z]{4}-[0-9]{4}".prop_map(Value::Formula),
    ]
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let near = (0_u32..40, 0_u16..12);
    let far = (0_u32..20_000, 0_u16..300);
    prop::collection::btree_map(prop_oneof![20 => near, 1 => far], value(), 0..60)
}

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (number, cells) in sheets.iter().enumerate() {
        let sheet = workbook.add_worksheet().set_name(format!("Data {number}")).unwrap();
        for (&(row, column), value) in cells {
            match value {
                Value::Text(text) => sheet.write_string(row, column, text),
                Value::Number(number) => sheet.write_number(row, column, *number),
                Value::Truth(truth) => sheet.write_boolean(row, column, *truth),
                Value::Formula(result) => {
                    let formula = rust_xlsxwriter::Formula::new("=A1&\"\"").set_result(result);
                    sheet.write_formula(row, column, formula)
                }
            }
            .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn planted(sheets: &[Sheet]) -> Vec<String> {
    let mut places = Vec::new();
    for (number, cells) in sheets.iter().enumerate() {
        let name = if sheets.len() > 1 { format!("Data {number}") } else { String::new() };
        for ((row, column), value) in cells {
            let planted = match value {
                Value::Text(text) | Value::Formula(text) => text.contains("PLANT-"),
                Value::Number(number) => number.to_string().starts_with("42424242"),
                Value::Truth(_) => false,
            };
            places.extend(planted.then(|| format!("{name}!R{}C{}", row + 1, column + 1)));
        }
    }
    places.sort();
    places
}

/// A small workbook with a note.
pub fn sample() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..20 {
        sheet.write_string(row, 0, format!("PLANT-ABCD-{row:04}")).unwrap();
        sheet.write_number(row, 1, 42_424_242_000_000.0).unwrap();
    }
    sheet.insert_note(3, 3, &Note::new("PLANT-NOTE-0001")).unwrap();
    workbook.add_worksheet().write_string(0, 0, "second").unwrap();
    workbook.save_to_buffer().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_planted_in_a_workbook_is_found_in_its_cell(sheets in prop::collection::vec(sheet(), 1..4)) {
        prop_assert_eq!(places("a.xlsx", &workbook(&sheets)), planted(&sheets));
    }
}

#[test]
fn notes_and_links_are_read_beside_the_cells() {
    let found = places("a.xlsx", &sample());
    assert!(
        found.contains(&"line 1 column 1".to_owned()) || found.contains(&"line 2 column 1".to_owned()),
        "{found:?}"
    );
    assert_eq!(found.len(), 41);
}

#[test]
fn a_header_below_a_title_names_the_columns_and_the_title_is_read_too() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "Staff of the branch, PLANT-HEAD-0001").unwrap();
    for (column, name) in (0..).zip(["name", "employee number", "birth date"]) {
        sheet.write_string(3, column, name).unwrap();
    }
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for row in 4..10 {
        sheet.write_string(row, 0, "Jane").unwrap();
        sheet.write_string(row, 1, format!("PLANT-ABCD-{row:04}")).unwrap();
        let born = ExcelDateTime::from_ymd(1980, 1, 31).unwrap();
        sheet.write_datetime_with_format(row, 2, &born, &date).unwrap();
    }
    let report = scan("a.xlsx", &workbook.save_to_buffer().unwrap());
    let detection = &report.finding.unwrap().detections[0];
    assert_eq!(detection.count, 7);
    let names: Vec<Option<&str>> = detection
        .occurrences
        .iter()
        .map(|location| match location {
            Location::Cell { column_name, .. } => column_name.as_deref(),
            _ => panic!("{location:?}"),
        })
        .collect();
    assert_eq!(names, [vec![None], vec![Some("employee number"); 6]].concat());
}
