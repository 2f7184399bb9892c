//! Finds the objects below the paths that a scan is given.

use super::root_name::RootName;
use crate::model::{Bucket, Reason};
use ignore::WalkBuilder;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::fs::{self, FileType, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// An object to be scanned, or something that stands where one was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// 0-based index of the path that it was found below.
    pub root: usize,
    /// Name of the object, parts joined by `/`; no two entries of a walk share one (see [`walk`]).
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Last modification, in seconds since the Unix epoch.
    pub modified: Option<i64>,
    /// Why it cannot be scanned: a reason, and a sentence for a person.
    pub problem: Option<(Reason, &'static str)>,
    /// The bucket that it is in, where a run covers several; a walk knows none.
    pub bucket: Option<Arc<Bucket>>,
}

impl Entry {
    fn new(path: PathBuf, root: usize, key: String) -> Self {
        Self { path, root, key, size: 0, modified: None, problem: None, bucket: None }
    }

    /// The path as text, parts joined by `/`, without `.` parts; what is not UTF-8 is written as in keys.
    pub fn shown_path(&self) -> String {
        let root = if self.path.has_root() { "/" } else { "" };
        let parts = self.path.components().filter_map(|part| match part {
            Component::CurDir | Component::RootDir => None,
            part => Some(written(part.as_os_str().as_encoded_bytes())),
        });
        format!("{root}{}", parts.collect::<Vec<_>>().join("/"))
    }

    fn with_problem(mut self, reason: Reason, detail: &'static str) -> Self {
        self.problem = Some((reason, detail));
        self
    }

    fn with_metadata(mut self, metadata: &Metadata) -> Self {
        self.size = metadata.len();
        self.modified = metadata.modified().ok().map(|time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        });
        self
    }
}

/// Lists the objects at and below `paths`, sorted by key, each file once however often it is named.
///
/// The key of a file is its path below the folder that was given; of a file that was given itself, the path as it was given
/// if that is relative, else the file name. Where that names two files alike, as much of the given paths' own names goes in
/// front as tells them apart.
///
/// Hidden files are listed and ignore files are not heeded: nothing that is about to be uploaded is overlooked. Folders called
/// `.git` are left out. Symbolic links are followed only where they are given as a path themselves. What cannot be listed or
/// is no regular file becomes an entry with a problem; nothing is opened here, so a pipe cannot make the scan wait.
pub fn walk<P: AsRef<Path>>(paths: &[P]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    for (root, path) in paths.iter().enumerate() {
        let path = path.as_ref();
        // Inside a root no link is followed, so where the root really is tells where every file below it is.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut found = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => below(path, root),
            Ok(metadata) => {
                vec![file(Entry::new(path.to_owned(), root, String::new()), metadata.file_type(), Ok(metadata))]
            }
            Err(error) => vec![failed(Entry::new(path.to_owned(), root, String::new()), &error)],
        };
        found.retain(|entry| {
            let real = match entry.path.strip_prefix(path) {
                Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
                _ => real.clone(),
            };
            seen.insert(real)
        });
        entries.extend(found);
    }
    let names: Vec<RootName> = paths.iter().map(|path| RootName::of(path.as_ref())).collect();
    tell_apart(&mut entries, &names);
    entries.sort_by(|left, right| (&left.key, left.root, &left.path).cmp(&(&right.key, right.root, &right.path)));
    make_unique(&mut entries);
    entries
}

/// Completes the keys, which so far say where an entry is below its root, by as much of the roots' names as is needed.
fn tell_apart(entries: &mut [Entry], names: &[RootName]) {
    let below: Vec<String> = entries.iter_mut().map(|entry| std::mem::take(&mut entry.key)).collect();
    let mut parts = vec![0; names.len()];
    loop {
        let mut owners: HashMap<String, usize> = HashMap::new();
        let mut clashing = vec![false; names.len()];
        for (entry, below) in entries.iter_mut().zip(&below) {
            entry.key = names[entry.root].key(below, parts[entry.root]);
            let owner = *owners.entry(entry.key.clone()).or_insert(entry.root);
            if owner != entry.root {
                clashing[owner] = true;
                clashing[entry.root] = true;
            }
        }
        let mut longer = false;
        for ((parts, name), _) in parts.iter_mut().zip(names).zip(&clashing).filter(|(_, clashing)| **clashing) {
            longer |= *parts < name.len();
            *parts += 1;
        }
        if !longer {
            return;
        }
    }
}

fn below(folder: &Path, root: usize) -> Vec<Entry> {
    let mut builder = WalkBuilder::new(folder);
    builder.standard_filters(false).follow_links(false);
    builder.filter_entry(|entry| {
        entry.depth() == 0 || entry.file_name() != ".git" || !entry.file_type().is_some_and(|kind| kind.is_dir())
    });
    let mut entries = Vec::new();
    for result in builder.build() {
        match result {
            Ok(found) => {
                let Some(kind) = found.file_type().filter(|kind| found.depth() > 0 && !kind.is_dir()) else {
                    continue;
                };
                let entry = Entry::new(found.path().to_owned(), root, key_of(folder, found.path()));
                entries.push(file(entry, kind, found.path().symlink_metadata()));
            }
            Err(error) => {
                let path = path_of(&error).unwrap_or(folder).to_owned();
                let key = key_of(folder, &path);
                let cause = error.io_error().map_or(ErrorKind::Other, io::Error::kind);
                entries.push(failed(Entry::new(path, root, key), &cause.into()));
            }
        }
    }
    entries
}

/// Fills in what is known of something that is no folder.
fn file(entry: Entry, kind: FileType, metadata: io::Result<Metadata>) -> Entry {
    if kind.is_symlink() {
        return match fs::metadata(&entry.path) {
            Ok(_) => entry.with_problem(Reason::UnsupportedFileType, "a symbolic link, which is not followed"),
            Err(error) => failed(entry, &error),
        };
    }
    if !kind.is_file() {
        return entry.with_problem(Reason::UnsupportedFileType, "not a regular file");
    }
    match metadata {
        Ok(metadata) => entry.with_metadata(&metadata),
        Err(error) => failed(entry, &error),
    }
}

fn failed(entry: Entry, error: &io::Error) -> Entry {
    match error.kind() {
        ErrorKind::PermissionDenied => entry.with_problem(Reason::PermissionDenied, "may not be listed or read"),
        ErrorKind::NotFound => entry.with_problem(Reason::SourceObjectNoLongerAvailable, "does not exist"),
        _ => entry.with_problem(Reason::SourceObjectNoLongerAvailable, "could not be listed"),
    }
}

/// The path that an error of the walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

fn key_of(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts.map(|part| written(part.as_os_str().as_encoded_bytes())).collect::<Vec<_>>().join("/")
}

/// A name as text; each byte that is not UTF-8 is written as a replacement character and its two hexadecimal digits.
pub(super) fn written(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(text, "{}{byte:02X}", char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Numbers entries whose different names are written alike. `entries` are sorted.
fn make_unique(entries: &mut [Entry]) {
    let mut start = 0;
    while start < entries.len() {
        let length = entries[start..].iter().take_while(|entry| entry.key == entries[start].key).count();
        for (index, entry) in entries[start..start + length].iter_mut().enumerate().skip(1) {
            let _ = write!(entry.key, "~{}", index + 1);
        }
        start += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use tempfile::TempDir;

    fn folder(files: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(path, file).expect("a file can be written");
        }
        folder
    }

    fn keys(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.key.as_str()).collect()
    }

    #[test]
    fn every_file_is_listed_by_key_hidden_and_ignored_ones_too() {
        let folder =
            folder(&["b.csv", "a/z.csv", "a/.hidden", ".gitignore", "ignored.csv", ".git/config", "sub/.git/HEAD"]);
        fs::write(folder.path().join(".gitignore"), "ignored.csv\n").expect("a file can be written");
        let entries = walk(&[folder.path()]);
        assert_eq!(keys(&entries), [".gitignore", "a/.hidden", "a/z.csv", "b.csv", "ignored.csv"]);
        assert_eq!((entries[2].size, entries[2].problem), (7, None));
        assert!(entries[2].modified.is_some_and(|seconds| seconds > 1_500_000_000));
    }

    #[test]
    fn a_file_named_twice_is_listed_once() {
        let folder = folder(&["a/x.csv", "a/y.csv"]);
        let file = folder.path().join("a/x.csv");
        let entries = walk(&[folder.path().to_owned(), file.clone(), folder.path().join("a/../a"), file]);
        assert_eq!(keys(&entries), ["a/x.csv", "a/y.csv"]);
    }

    #[test]
    fn a_file_given_by_its_full_path_has_its_name_as_key() {
        let folder = folder(&["b/x.csv"]);
        assert_eq!(keys(&walk(&[folder.path().join("b/x.csv")])), ["x.csv"]);
    }

    #[test]
    fn a_file_given_by_a_relative_path_has_that_path_as_key() {
        let entries = walk(&["./src/../src/lib.rs", "src/sources/mod.rs"]);
        assert_eq!(keys(&entries), ["src/lib.rs", "src/sources/mod.rs"]);
    }

    #[test]
    fn files_and_folders_whose_keys_clash_have_their_folders_names_in_front() {
        let folder = folder(&["a/x.csv", "a/y.csv", "b/x.csv", "c/z.csv"]);
        let entries = walk(&[folder.path().join("b/x.csv"), folder.path().join("a"), folder.path().join("c")]);
        assert_eq!(keys(&entries), ["a/x.csv", "a/y.csv", "b/x.csv", "z.csv"]);
        assert_eq!(entries.iter().map(|entry| entry.root).collect::<Vec<_>>(), [1, 1, 0, 2]);
    }

    #[test]
    fn folders_of_the_same_name_are_told_apart_by_the_folders_that_they_are_in() {
        let folder = folder(&["2023/in/x.csv", "2024/in/x.csv"]);
        let entries = walk(&[folder.path().join("2023/in"), folder.path().join("2024/in/")]);
        assert_eq!(keys(&entries), ["2023/in/x.csv", "2024/in/x.csv"]);
    }

    #[test]
    fn a_path_that_does_not_exist_is_an_entry_with_a_problem() {
        let entries = walk(&["/no/such/path/at all"]);
        assert_eq!(keys(&entries), ["at all"]);
        assert_eq!(entries[0].problem.map(|(reason, _)| reason), Some(Reason::SourceObjectNoLongerAvailable));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_when_given_and_broken_ones_are_a_problem() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["real/x.csv"]);
        symlink("real", folder.path().join("linked")).expect("a link can be made");
        symlink("real/x.csv", folder.path().join("x.csv")).expect("a link can be made");
        symlink("nowhere", folder.path().join("broken")).expect("a link can be made");
        let entries = walk(&[folder.path()]);
        assert_eq!(keys(&entries), ["broken", "linked", "real/x.csv", "x.csv"]);
        let reasons: Vec<_> = entries.iter().map(|entry| entry.problem.map(|(reason, _)| reason)).collect();
        let (broken, unfollowed) = (Some(Reason::SourceObjectNoLongerAvailable), Some(Reason::UnsupportedFileType));
        assert_eq!(reasons, [broken, unfollowed, None, unfollowed]);
        assert_eq!(keys(&walk(&[folder.path().join("linked")])), ["x.csv"]);
        assert_eq!(walk(&[folder.path().join("x.csv")])[0].problem, None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_never_opened() {
        let folder = folder(&["x.csv"]);
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).expect("a socket can be made");
        let entries = walk(&[folder.path()]);
        assert_eq!(keys(&entries), ["s", "x.csv"]);
        assert_eq!(entries[0].problem.map(|(reason, _)| reason), Some(Reason::UnsupportedFileType));
        assert_eq!(walk(&["/dev/null"])[0].problem.map(|(reason, _)| reason), Some(Reason::UnsupportedFileType));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_may_not_be_listed_does_not_hide_the_rest() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder(&["closed/x.csv", "y.csv"]);
        let closed = folder.path().join("closed");
        let allow = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).expect("the owner may");
        allow(0o000);
        if fs::read_dir(&closed).is_ok() {
            let _ = writeln!(std::io::stderr(), "skipped: permissions do not bind this user");
            return;
        }
        let entries = walk(&[folder.path()]);
        allow(0o700);
        assert_eq!(keys(&entries), ["closed", "y.csv"]);
        assert_eq!(entries[0].problem.map(|(reason, _)| reason), Some(Reason::PermissionDenied));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf8_stay_apart() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let folder = folder(&[]);
        for name in [b"a\xff.csv".as_slice(), b"a\xfe.csv", "a\u{fffd}FF.csv".as_bytes()] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), "x").expect("a file can be written");
        }
        assert_eq!(keys(&walk(&[folder.path()])), ["a\u{fffd}FE.csv", "a\u{fffd}FF.csv", "a\u{fffd}FF.csv~2"]);
    }
}
