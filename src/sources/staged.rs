//! What is staged in a git repository: the files of the index that differ from the last commit, as they are in the index and
//! not as they are in the working tree.

use super::blob::{Blob, Store};
use super::git::{GitError, ask, path_of, tell, top_level};
use super::large_file_pointer::{LONGEST, is_large_file_pointer};
use super::walk::written;
use crate::model::Reason;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The staged files of a repository.
#[derive(Debug)]
pub struct Staged {
    /// The folder of the working tree.
    pub top_level: PathBuf,
    /// Files that were added, changed or renamed, sorted by name. Those that were deleted are not among them.
    pub files: Vec<StagedFile>,
}

/// A staged file.
#[derive(Debug)]
pub struct StagedFile {
    /// Its path below the working tree's folder.
    pub path: PathBuf,
    /// The same as text, parts joined by `/`.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Its content in the index.
    pub content: StagedContent,
}

/// What is known of a staged content.
pub enum StagedContent {
    /// It can be read. It is taken from git when it is first read.
    Readable(Box<dyn Read + Send>),
    /// Why it cannot be scanned: a reason, and a sentence for a person.
    Problem(Reason, &'static str),
}

impl std::fmt::Debug for StagedContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Readable(_) => f.write_str("Readable"),
            Self::Problem(reason, detail) => f.debug_tuple("Problem").field(reason).field(detail).finish(),
        }
    }
}

/// An entry of the difference between the last commit and the index.
struct Change {
    mode: String,
    id: String,
    path: Vec<u8>,
    unmerged: bool,
}

impl Staged {
    /// Lists what is staged in the repository that the folder is in.
    pub fn list(folder: &Path) -> Result<Self, GitError> {
        let top_level = top_level(folder)?;
        let what = "list what is staged";
        // Without renames each file is one entry, and a renamed one is as new as its name: it is scanned.
        let arguments =
            ["diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative", "--no-ext-diff"];
        let answer = ask(&top_level, what, &[&arguments[..], &["--ignore-submodules=none", "--"]].concat())?;
        let mut changes = changes(&answer).ok_or(GitError::Unexpected { what })?;
        changes.sort_by(|left, right| (&left.path, left.unmerged).cmp(&(&right.path, right.unmerged)));
        // An unmerged file may be listed more than once.
        changes.dedup_by(|later, earlier| {
            let same = later.path == earlier.path;
            earlier.unmerged |= same && later.unmerged;
            same
        });
        let mut files = Vec::with_capacity(changes.len());
        if !changes.is_empty() {
            let sizes = sizes(&top_level, &changes)?;
            let store = Arc::new(Mutex::new(Store::open(&top_level)?));
            files.extend(changes.iter().zip(sizes).map(|(change, size)| change.file(size, &store)));
        }
        Ok(Self { top_level, files })
    }
}

impl Change {
    /// Whether its content is a file's.
    fn is_file(&self) -> bool {
        self.mode.starts_with("100") && !self.unmerged
    }

    fn file(&self, size: Option<u64>, store: &Arc<Mutex<Store>>) -> StagedFile {
        let content = match (self.mode.as_str(), size) {
            _ if self.unmerged => {
                StagedContent::Problem(Reason::ObjectVersionMismatch, "has an unresolved merge conflict")
            }
            ("160000", _) => StagedContent::Problem(Reason::UnsupportedFileType, "a submodule, which is not entered"),
            ("120000", _) => {
                StagedContent::Problem(Reason::UnsupportedFileType, "a symbolic link, which is not followed")
            }
            (_, None) => StagedContent::Problem(Reason::SourceObjectNoLongerAvailable, "git does not have the content"),
            (_, Some(size)) => self.content(size, store),
        };
        let path = path_of(&self.path);
        StagedFile { name: written(&self.path), path, size: size.unwrap_or(0), content }
    }

    fn content(&self, size: u64, store: &Arc<Mutex<Store>>) -> StagedContent {
        let mut blob = Blob::new(store, self.id.clone());
        if size > LONGEST {
            return StagedContent::Readable(Box::new(blob));
        }
        let mut content = Vec::new();
        match blob.read_to_end(&mut content) {
            Ok(_) if is_large_file_pointer(&content) => {
                let detail = "a pointer of Git LFS: the data itself is not in the commit";
                StagedContent::Problem(Reason::SourceObjectNoLongerAvailable, detail)
            }
            Ok(_) => StagedContent::Readable(Box::new(std::io::Cursor::new(content))),
            Err(_) => StagedContent::Problem(Reason::SourceObjectNoLongerAvailable, "git could not give the content"),
        }
    }
}

/// Reads `:<mode> <mode> <id> <id> <status> NUL <path> NUL` again and again, without the files that were deleted.
fn changes(answer: &[u8]) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let mut parts = answer.split(|byte| *byte == 0);
    while let Some(head) = parts.next().filter(|head| !head.is_empty()) {
        let path = parts.next()?.to_vec();
        let head = std::str::from_utf8(head.strip_prefix(b":")?).ok()?;
        let words: Vec<&str> = head.split(' ').collect();
        let [_, mode, _, id, status] = words.as_slice() else { return None };
        if !status.starts_with('D') {
            let unmerged = status.starts_with('U');
            changes.push(Change { mode: (*mode).to_owned(), id: (*id).to_owned(), path, unmerged });
        }
    }
    Some(changes)
}

/// The sizes of the files' contents; `None` for what is no file, and for contents that git does not have.
fn sizes(folder: &Path, changes: &[Change]) -> Result<Vec<Option<u64>>, GitError> {
    let what = "tell the sizes of staged contents";
    let files: Vec<&Change> = changes.iter().filter(|change| change.is_file()).collect();
    let input = files.iter().fold(String::new(), |text, change| text + &change.id + "\n");
    let answer = if files.is_empty() {
        Vec::new()
    } else {
        tell(folder, what, &["cat-file", "--batch-check=%(objecttype) %(objectsize)"], input.into_bytes())?
    };
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let lines: Vec<&str> = answer.lines().collect();
    if lines.len() != files.len() {
        return Err(GitError::Unexpected { what });
    }
    let mut lines = lines.into_iter();
    let size = |change: &Change| {
        let line = if change.is_file() { lines.next()? } else { return None };
        line.strip_prefix("blob ")?.parse().ok()
    };
    Ok(changes.iter().map(size).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_and_line_breaks_are_read_and_deleted_files_left_out() {
        let answer = b":000000 100644 0000 aaaa A\0a b\nc.csv\0:100644 000000 bbbb 0000 D\0gone.csv\0:000000 160000 0000 cccc A\0sub\0";
        let changes = changes(answer).expect("git's own form");
        let read: Vec<_> = changes.iter().map(|change| (change.path.as_slice(), change.is_file())).collect();
        assert_eq!(read, [(&b"a b\nc.csv"[..], true), (b"sub", false)]);
        assert!(super::changes(b"fatal: no").is_none());
    }
}
