//! Holds the nine kinds of credentials to examples and negatives of other hands.

#![allow(clippy::print_stdout, reason = "the table is for whoever reads the test's output")]

mod shared_data;

use lakegate::engine::Engine;
use lakegate::identifiers::builtin;
use lakegate::identifiers::set::ManagedSet;
use std::collections::BTreeMap;

/// Rows (0-based) whose label we contest, and why.
const CONTESTED: &[(&[usize], &str)] = &[
    (&[0], "one letter forty times is no secret"),
    (&[4, 5], "forty hexadecimal digits are a hash; an AWS secret is base64 and hardly ever without g to z"),
    (
        &[161, 162, 163, 172, 178, 180, 182, 185],
        "no keyword is near, which Macie's documentation requires for these keys",
    ),
    (&[8, 32], "the header is no JSON"),
    (&[16, 17], "the body is no base64, or no whole key"),
    (&[50, 52], "the token has two parts; one without signature ends in a dot"),
];

#[derive(Default)]
struct Row {
    positives: usize,
    found: usize,
    negatives: usize,
    wrong: usize,
}

#[test]
fn every_credential_is_found_and_no_negative_is() {
    let Some(path) = shared_data::data("credentials/credentials-macie.jsonl.gz") else { return };
    let engine = Engine::new(ManagedSet::new(builtin::managed(), |_| true).unwrap(), Vec::new());
    let finds = |id: &str, text: &str| {
        let found = engine.inspect(None, text);
        found.iter().any(|(index, _)| engine.managed.identifiers[*index].reference.id == id)
    };
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut broken = Vec::new();
    for (number, line) in shared_data::json_lines(&path).iter().enumerate() {
        let text = line["text"].as_str().unwrap();
        let positive = line["positive"] == true;
        let Some(id) = line[if positive { "label" } else { "negative_for" }].as_str() else { continue };
        let row = rows.entry(id.to_string()).or_default();
        let found = finds(id, text);
        let (all, counted) =
            if positive { (&mut row.positives, &mut row.found) } else { (&mut row.negatives, &mut row.wrong) };
        *all += 1;
        *counted += usize::from(found);
        let contested = CONTESTED.iter().any(|(rows, _)| rows.contains(&number));
        if (found != positive) != contested {
            let what = if contested { "agrees now, is contested" } else { "disagrees" };
            broken.push(format!("row {number} {what}: {id} positive {positive}, origin {}: {text:?}", line["origin"]));
        }
    }
    println!("{:30} {:>9} {:>6} {:>9} {:>6}", "identifier", "positives", "found", "negatives", "found");
    for (id, row) in &rows {
        println!("{id:30} {:9} {:6} {:9} {:6}", row.positives, row.found, row.negatives, row.wrong);
    }
    for (rows, reason) in CONTESTED {
        println!("contested rows {rows:?}: {reason}");
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
