//! Findings for a person who has to decide about an upload: files by severity, the worst first, and for each what was found
//! how often and where.

use super::fit::{shorten_middle, width};
use super::line::{Line, Style};
use super::quantity::{grouped, things};
use super::sanitize::sanitize;
use super::spot::name;
use super::summary::{Summary, shown_key};
use super::whereabouts::Whereabouts;
use crate::model::{Detection, Finding, Member, ObjectReport, Reason};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

/// Space in front of an object, twice that in front of the lines below it.
const INDENT: &str = "  ";
/// Longest word for a severity.
const SEVERITY: usize = "Medium".len();
/// Cells that the places need at least to stand beside the identifier instead of below it.
const PLACES: usize = 20;
/// Lines that the places of one detection may take.
const PLACE_LINES: usize = 3;

/// How a table is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Terminal cells a line may take at most.
    pub width: usize,
    /// Whether severities and names are marked by colour.
    pub colour: bool,
}

/// Writes the table of `reports`, which are sorted by key.
pub(super) fn write(out: &mut dyn Write, look: Look, reports: &[&ObjectReport]) -> io::Result<()> {
    let mut found: Vec<Block<'_>> = reports.iter().flat_map(|report| Block::of(report)).collect();
    found.sort_by_key(|block| Reverse(block.finding.severity));
    let detections = found.iter().flat_map(|block| &block.finding.detections);
    let counts = detections.map(|detection| width(&count(detection))).max().unwrap_or_default();
    let mut table = Table { out, look, counts };
    for group in found.chunk_by(|one, other| one.finding.severity == other.finding.severity) {
        table.heading(group)?;
        for block in group {
            table.object(block)?;
            table.line(Line::default())?;
        }
    }
    let summary = Summary::of(reports.iter().copied());
    table.incomplete(&summary)?;
    table.totals(&summary)
}

/// What was found in an object or a file inside it.
struct Block<'a> {
    /// Key of the object; for a file inside, also its path: `archive.zip!/folder/file.csv`.
    name: Cow<'a, str>,
    finding: &'a Finding,
    partly: bool,
}

impl<'a> Block<'a> {
    /// The object itself if it has places of its own to show, and the files inside it.
    fn of(report: &'a ObjectReport) -> Vec<Self> {
        let name = |member| {
            let (shown, name) = (shown_key(&report.object), report.name_of(member));
            let inside = name.strip_prefix(report.object.key.as_str()).unwrap_or_default();
            if inside.is_empty() { shown } else { Cow::Owned(format!("{shown}{inside}")) }
        };
        let block = |(member, finding): (Option<&'a Member>, &'a Finding)| Self {
            name: name(member),
            finding,
            partly: member.map_or(&report.coverage, |member| &member.coverage).incomplete(),
        };
        report.located().into_iter().map(block).collect()
    }
}

struct Table<'a> {
    out: &'a mut dyn Write,
    look: Look,
    /// Cells of the longest count, so that all counts stand in one column.
    counts: usize,
}

impl Table<'_> {
    fn line(&mut self, line: Line) -> io::Result<()> {
        line.write(self.out, self.look.width, self.look.colour)
    }

    fn heading(&mut self, group: &[Block<'_>]) -> io::Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        let severity = first.finding.severity;
        self.line(
            Line::default()
                .push(Style::Of(severity), severity.as_str().to_uppercase())
                .push(Style::Plain, format!("  {}", things(group.len(), "file"))),
        )
    }

    fn object(&mut self, block: &Block<'_>) -> io::Result<()> {
        let finding = block.finding;
        let partly = if block.partly { ", partly analysed" } else { "" };
        let kind = format!("  {}{partly}", finding.finding_type.short());
        let beside = self.look.width.saturating_sub(INDENT.len());
        let room = beside.saturating_sub(width(&kind)).max(beside / 2);
        let key = shorten_middle(&sanitize(&block.name), room);
        self.line(Line::default().push(Style::Plain, INDENT).push(Style::Bold, key).push(Style::Dim, kind))?;
        let mut detections: Vec<&Detection> = finding.detections.iter().collect();
        detections.sort_by_key(|detection| Reverse(detection.severity));
        let before = 2 * INDENT.len() + SEVERITY + 2 + self.counts + 2;
        // Places stand in one column, beside all names that leave room for it and below the others.
        let room = self.look.width.saturating_sub(before + 2 + PLACES);
        let names = detections.iter().map(|detection| width(&name(detection)));
        let column = before + names.filter(|name| *name <= room).max().map_or(2, |name| name + 2);
        for detection in detections {
            self.detection(detection, column)?;
        }
        Ok(())
    }

    fn detection(&mut self, detection: &Detection, column: usize) -> io::Result<()> {
        let (width, counts) = (self.look.width, self.counts);
        let mut line = Line::default()
            .push(Style::Plain, INDENT.repeat(2))
            .push(Style::Of(detection.severity), format!("{:SEVERITY$}", detection.severity.as_str()))
            .push(Style::Plain, format!("  {:>counts$}  ", count(detection)));
        let name = shorten_middle(&name(detection), width.saturating_sub(line.width()));
        line = line.push(Style::Plain, name);
        let places = Whereabouts::of(detection).layout(width.saturating_sub(column), PLACE_LINES);
        for place in places {
            let Some(gap) = column.checked_sub(line.width()).filter(|gap| *gap >= 2) else {
                self.line(line)?;
                line = Line::default().push(Style::Plain, " ".repeat(column)).push(Style::Plain, place);
                continue;
            };
            line = line.push(Style::Plain, " ".repeat(gap)).push(Style::Plain, place);
        }
        self.line(line)
    }

    fn incomplete(&mut self, summary: &Summary<'_>) -> io::Result<()> {
        if summary.incomplete.is_empty() {
            return Ok(());
        }
        self.line(Line::default().push(Style::Bold, "Not fully analysed"))?;
        for report in &summary.incomplete {
            let status = format!("{INDENT}{:7}  ", report.coverage.status.as_str());
            let room = self.look.width.saturating_sub(width(&status));
            let key = shorten_middle(&sanitize(&shown_key(&report.object)), room);
            let reason = report.coverage.reason.map(Reason::as_str).unwrap_or_default();
            let detail = sanitize(&report.coverage.detail);
            let separator = if detail.is_empty() { "" } else { ": " };
            let indent = " ".repeat(width(&status));
            self.line(Line::default().push(Style::Plain, status).push(Style::Bold, key))?;
            for line in wrap(&format!("{reason}{separator}{detail}"), room) {
                self.line(Line::default().push(Style::Plain, format!("{indent}{line}")))?;
            }
        }
        self.line(Line::default())
    }

    fn totals(&mut self, summary: &Summary<'_>) -> io::Result<()> {
        let width = self.look.width;
        for sentence in [
            Some(summary.findings_line()),
            summary.archived_line(),
            summary.accepted_line(),
            summary.out_of_scope_line(),
        ]
        .into_iter()
        .flatten()
        {
            for line in wrap(&sentence, width) {
                self.line(Line::default().push(Style::Plain, line))?;
            }
        }
        Ok(())
    }
}

/// The count, marked where counting stopped although the columns hold more.
fn count(detection: &Detection) -> String {
    let in_columns: u64 = detection.columns.iter().map(|column| column.count).sum();
    format!("{}{}", grouped(detection.count), if in_columns > detection.count { "+" } else { "" })
}

/// Words in lines of at most `limit` cells; only a word that is longer stands over.
fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
