//! The first thing that a reader sees: may these files go or not.

use crate::model::{ObjectReport, Severity};
use crate::outputs::quantity::{bytes, grouped, things};
use crate::outputs::summary::Summary;

/// The verdict of the page.
pub(super) struct Verdict {
    /// Class of the page in the style sheet.
    pub(super) class: &'static str,
    /// For the title of the window.
    pub(super) short: String,
    /// One sentence.
    pub(super) sentence: String,
    /// What it rests on.
    pub(super) lead: String,
}

impl Verdict {
    pub(super) fn of(summary: &Summary<'_>, reports: &[&ObjectReport]) -> Self {
        let with = |severity| {
            let holds = |report: &&&ObjectReport| report.active().is_some_and(|found| found.severity == severity);
            reports.iter().filter(holds).count()
        };
        let objects = things(reports.len(), "object");
        let incomplete = reports.iter().filter(|report| report.coverage.incomplete()).count();
        let (class, sentence) = match (summary.highest(), incomplete) {
            (Some(Severity::High), _) => {
                let high = with(Severity::High);
                (
                    "stop",
                    format!(
                        "Do not upload yet: {} of {objects} {} High severity data.",
                        grouped(high as u64),
                        hold(high)
                    ),
                )
            }
            (Some(_), _) => {
                let found = summary.findings();
                let worst = if with(Severity::Medium) > 0 { "Medium" } else { "Low" };
                let found_text = grouped(found as u64);
                (
                    "look",
                    format!(
                        "Look before you upload: {found_text} of {objects} {} sensitive data, at most {worst}.",
                        hold(found)
                    ),
                )
            }
            (None, 0) => ("go", format!("Nothing sensitive was found in {objects}.")),
            (None, _) => (
                "unsure",
                format!("Nothing was found, but {} could not be fully analysed.", things(incomplete, "object")),
            ),
        };
        let analysed: u64 = reports.iter().map(|report| report.size_classified).sum();
        let missing = match incomplete {
            0 => "Everything in scope was analysed.".to_owned(),
            1 => "1 object was not, or not fully, analysed; it is listed at the end.".to_owned(),
            more => format!(
                "{} objects were not, or not fully, analysed; they are listed at the end.",
                grouped(more as u64)
            ),
        };
        let set_aside =
            [summary.archived_line(), summary.accepted_line(), summary.ignored_line()].into_iter().flatten();
        let archived = set_aside.fold(String::new(), |text, line| text + " " + &line + ".");
        let found = things(summary.findings(), "finding");
        let lead = format!("{found} in {objects}, {} analysed. {missing}{archived}", bytes(analysed));
        Self { class, short: short(summary), sentence, lead }
    }
}

fn hold(objects: usize) -> &'static str {
    if objects == 1 { "holds" } else { "hold" }
}

fn short(summary: &Summary<'_>) -> String {
    let worst = summary.highest().map_or("no findings", Severity::as_str);
    format!("{worst}: {}", things(summary.findings(), "finding"))
}

/// Number of objects of one kind.
pub(super) struct Tile {
    /// Class in the style sheet.
    pub(super) class: &'static str,
    pub(super) label: &'static str,
    pub(super) count: usize,
    pub(super) shown: String,
}

/// Objects by what was found in them; each is counted once.
pub(super) fn tiles(reports: &[&ObjectReport]) -> Vec<Tile> {
    const KINDS: [(&str, &str); 6] = [
        ("high", "High"),
        ("medium", "Medium"),
        ("low", "Low"),
        ("gap", "not fully analysed"),
        ("scope", "out of scope"),
        ("clean", "clean"),
    ];
    let kind = |report: &ObjectReport| match report.active() {
        Some(finding) => super::class(finding.severity),
        None if report.coverage.incomplete() => "gap",
        None if report.coverage.out_of_scope() => "scope",
        None => "clean",
    };
    let tile = |(class, label)| {
        let count = reports.iter().filter(|report| kind(report) == class).count();
        Tile { class, label, count, shown: grouped(count as u64) }
    };
    KINDS.into_iter().map(tile).collect()
}

/// The bar of tiles in words.
pub(super) fn bar_label(tiles: &[Tile]) -> String {
    let parts: Vec<String> =
        tiles.iter().filter(|tile| tile.count > 0).map(|tile| format!("{} {}", tile.shown, tile.label)).collect();
    format!("Objects: {}", parts.join(", "))
}
