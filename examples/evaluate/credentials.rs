//! Texts with credentials, and texts that only look so.

use super::data::SharedData;
use super::explanations::Explanations;
use super::page::Page;
use lakegate::scan::Scanner;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    text: String,
    label: Option<String>,
    negative_for: Option<String>,
    kind: Option<String>,
    origin: Option<String>,
}

#[derive(Default)]
struct Counts {
    positives: u64,
    found: u64,
    negatives: u64,
    alarms: u64,
}

/// Writes the section on credentials.
pub fn report(
    data: &SharedData,
    scanner: &Scanner,
    explanations: &Explanations,
    page: &mut Page,
) -> anyhow::Result<()> {
    let cases: Vec<Case> = data.lines("credentials/credentials-macie.jsonl.gz")?;
    let engine = scanner.engine();
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut contested = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let found: Vec<usize> = engine.inspect(None, &case.text).into_iter().map(|(index, _)| index).collect();
        let has = |id: &str| found.iter().any(|index| engine.managed.identifiers[*index].reference.id == id);
        let (id, expected) = match (&case.label, &case.negative_for) {
            (Some(id), _) => (id.as_str(), true),
            (None, Some(id)) => (id.as_str(), false),
            (None, None) => continue,
        };
        let counts = counts.entry(id).or_default();
        let reported = has(id);
        if expected {
            counts.positives += 1;
            counts.found += u64::from(reported);
        } else {
            counts.negatives += 1;
            counts.alarms += u64::from(reported);
        }
        if reported != expected {
            contested.push([
                (number + 1).to_string(),
                id.to_string(),
                if expected { "not found".into() } else { "reported".into() },
                case.kind.clone().unwrap_or_default(),
                case.origin.clone().unwrap_or_default(),
                explanations.of_credential(number + 1).to_string(),
            ]);
        }
    }
    page.heading("Credentials");
    page.line("Each text is read as running text.\n");
    let rows: Vec<[String; 5]> = counts
        .iter()
        .map(|(id, counts)| {
            [
                (*id).to_string(),
                counts.positives.to_string(),
                counts.found.to_string(),
                counts.negatives.to_string(),
                counts.alarms.to_string(),
            ]
        })
        .collect();
    page.table(["identifier", "positives", "found", "negatives", "reported"], &rows);
    page.line("Rows on which we differ from the label, and contest it:\n");
    page.table(["row", "identifier", "we", "kind", "origin", "why"], &contested);
    Ok(())
}
