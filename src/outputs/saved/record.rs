//! A stored discovery result as it is read: what reports need of it. Other members are passed over.

use crate::model::{Category, Location, Severity};
use serde::{Deserialize, Deserializer, de};
use std::sync::Arc;

/// An integer that is written as a string.
fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Digits(String),
        Plain(u64),
    }
    match Number::deserialize(deserializer)? {
        Number::Digits(text) => text.parse().map_err(|_| de::Error::custom("no whole number")),
        Number::Plain(number) => Ok(number),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) account_id: String,
    pub(super) region: String,
    pub(super) created_at: String,
    pub(super) severity: Option<Described>,
    pub(super) resources_affected: Resources,
    pub(super) classification_details: Details,
}

#[derive(Deserialize)]
pub(super) struct Described {
    pub(super) description: Severity,
}

#[derive(Deserialize)]
pub(super) struct Resources {
    #[serde(rename = "s3Bucket")]
    pub(super) s3_bucket: Named,
    #[serde(rename = "s3Object")]
    pub(super) s3_object: Object,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object {
    pub(super) key: String,
    #[serde(default, deserialize_with = "digits")]
    pub(super) size: u64,
    pub(super) last_modified: Option<String>,
    pub(super) embedded_file_details: Option<Inside>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are Macie's")]
pub(super) struct Inside {
    pub(super) file_path: String,
    #[serde(default, deserialize_with = "digits")]
    pub(super) file_size: u64,
    pub(super) file_last_modified: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    pub(super) job_id: String,
    pub(super) result: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    pub(super) status: Code,
    #[serde(default, deserialize_with = "digits")]
    pub(super) size_classified: u64,
    #[serde(default)]
    pub(super) mime_type: String,
    #[serde(default)]
    pub(super) sensitive_data: Vec<Group>,
    pub(super) custom_data_identifiers: Option<Custom>,
}

#[derive(Deserialize)]
pub(super) struct Code {
    pub(super) code: String,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Group {
    pub(super) category: Category,
    pub(super) detections: Vec<ManagedDetection>,
}

#[derive(Deserialize)]
pub(super) struct ManagedDetection {
    #[serde(rename = "type")]
    pub(super) identifier: String,
    #[serde(deserialize_with = "digits")]
    pub(super) count: u64,
    #[serde(default)]
    pub(super) occurrences: Occurrences,
}

#[derive(Deserialize, Default)]
pub(super) struct Custom {
    #[serde(default)]
    pub(super) detections: Vec<CustomDetection>,
}

#[derive(Deserialize)]
pub(super) struct CustomDetection {
    pub(super) arn: String,
    pub(super) name: String,
    #[serde(deserialize_with = "digits")]
    pub(super) count: u64,
    #[serde(default)]
    pub(super) occurrences: Occurrences,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Occurrences {
    line_ranges: Vec<Range>,
    pages: Vec<Page>,
    records: Vec<Place>,
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    #[serde(deserialize_with = "digits")]
    start: u64,
    #[serde(deserialize_with = "digits")]
    end: u64,
    #[serde(default, deserialize_with = "digits")]
    start_column: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(deserialize_with = "digits")]
    page_number: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(deserialize_with = "digits")]
    record_index: u64,
    #[serde(default)]
    json_path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are Macie's")]
struct Cell {
    #[serde(deserialize_with = "digits")]
    row: u64,
    #[serde(deserialize_with = "digits")]
    column: u64,
    column_name: Option<String>,
    cell_reference: Option<String>,
}

impl Occurrences {
    /// The places, kind by kind.
    pub(super) fn into_locations(self) -> Vec<Location> {
        let lines = self.line_ranges.into_iter().map(|range| Location::Lines {
            start: range.start,
            end: range.end,
            start_column: range.start_column,
        });
        let pages = self.pages.into_iter().map(|page| Location::Page { number: page.page_number });
        let records = self
            .records
            .into_iter()
            .map(|place| Location::Record { index: place.record_index, json_path: place.json_path.into() });
        let cells = self.cells.into_iter().map(|cell| Location::Cell {
            row: cell.row,
            column: u32::try_from(cell.column).unwrap_or(u32::MAX),
            column_name: cell.column_name.map(Arc::from),
            // In front of the cell itself stands the sheet, whose name may hold the sign between them.
            sheet: cell.cell_reference.map(|reference| {
                reference.rsplit_once('!').map_or_else(|| Arc::from(""), |(sheet, _)| Arc::from(sheet))
            }),
        });
        lines.chain(pages).chain(records).chain(cells).collect()
    }
}
