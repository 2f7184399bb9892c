//! The report for the person who has to decide: one page that needs nothing but itself.
//!
//! The page opens with the verdict, shows what is where, and tells for each object what was found in which columns, why, and
//! what can be done. Its table is plain HTML; a script in it filters, sorts and shows details. Nothing on it is a value, everything from
//! outside is escaped, and a content security policy keeps it from loading anything.

mod advice;
mod detail;
mod heat;
mod verdict;

use super::context::RunContext;
use super::quantity::grouped;
use super::sanitize::sanitize;
use super::spot::{Block, by_severity, name, path, shown_path, worst_first};
use super::summary::Summary;
use crate::model::{ObjectReport, Reason, Severity};
use askama::Template;
use heat::Heat;
use std::io::{self, Write};
use verdict::{Tile, Verdict};

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    css: &'static str,
    js: &'static str,
    version: &'static str,
    bucket: String,
    created: String,
    verdict: Verdict,
    tiles: Vec<Tile>,
    bar_label: String,
    heat: Heat,
    objects: Vec<ObjectRow>,
    gaps: Vec<GapRow>,
    out_of_scope: Option<String>,
    /// JSON in which no tag can begin or end.
    data: String,
}

/// An object with a finding, or a file inside one.
struct ObjectRow {
    number: usize,
    key: String,
    class: &'static str,
    severity: &'static str,
    /// What was not analysed of it; empty when all was.
    gap: &'static str,
    names: Vec<Name>,
    count: u64,
    shown: String,
}

struct Name {
    shown: String,
    class: &'static str,
}

/// An object that was not fully analysed.
struct GapRow {
    status: &'static str,
    key: String,
    why: String,
}

/// Writes the page.
pub(super) fn write(out: &mut dyn Write, context: &RunContext, reports: &[&ObjectReport]) -> io::Result<()> {
    let summary = Summary::of(reports.iter().copied());
    let found = worst_first(reports);
    let tiles = verdict::tiles(reports);
    let page = Page {
        css: include_str!("../../../templates/report.css"),
        js: include_str!("../../../templates/report.js"),
        version: env!("CARGO_PKG_VERSION"),
        bucket: sanitize(&context.bucket).into_owned(),
        created: context.created_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        verdict: Verdict::of(&summary, reports),
        bar_label: verdict::bar_label(&tiles),
        tiles,
        heat: Heat::of(&found),
        objects: (1..).zip(&found).map(|(number, block)| row(number, block)).collect(),
        gaps: reports.iter().filter(|report| report.coverage.incomplete()).map(|report| gap(report)).collect(),
        out_of_scope: summary.out_of_scope_line(),
        data: detail::json(&found)?,
    };
    page.write_into(out)
}

/// The class of a severity in the style sheet.
fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

fn row(number: usize, (report, member, finding): &Block<'_>) -> ObjectRow {
    let coverage = member.map_or(&report.coverage, |member| &member.coverage);
    let count = finding.detections.iter().map(|detection| detection.count).sum();
    ObjectRow {
        number,
        key: sanitize(&shown_path(report, *member)).into_owned(),
        class: class(finding.severity),
        severity: finding.severity.as_str(),
        gap: if coverage.incomplete() { "partly analysed" } else { "" },
        names: by_severity(finding)
            .into_iter()
            .map(|detection| Name { shown: name(detection), class: class(detection.severity) })
            .collect(),
        count,
        shown: grouped(count),
    }
}

fn gap(report: &ObjectReport) -> GapRow {
    let coverage = &report.coverage;
    let reason = coverage.reason.map(Reason::as_str).unwrap_or_default();
    let separator = if coverage.detail.is_empty() { "" } else { ": " };
    GapRow {
        status: coverage.status.as_str(),
        key: sanitize(path(report)).into_owned(),
        why: format!("{reason}{separator}{}", sanitize(&coverage.detail)),
    }
}
