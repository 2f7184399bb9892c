//! Names of objects that do not depend on how their paths were given.

use super::walk::written;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Names files by their paths below a folder: the same name for `data/x.csv`, `./data/x.csv` and the absolute path, from
/// whatever working folder.
#[derive(Debug)]
pub struct ObjectNames {
    /// Names from the root of the file system down to the folder.
    folder: Vec<OsString>,
    /// Where folders really are.
    real: HashMap<PathBuf, Vec<OsString>>,
}

impl ObjectNames {
    /// Names below that folder.
    pub fn below(folder: &Path) -> Self {
        Self { folder: real_parts(folder), real: HashMap::new() }
    }

    /// The name of a file: its path below the folder, parts joined by `/`, and `..` for each folder above that leads to it. A link
    /// is named itself, not what it points to.
    pub fn of_file(&mut self, path: &Path) -> String {
        let (Some(name), Some(parent)) = (path.file_name(), path.parent()) else { return self.of_folder(path) };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let parts = match self.real.get(parent) {
            Some(parts) => parts,
            None => self.real.entry(parent.to_owned()).or_insert_with(|| real_parts(parent)),
        };
        relative(&self.folder, parts.iter().map(OsString::as_os_str).chain([name]))
    }

    /// The name of a folder in the same form; empty for the folder that names are below.
    pub fn of_folder(&self, path: &Path) -> String {
        let parts = real_parts(path);
        relative(&self.folder, parts.iter().map(OsString::as_os_str))
    }
}

/// The path from one to the other.
fn relative<'p>(from: &[OsString], to: impl Iterator<Item = &'p std::ffi::OsStr>) -> String {
    let to: Vec<_> = to.collect();
    let shared = from.iter().zip(&to).take_while(|(from, to)| from == *to).count();
    let up = from[shared..].iter().map(|_| "..".to_owned());
    let down = to[shared..].iter().map(|part| written(part.as_encoded_bytes()));
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The names that lead to a path, links resolved as far as the path exists.
fn real_parts(path: &Path) -> Vec<OsString> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut existing = absolute.as_path();
    let mut missing = Vec::new();
    let real = loop {
        match (existing.canonicalize(), existing.parent()) {
            (Ok(real), _) => break real,
            (Err(_), Some(parent)) => {
                missing.push(existing.components().next_back());
                existing = parent;
            }
            (Err(_), None) => break existing.to_owned(),
        }
    };
    let mut parts: Vec<OsString> = Vec::new();
    for part in real.components().chain(missing.into_iter().rev().flatten()) {
        match part {
            Component::Normal(name) => parts.push(name.to_owned()),
            Component::ParentDir => drop(parts.pop()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_path_gives_the_same_name() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path();
        std::fs::create_dir_all(root.join("data/in")).expect("a folder can be made");
        let mut names = ObjectNames::below(root);
        for path in ["data/in/x.csv", "./data/in/x.csv", "data/../data/in/x.csv", "data//in/./x.csv"] {
            assert_eq!(names.of_file(&root.join(path)), "data/in/x.csv", "{path}");
        }
        assert_eq!(names.of_file(&root.join("no/such/x.csv")), "no/such/x.csv");
        assert_eq!(ObjectNames::below(&root.join("data/")).of_file(&root.join("y.csv")), "../y.csv");
        for (path, name) in [("", ""), (".", ""), ("data/", "data"), ("data/in/..", "data"), ("..", "..")] {
            assert_eq!(names.of_folder(&root.join(path)), name, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_behind_a_link_is_the_folder_and_a_link_to_a_file_is_itself() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path();
        std::fs::create_dir_all(root.join("real")).expect("a folder can be made");
        symlink("real", root.join("linked")).expect("a link can be made");
        symlink("real/x.csv", root.join("y.csv")).expect("a link can be made");
        let mut names = ObjectNames::below(&root.join("linked"));
        assert_eq!(names.of_file(&root.join("linked/x.csv")), "x.csv");
        assert_eq!(names.of_file(&root.join("real/x.csv")), "x.csv");
        assert_eq!(ObjectNames::below(root).of_file(&root.join("y.csv")), "y.csv");
    }

    #[test]
    fn a_relative_path_starts_in_the_working_folder() {
        let mut names = ObjectNames::below(Path::new("src"));
        assert_eq!(names.of_file(Path::new("src/lib.rs")), "lib.rs");
        assert_eq!(names.of_file(Path::new("./Cargo.toml")), "../Cargo.toml");
    }
}
