//! The members of a finding as Macie's API names and orders them. A member of type `()` is always null.

use super::cell_reference::cell_reference;
use super::json_path::within_limits;
use super::stamp::Stamp;
use crate::model::Location;
use serde::Serialize;
use std::borrow::Cow;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'a> {
    pub(super) account_id: &'a str,
    pub(super) archived: bool,
    pub(super) category: &'static str,
    pub(super) classification_details: ClassificationDetails<'a>,
    pub(super) count: u64,
    pub(super) created_at: Stamp,
    pub(super) description: &'static str,
    pub(super) id: String,
    pub(super) partition: &'static str,
    pub(super) policy_details: (),
    pub(super) region: &'a str,
    pub(super) resources_affected: ResourcesAffected<'a>,
    pub(super) sample: bool,
    pub(super) schema_version: &'static str,
    pub(super) severity: Severity,
    pub(super) title: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) updated_at: Stamp,
}

#[derive(Serialize)]
pub(super) struct Severity {
    pub(super) description: &'static str,
    pub(super) score: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClassificationDetails<'a> {
    pub(super) detailed_results_location: String,
    pub(super) job_arn: String,
    pub(super) job_id: &'a str,
    pub(super) origin_type: &'static str,
    pub(super) result: ClassificationResult<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClassificationResult<'a> {
    /// Whether the object holds more occurrences than the finding locates.
    pub(super) additional_occurrences: bool,
    pub(super) custom_data_identifiers: CustomDataIdentifiers<'a>,
    pub(super) mime_type: &'a str,
    pub(super) sensitive_data: Vec<CategoryGroup<'a>>,
    pub(super) size_classified: u64,
    pub(super) status: Status,
}

#[derive(Serialize)]
pub(super) struct Status {
    pub(super) code: &'static str,
    pub(super) reason: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomDataIdentifiers<'a> {
    pub(super) detections: Vec<CustomDetection<'a>>,
    pub(super) total_count: u64,
}

#[derive(Serialize)]
pub(super) struct CustomDetection<'a> {
    /// The identifier's bare id: Macie writes no ARN here.
    pub(super) arn: &'a str,
    pub(super) count: u64,
    pub(super) name: &'a str,
    pub(super) occurrences: Occurrences<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CategoryGroup<'a> {
    #[serde(rename = "category")]
    pub(super) name: &'static str,
    pub(super) detections: Vec<Detection<'a>>,
    pub(super) total_count: u64,
}

#[derive(Serialize)]
pub(super) struct Detection<'a> {
    pub(super) count: u64,
    pub(super) occurrences: Occurrences<'a>,
    #[serde(rename = "type")]
    pub(super) identifier: &'a str,
}

/// Only the arrays that hold something are written.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Occurrences<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cells: Vec<TableCell<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_ranges: Vec<Range>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pages: Vec<Page>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<Record<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TableCell<'a> {
    /// Only for workbooks and the like.
    cell_reference: Option<String>,
    column: u32,
    column_name: Option<&'a str>,
    row: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    end: u64,
    start: u64,
    start_column: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_number: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    /// Missing when a name in the path is itself sensitive.
    #[serde(skip_serializing_if = "str::is_empty")]
    json_path: Cow<'a, str>,
    record_index: u64,
}

impl<'a> Occurrences<'a> {
    pub(super) fn of(locations: &'a [Location]) -> Self {
        let mut occurrences = Self::default();
        for location in locations {
            match location {
                Location::Page { number } => occurrences.pages.push(Page { page_number: *number }),
                Location::Cell { row, column, column_name, sheet } => occurrences.cells.push(TableCell {
                    cell_reference: sheet.as_deref().map(|sheet| cell_reference(sheet, *column, *row)),
                    column: *column,
                    column_name: column_name.as_deref(),
                    row: *row,
                }),
                Location::Lines { start, end, start_column } => {
                    occurrences.line_ranges.push(Range { end: *end, start: *start, start_column: *start_column });
                }
                Location::Record { index, json_path } => {
                    let json_path = within_limits(json_path);
                    occurrences.records.push(Record { json_path, record_index: *index });
                }
            }
        }
        occurrences
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourcesAffected<'a> {
    pub(super) s3_bucket: Bucket<'a>,
    pub(super) s3_object: Object<'a>,
}

/// What a folder cannot know about the bucket it will be (owner, public access) is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bucket<'a> {
    pub(super) arn: String,
    /// A folder is not a bucket yet.
    pub(super) created_at: (),
    pub(super) default_server_side_encryption: Encryption,
    pub(super) name: &'a str,
    pub(super) tags: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object<'a> {
    pub(super) bucket_arn: String,
    /// Always null. S3's entity tag is as a rule the MD5 of the content, and for a file that holds one Social Security
    /// number and nothing else that is a hash of the number, which is quickly undone.
    pub(super) e_tag: (),
    pub(super) extension: String,
    pub(super) key: &'a str,
    pub(super) last_modified: Option<Stamp>,
    pub(super) path: String,
    pub(super) public_access: bool,
    pub(super) server_side_encryption: Encryption,
    pub(super) size: u64,
    pub(super) storage_class: &'static str,
    pub(super) tags: [(); 0],
    pub(super) version_id: &'static str,
}

#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
pub(super) struct Encryption {
    pub(super) encryption_type: &'static str,
    pub(super) kms_master_key_id: (),
}
