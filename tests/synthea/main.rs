//! The sixteen files of a Synthea export: what is reported in them, and that nothing else is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod oracle;
#[path = "../program/mod.rs"]
mod program;
mod random_tables;
#[path = "../shared_data/mod.rs"]
mod shared_data;

use lakegate::identifiers::custom_load;
use lakegate::model::{Detection, FindingType, Location, ObjectInfo, ObjectReport, Severity};
use lakegate::scan::{ManagedSelection, Scanner};
use lakegate::sources::walk;
use oracle::{Column, Found, Identifier};
use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A scanner for all managed identifiers and the three of the walk-through.
fn scanner() -> &'static Scanner {
    static SCANNER: OnceLock<Scanner> = OnceLock::new();
    SCANNER.get_or_init(|| {
        let custom = custom_load::load(&[project("identifiers/custom/synthea.yaml")]).unwrap();
        Scanner::builder().custom(custom).build().unwrap()
    })
}

/// A scanner for the three of the walk-through alone.
fn custom_scanner() -> Scanner {
    let custom = custom_load::load(&[project("identifiers/custom/synthea.yaml")]).unwrap();
    Scanner::builder().managed(ManagedSelection::None).custom(custom).build().unwrap()
}

fn scan(folder: &Path) -> Vec<ObjectReport> {
    scanner().scan_entries(&walk(&[folder]), "", NonZeroUsize::new(2).unwrap(), &()).unwrap()
}

fn fixture() -> &'static [ObjectReport] {
    static REPORTS: OnceLock<Vec<ObjectReport>> = OnceLock::new();
    REPORTS.get_or_init(|| scan(&project("fixtures/synthea")))
}

/// The Synthea run among the shared data; without it a test only has the fixture.
fn shared() -> &'static [ObjectReport] {
    static REPORTS: OnceLock<Vec<ObjectReport>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let Some(folder) = shared_data::data("synthea") else { return Vec::new() };
        let mut reports = scan(&folder);
        reports.retain(|report| report.object.key.contains(".csv"));
        reports
    })
}

/// Reports of both runs, and the folder that each is of.
fn all() -> impl Iterator<Item = (PathBuf, &'static ObjectReport)> {
    let folder = shared_data::data("synthea").unwrap_or_default();
    fixture()
        .iter()
        .map(|report| (project("fixtures/synthea"), report))
        .chain(shared().iter().map(move |report| (folder.clone(), report)))
}

fn report<'a>(reports: &'a [ObjectReport], key: &str) -> &'a ObjectReport {
    reports.iter().find(|report| report.object.key == key).unwrap()
}

fn detections(report: &ObjectReport) -> impl Iterator<Item = &Detection> {
    report.located().into_iter().flat_map(|(_, finding)| &finding.detections)
}

fn detection<'a>(report: &'a ObjectReport, name: &str) -> Option<&'a Detection> {
    let mut detections = detections(report);
    detections.find(|detection| detection.identifier.name == name || detection.identifier.id == name)
}

/// Count and places of a detection; nothing at all without one.
fn found(report: &ObjectReport, name: &str) -> Found {
    let Some(detection) = detection(report, name) else { return Found::default() };
    let places = detection.occurrences.iter().map(|location| match location {
        Location::Cell { row, column, .. } => (*row, *column),
        other => panic!("{other:?} in {}", report.object.key),
    });
    Found { count: detection.count, places: places.collect() }
}

/// Values of a column that are not empty.
fn filled(folder: &Path, key: &str, name: &str) -> u64 {
    let column = Column::of(&oracle::content(&folder.join(key)), name);
    column.values.iter().filter(|value| !value.is_empty()).count() as u64
}

#[test]
fn every_file_has_as_many_custom_occurrences_in_the_same_cells_as_a_naive_reading_finds() {
    for (folder, report) in all() {
        let content = oracle::content(&folder.join(&report.object.key));
        for identifier in Identifier::all() {
            let expected = oracle::find(&content, b',', &identifier);
            assert_eq!(found(report, identifier.name), expected, "{} in {}", identifier.name, report.object.key);
        }
    }
}

#[test]
fn every_patient_column_is_reported_to_the_last_row() {
    let mut files = 0;
    for (folder, report) in all() {
        let content = oracle::content(&folder.join(&report.object.key));
        if !oracle::header(&content).iter().any(|name| name == "PATIENT") {
            continue;
        }
        let column = Column::of(&content, "PATIENT");
        assert_eq!(found(report, "Patient ID").count, column.values.len() as u64, "{}", report.object.key);
        files += u64::from(!column.values.is_empty());
    }
    let expected = if shared().is_empty() { 11 } else { 11 + 12 };
    assert_eq!(files, expected);
}

#[test]
fn the_sixteen_files_give_fifteen_findings_and_supplies_without_a_row_gives_none() {
    assert_eq!(fixture().len(), 16);
    assert_eq!(fixture().iter().filter(|report| report.finding.is_some()).count(), 15);
    let supplies = report(fixture(), "supplies.csv");
    assert_eq!(supplies.finding, None);
    assert!(!supplies.coverage.incomplete());
}

#[test]
fn organizations_providers_and_payers_are_personal_and_patients_and_devices_multiple() {
    for reports in [fixture(), shared()].into_iter().filter(|reports| !reports.is_empty()) {
        let kind = |key: &str| report(reports, key).finding.as_ref().unwrap().finding_type;
        for key in ["organizations.csv", "providers.csv", "payers.csv"] {
            assert_eq!(kind(key), FindingType::Personal, "{key}");
        }
        for key in ["patients.csv", "devices.csv"] {
            assert_eq!(kind(key), FindingType::Multiple, "{key}");
        }
        assert_eq!(kind("conditions.csv"), FindingType::CustomIdentifier);
    }
}

#[test]
fn every_filled_ssn_and_birth_date_of_the_patients_is_reported_and_no_date_of_death() {
    for (folder, report) in all().filter(|(_, report)| report.object.key == "patients.csv") {
        for (identifier, name) in [("USA_SOCIAL_SECURITY_NUMBER", "SSN"), ("DATE_OF_BIRTH", "BIRTHDATE")] {
            let detection = detection(report, identifier).unwrap();
            assert_eq!(detection.count, filled(&folder, "patients.csv", name), "{identifier}");
            let names: Vec<_> = detection.columns.iter().filter_map(|column| column.name.as_deref()).collect();
            assert_eq!(names, [name]);
        }
        assert_eq!(detection(report, "USA_SOCIAL_SECURITY_NUMBER").unwrap().severity, Severity::High);
        assert!(filled(&folder, "patients.csv", "DEATHDATE") > 0, "there are dates that must not be reported");
    }
}

#[test]
fn patients_have_one_name_and_at_most_one_address_a_row() {
    for (folder, report) in all().filter(|(_, report)| report.object.key == "patients.csv") {
        let rows = filled(&folder, "patients.csv", "Id");
        for (identifier, least) in [("NAME", rows), ("ADDRESS", rows * 8 / 10)] {
            let found = found(report, identifier);
            let mut located: Vec<u64> = found.places.iter().map(|(row, _)| *row).collect();
            located.dedup();
            assert_eq!(located.len() as u64, found.count, "{identifier}: two in a row");
            assert!((least..=rows).contains(&found.count), "{identifier}: {} in {rows} rows", found.count);
        }
    }
}

/// What may be reported in which column of which file. All else is codes, costs, dates of encounters, or keys that say
/// nothing of a patient.
const ALLOWED: &[(&str, &[(&str, &str)])] = &[
    (
        "patients",
        &[
            ("BIRTHDATE", "DATE_OF_BIRTH"),
            ("SSN", "USA_SOCIAL_SECURITY_NUMBER"),
            ("DRIVERS", "DRIVERS_LICENSE"),
            ("DRIVERS", "US Driver License"),
            ("PASSPORT", "USA_PASSPORT_NUMBER"),
            ("PASSPORT", "US Passport"),
            ("FIRST", "NAME"),
            ("ADDRESS", "ADDRESS"),
        ],
    ),
    ("organizations", &[("ADDRESS", "ADDRESS"), ("PHONE", "PHONE_NUMBER")]),
    ("providers", &[("NAME", "NAME"), ("ADDRESS", "ADDRESS")]),
    ("payers", &[("ADDRESS", "ADDRESS"), ("PHONE", "PHONE_NUMBER")]),
    ("devices", &[("UDI", "MEDICAL_DEVICE_UDI")]),
    // In newer exports, the person who owns the plan.
    ("payer_transitions", &[("OWNERNAME", "NAME")]),
    (
        "claims",
        &[
            ("PATIENTID", "Patient ID"),
            ("PRIMARYPATIENTINSURANCEID", "Patient ID"),
            ("SECONDARYPATIENTINSURANCEID", "Patient ID"),
        ],
    ),
];

#[test]
fn nothing_is_reported_in_codes_costs_dates_of_encounters_and_keys() {
    for (_, report) in all() {
        let key = report.object.key.split('.').next().unwrap();
        let allowed: BTreeSet<(&str, &str)> =
            ALLOWED.iter().filter(|(file, _)| *file == key).flat_map(|(_, columns)| *columns).copied().collect();
        for detection in detections(report) {
            let identifier = &*detection.identifier;
            let name = if identifier.name.starts_with("US ") || identifier.name == "Patient ID" {
                identifier.name.as_str()
            } else {
                identifier.id.as_str()
            };
            assert!(!detection.columns.is_empty(), "{name} in {key} stands in no column");
            for column in &detection.columns {
                let pair = (column.name.as_deref().unwrap_or_default(), name);
                assert!(pair == ("PATIENT", "Patient ID") || allowed.contains(&pair), "{pair:?} in {key}");
            }
        }
    }
}

fn scan_text(key: &str, content: &str) -> ObjectReport {
    let size = content.len() as u64;
    scanner().scan_object(ObjectInfo { key: key.into(), size, ..ObjectInfo::default() }, content.as_bytes())
}

#[test]
fn a_number_that_is_never_issued_is_no_ssn_in_running_text() {
    let plain = scan_text("note.txt", "The order 999-12-3456 was sent on Monday, and 999-65-4321 followed.\n");
    assert_eq!(plain.finding, None);
    let issued = scan_text("note.txt", "Her social security number is 219-45-3456, she said.\n");
    assert_eq!(detection(&issued, "USA_SOCIAL_SECURITY_NUMBER").map(|found| found.count), Some(1));
}

#[test]
fn a_compressed_file_gives_the_same_counts_as_the_plain_one() {
    let plain = fs::read(project("fixtures/synthea/patients.csv")).unwrap();
    let compressed = program::compress(&plain);
    let info = ObjectInfo { key: "patients.csv.gz".into(), size: compressed.len() as u64, ..ObjectInfo::default() };
    let compressed = scanner().scan_object(info, compressed.as_slice());
    let plain_report = report(fixture(), "patients.csv");
    assert_eq!(compressed.members[0].finding.as_deref(), plain_report.finding.as_ref());
    let counts = |report: &ObjectReport| -> Vec<u64> {
        report.finding.iter().flat_map(|finding| &finding.detections).map(|detection| detection.count).collect()
    };
    assert_eq!(counts(&compressed), counts(plain_report));
    assert_eq!(compressed.size_classified, plain.len() as u64);
}
