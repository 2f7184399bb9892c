//! A file that is to be isolated, and what must be true of it.

use super::found::Found;
use crate::model::{Fingerprint, ObjectReport};
use crate::outputs::{RunContext, macie};
use crate::sources::Entry;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A file to be isolated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The object's key in findings.
    pub key: String,
    /// Folder that was scanned.
    pub root: PathBuf,
    /// Where the file is, below that folder.
    pub path: PathBuf,
    /// What the scan knows of it.
    pub scanned: Scanned,
    /// The finding that it is moved for.
    pub finding: Option<FindingRef>,
}

impl Request {
    /// The request to isolate what `entry` was when it was scanned; `None` if nothing was found in it. `scanned` is the path that
    /// the scan was given and found the entry below, or the entry itself.
    pub fn of_report(
        context: &RunContext,
        report: &ObjectReport,
        entry: &Entry,
        scanned: &Path,
        fingerprint: Option<Fingerprint>,
    ) -> Option<Self> {
        let found = Found::of(&macie::finding(context, report)?).ok()??;
        let (root, path) = match entry.path.strip_prefix(scanned) {
            Ok(path) if !path.as_os_str().is_empty() => (scanned, path),
            _ => (entry.path.parent()?, Path::new(entry.path.file_name()?)),
        };
        Some(Self {
            key: found.key,
            root: if root.as_os_str().is_empty() { Path::new(".") } else { root }.to_owned(),
            path: path.to_owned(),
            scanned: Scanned { size: entry.size, modified: entry.modified, fingerprint },
            finding: Some(found.finding),
        })
    }
}

/// What is known of a file from its scan. A file that is different by now is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Size in bytes.
    pub size: u64,
    /// Last modification, in seconds since the Unix epoch; `None` if the scan could not tell.
    pub modified: Option<i64>,
    /// The bytes that were read; `None` if only a finding is left of the scan, which never holds a digest.
    pub fingerprint: Option<Fingerprint>,
}

/// The finding that made a file move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRef {
    /// Its id.
    pub id: String,
    /// Low, Medium or High.
    pub severity: String,
    /// The bucket that it names.
    pub bucket: String,
}
