//! Findings as GitHub Actions shows them: workflow commands that become annotations on files, and Markdown for the summary of a step.

use super::quantity::things;
use super::sanitize::sanitize;
use super::spot::{Found, by_severity, name, path, sentence, shown_path, worst_first};
use super::summary::Summary;
use crate::model::{ObjectReport, Reason, Severity};
use std::cmp::Reverse;
use std::io::{self, Write};

/// Writes one annotation an identifier and object, the most serious first, since GitHub shows the first ten of each level.
pub(super) fn write_annotations(out: &mut dyn Write, reports: &[&ObjectReport]) -> io::Result<()> {
    let mut all: Vec<Found<'_>> = Found::all(reports).collect();
    all.sort_by_key(|found| Reverse(found.detection.severity));
    for found in all {
        let Found { report, detection, .. } = found;
        let level = match detection.severity {
            Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "notice",
        };
        let spot = found.first_spot();
        let column = spot.column.map(|column| format!(",col={column}")).unwrap_or_default();
        let title = format!("{} {}", detection.severity, name(detection));
        let (file, title, message) = (property(&sanitize(path(report))), property(&title), data(&found.sentence()));
        writeln!(out, "::{level} file={file},line={}{column},title={title}::{message}", spot.line)?;
    }
    for report in reports.iter().filter(|report| report.coverage.incomplete()) {
        let (file, message) = (property(&sanitize(path(report))), data(&sanitize(&gap(report))));
        writeln!(out, "::warning file={file},title=Not fully analysed::{message}")?;
    }
    Ok(())
}

/// Writes the verdict and a table of findings as Markdown.
pub(super) fn write_markdown(out: &mut dyn Write, reports: &[&ObjectReport]) -> io::Result<()> {
    let summary = Summary::of(reports.iter().copied());
    writeln!(out, "## lakegate: {}\n", summary.findings_line())?;
    let blocks = worst_first(reports);
    if !blocks.is_empty() {
        writeln!(out, "| severity | object | identifier | occurrences and places |\n|---|---|---|---|")?;
    }
    for (report, member, finding) in blocks {
        let object = cell(&shown_path(report, member));
        for detection in by_severity(finding) {
            let (severity, name) = (detection.severity, cell(&name(detection)));
            writeln!(out, "| {severity} | {object} | {name} | {} |", cell(&sentence(detection)))?;
        }
    }
    let incomplete: Vec<_> = reports.iter().filter(|report| report.coverage.incomplete()).collect();
    if !incomplete.is_empty() {
        writeln!(out, "\n### Not fully analysed: {}\n", things(incomplete.len(), "object"))?;
        writeln!(out, "| object | why |\n|---|---|")?;
        for report in incomplete {
            writeln!(out, "| {} | {} |", cell(path(report)), cell(&gap(report)))?;
        }
    }
    for line in [summary.archived_line(), summary.accepted_line(), summary.ignored_line(), summary.out_of_scope_line()]
        .into_iter()
        .flatten()
    {
        writeln!(out, "\n{}", cell(&line))?;
    }
    Ok(())
}

fn gap(report: &ObjectReport) -> String {
    let coverage = &report.coverage;
    let reason = coverage.reason.map(Reason::as_str).unwrap_or_default();
    let separator = if coverage.detail.is_empty() { "" } else { ": " };
    format!("{}, {reason}{separator}{}", coverage.status.as_str(), coverage.detail)
}

/// The message of a workflow command, escaped as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text in a cell of a Markdown table: nothing in it is markup, a link or HTML.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in sanitize(text).chars() {
        match character {
            '&' => cell.push_str("&amp;"),
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '[' | ']' | '#' | '~' | '@' | '!' => {
                cell.push('\\');
                cell.push(character);
            }
            _ => cell.push(character),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_end_a_command_or_start_another() {
        assert_eq!(property("a,title=x::b\n::error::"), "a%2Ctitle=x%3A%3Ab%0A%3A%3Aerror%3A%3A");
        assert_eq!(data("50% of\nit"), "50%25 of%0Ait");
    }

    #[test]
    fn a_cell_holds_no_markup() {
        assert_eq!(cell("a|b_c <img src=x> [x](y)"), "a\\|b_c &lt;img src=x&gt; \\[x\\](y)");
        assert_eq!(cell("two\nlines"), "two\\\\nlines");
    }
}
