//! Tables whose columns were labelled: which columns are reported for which identifier.

use super::data::SharedData;
use super::explanations::{Explanations, Judgement, UNEXPLAINED};
use super::page::Page;
use super::score::{Score, percent, ratio};
use anyhow::Context;
use lakegate::model::ObjectInfo;
use lakegate::scan::Scanner;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the labels say of one column.
#[derive(Debug, Clone, Default)]
struct Label {
    name: String,
    /// Identifier of the column's values.
    whole: Option<String>,
    /// Identifier of which the values are pieces.
    part: Option<String>,
}

#[derive(Deserialize)]
struct ColumnTruth {
    #[serde(default)]
    name: String,
    macie: Option<String>,
    part_of: Option<String>,
}

#[derive(Deserialize)]
struct SyntheaTruth {
    stored_as: String,
    columns: serde_json::Map<String, Value>,
}

/// Types of Synthea's columns whose values are pieces of what their identifier looks for.
const PIECES: [&str; 8] = ["name_part", "street_line", "city", "state", "zip", "latitude", "longitude", "address_part"];

/// One column reported for one identifier, or labelled with it.
struct Difference {
    file: String,
    column: String,
    identifier: String,
    reported: u64,
    of: u64,
    explanation: Option<(Judgement, String)>,
}

/// Columns and values of one identifier.
#[derive(Default)]
struct Row {
    columns: Score,
    values: Score,
    labelled: u64,
    pieces: u64,
    unlabelled: u64,
}

/// Writes the section on labelled columns; returns how many differences nobody has explained.
pub fn report(
    data: &SharedData,
    scanner: &Scanner,
    explanations: &Explanations,
    page: &mut Page,
) -> anyhow::Result<usize> {
    let mut unexplained = 0;
    let sets = [
        ("Columns of open data", "columns", open_data(data)?),
        ("Columns of Synthea's CSV export", "synthea", synthea(data)?),
    ];
    for (title, folder, tables) in sets {
        let (mut rows, mut differences) = (BTreeMap::new(), Vec::new());
        for (file, labels) in &tables {
            measure(data, scanner, explanations, (folder, file, labels), &mut rows, &mut differences)?;
        }
        unexplained += differences.iter().filter(|difference| difference.explanation.is_none()).count();
        write(title, tables.len(), &rows, &differences, page);
    }
    Ok(unexplained)
}

fn open_data(data: &SharedData) -> anyhow::Result<BTreeMap<String, Vec<Label>>> {
    #[derive(Deserialize)]
    struct Table {
        columns: Option<Vec<ColumnTruth>>,
    }
    let truth: BTreeMap<String, Table> = data.json("columns/truth.json")?;
    let label = |column: ColumnTruth| Label { name: column.name, whole: column.macie, part: column.part_of };
    let tables = truth.into_iter().filter_map(|(file, table)| {
        let columns = table.columns?;
        let stored = if file.starts_with("fakenamegenerator") { format!("{file}.gz") } else { file };
        Some((stored, columns.into_iter().map(label).collect()))
    });
    Ok(tables.collect())
}

fn synthea(data: &SharedData) -> anyhow::Result<BTreeMap<String, Vec<Label>>> {
    let truth: BTreeMap<String, SyntheaTruth> = data.json("synthea/truth.json")?;
    let label = |(name, column): (String, Value)| {
        let identifier = column["macie"].as_str().map(String::from);
        let piece = column["type"].as_str().is_some_and(|kind| PIECES.contains(&kind));
        let (whole, part) = if piece { (None, identifier) } else { (identifier, None) };
        Label { name, whole, part }
    };
    Ok(truth.into_values().map(|table| (table.stored_as, table.columns.into_iter().map(label).collect())).collect())
}

fn measure(
    data: &SharedData,
    scanner: &Scanner,
    explanations: &Explanations,
    (folder, file, labels): (&str, &str, &[Label]),
    rows: &mut BTreeMap<String, Row>,
    differences: &mut Vec<Difference>,
) -> anyhow::Result<()> {
    let content = data.bytes(&format!("{folder}/{file}"))?;
    let key = file.trim_end_matches(".gz").to_string();
    let object = ObjectInfo { key, size: content.len() as u64, ..ObjectInfo::default() };
    let filled = filled_cells(&content, labels.len()).with_context(|| format!("reading {file}"))?;
    let report = scanner.scan_object(object, content.as_slice());
    let mut reported: BTreeMap<(usize, String), u64> = BTreeMap::new();
    for detection in report.finding.iter().flat_map(|finding| &finding.detections) {
        for column in &detection.columns {
            *reported.entry((column.column as usize - 1, detection.identifier.id.clone())).or_default() += column.count;
        }
    }
    let mut difference = |index: usize, identifier: &str, count: u64| {
        let column = labels.get(index).map_or_else(|| format!("column {}", index + 1), |label| label.name.clone());
        let explanation =
            explanations.get(file, &column, identifier).map(|(judgement, because)| (judgement, because.to_string()));
        let judgement = explanation.as_ref().map(|(judgement, _)| *judgement);
        let of = filled.get(index).copied().unwrap_or(0);
        differences.push(Difference {
            file: file.to_string(),
            column,
            identifier: identifier.to_string(),
            reported: count,
            of,
            explanation,
        });
        judgement
    };
    for ((index, identifier), &count) in &reported {
        let label = labels.get(*index).cloned().unwrap_or_default();
        let row = rows.entry(identifier.clone()).or_default();
        let whole = label.whole.as_ref() == Some(identifier);
        let part = label.part.as_ref() == Some(identifier);
        row.pieces += u64::from(part);
        let right = whole || part || difference(*index, identifier, count) == Some(Judgement::Holds);
        if right {
            row.columns.right += 1;
            row.values.right += count;
            row.unlabelled += u64::from(!whole && !part);
        } else {
            row.columns.wrong += 1;
            row.values.wrong += count;
        }
    }
    for (index, label) in labels.iter().enumerate() {
        let Some(identifier) = &label.whole else { continue };
        let found = reported.get(&(index, identifier.clone())).copied().unwrap_or(0);
        let there = filled.get(index).copied().unwrap_or(0);
        if there == 0 {
            continue;
        }
        let row = rows.entry(identifier.clone()).or_default();
        row.labelled += 1;
        if found > 0 {
            row.values.missed += there.saturating_sub(found);
        } else if difference(index, identifier, 0) != Some(Judgement::Passed) {
            row.columns.missed += 1;
            row.values.missed += there;
        }
    }
    Ok(())
}

/// Non-empty cells per column, header left out.
fn filled_cells(content: &[u8], width: usize) -> anyhow::Result<Vec<u64>> {
    let mut filled = vec![0; width];
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(content);
    for record in reader.byte_records() {
        for (cell, count) in record?.iter().zip(&mut filled) {
            *count += u64::from(!cell.trim_ascii().is_empty());
        }
    }
    Ok(filled)
}

fn write(title: &str, tables: usize, rows: &BTreeMap<String, Row>, differences: &[Difference], page: &mut Page) {
    page.heading(title);
    page.line(&format!(
        "{tables} tables. A column counts as reported when one value is. \"Labelled\" columns hold whole values by the labels, \
         \"pieces\" are reported columns with given names, street lines or one coordinate; \"unlabelled\" are reported columns that \
         do hold such data although the labels do not say so, each listed below. Recall is over the labelled columns.\n"
    ));
    let table: Vec<[String; 8]> = rows
        .iter()
        .map(|(identifier, row)| {
            let missed = Score { right: row.labelled - row.columns.missed.min(row.labelled), ..row.columns };
            [
                identifier.clone(),
                row.labelled.to_string(),
                (row.columns.right + row.columns.wrong).to_string(),
                row.pieces.to_string(),
                row.unlabelled.to_string(),
                percent(row.columns.precision()),
                percent(missed.recall()),
                percent(row.values.precision()),
            ]
        })
        .collect();
    page.table(
        ["identifier", "labelled", "reported", "pieces", "unlabelled", "precision", "recall", "precision by value"],
        &table,
    );
    for (subtitle, wanted) in [
        ("False alarms left", Some(Judgement::Mistaken)),
        ("Labelled and missed", Some(Judgement::Missed)),
        ("Labelled and rightly not reported", Some(Judgement::Passed)),
        ("Unexplained", None),
        ("Reported and true, though not labelled", Some(Judgement::Holds)),
    ] {
        let chosen: Vec<&Difference> = differences
            .iter()
            .filter(|difference| difference.explanation.as_ref().map(|(judgement, _)| *judgement) == wanted)
            .collect();
        if chosen.is_empty() {
            continue;
        }
        page.line(&format!("### {subtitle}\n"));
        let rows: Vec<[String; 5]> = chosen
            .iter()
            .map(|difference| {
                let share = percent(ratio(difference.reported, difference.of));
                [
                    difference.file.clone(),
                    difference.column.clone(),
                    difference.identifier.clone(),
                    format!("{} of {} ({share})", difference.reported, difference.of),
                    difference.explanation.as_ref().map_or(UNEXPLAINED.into(), |(_, because)| because.clone()),
                ]
            })
            .collect();
        page.table(["file", "column", "identifier", "values reported", "why"], &rows);
    }
}
