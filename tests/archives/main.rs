//! Archives and compressed files, written by the writers of libraries: what is inside is found where it stands.
#![cfg(feature = "archives")]

mod hostile;
mod mutations;
mod random;
mod write;

use lakegate::model::{ObjectInfo, ObjectReport, Quotas};
use lakegate::scan::{ManagedSelection, Scanner};
use std::sync::LazyLock;

const SSN: &str = "USA_SOCIAL_SECURITY_NUMBER";

/// Looks for Social Security numbers only, within `quotas`.
fn scanner_within(quotas: Quotas) -> Scanner {
    let managed = ManagedSelection::Only(vec![SSN.to_owned()]);
    Scanner::builder().managed(managed).quotas(quotas).build().unwrap()
}

fn scanner() -> &'static Scanner {
    static SCANNER: LazyLock<Scanner> = LazyLock::new(|| scanner_within(Quotas::default()));
    &SCANNER
}

fn scan_with(scanner: &Scanner, key: &str, bytes: &[u8]) -> ObjectReport {
    let info = ObjectInfo { key: key.to_owned(), size: bytes.len() as u64, ..ObjectInfo::default() };
    scanner.scan_object(info, bytes)
}

fn scan(key: &str, bytes: &[u8]) -> ObjectReport {
    scan_with(scanner(), key, bytes)
}

/// Occurrences of the whole object.
fn count(report: &ObjectReport) -> u64 {
    report.finding.iter().flat_map(|finding| &finding.detections).map(|detection| detection.count).sum()
}
