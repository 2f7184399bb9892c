//! The name that a copy gets: the path that the file had, and a number where that is taken.

use super::entry::split;
use super::place::Place;
use rustix::fs::FileType;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Longest name that file systems take, in bytes.
const LONGEST: usize = 255;

/// Where the copy of a file that was at `path` goes below `files`, which nothing has yet; it is none of `taken` either. Encrypted
/// copies have `.age` behind their names.
pub(super) fn vacant(files: &Place, path: &Path, is_encrypted: bool, taken: &HashSet<PathBuf>) -> io::Result<PathBuf> {
    let (folders, name) = split(path);
    // `None` once a folder is not there yet: below it every name is free.
    let mut place = Some(files.descend(Path::new(""))?);
    let mut stored = PathBuf::new();
    for folder in folders {
        let folder = first(place.as_ref(), folder, "", |kind, _| kind.is_none_or(FileType::is_dir))?;
        place = match place.map(|place| place.inner(&folder)) {
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => None,
            other => other.transpose()?,
        };
        stored.push(folder);
    }
    let ending = if is_encrypted { ".age" } else { "" };
    let is_free = |kind: Option<FileType>, name: &OsStr| kind.is_none() && !taken.contains(&stored.join(name));
    let name = first(place.as_ref(), name, ending, is_free)?;
    Ok(stored.join(name))
}

/// The first of `name`, `name~2`, `name~3` and so on, each with the ending, that will do with what has this name so far.
fn first(
    place: Option<&Place>,
    name: &OsStr,
    ending: &str,
    will_do: impl Fn(Option<FileType>, &OsStr) -> bool,
) -> io::Result<OsString> {
    let mut number = 1_u32;
    loop {
        let candidate = numbered(name, number, ending);
        let kind = place.map(|place| place.kind(&candidate)).transpose()?.flatten();
        if will_do(kind, &candidate) {
            return Ok(candidate);
        }
        number += 1;
    }
}

/// `name` with a number, unless that is 1, and an ending; cut where that would be longer than a name may be.
fn numbered(name: &OsStr, number: u32, ending: &str) -> OsString {
    let number = if number == 1 { String::new() } else { format!("~{number}") };
    let behind = number + ending;
    let kept = name.len().min(LONGEST - behind.len());
    OsString::from_vec([&name.as_bytes()[..kept], behind.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_name_that_is_taken_gets_a_number_and_nothing_is_in_the_way() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let files = Place::open(folder.path()).expect("it can be opened");
        let name_of = |path: &str| {
            let stored = vacant(&files, Path::new(path), false, &HashSet::new()).expect("a name is found");
            fs::create_dir_all(folder.path().join(&stored).parent().expect("it is in a folder"))
                .expect("it can be made");
            fs::write(folder.path().join(&stored), "x").expect("a file can be written");
            stored.to_str().map(str::to_owned).expect("the name is text")
        };
        assert_eq!(name_of("a/b.csv"), "a/b.csv");
        assert_eq!(name_of("a/b.csv"), "a/b.csv~2");
        assert_eq!(name_of("a/b.csv"), "a/b.csv~3");
        assert_eq!(name_of("a"), "a~2");
        assert_eq!(name_of("a/b.csv/c"), "a/b.csv~4/c", "a file is where a folder is needed");
        assert_eq!(name_of("a/b.csv/d"), "a/b.csv~4/d");
    }

    #[test]
    fn the_longest_names_have_room_for_number_and_ending() {
        let longest = OsString::from("n".repeat(LONGEST));
        assert_eq!(numbered(&longest, 1, ""), longest);
        for (number, ending) in [(2, ""), (1, ".age"), (12_345, ".age")] {
            let name = numbered(&longest, number, ending);
            assert!(name.len() == LONGEST && name.as_bytes().ends_with(ending.as_bytes()), "{name:?}");
        }
    }
}
