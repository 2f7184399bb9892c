//! Reports of a scan in the forms that people and programs read.
//!
//! No form holds matched text or a hash of it: reports carry places and counts only.

mod argument;
mod asff;
mod bucket;
mod cell_reference;
mod context;
mod discovery_result;
mod disguise;
pub mod event;
mod fit;
mod github;
mod gitlab;
mod html;
mod identity;
mod json_path;
mod junit;
mod line;
pub mod macie;
mod quantity;
mod sanitize;
mod sarif;
pub mod saved;
mod spot;
mod spreadsheet;
mod stamp;
mod summary;
mod table;
mod whereabouts;
mod wire;
mod wording;

pub use argument::quoted;
pub use bucket::bucket_name;
pub use context::{RunContext, partition_of};
pub use sanitize::sanitize;
pub use summary::Summary;
pub use table::Look;

use crate::model::ObjectReport;
use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};
use std::io::{self, BufWriter, Write};

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    Table(Look),
    /// The response of Macie's `GetFindings`: `{"findings": [...]}`, indented.
    Json,
    /// The same with archived findings, and what a baseline accepts, both marked as archived.
    JsonWithArchived,
    /// One finding a line.
    Jsonl,
    /// The same with archived findings, which are marked.
    JsonlWithArchived,
    /// One Amazon `EventBridge` event a line.
    Events,
    /// One stored discovery result a line, also for objects without findings, and one more for each file inside one.
    Results,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, for CI servers.
    Junit,
    /// GitLab's code quality report.
    GitlabCodeQuality,
    /// GitLab's secret detection report.
    GitlabSecretDetection,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// Markdown, for the summary of a CI step or a comment.
    Markdown,
    /// CSV, for spreadsheets.
    Csv,
    /// AWS Security Hub's finding format, as Macie publishes to it.
    Asff,
    /// One self-contained page for the person who has to decide.
    Html,
}

/// Writes the reports of a run, sorted by bucket and key (the table by severity first). The order of `reports` does not
/// matter, and equal reports give equal bytes.
pub fn write(format: Format, out: &mut dyn Write, context: &RunContext, reports: &[ObjectReport]) -> io::Result<()> {
    let mut sorted: Vec<&ObjectReport> = reports.iter().collect();
    sorted.sort_by(|left, right| {
        let (left, right) = (&left.object, &right.object);
        (&left.bucket, &left.key).cmp(&(&right.bucket, &right.key))
    });
    if matches!(format, Format::Json | Format::Jsonl) {
        sorted.retain(|report| report.active().is_some());
    }
    let mut out = BufWriter::new(out);
    match format {
        Format::Table(look) => table::write(&mut out, look, &sorted)?,
        Format::Json | Format::JsonWithArchived => {
            let accepted = format == Format::JsonWithArchived;
            serde_json::to_writer_pretty(&mut out, &Response { context, reports: &sorted, accepted })?;
            out.write_all(b"\n")?;
        }
        Format::Jsonl | Format::JsonlWithArchived => {
            for report in sorted {
                if let Some(finding) = macie::wire(context, report, macie::Form::Api) {
                    write_line(&mut out, &finding)?;
                }
                if format == Format::JsonlWithArchived
                    && let Some(accepted) = macie::accepted(context, report)
                {
                    write_line(&mut out, &accepted)?;
                }
            }
        }
        Format::Events => {
            for event in sorted.iter().filter_map(|report| event::wire(context, report)) {
                write_line(&mut out, &event)?;
            }
        }
        Format::Results => {
            for report in sorted {
                discovery_result::write_lines(&mut out, context, report)?;
            }
        }
        Format::Sarif => sarif::write(&mut out, context, &sorted)?,
        Format::Junit => junit::write(&mut out, context, &sorted)?,
        Format::GitlabCodeQuality => gitlab::write_code_quality(&mut out, &sorted)?,
        Format::GitlabSecretDetection => gitlab::write_secret_detection(&mut out, context, &sorted)?,
        Format::Github => github::write_annotations(&mut out, &sorted)?,
        Format::Markdown => github::write_markdown(&mut out, &sorted)?,
        Format::Csv => spreadsheet::write(&mut out, context, &sorted)?,
        Format::Html => html::write(&mut out, context, &sorted)?,
        Format::Asff => asff::write(&mut out, context, &sorted)?,
    }
    out.flush()
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Makes one finding at a time while it is written, however many there are.
struct Response<'a> {
    context: &'a RunContext,
    reports: &'a [&'a ObjectReport],
    /// What a baseline accepts is given too, as archived.
    accepted: bool,
}

impl Serialize for Response<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut response = serializer.serialize_struct("Response", 1)?;
        response.serialize_field("findings", &Findings(self))?;
        response.end()
    }
}

struct Findings<'a>(&'a Response<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Response { context, reports, accepted } = self.0;
        let mut findings = serializer.serialize_seq(None)?;
        for report in *reports {
            if let Some(finding) = macie::wire(context, report, macie::Form::Api) {
                findings.serialize_element(&finding)?;
            }
            if let Some(finding) = accepted.then(|| macie::accepted(context, report)).flatten() {
                findings.serialize_element(&finding)?;
            }
        }
        findings.end()
    }
}
