//! The same people in every format of documents, documents of other hands, and documents that are broken.

#![cfg(all(feature = "mail", feature = "markup", feature = "office", feature = "pdf"))]

#[path = "../shared_data/mod.rs"]
mod shared_data;

mod clinical;
mod mutations;
mod people;
mod same_people;
mod shared;
mod writers;

use lakegate::model::{ObjectInfo, ObjectReport};
use lakegate::scan::Scanner;
use std::collections::BTreeMap;

/// Scans one object.
fn scan(scanner: &Scanner, key: &str, content: &[u8]) -> ObjectReport {
    let object = ObjectInfo { key: key.to_owned(), size: content.len() as u64, ..ObjectInfo::default() };
    scanner.scan_object(object, content)
}

/// How often each identifier was found.
fn counts(report: &ObjectReport) -> BTreeMap<String, u64> {
    let detections = report.finding.iter().flat_map(|finding| &finding.detections);
    detections.map(|detection| (detection.identifier.id.clone(), detection.count)).collect()
}
