//! Files of other hands in many formats: the same thirty people in all of them, and files that test readers.

#[path = "../shared_data/mod.rs"]
mod shared_data;

mod endings;
mod people;

use lakegate::model::{ObjectInfo, ObjectReport};
use lakegate::scan::Scanner;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The report on a file, called by its name, of a scan for all managed identifiers.
fn scan(path: &Path) -> ObjectReport {
    static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::builder().build().unwrap());
    let key = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = fs::read(path).unwrap();
    let info = ObjectInfo { key, size: bytes.len() as u64, ..ObjectInfo::default() };
    SCANNER.scan_object(info, bytes.as_slice())
}

/// Names of the files in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
