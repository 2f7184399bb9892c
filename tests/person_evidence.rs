//! How well names and addresses are told apart from everything else, on data of other hands. Skips where that data is
//! not there.

#![allow(clippy::print_stdout, clippy::print_stderr)] // figures and skips are for whoever reads the tests' output

mod shared_data;

use std::collections::HashSet;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use lakegate::engine::{names_in_text, person_name, postal_address, street};

/// The folder of shared test data, or `None` with a word to whoever reads the output.
fn shared_data() -> Option<PathBuf> {
    shared_data::data("")
}

/// Text of a file, unpacked where the name ends in `.gz`; other encodings than UTF-8 become replacement characters.
fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut plain = bytes.clone();
    if path.extension().is_some_and(|end| end == "gz") {
        plain.clear();
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).expect("gzip data");
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Non-empty values of a column of a CSV file.
fn column(path: &Path, name: &str) -> Vec<String> {
    let text = text_of(path);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let index = reader.headers().expect("a header").iter().position(|header| header == name).expect(name);
    let values = reader.records().filter_map(|record| record.ok()?.get(index).map(str::to_owned));
    values.filter(|value| !value.trim().is_empty()).collect()
}

fn share(values: &[String], accepts: fn(&str) -> bool) -> f64 {
    values.iter().filter(|value| accepts(value)).count() as f64 / values.len() as f64
}

#[test]
fn synthea_persons_are_names_and_its_organisations_and_descriptions_are_not() {
    let Some(data) = shared_data() else { return };
    let synthea = data.join("synthea");
    let providers = share(&column(&synthea.join("providers.csv"), "NAME"), person_name::is_full_name);
    let organizations = share(&column(&synthea.join("organizations.csv"), "NAME"), person_name::is_full_name);
    println!("full names: providers {providers:.3}, organizations {organizations:.3}");
    assert!((providers - 1.0).abs() < f64::EPSILON);
    assert!(organizations < 0.02);
    assert!(share(&column(&synthea.join("payers.csv"), "NAME"), person_name::is_full_name) < f64::EPSILON);
    for name in ["FIRST", "LAST"] {
        let values = column(&synthea.join("patients.csv"), name);
        assert!((share(&values, person_name::is_name_part_shape) - 1.0).abs() < f64::EPSILON, "{name}");
    }
    let streets = share(&column(&synthea.join("patients.csv"), "ADDRESS"), street::is_street_line);
    assert!(streets > 0.9, "street lines {streets:.3}");
    for file in
        ["conditions.csv", "procedures.csv.gz", "observations.csv.gz", "medications.csv.gz", "immunizations.csv"]
    {
        let descriptions: HashSet<String> = column(&synthea.join(file), "DESCRIPTION").into_iter().collect();
        for description in &descriptions {
            assert!(!person_name::is_full_name(description), "{file}: {description}");
            assert!(names_in_text::full_names_in(description).is_empty(), "{file}: {description}");
            assert!(!street::is_street_line(description), "{file}: {description}");
            assert!(postal_address::addresses_in(description).is_empty(), "{file}: {description}");
        }
    }
}

#[test]
fn few_columns_without_persons_look_like_full_names() {
    let Some(data) = shared_data() else { return };
    let truth: serde_json::Value = serde_json::from_str(&text_of(&data.join("columns/truth.json"))).expect("JSON");
    let persons = ["NAME.FIRST_LAST", "NAME.LAST_FIRST"];
    let never = ["COMPANY_NAME", "CITY", "STATE_PROVINCE.COUNTY_US", "JOB_TITLE_EN", "STREET_ADDRESS_EN"];
    let (mut person_shares, mut false_alarms, mut others) = (Vec::new(), Vec::new(), 0);
    for (file, table) in truth.as_object().expect("an object") {
        let path = data.join("columns").join(file);
        for column_truth in table["columns"].as_array().into_iter().flatten() {
            let kind = column_truth["semantic_type"].as_str().unwrap_or_default();
            let name = column_truth["name"].as_str().unwrap_or_default();
            if !path.exists() || !(persons.contains(&kind) || never.contains(&kind)) {
                continue;
            }
            let values = column(&path, name);
            if values.is_empty() {
                continue;
            }
            let found = share(&values, person_name::is_full_name);
            if persons.contains(&kind) {
                person_shares.push(found);
            } else {
                others += 1;
                if found > 0.2 {
                    false_alarms.push(format!("{file} {name} {found:.2}"));
                }
            }
        }
    }
    let mean = person_shares.iter().sum::<f64>() / person_shares.len() as f64;
    println!("columns of persons: {}, mean share {mean:.3}; others {others}: {false_alarms:?}", person_shares.len());
    assert!(mean > 0.85);
    assert_eq!(false_alarms, Vec::<String>::new());
}

/// Precision and recall of a finder against the spans whose Macie identifier is `identifier`; a find that overlaps a
/// span of another label of the same sort, such as a given name alone, counts neither way.
fn precision_and_recall(
    path: &Path,
    identifier: &str,
    like: &[&str],
    find: fn(&str) -> Vec<Range<usize>>,
) -> (f64, f64) {
    let (mut right, mut wrong, mut found, mut expected) = (0, 0, 0, 0);
    for line in text_of(path).lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = record["text"].as_str().expect("a text");
        let byte_of = |character: &serde_json::Value| {
            let count = character.as_u64().expect("an offset") as usize;
            text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
        };
        let spans = record["spans"].as_array().expect("spans").iter();
        let spans: Vec<(bool, bool, Range<usize>)> = spans
            .map(|span| {
                let sort = span["label"].as_str().is_some_and(|label| like.contains(&label));
                (span["macie"].as_str() == Some(identifier), sort, byte_of(&span["start"])..byte_of(&span["end"]))
            })
            .collect();
        let finds = find(text);
        let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        for place in &finds {
            if spans.iter().any(|(is, _, span)| *is && overlap(span, place)) {
                right += 1;
            } else if !spans.iter().any(|(_, sort, span)| *sort && overlap(span, place)) {
                wrong += 1;
            }
        }
        for (_, _, span) in spans.iter().filter(|(is, _, _)| *is) {
            expected += 1;
            found += i32::from(finds.iter().any(|place| overlap(span, place)));
        }
    }
    let precision = f64::from(right) / f64::from(right + wrong).max(1.0);
    let recall = f64::from(found) / f64::from(expected).max(1.0);
    println!("{identifier} in {}: precision {precision:.3}, recall {recall:.3}, of {expected}", path.display());
    (precision, recall)
}

#[test]
fn full_names_in_labelled_text_are_found_with_few_false_alarms() {
    let Some(data) = shared_data() else { return };
    let like = ["PERSON", "PERSON_NAME"];
    for (file, least_precision, least_recall) in [
        ("presidio-research.jsonl", 0.92, 0.80),
        ("pii-anon-eval.jsonl.gz", 0.96, 0.92),
        ("stt-transcripts.jsonl", 0.98, 0.90),
    ] {
        let path = data.join("labelled").join(file);
        let (precision, recall) = precision_and_recall(&path, "NAME", &like, names_in_text::full_names_in);
        assert!(precision >= least_precision && recall >= least_recall, "{file}");
    }
}

#[test]
fn mailing_addresses_in_labelled_text_are_found_with_few_false_alarms() {
    let Some(data) = shared_data() else { return };
    let like = ["ADDRESS", "STREET_ADDRESS"];
    // Most addresses of the first set have no postal code of a supported country, so they are none that Macie reports.
    for (file, least_precision, least_recall) in
        [("presidio-research.jsonl", 0.97, 0.14), ("pii-anon-eval.jsonl.gz", 0.98, 0.97)]
    {
        let path = data.join("labelled").join(file);
        let (precision, recall) = precision_and_recall(&path, "ADDRESS", &like, postal_address::addresses_in);
        assert!(precision >= least_precision && recall >= least_recall, "{file}");
    }
}
