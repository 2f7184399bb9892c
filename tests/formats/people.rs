//! Thirty people, written in dozens of ways: a scan finds the same of them in every one. The table of what it finds is
//! docs/formats.md.

use crate::{names, scan, shared_data};
use lakegate::model::{ObjectReport, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const REFRESH: &str = "UPDATE_SNAPSHOTS=1 cargo test --test formats";

type Counts = BTreeMap<String, u64>;

/// The table that all others were made from.
const ORIGINAL: &str = "people.dat";

/// Files that hold the people as the original does, and how many times.
const ALIKE: &[(&str, u64)] = &[
    ("people", 1),
    ("people-bom.csv", 1),
    ("people-cp1252.csv", 1),
    ("people-cr.csv", 1),
    ("people-embedded-newlines.csv", 1),
    ("people-latin1.csv", 1),
    ("people-multimember.csv.gz", 1),
    ("people-noname.gz", 1),
    ("people-pipe.txt", 1),
    ("people-preamble.csv", 1),
    ("people-semicolon.csv", 1),
    ("people-slip.zip", 2),
    ("people-utf16le-nobom.csv", 1),
    ("people-zip-as.csv", 1),
    ("people.csv.bz2", 1),
    ("people.csv.gz", 1),
    ("people.csv.zst", 1),
    ("people.dat", 1),
    ("people.jsonl", 1),
    ("people.tar.gz", 1),
    ("people.tsv", 1),
];

/// Files whose values stand alone, each judged without the others of its column: the one whose given and family name are both words of
/// everyday language is not found, as the table's column of names finds it.
const RECORDS: &[&str] = &["people.jsonl"];

/// Files of which something else is to be said, and what.
const OTHERWISE: &[(&str, &str)] = &[
    ("blank-lines.txt", "holds nobody"),
    ("people-trailing.csv.gz", "followed by other bytes"),
    ("people-truncated.csv.gz", "cut off: as far as it goes"),
    ("people-zipcrypto.zip", "encrypted"),
];

fn counts(report: &ObjectReport) -> Counts {
    let detections = report.finding.iter().flat_map(|finding| &finding.detections);
    detections.map(|detection| (detection.identifier.id.clone(), detection.count)).collect()
}

fn reports(folder: &Path) -> BTreeMap<String, ObjectReport> {
    names(folder).into_iter().map(|name| (name.clone(), scan(&folder.join(name)))).collect()
}

fn times(counts: &Counts, times: u64) -> Counts {
    counts.iter().map(|(identifier, count)| (identifier.clone(), count * times)).collect()
}

#[test]
fn the_same_people_are_found_in_every_file_that_holds_them() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    let reports = reports(&folder);
    let original = counts(&reports[ORIGINAL]);
    assert!(original.values().any(|count| *count == 30), "{original:?}");
    let mut wrong = Vec::new();
    for (name, copies) in ALIKE {
        let mut found = counts(&reports[*name]);
        if RECORDS.contains(name) {
            assert_eq!(found.get("NAME"), Some(&(29 * copies)), "{name}");
            found.insert("NAME".to_owned(), 30 * copies);
        }
        if found != times(&original, *copies) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} has {original:?}, but\n{}", ORIGINAL, wrong.join("\n"));
}

#[test]
fn files_that_are_not_whole_say_so() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    for (name, what) in OTHERWISE {
        let report = scan(&folder.join(name));
        let whole = *what == "holds nobody";
        assert_eq!(report.coverage.status == Status::Complete, whole, "{name}: {}", report.coverage.detail);
    }
}

#[test]
fn the_table_in_the_documentation_is_what_a_scan_finds() {
    let Some(folder) = shared_data::data("formats/people") else { return };
    let reports = reports(&folder);
    let identifiers: BTreeSet<String> = reports.values().flat_map(|report| counts(report).into_keys()).collect();
    let mut table = String::from("| file |");
    for identifier in &identifiers {
        write!(table, " {} |", identifier.replace('_', " ").to_lowercase()).unwrap();
    }
    writeln!(table, " read |\n|---|{}---|", "---:|".repeat(identifiers.len())).unwrap();
    for (name, report) in &reports {
        let counts = counts(report);
        write!(table, "| {name} |").unwrap();
        for identifier in &identifiers {
            match counts.get(identifier) {
                Some(count) => write!(table, " {count} |").unwrap(),
                None => write!(table, " |").unwrap(),
            }
        }
        let read = match report.coverage.reason {
            None => "all".to_owned(),
            Some(reason) => format!("{}, {}", report.coverage.status.as_str(), reason.as_str()),
        };
        writeln!(table, " {read} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once("<!-- people -->\n").expect("a mark before the table");
    let (written, after) = rest.split_once("<!-- end -->").expect("a mark behind the table");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, format!("{before}<!-- people -->\n{table}<!-- end -->{after}")).unwrap();
        return;
    }
    assert!(written == table, "docs/formats.md is not up to date; if what is found is right: {REFRESH}");
}
