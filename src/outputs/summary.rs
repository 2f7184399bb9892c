//! What a run did as a whole, in a few lines for standard error.

use super::disguise::broken_promise;
use super::quantity::{bytes, duration, grouped, things};
use super::sanitize::sanitize;
use crate::model::{FindingType, Ignored, ObjectInfo, ObjectReport, Severity, Status};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Objects named in each list of the summary; the `results` format names all.
const NAMED: usize = 20;

/// Totals of a run.
#[derive(Debug, Clone)]
pub struct Summary<'a> {
    /// All objects that the run met.
    pub objects: usize,
    /// Objects that were read, wholly or in part.
    pub examined: usize,
    /// Bytes analysed, after decompression.
    pub bytes: u64,
    /// Number of archived findings, which count nowhere else.
    pub archived: usize,
    /// Objects of which a baseline accepts some or all that was found.
    pub accepted_in: usize,
    /// Occurrences that a baseline accepts, which count nowhere else.
    pub accepted: u64,
    /// Objects in which comments say that something is known.
    pub ignored: Vec<&'a ObjectReport>,
    /// Number of findings by severity.
    pub severities: BTreeMap<Severity, usize>,
    /// Number of findings by type.
    pub types: BTreeMap<FindingType, usize>,
    /// Objects in scope that could not be fully analysed, by key.
    pub incomplete: Vec<&'a ObjectReport>,
    /// Objects whose content is not what their name promises, and what that is.
    pub disguised: Vec<(&'a ObjectReport, &'static str)>,
    /// Objects of formats that are not analysed: how many, by extension.
    pub out_of_scope: BTreeMap<String, usize>,
}

impl<'a> Summary<'a> {
    /// The totals of `reports`.
    pub fn of(reports: impl IntoIterator<Item = &'a ObjectReport>) -> Self {
        let mut summary = Self {
            objects: 0,
            examined: 0,
            bytes: 0,
            archived: 0,
            accepted_in: 0,
            accepted: 0,
            ignored: Vec::new(),
            severities: BTreeMap::new(),
            types: BTreeMap::new(),
            incomplete: Vec::new(),
            disguised: Vec::new(),
            out_of_scope: BTreeMap::new(),
        };
        for report in reports {
            summary.objects += 1;
            summary.examined += usize::from(report.coverage.status != Status::Skipped);
            summary.bytes += report.size_classified;
            summary.archived += usize::from(report.finding.as_ref().is_some_and(|finding| finding.archived));
            let accepted = report.finding.iter().flat_map(|finding| &finding.accepted);
            let accepted: u64 = accepted.map(|detection| detection.count).sum();
            summary.accepted_in += usize::from(accepted > 0);
            summary.accepted += accepted;
            if report.ignored != Ignored::default() {
                summary.ignored.push(report);
            }
            if let Some(finding) = report.active() {
                *summary.severities.entry(finding.severity).or_default() += 1;
                *summary.types.entry(finding.finding_type).or_default() += 1;
            }
            summary.disguised.extend(broken_promise(report).map(|promise| (report, promise)));
            if report.coverage.incomplete() {
                summary.incomplete.push(report);
            } else if report.coverage.out_of_scope() && report.coverage.status == Status::Skipped {
                *summary.out_of_scope.entry(report.object.extension()).or_default() += 1;
            }
        }
        summary.ignored.sort_by(|left, right| shown_key(&left.object).cmp(&shown_key(&right.object)));
        summary.disguised.sort_by(|(left, _), (right, _)| left.object.key.cmp(&right.object.key));
        summary.incomplete.sort_by(|left, right| shown_key(&left.object).cmp(&shown_key(&right.object)));
        summary
    }

    /// Number of findings.
    pub fn findings(&self) -> usize {
        self.severities.values().sum()
    }

    /// The most serious finding's severity; `None` without findings.
    pub fn highest(&self) -> Option<Severity> {
        self.severities.keys().next_back().copied()
    }

    /// A few lines: how much was examined and how fast, what was found, and what was not analysed and why. Each ends
    /// with a newline.
    pub fn text(&self, elapsed: Duration) -> String {
        let mut lines = vec![self.examined(elapsed), self.findings_line()];
        lines.extend(self.types_line());
        lines.extend(self.archived_line());
        lines.extend(self.accepted_line());
        lines.extend(self.ignored_line());
        lines.extend(self.misnamed_lines());
        if !self.incomplete.is_empty() {
            lines.push(format!("Not fully analysed: {}", things(self.incomplete.len(), "object")));
            lines.extend(self.incomplete.iter().take(NAMED).map(|report| {
                let mut line =
                    format!("  {}: {}", sanitize(&shown_key(&report.object)), report.coverage.status.as_str());
                if let Some(reason) = report.coverage.reason {
                    // Writing to a string cannot fail.
                    let _ = write!(line, ", {}", reason.as_str());
                }
                if !report.coverage.detail.is_empty() {
                    let _ = write!(line, ": {}", sanitize(&report.coverage.detail));
                }
                line
            }));
            if let Some(unnamed) = self.incomplete.len().checked_sub(NAMED).filter(|unnamed| *unnamed > 0) {
                lines.push(format!("  and {} more, which the format `results` names", grouped(unnamed as u64)));
            }
        }
        if let Some(line) = self.out_of_scope_line() {
            lines.push(line);
        }
        lines.extend(self.disguised_line());
        lines.iter().fold(String::new(), |text, line| text + line + "\n")
    }

    /// What the table leaves out of that: how much was examined and how fast, the types of the findings, and objects that are not
    /// what their name says. Each line ends with a newline.
    pub fn beside_table(&self, elapsed: Duration) -> String {
        let lines = [self.types_line(), Some(self.examined(elapsed)), self.disguised_line()];
        lines.into_iter().flatten().fold(String::new(), |text, line| text + &line + "\n")
    }

    /// Objects whose content is not what their name promises; `None` when there are none.
    pub(super) fn disguised_line(&self) -> Option<String> {
        let name = |(report, promise): &(&ObjectReport, &str)| {
            format!("{} is no {promise} but {}", sanitize(&report.object.key), sanitize(&report.mime_type))
        };
        let mut names: Vec<String> = self.disguised.iter().take(NAMED).map(name).collect();
        names.extend((self.disguised.len() > NAMED).then(|| "and more".to_owned()));
        (!names.is_empty()).then(|| format!("Not what the name says: {}", names.join("; ")))
    }

    /// One line without a newline: how much was examined and how fast.
    fn examined(&self, elapsed: Duration) -> String {
        let objects = if self.examined == self.objects {
            things(self.objects, "object")
        } else {
            format!("{} of {}", grouped(self.examined as u64), things(self.objects, "object"))
        };
        let mut line = format!("Examined {objects}, {} in {}", bytes(self.bytes), duration(elapsed));
        let seconds = elapsed.as_secs_f64();
        if seconds > 0.0 && self.bytes > 0 {
            #[expect(clippy::cast_sign_loss, reason = "neither number is negative")]
            let rate = (self.bytes as f64 / seconds) as u64;
            let _ = write!(line, " ({}/s)", bytes(rate));
        }
        line
    }

    /// Findings by severity, such as `3 findings in 9 objects: 2 High, 1 Low`.
    pub(super) fn findings_line(&self) -> String {
        let objects = things(self.objects, "object");
        if self.findings() == 0 {
            return format!("No findings in {objects}");
        }
        let severities = self.severities.iter().rev().map(|(severity, count)| counted(*count, severity.as_str()));
        let severities = severities.collect::<Vec<_>>().join(", ");
        format!("{} in {objects}: {severities}", things(self.findings(), "finding"))
    }

    fn types_line(&self) -> Option<String> {
        let types = self.types.iter().map(|(finding_type, count)| counted(*count, finding_type.short()));
        let types = types.collect::<Vec<_>>().join(", ");
        (!types.is_empty()).then(|| format!("By type: {types}"))
    }

    /// How many findings are archived; `None` when there are none.
    pub(super) fn archived_line(&self) -> Option<String> {
        (self.archived > 0).then(|| format!("Archived by a findings filter: {}", things(self.archived, "finding")))
    }

    /// What a baseline accepts; `None` when that is nothing.
    pub(super) fn accepted_line(&self) -> Option<String> {
        let count = usize::try_from(self.accepted).unwrap_or(usize::MAX);
        let (what, objects) = (things(count, "occurrence"), things(self.accepted_in, "object"));
        (self.accepted > 0).then(|| format!("Accepted by the baseline: {what} in {objects}"))
    }

    /// What comments in the objects take out; `None` when that is nothing.
    pub(super) fn ignored_line(&self) -> Option<String> {
        let of = |report: &&&ObjectReport| report.ignored.occurrences > 0;
        let count: u64 = self.ignored.iter().map(|report| report.ignored.occurrences).sum();
        let what = things(usize::try_from(count).unwrap_or(usize::MAX), "occurrence");
        let objects = things(self.ignored.iter().filter(of).count(), "object");
        (count > 0).then(|| format!("Ignored because of comments in the text: {what} in {objects}"))
    }

    /// Comments that ignore nothing, because they name an identifier that there is none of.
    fn misnamed_lines(&self) -> Vec<String> {
        let of = |report: &&ObjectReport| {
            let lines: Vec<String> = report.ignored.misnamed.iter().map(u64::to_string).collect();
            let key = sanitize(&report.object.key).into_owned();
            (!lines.is_empty()).then(|| {
                format!(
                    "A lakegate:ignore that names no known identifier holds for nothing: {key}, line {}",
                    lines.join(", ")
                )
            })
        };
        self.ignored.iter().filter_map(of).take(NAMED).collect()
    }

    /// How many objects are of formats that a scan does not read, by extension; `None` when there are none.
    pub(super) fn out_of_scope_line(&self) -> Option<String> {
        let total: usize = self.out_of_scope.values().sum();
        if total == 0 {
            return None;
        }
        let kinds: Vec<String> = self
            .out_of_scope
            .iter()
            .map(|(extension, count)| match extension.as_str() {
                "" => counted(*count, "without extension"),
                extension => counted(*count, &format!(".{}", sanitize(extension))),
            })
            .collect();
        Some(format!(
            "Out of scope, of a format that is not analysed: {} ({})",
            things(total, "object"),
            kinds.join(", ")
        ))
    }
}

/// How people are shown an object: by its key, behind its bucket where a run covers several.
pub(super) fn shown_key(object: &ObjectInfo) -> Cow<'_, str> {
    match &object.bucket {
        Some(bucket) => Cow::Owned(format!("{}/{}", bucket.name, object.key)),
        None => Cow::Borrowed(&object.key),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{} {what}", grouped(count as u64))
}
