//! How a scan of each of the other files ends.

use crate::{names, scan, shared_data};
use lakegate::model::Status;
use std::path::PathBuf;

/// Files that are broken, cut off or encrypted, by folder.
const BROKEN: &[(&str, &[&str])] = &[
    ("people", &["people-trailing.csv.gz", "people-truncated.csv.gz", "people-zipcrypto.zip"]),
    ("tika", &["full_encrypted.7z", "testZIP_corrupted_oom.zip", "testZipEncrypted.zip"]),
];

/// Files that are well formed and read to their end, by folder.
const READ: &[(&str, &[&str])] = &[
    ("csv-spectrum", &[]),
    (
        "dataprofiler",
        &[
            "all-strings-skip-header-author.csv",
            "all-strings-skip-partial-header.csv",
            "all-strings-standard-header-quotes.csv",
            "blogposts.csv",
            "complex_nested.json",
            "dual_payloads.json",
            "empty_rows.txt",
            "hits.json",
            "honeypot",
            "honeypot_intentially_mislabeled_file.csv",
            "iris-utf-32.csv",
            "iris-utf-32.json",
            "quote-test-incorrect-csv.txt",
            "sentence-10x.txt",
            "simple.json",
            "utf16.txt",
        ],
    ),
    ("pdscan", &["email.tar.gz", "email.zip"]),
    (
        "tika",
        &[
            "bob.gz",
            "multi-language.txt",
            "test-file-1.csv.bz2",
            "test-zip-of-zip.zip",
            "testTXTNonASCIIUTF8.txt",
            "testTXT_win-1252.txt",
            "testZipEntryNameCharsetShiftSJIS.zip",
        ],
    ),
];

fn files(list: &[(&str, &[&str])]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for (folder, chosen) in list {
        let Some(folder) = shared_data::data(&format!("formats/{folder}")) else { return files };
        let all = names(&folder);
        let chosen = all.iter().filter(|name| chosen.is_empty() || chosen.contains(&name.as_str()));
        files.extend(chosen.map(|name| folder.join(name)));
    }
    files
}

#[test]
fn whatever_a_file_holds_a_scan_of_it_ends_and_says_why_if_it_is_not_whole() {
    let Some(folder) = shared_data::data("formats") else { return };
    for group in names(&folder).iter().map(|group| folder.join(group)).filter(|group| group.is_dir()) {
        for path in names(&group).iter().map(|name| group.join(name)) {
            let report = scan(&path);
            let coverage = &report.coverage;
            assert_eq!(coverage.reason.is_none(), coverage.status == Status::Complete, "{}", path.display());
            assert_eq!(coverage.detail.is_empty(), coverage.status == Status::Complete, "{}", path.display());
            assert!(!coverage.detail.contains("broke the reader"), "{}: {}", path.display(), coverage.detail);
        }
    }
}

#[test]
fn broken_and_encrypted_files_are_gaps() {
    for path in files(BROKEN) {
        let report = scan(&path);
        assert!(report.coverage.incomplete(), "{}", path.display());
    }
}

#[test]
fn well_formed_files_are_read_to_their_end() {
    for path in files(READ) {
        let report = scan(&path);
        assert!(!report.coverage.incomplete(), "{}: {}", path.display(), report.coverage.detail);
    }
}
