//! The part of an object's key that comes from the path that a scan was given.

use super::walk::written;
use std::path::{Component, Path};

/// The names that a given path consists of.
#[derive(Debug, Clone)]
pub(super) struct RootName {
    /// Names from the root of the file system down.
    parts: Vec<String>,
    /// How many of the last parts name a file that was given itself: all that were given if the path is relative, else one.
    given: usize,
}

impl RootName {
    /// The name of `path`. Dots are resolved by the names alone, not by what links point to.
    pub(super) fn of(path: &Path) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let given = if path.is_absolute() { 1 } else { names(path).len().max(1) };
        Self { parts: names(&absolute), given }
    }

    /// Number of parts.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The key of what is at `below`, with as many of the last parts in front. With nothing `below`, the path names the object
    /// itself.
    pub(super) fn key(&self, below: &str, in_front: usize) -> String {
        let count = if below.is_empty() { self.given.max(in_front + 1) } else { in_front };
        let front = &self.parts[self.parts.len().saturating_sub(count)..];
        front.iter().map(String::as_str).chain((!below.is_empty()).then_some(below)).collect::<Vec<_>>().join("/")
    }
}

/// The names in `path`, without those that `..` takes back.
fn names(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(written(name.as_encoded_bytes())),
            Component::ParentDir => {
                names.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_file_is_named_as_it_was_given_without_dots() {
        for (path, key) in [("a/b.csv", "a/b.csv"), ("./a/./b.csv", "a/b.csv"), ("x/../a/b.csv", "a/b.csv")] {
            assert_eq!(RootName::of(Path::new(path)).key("", 0), key, "{path}");
        }
        assert_eq!(RootName::of(Path::new("../../a/b.csv")).key("", 0), "a/b.csv");
        assert_eq!(RootName::of(Path::new("/srv/a/b.csv")).key("", 0), "b.csv");
    }

    #[test]
    fn parts_are_put_in_front_from_the_last_one_backwards() {
        let name = RootName::of(Path::new("/srv/drop/in"));
        let keys: Vec<String> = (0..5).map(|parts| name.key("x.csv", parts)).collect();
        assert_eq!(keys, ["x.csv", "in/x.csv", "drop/in/x.csv", "srv/drop/in/x.csv", "srv/drop/in/x.csv"]);
        assert_eq!(name.key("", 1), "drop/in");
    }
}
