//! The picture of what is where: objects by identifiers.

use super::class;
use crate::model::Severity;
use crate::outputs::fit::shorten_middle;
use crate::outputs::quantity::grouped;
use crate::outputs::sanitize::sanitize;
use crate::outputs::spot::{Block, name, shown_path};
use std::collections::BTreeMap;

/// Objects that are shown; a taller picture is no picture.
const ROWS: usize = 40;
/// Characters of a path in the picture.
const KEY: usize = 48;

/// Occurrences by object and identifier.
pub(super) struct Heat {
    /// Identifiers of the rows that are shown.
    pub(super) columns: Vec<String>,
    /// Identifiers of all objects, sorted.
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<HeatRow>,
    /// Objects that are not shown.
    pub(super) hidden: usize,
}

pub(super) struct HeatRow {
    /// 1-based place in the list of findings.
    pub(super) number: usize,
    pub(super) key: String,
    pub(super) shown: String,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone)]
pub(super) struct Cell {
    pub(super) count: u64,
    pub(super) class: &'static str,
    /// 1 to 4.
    pub(super) heat: u8,
    pub(super) shown: String,
    pub(super) title: String,
}

impl Heat {
    /// Of objects in the order of the list.
    pub(super) fn of(found: &[Block<'_>]) -> Self {
        let mut names: Vec<String> =
            found.iter().flat_map(|(.., finding)| finding.detections.iter().map(name)).collect();
        names.sort();
        names.dedup();
        let rows = &found[..found.len().min(ROWS)];
        // The worst identifiers stand first.
        let mut worst: BTreeMap<String, Severity> = BTreeMap::new();
        for detection in rows.iter().flat_map(|(.., finding)| &finding.detections) {
            let severity = worst.entry(name(detection)).or_insert(detection.severity);
            *severity = detection.severity.max(*severity);
        }
        let mut columns: Vec<String> = worst.keys().cloned().collect();
        columns.sort_by_key(|name| std::cmp::Reverse(worst[name]));
        let rows = (1..).zip(rows).map(|(number, block)| row(number, block, &columns)).collect();
        Self { columns, names, rows, hidden: found.len().saturating_sub(ROWS) }
    }
}

fn row(number: usize, (report, member, finding): &Block<'_>, columns: &[String]) -> HeatRow {
    let none = Cell { count: 0, class: "", heat: 0, shown: String::new(), title: String::new() };
    let mut cells = vec![none; columns.len()];
    for detection in &finding.detections {
        let name = name(detection);
        let Some(index) = columns.iter().position(|column| *column == name) else { continue };
        let count = detection.count;
        let heat = match count {
            0..10 => 1,
            10..100 => 2,
            100..1000 => 3,
            _ => 4,
        };
        let title = format!("{name}: {} ({})", grouped(count), detection.severity);
        cells[index] = Cell { count, class: class(detection.severity), heat, shown: short(count), title };
    }
    let key = sanitize(&shown_path(report, *member)).into_owned();
    HeatRow { number, shown: shorten_middle(&key, KEY), key, cells }
}

/// A count in at most four characters, such as `12k`.
fn short(count: u64) -> String {
    match count {
        0..1000 => count.to_string(),
        1000..1_000_000 => format!("{}k", count / 1000),
        _ => format!("{}M", count / 1_000_000),
    }
}
