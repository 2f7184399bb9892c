//! What `lakegate hook` says: one line when all is well, at most ten when it stops something.

use crate::exit::Exit;
use lakegate::findings::{Comparison, Fresh};
use lakegate::model::{Location, ObjectReport, Severity, Status};
use lakegate::outputs::{quoted, sanitize};
use std::cmp::Reverse;
use std::path::Path;

/// Lines in all.
const LINES: usize = 10;
/// Files that a command to copy names.
const NAMED: usize = 3;

/// What there is to tell of a run.
pub struct Told<'r> {
    /// The reports.
    pub reports: &'r [ObjectReport],
    /// What is new in them.
    pub comparison: &'r Comparison,
    /// How a baseline names their objects.
    pub objects: &'r [String],
    /// The least severity that stops; `None` for none.
    pub threshold: Option<Severity>,
    /// The baseline, if there is one.
    pub baseline: Option<&'r Path>,
    /// What is staged was scanned.
    pub staged: bool,
}

/// The lines to be printed.
pub struct Verdict {
    lines: Vec<String>,
}

impl Verdict {
    /// What to say after a run that ends with that status.
    pub fn of(told: &Told<'_>, exit: Exit) -> Self {
        let lines = match exit {
            Exit::Findings => told.stopped(),
            Exit::Incomplete => told.missed(),
            _ => vec![format!("lakegate: {}", told.examined())],
        };
        debug_assert!(lines.len() <= LINES, "{lines:?}");
        Self { lines }
    }

    /// The lines, each with its end.
    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

impl Told<'_> {
    fn stopped(&self) -> Vec<String> {
        let mut places: Vec<&Fresh> = self.comparison.fresh.iter().filter(|fresh| self.stops(fresh)).collect();
        places.sort_by_key(|fresh| Reverse(fresh.severity));
        let missed = self.incomplete();
        let mut lines = vec![format!("lakegate: stopped, {}", self.examined())];
        // The first line, perhaps one of what is missing, and three of what to do.
        let room = LINES - 4 - usize::from(!missed.is_empty());
        let shown = if places.len() > room { room - 1 } else { places.len() };
        lines.extend(places.iter().take(shown).map(|fresh| format!("  {}", self.place(fresh))));
        if places.len() > shown {
            lines.push(format!("  and {}", things(places.len() - shown, "more place")));
        }
        if let Some(first) = missed.first() {
            lines.push(format!("Not examined: {}, the first is {}", things(missed.len(), "file"), gap(first)));
        }
        let mut files: Vec<&str> = Vec::new();
        for fresh in &places {
            let path = path(&self.reports[fresh.report]);
            if !files.contains(&path) {
                files.push(path);
            }
        }
        let named: Vec<String> = files.iter().take(NAMED).map(|file| quoted(file)).collect();
        let named = named.join(" ");
        let of_index = if self.staged { " (of the working tree)" } else { "" };
        lines.push("Drop or mask what is named above, or leave the file out; then try again.".to_owned());
        lines.push(format!("All places{of_index}: lakegate scan {named}"));
        lines.push(match self.baseline {
            Some(baseline) => {
                let baseline = quoted(&baseline.display().to_string());
                format!("To accept them: lakegate baseline update --accept-new --file {baseline} {named}")
            }
            None => format!(
                "To accept them: lakegate baseline write {named}, and give the hook --baseline lakegate.baseline"
            ),
        });
        lines
    }

    fn missed(&self) -> Vec<String> {
        let missed = self.incomplete();
        let mut lines = vec![format!("lakegate: not everything could be examined, {}", self.examined())];
        let room = LINES - 2;
        let shown = if missed.len() > room { room - 1 } else { missed.len() };
        lines.extend(missed.iter().take(shown).map(|report| format!("  {}", gap(report))));
        if missed.len() > shown {
            lines.push(format!("  and {}", things(missed.len() - shown, "more file")));
        }
        lines.push("Look into them by hand, or leave them out; what is not examined may hold anything.".to_owned());
        lines
    }

    /// Whether a place is part of a finding that stops.
    fn stops(&self, fresh: &Fresh) -> bool {
        let severity = self.reports[fresh.report].active().map(|finding| finding.severity);
        severity.is_some_and(|severity| self.threshold.is_some_and(|least| severity >= least))
    }

    fn incomplete(&self) -> Vec<&ObjectReport> {
        self.reports.iter().filter(|report| report.coverage.incomplete()).collect()
    }

    /// How many files were examined, and what was found in them.
    fn examined(&self) -> String {
        let all = self.reports.len();
        let examined = self.reports.iter().filter(|report| report.coverage.status != Status::Skipped).count();
        let files =
            if examined == all { things(all, "file") } else { format!("{examined} of {}", things(all, "file")) };
        let mut parts = vec![format!("{files} examined")];
        let findings: Vec<Severity> =
            self.reports.iter().filter_map(|report| report.active()).map(|finding| finding.severity).collect();
        let count = |wanted: Severity| findings.iter().filter(|severity| **severity == wanted).count();
        let severities = [Severity::High, Severity::Medium, Severity::Low].map(|severity| (count(severity), severity));
        let severities: Vec<String> = severities
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, severity)| format!("{count} {severity}"))
            .collect();
        parts.push(match findings.len() {
            0 => "no findings".to_owned(),
            found => format!("{} ({})", things(found, "finding"), severities.join(", ")),
        });
        let accepted = self.reports.iter().filter_map(|report| report.finding.as_ref());
        let accepted: u64 = accepted.flat_map(|finding| &finding.accepted).map(|detection| detection.count).sum();
        if accepted > 0 {
            parts.push(format!("{accepted} occurrences accepted by the baseline"));
        }
        let ignored: u64 = self.reports.iter().map(|report| report.ignored.occurrences).sum();
        if ignored > 0 {
            parts.push(format!("{ignored} ignored because of comments"));
        }
        let skipped: Vec<&ObjectReport> = self
            .reports
            .iter()
            .filter(|report| report.coverage.out_of_scope() && report.coverage.status == Status::Skipped)
            .collect();
        if let Some(first) = skipped.first() {
            let first = format!("{}: {}", sanitize(path(first)), first.coverage.detail);
            let first = if skipped.len() > 1 { format!("the first is {first}") } else { first };
            parts.push(format!("{} out of scope ({first})", skipped.len()));
        }
        let stale = self.comparison.stale.len() + self.comparison.expired.len();
        if stale > 0 {
            parts.push(format!("{} of the baseline stale or expired", things_y(stale)));
        }
        parts.join(", ")
    }

    /// File, place, identifier and how often.
    fn place(&self, fresh: &Fresh) -> String {
        let inside = fresh.key.object.strip_prefix(self.objects[fresh.report].as_str()).unwrap_or_default();
        let place = fresh.first.as_ref().map_or_else(String::new, |first| format!(": {}", spot(first)));
        let known = match fresh.known {
            0 => String::new(),
            known => format!(", {known} of them accepted"),
        };
        let times = things(usize::try_from(fresh.count).unwrap_or(usize::MAX), "time");
        let file = format!("{}{inside}", path(&self.reports[fresh.report]));
        let text = format!("{file}{place}: {} ({}), {times}{known}", fresh.identifier.id, fresh.severity);
        sanitize(&text).into_owned()
    }
}

/// Where the first of several occurrences is.
fn spot(location: &Location) -> String {
    match location {
        Location::Cell { row, column, column_name, sheet } => {
            let sheet = sheet.as_deref().filter(|sheet| !sheet.is_empty());
            let sheet = sheet.map_or_else(String::new, |sheet| format!(" of {sheet}"));
            let column = column_name.as_deref().map_or_else(|| column.to_string(), str::to_owned);
            format!("row {row}, column {column}{sheet}")
        }
        Location::Lines { start, start_column, .. } => format!("line {start}, column {start_column}"),
        Location::Page { number } => format!("page {number}"),
        Location::Record { index, json_path } if json_path.is_empty() => format!("record {}", index + 1),
        Location::Record { index, json_path } => format!("record {}, {json_path}", index + 1),
    }
}

/// A file that could not be examined, and why.
fn gap(report: &ObjectReport) -> String {
    let coverage = &report.coverage;
    let reason = coverage.reason.map_or("", |reason| reason.as_str());
    let why = if coverage.detail.is_empty() { reason } else { &coverage.detail };
    sanitize(&format!("{}: {why}", path(report))).into_owned()
}

/// The path of a file as the hook was told of it.
fn path(report: &ObjectReport) -> &str {
    report.object.path.as_deref().unwrap_or(&report.object.key)
}

fn things(number: usize, singular: &str) -> String {
    format!("{number} {singular}{}", if number == 1 { "" } else { "s" })
}

fn things_y(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}
