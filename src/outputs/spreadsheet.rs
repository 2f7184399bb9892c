//! Findings as CSV for spreadsheets and scripts: one line for each identifier, object and column, and one for each object without a
//! finding, so that what was not analysed is on the list too.

use super::context::RunContext;
use super::sanitize::sanitize;
use super::spot::{Found, path};
use crate::model::{ColumnCount, Detection, IdentifierKind, Member, ObjectReport, Reason};
use csv::Writer;
use std::io::{self, Write};

const HEADER: [&str; 18] = [
    "bucket",
    "key",
    "path",
    "status",
    "reason",
    "finding_type",
    "finding_severity",
    "severity",
    "kind",
    "identifier",
    "name",
    "category",
    "count",
    "column",
    "column_name",
    "column_count",
    "column_values",
    "first_line",
];

/// Writes a header and the lines of all reports.
pub(super) fn write(out: &mut dyn Write, context: &RunContext, reports: &[&ObjectReport]) -> io::Result<()> {
    let mut table = Writer::from_writer(out);
    table.write_record(HEADER)?;
    for report in reports {
        let mut nothing = true;
        for found in Found::all(&[report]) {
            nothing = false;
            let Found { member, finding, detection, .. } = found;
            let object = object(context, report, member);
            let kinds = [finding.finding_type.as_str().to_owned(), finding.severity.to_string()];
            let columns = detection.columns.iter().map(Some);
            let columns: Vec<_> = if detection.columns.is_empty() { vec![None] } else { columns.collect() };
            for column in columns {
                let fields = object.iter().chain(&kinds).cloned();
                let fields = fields.chain(of_detection(detection)).chain(of_column(column));
                table.write_record(fields.chain([line(found)]).map(inert))?;
            }
        }
        if nothing {
            let object = object(context, report, None);
            let rest = (object.len()..HEADER.len()).map(|_| String::new());
            table.write_record(object.into_iter().map(inert).chain(rest))?;
        }
    }
    table.flush()
}

/// The object, or a file inside it.
fn object(context: &RunContext, report: &ObjectReport, member: Option<&Member>) -> [String; 5] {
    [
        context.bucket_of(&report.object).to_owned(),
        report.name_of(member).into_owned(),
        path(report).to_owned(),
        report.coverage.status.as_str().to_owned(),
        report.coverage.reason.map(Reason::as_str).unwrap_or_default().to_owned(),
    ]
}

fn of_detection(detection: &Detection) -> [String; 6] {
    let identifier = &detection.identifier;
    [
        detection.severity.to_string(),
        if identifier.kind == IdentifierKind::Managed { "managed" } else { "custom" }.to_owned(),
        identifier.id.clone(),
        identifier.name.clone(),
        identifier.category.as_str().to_owned(),
        detection.count.to_string(),
    ]
}

fn of_column(column: Option<&ColumnCount>) -> [String; 4] {
    column.map_or_else(Default::default, |column| {
        let name = column.name.as_deref().unwrap_or_default().to_owned();
        [column.column.to_string(), name, column.count.to_string(), column.non_empty.to_string()]
    })
}

fn line(found: Found<'_>) -> String {
    found.spot().map(|spot| spot.line.to_string()).unwrap_or_default()
}

/// A field that no spreadsheet takes for a formula and no terminal for a command: file and column names come from outside.
fn inert(field: impl AsRef<str>) -> String {
    let field = sanitize(field.as_ref());
    if field.starts_with(['=', '+', '-', '@']) { format!("'{field}") } else { field.into_owned() }
}
