//! Scans content and tells where planted values were found.

use lakegate::identifiers::custom_load::parse;
use lakegate::model::{Location, ObjectInfo, ObjectReport, Status};
use lakegate::scan::{ManagedSelection, Scanner};
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

/// What is planted, as text and as a whole number.
const IDENTIFIERS: &str = r"
- name: Text
  regex: 'PLANT-[A-Z]{4}-[0-9]{4}'
- name: Number
  regex: '42424242[0-9]{6}'
";

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    let identifiers = parse(Path::new("planted.yaml"), IDENTIFIERS).unwrap().identifiers;
    Scanner::builder().managed(ManagedSelection::None).custom(identifiers).build().unwrap()
});

/// Scans content under that name.
pub fn scan(name: &str, content: &[u8]) -> ObjectReport {
    let object = ObjectInfo { key: name.to_owned(), size: content.len() as u64, ..ObjectInfo::default() };
    SCANNER.scan_object(object, Cursor::new(content.to_vec()))
}

/// Where anything was found, sorted; every value must have been read.
pub fn places(name: &str, content: &[u8]) -> Vec<String> {
    let report = scan(name, content);
    assert_eq!(report.coverage.status, Status::Complete, "{name}: {}", report.coverage.detail);
    let detections = report.finding.map_or_else(Vec::new, |finding| finding.detections);
    let mut places = Vec::new();
    for detection in detections {
        assert_eq!(detection.count, detection.occurrences.len() as u64);
        places.extend(detection.occurrences.iter().map(place));
    }
    places.sort();
    places
}

fn place(location: &Location) -> String {
    match location {
        Location::Record { index, json_path } => format!("{index} {json_path}"),
        Location::Cell { row, column, sheet, .. } => {
            format!("{}!R{row}C{column}", sheet.as_deref().unwrap_or("no sheet"))
        }
        Location::Lines { start, start_column, .. } => format!("line {start} column {start_column}"),
        Location::Page { number } => format!("page {number}"),
    }
}
