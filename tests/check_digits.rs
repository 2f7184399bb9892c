//! Changes one digit of every example that a check digit vouches for: the changed value must not be found.

#![allow(clippy::print_stdout, reason = "the table is for whoever reads the test's output")]

mod exceptions;

use exceptions::ESCAPES;
use lakegate::engine::Engine;
use lakegate::identifiers::builtin;
use lakegate::identifiers::schema::{Example, Managed};
use lakegate::identifiers::set::ManagedSet;
use std::collections::BTreeMap;

fn engine_of(id: &str) -> Engine {
    Engine::new(ManagedSet::new(builtin::managed(), |known| known == id).expect("the files are sound"), Vec::new())
}

/// `text` with the digit at `place` raised by `step`, 9 going on to 0.
fn raised(text: &str, place: usize, step: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] = b'0' + (bytes[place] - b'0' + step) % 10;
    String::from_utf8(bytes).expect("a digit took a digit's place")
}

/// Changed values of an example that are found all the same, and the number of changes tried.
fn escapes(engine: &Engine, example: &Example) -> (Vec<String>, usize) {
    let column = example.column.as_deref();
    let (mut escaped, mut tried) = (Vec::new(), 0);
    for found in engine.evidence(column, &example.text).iter().filter(|found| found.check_digit) {
        for place in found.range.clone().filter(|place| example.text.as_bytes()[*place].is_ascii_digit()) {
            for step in 1..=9 {
                tried += 1;
                let changed = raised(&example.text, place, step);
                let again = engine.evidence(column, &changed);
                let overlaps = again
                    .iter()
                    .find(|other| other.range.start < found.range.end && found.range.start < other.range.end);
                if let Some(other) = overlaps {
                    let kind = if other.check_digit { "passes the check" } else { "has a form without check digit" };
                    escaped.push(format!("{:?} {kind}", &changed[other.range.clone()]));
                }
            }
        }
    }
    (escaped, tried)
}

fn all() -> impl Iterator<Item = &'static Managed> {
    builtin::documented().iter().flat_map(|(_, file)| &file.identifiers)
}

#[test]
fn one_changed_digit_silences_every_example_with_a_check_digit() {
    let mut results: BTreeMap<&str, (Vec<String>, usize)> = BTreeMap::new();
    for identifier in all() {
        let engine = engine_of(&identifier.id);
        for example in &identifier.examples {
            let (escaped, tried) = escapes(&engine, example);
            let result = results.entry(&identifier.id).or_default();
            result.0.extend(escaped);
            result.1 += tried;
        }
    }
    let total: usize = results.values().map(|(_, tried)| tried).sum();
    println!("{total} changed values");
    let mut wrong = Vec::new();
    for (id, (escaped, tried)) in &results {
        let allowed = ESCAPES.iter().find(|(known, ..)| known == id).map_or(0, |(_, count, _)| *count);
        if escaped.len() != allowed {
            let shown: Vec<&str> = escaped.iter().take(8).map(String::as_str).collect();
            wrong.push(format!("{id}: {} of {tried} found, {allowed} expected: {}", escaped.len(), shown.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_identifier_with_a_check_digit_has_an_example_that_rests_on_it() {
    for identifier in all() {
        let engine = engine_of(&identifier.id);
        if engine.managed.identifiers[0].verifies_check_digit() {
            let mut examples = identifier.examples.iter();
            let rests = |example: &Example| {
                engine.evidence(example.column.as_deref(), &example.text).iter().any(|found| found.check_digit)
            };
            assert!(examples.any(rests), "{}", identifier.id);
        }
    }
}
