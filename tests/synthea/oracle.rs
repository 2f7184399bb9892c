//! A naive reading of a table: every cell, every match, no shortcut. It shares no code with the program.

use csv::{ByteRecord, ReaderBuilder};
use regex::Regex;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Locations that a report keeps of one identifier.
const KEPT: usize = 1000;
/// Characters from the end of a keyword to the end of a match.
const DISTANCE: usize = 50;

pub struct Identifier {
    pub name: &'static str,
    pattern: Regex,
    keyword: &'static str,
}

impl Identifier {
    /// The three of `identifiers/custom/synthea.yaml`, written out once more.
    pub fn all() -> Vec<Self> {
        let part = |length| format!("[a-z0-9,]{{{length}}}");
        let uuid = [8, 4, 4, 4, 12].map(part).join("-");
        [
            ("Patient ID", uuid.as_str(), "patient"),
            ("US Driver License", "S[0-9]{8}", "drivers"),
            ("US Passport", "X[0-9]{8}X", "passport"),
        ]
        .map(|(name, pattern, keyword)| Self { name, pattern: Regex::new(pattern).unwrap(), keyword })
        .into()
    }

    /// Matches in one value.
    fn matches(&self, named: bool, value: &str) -> usize {
        let near = |start: usize, end: usize| {
            (0..start).any(|at| {
                let after = at + self.keyword.len();
                after <= start
                    && value.get(at..after).is_some_and(|text| text.to_lowercase() == self.keyword)
                    && value[after..end].chars().count() <= DISTANCE
            })
        };
        self.pattern.find_iter(value).filter(|found| named || near(found.start(), found.end())).count()
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub count: u64,
    /// 1-based rows, the header counted, and columns of the first ones.
    pub places: Vec<(u64, u32)>,
}

/// All values of one column.
pub struct Column {
    pub values: Vec<String>,
}

impl Column {
    pub fn of(content: &[u8], name: &str) -> Self {
        let index = header(content).iter().position(|other| other == name).unwrap();
        let values = records(content, b',').into_iter().skip(1);
        Self { values: values.map(|record| text(record.get(index).unwrap_or_default())).collect() }
    }
}

/// A file's content, decompressed.
pub fn content(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "gz") {
        return bytes;
    }
    let mut content = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut content).unwrap();
    content
}

pub fn header(content: &[u8]) -> Vec<String> {
    records(content, b',').first().map(|record| record.iter().map(text).collect()).unwrap_or_default()
}

/// What an identifier finds in a table whose first row is a header.
pub fn find(content: &[u8], delimiter: u8, identifier: &Identifier) -> Found {
    let rows = records(content, delimiter);
    let names: Vec<String> = rows.first().map(|record| record.iter().map(text).collect()).unwrap_or_default();
    let mut found = Found::default();
    for (number, cells) in (1..).zip(&rows).skip(1) {
        for (index, value) in cells.iter().enumerate() {
            let keyword_in_name = names.get(index).is_some_and(|name| name.to_lowercase().contains(identifier.keyword));
            for _ in 0..identifier.matches(keyword_in_name, &text(value)) {
                found.count += 1;
                if found.places.len() < KEPT {
                    found.places.push((number, u32::try_from(index).unwrap() + 1));
                }
            }
        }
    }
    found
}

fn records(content: &[u8], delimiter: u8) -> Vec<ByteRecord> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(content);
    reader.byte_records().map(Result::unwrap).collect()
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}
