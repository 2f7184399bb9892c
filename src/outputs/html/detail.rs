//! What the page knows of each finding beyond its row, as JSON for the script of the page.

use super::advice;
use crate::describe;
use crate::identifiers::builtin;
use crate::model::{Detection, IdentifierKind, Location, Severity};
use crate::outputs::sanitize::sanitize;
use crate::outputs::spot::{Block, by_severity, name, shown_path};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;

/// Places that are listed of a detection, as many as a finding of Macie's locates.
const PLACES: usize = 15;
/// Columns that are listed of a detection.
const COLUMNS: usize = 40;

/// The data of the page. Every `<` in it is escaped, so that no tag can begin or end inside.
pub(super) fn json(found: &[Block<'_>]) -> io::Result<String> {
    let mut identifiers = Identifiers::default();
    let objects: Vec<Value> = found.iter().map(|block| object(&mut identifiers, block)).collect();
    let severities = [Severity::Low, Severity::Medium, Severity::High].map(Severity::as_str);
    let data = json!({
        "severities": severities,
        "identifiers": identifiers.described,
        "ways": advice::WAYS,
        "objects": objects,
    });
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

/// The identifiers that found something, each described once.
#[derive(Default)]
struct Identifiers {
    indexes: BTreeMap<String, usize>,
    described: Vec<Value>,
}

impl Identifiers {
    fn index(&mut self, detection: &Detection) -> usize {
        let identifier = &detection.identifier;
        let next = self.described.len();
        let index = *self.indexes.entry(identifier.id.clone()).or_insert(next);
        if index == next {
            let brief = if identifier.kind == IdentifierKind::Managed {
                describe::brief(builtin::documented(), &identifier.id)
            } else {
                None
            };
            let brief = brief.unwrap_or_else(|| describe::Brief {
                about: "A custom identifier of yours.".into(),
                trigger:
                    "Its regular expression, with one of its keywords before the match or in the name of the column or \
                          path, if it has keywords."
                        .into(),
                verified: String::new(),
                certainty: "As sure as its pattern and keywords are.".into(),
            });
            self.described.push(json!({
                "name": name(detection),
                "argument": advice::identifier(detection),
                "about": brief.about,
                "trigger": brief.trigger,
                "verified": brief.verified,
                "certainty": brief.certainty,
            }));
        }
        index
    }
}

fn object(identifiers: &mut Identifiers, (report, member, finding): &Block<'_>) -> Value {
    let detections: Vec<Value> = by_severity(finding)
        .into_iter()
        .map(|detection| {
            let columns = detection.columns.iter().take(COLUMNS);
            let columns = columns.map(|column| {
                let name = column.name.as_deref().map(sanitize).unwrap_or_default();
                json!([column.column, name, column.count, column.non_empty])
            });
            let places = places(&detection.occurrences[..detection.occurrences.len().min(PLACES)]);
            json!({
                "identifier": identifiers.index(detection),
                "severity": detection.severity.score() - 1,
                "count": detection.count,
                "columns": columns.collect::<Vec<_>>(),
                "more": detection.count.saturating_sub(places.len() as u64),
                "places": places,
                "todo": advice::sentence(detection),
            })
        })
        .collect();
    json!({
        "key": sanitize(&shown_path(report, *member)),
        "file": advice::file(report),
        "severity": finding.severity.score(),
        "detections": detections,
    })
}

/// Places in words; those of a table are rows, since its columns are listed on their own.
fn places(locations: &[Location]) -> Vec<String> {
    let mut places: Vec<String> = Vec::with_capacity(locations.len());
    for location in locations {
        places.push(match location {
            Location::Cell { row, .. } if !places.is_empty() => row.to_string(),
            Location::Cell { row, .. } if locations.len() > 1 => format!("rows {row}"),
            Location::Cell { row, .. } => format!("row {row}"),
            Location::Record { index, json_path } if json_path.is_empty() => format!("record {}", index + 1),
            Location::Record { index, json_path } => format!("record {} {}", index + 1, sanitize(json_path)),
            Location::Lines { start, end, .. } if start == end => format!("line {start}"),
            Location::Lines { start, end, .. } => format!("lines {start} to {end}"),
            Location::Page { number } => format!("page {number}"),
        });
    }
    places
}
