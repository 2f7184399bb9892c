//! Holds the identifiers with check digits to valid values and near-misses of other hands: with the identifier's first
//! keyword as the column's name, every valid value is found and no near-miss is.

#![allow(clippy::print_stdout, reason = "the table is for whoever reads the test's output")]

mod exceptions;
mod shared_data;

use exceptions::{CHECKSUMS, NARROWER};
use lakegate::engine::Engine;
use lakegate::identifiers::builtin;
use lakegate::identifiers::check::compact;
use lakegate::identifiers::set::ManagedSet;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Default)]
struct Row {
    valid: usize,
    found: usize,
    near: usize,
    wrong: usize,
    missed: Vec<String>,
    alarms: Vec<String>,
}

impl Row {
    fn found_share(&self) -> f64 {
        if self.valid == 0 { 1.0 } else { self.found as f64 / self.valid as f64 }
    }

    fn false_share(&self) -> f64 {
        if self.near == 0 { 0.0 } else { self.wrong as f64 / self.near as f64 }
    }
}

fn first_keyword(id: &str) -> &'static str {
    let all = builtin::documented().iter().flat_map(|(_, file)| &file.identifiers);
    let identifier = all.into_iter().find(|identifier| identifier.id == id);
    identifier.and_then(|identifier| identifier.keywords.first()).map_or("value", String::as_str)
}

/// An IBAN whose letters name another country than its label.
fn is_mislabelled(line: &Value) -> bool {
    let letters: String = line["value"].as_str().unwrap_or_default().chars().take(2).collect();
    line["module"] == "iban" && line["country"] != letters.to_uppercase()
}

/// Whether a found text is the whole value, but for the country code that some forms put in front.
fn is_whole(found: &str, value: &str, country: &str) -> bool {
    let (found, value) = (compact(found), compact(value));
    value == found || value == format!("{country}{found}")
}

#[test]
fn valid_numbers_are_found_and_near_misses_are_not() {
    let Some(path) = shared_data::data("checksums/checksums.jsonl.gz") else { return };
    let engine = Engine::new(ManagedSet::new(builtin::managed(), |_| true).unwrap(), Vec::new());
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut mislabelled = 0;
    for line in shared_data::json_lines(&path) {
        let Some(id) = line["macie"].as_str() else { continue };
        let (value, module) = (line["value"].as_str().unwrap(), line["module"].as_str().unwrap());
        let row = rows.entry(id.to_string()).or_default();
        let found = engine.inspect(Some(first_keyword(id)), value);
        let id_of = |index: usize| engine.managed.identifiers[index].reference.id.as_str();
        if line["valid"] == true {
            if is_mislabelled(&line) {
                mislabelled += 1;
                continue;
            }
            row.valid += 1;
            let country = line["country"].as_str().unwrap_or_default();
            let narrower = NARROWER.iter().find(|(known, _)| *known == id).map_or(&[][..], |(_, narrower)| narrower);
            let whole = found.iter().any(|(index, range)| {
                (id_of(*index) == id || narrower.contains(&id_of(*index)))
                    && is_whole(&value[range.clone()], value, country)
            });
            row.found += usize::from(whole);
            if !whole {
                row.missed.push(format!("{value} ({module})"));
            }
        } else {
            row.near += 1;
            if found.iter().any(|(index, _)| id_of(*index) == id) {
                row.wrong += 1;
                row.alarms.push(format!("{value} ({module} {})", line["kind"]));
            }
        }
    }
    println!("{:50} {:>6} {:>8} {:>6} {:>8}", "identifier", "valid", "found", "near", "false");
    let mut broken = Vec::new();
    for (id, row) in &rows {
        println!("{id:50} {:6} {:8.4} {:6} {:8.4}", row.valid, row.found_share(), row.near, row.false_share());
        let exception = CHECKSUMS.iter().find(|(known, ..)| known == id);
        let (missed, wrong) = exception.map_or((0, 0), |(_, missed, wrong, _)| (*missed, *wrong));
        if row.missed.len() != missed {
            let all = row.missed.join(", ");
            broken.push(format!("{id}: {} not found, {missed} expected: {all}", row.missed.len()));
        }
        if row.wrong != wrong {
            let all = row.alarms.join(", ");
            broken.push(format!("{id}: {} near-misses found, {wrong} expected: {all}", row.wrong));
        }
    }
    for (id, missed, wrong, reason) in CHECKSUMS {
        println!("{id}: {missed} not found, {wrong} near-misses found: {reason}");
    }
    for (id, narrower) in NARROWER {
        println!("{id}: some values are reported as {} instead", narrower.join(" or "));
    }
    println!("{mislabelled} IBANs name another country than their label and were left out");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
