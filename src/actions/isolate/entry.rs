//! A file in the isolation folder, as the manifest records it.

use super::facts::Facts;
use super::path_text::PathText;
use super::request::FindingRef;
use super::seal::Seal;
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Everything that is needed to recognise a file and to put it back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The object's key in findings.
    pub key: String,
    /// Folder that was scanned, absolute.
    pub root: PathText,
    /// Where the file was, below that folder.
    pub path: PathText,
    /// Where its copy is, below `files` in the isolation folder.
    pub stored: PathText,
    /// What the file was like.
    pub file: Facts,
    /// What its copy is recognised by.
    pub seal: Seal,
    /// The finding that it was moved for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finding: Option<FindingRef>,
}

impl Entry {
    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.seal, Seal::Ciphertext(_))
    }
}

/// How far a file has come, in the order of a move and of the way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// The copy is whole and about to get its name; the source is untouched.
    Copied,
    /// The copy never got its name: nothing has happened.
    Abandoned,
    /// The copy is in its place; the source may still be there.
    Placed,
    /// The source is removed: the file is only here.
    Isolated,
    /// The file is about to be put back; the copy is untouched.
    Restoring,
    /// The file is back; the copy may still be there.
    Restored,
    /// The copy is removed: the file is only where it came from.
    Closed,
}

impl State {
    /// True while the copy is kept.
    pub(super) fn is_held(self) -> bool {
        matches!(self, Self::Placed | Self::Isolated | Self::Restoring)
    }
}

/// The last part of a path, and what is in front of it.
pub(super) fn split(path: &Path) -> (&Path, &OsStr) {
    (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default())
}

/// Names of files that are on their way, unlike those of any other isolation folder.
pub(super) fn way_name(folder: &str, id: u64, direction: &str) -> OsString {
    format!(".lakegate-{folder}-{id:06}.{direction}").into()
}
