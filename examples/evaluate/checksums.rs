//! Numbers that are valid, and numbers one edit away from a valid one.

use super::data::SharedData;
use super::explanations::Explanations;
use super::page::Page;
use super::score::{percent, ratio};
use lakegate::identifiers::builtin;
use lakegate::scan::Scanner;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

#[derive(Deserialize)]
struct Number {
    module: String,
    value: String,
    valid: bool,
    macie: Option<String>,
}

#[derive(Default)]
struct Counts {
    valid: u64,
    found: u64,
    near_misses: u64,
    alarms: u64,
}

/// Writes the section on valid numbers and near-misses, each as the one value of a column named by the first keyword.
pub fn report(
    data: &SharedData,
    scanner: &Scanner,
    explanations: &Explanations,
    page: &mut Page,
) -> anyhow::Result<()> {
    let numbers: Vec<Number> = data.lines("checksums/checksums.jsonl.gz")?;
    let first_keywords: HashMap<&str, &str> = builtin::documented()
        .iter()
        .flat_map(|(_, file)| &file.identifiers)
        .map(|identifier| (identifier.id.as_str(), identifier.keywords.first().map_or("value", String::as_str)))
        .collect();
    let engine = scanner.engine();
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let (mut others, mut other_modules) = (0_u64, BTreeMap::<&str, u64>::new());
    for number in &numbers {
        let Some(id) = number.macie.as_deref() else {
            let plain = number.value.trim();
            if !engine.inspect(Some("value"), plain).is_empty() {
                *other_modules.entry(number.module.as_str()).or_default() += 1;
            }
            others += 1;
            continue;
        };
        let Some(column) = first_keywords.get(id) else { continue };
        let found = engine
            .inspect(Some(column), &number.value)
            .iter()
            .any(|(index, _)| engine.managed.identifiers[*index].reference.id == id);
        let counts = counts.entry(id).or_default();
        if number.valid {
            counts.valid += 1;
            counts.found += u64::from(found);
        } else {
            counts.near_misses += 1;
            counts.alarms += u64::from(found);
        }
    }
    write(&counts, (others, &other_modules), explanations, page);
    Ok(())
}

fn write(
    counts: &BTreeMap<&str, Counts>,
    others: (u64, &BTreeMap<&str, u64>),
    explanations: &Explanations,
    page: &mut Page,
) {
    page.heading("Valid numbers and near-misses");
    page.line(
        "Each number is the one value of a column that is named by the identifier's first keyword. A near-miss is one edit away \
         from a valid number. Identifiers with everything right are summed up in the first row.\n",
    );
    let perfect = |counts: &&Counts| counts.found == counts.valid && counts.alarms == 0;
    let sum = |of: fn(&Counts) -> u64| counts.values().filter(perfect).map(of).sum::<u64>();
    let total = Counts {
        valid: sum(|counts| counts.valid),
        found: sum(|counts| counts.found),
        near_misses: sum(|counts| counts.near_misses),
        alarms: 0,
    };
    let row = |name: String, counts: &Counts, why: &str| {
        [
            name,
            counts.valid.to_string(),
            percent(ratio(counts.found, counts.valid)),
            counts.near_misses.to_string(),
            percent(ratio(counts.alarms, counts.near_misses)),
            why.to_string(),
        ]
    };
    let mut rows = vec![row(format!("{} identifiers", counts.values().filter(perfect).count()), &total, "")];
    rows.extend(
        counts
            .iter()
            .filter(|(_, counts)| !perfect(counts))
            .map(|(id, counts)| row((*id).into(), counts, explanations.of_numbers(id))),
    );
    page.table(["identifier", "valid", "found", "near-misses", "reported", "why"], &rows);
    let (number, modules) = others;
    let reported: u64 = modules.values().sum();
    let names: Vec<String> = modules.iter().map(|(module, count)| format!("{module} {count}")).collect();
    page.line(&format!(
        "Of {number} numbers that no identifier looks for, {reported} are reported in a column named `value`: {}.\n",
        if names.is_empty() { "none".into() } else { names.join(", ") }
    ));
}
