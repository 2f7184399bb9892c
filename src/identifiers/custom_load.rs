//! Loads custom identifiers from files and directories.
//!
//! A file is YAML or JSON and holds the request body of Macie's `CreateCustomDataIdentifier`, with an optional `id` of
//! our own: once per document, as a list, or under `customDataIdentifiers`. It may also be a `CloudFormation` template.

use super::allow_list::DeclaredAllowList;
use super::cloudformation;
use super::custom::CustomIdentifier;
use super::custom_request::{Placed, Reader, Style};
use super::definition_file::{EXTENSIONS, documents, files_of, read};
use super::located::Node;
use super::problem::{LoadErrors, Place, Problem};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The member under which a file may list its identifiers.
const WRAPPER: &str = "customDataIdentifiers";

/// What files of definitions hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Custom data identifiers, in the order of the files and of the places in each.
    pub identifiers: Vec<CustomIdentifier>,
    /// Allow lists of `CloudFormation` templates, in the same order.
    pub allow_lists: Vec<DeclaredAllowList>,
}

/// Loads the custom identifiers of files and directories; allow lists in templates are left aside.
///
/// Of a directory, its files with the extension `yaml`, `yml` or `json` are read in the order of their names, not those
/// of directories in it. A file that is named more than once is read once. An error holds all problems of all files; a
/// path without any identifier is one too.
pub fn load(paths: &[PathBuf]) -> Result<Vec<CustomIdentifier>, LoadErrors> {
    read_all(paths, true).map(|loaded| loaded.identifiers)
}

/// Loads custom identifiers and the allow lists of templates; either may be missing.
pub fn load_all(paths: &[PathBuf]) -> Result<Loaded, LoadErrors> {
    read_all(paths, false)
}

/// Reads definitions from a text that is called `file` in messages; the extension `json` says that it is JSON.
pub fn parse(file: &Path, text: &str) -> Result<Loaded, LoadErrors> {
    let mut shelf = Shelf::default();
    shelf.add_text(file, text);
    shelf.finish()
}

fn read_all(paths: &[PathBuf], identifiers_wanted: bool) -> Result<Loaded, LoadErrors> {
    let mut shelf = Shelf::default();
    let mut seen = HashSet::new();
    for path in paths {
        let before = (shelf.placed.len(), shelf.problems.len());
        let mut again = false;
        for file in shelf.files_of(path) {
            if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                shelf.add_file(&file);
            } else {
                again = true;
            }
        }
        if identifiers_wanted && !again && before == (shelf.placed.len(), shelf.problems.len()) {
            shelf.problem(path, None, "holds allow lists, but no custom data identifier".to_owned());
        }
    }
    shelf.finish()
}

/// Everything read so far.
#[derive(Default)]
struct Shelf {
    placed: Vec<Placed>,
    allow_lists: Vec<DeclaredAllowList>,
    /// In the order of reading.
    files: Vec<PathBuf>,
    problems: Vec<Problem>,
}

impl Shelf {
    fn problem(&mut self, file: &Path, place: Option<Place>, message: String) {
        self.problems.push(Problem { file: file.to_path_buf(), place, message });
    }

    fn files_of(&mut self, path: &Path) -> Vec<PathBuf> {
        files_of(path, &EXTENSIONS).unwrap_or_else(|problem| {
            self.problems.push(problem);
            Vec::new()
        })
    }

    fn add_file(&mut self, file: &Path) {
        self.files.push(file.to_path_buf());
        match read(file) {
            Ok(text) => self.add_text(file, &text),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn add_text(&mut self, file: &Path, text: &str) {
        let mut problems = Vec::new();
        match documents(file, text) {
            Ok(documents) if documents.is_empty() => {
                self.problem(file, None, "is empty; it should hold a custom data identifier".to_owned());
            }
            Ok(documents) => {
                for document in &documents {
                    self.add_document(file, document, &mut problems);
                }
            }
            Err(problem) => self.problems.push(problem),
        }
        for (place, message) in problems {
            self.problem(file, Some(place), message);
        }
    }

    fn add_document(&mut self, file: &Path, document: &Node, problems: &mut Vec<(Place, String)>) {
        if cloudformation::is_template(document) {
            let (identifiers, lists) = cloudformation::read(document, file, problems);
            self.placed.extend(identifiers);
            self.allow_lists.extend(lists);
            return;
        }
        let mut reader = Reader { style: Style::Request, problems: Vec::new() };
        let items = reader.definitions(document, WRAPPER, "a file of identifiers", "a custom data identifier");
        for item in items {
            self.placed.extend(reader.identifier(item, file, item.at.line));
        }
        problems.append(&mut reader.problems);
    }

    /// Refuses names and ids that are used twice, and hands over what was read.
    fn finish(mut self) -> Result<Loaded, LoadErrors> {
        let mut names: HashMap<&str, (&Placed, Place)> = HashMap::new();
        let mut ids: HashMap<&str, (&Placed, Place)> = HashMap::new();
        let mut found = Vec::new();
        for placed in &self.placed {
            let identifier = &placed.identifier;
            let id_at = placed.id_at.unwrap_or(placed.name_at);
            let same_name =
                names.get(identifier.name.as_str()).map(|first| ("name", &identifier.name, *first, placed.name_at));
            let same_id = ids.get(identifier.id.as_str()).map(|first| ("id", &identifier.id, *first, id_at));
            // Equal names give equal derived ids: one message is enough.
            if let Some((what, value, (first, at), here)) = same_name.or(same_id) {
                found.push(Problem {
                    file: identifier.origin.file.clone(),
                    place: Some(here),
                    message: format!(
                        "{what} {value:?} is already used at {}:{}:{}; every identifier has its own",
                        first.identifier.origin.file.display(),
                        at.line,
                        at.column
                    ),
                });
                continue;
            }
            names.insert(&identifier.name, (placed, placed.name_at));
            ids.insert(&identifier.id, (placed, id_at));
        }
        self.problems.append(&mut found);
        let files: HashMap<PathBuf, usize> = self.files.into_iter().zip(0..).collect();
        self.problems.sort_by_key(|problem| (files.get(&problem.file).copied(), problem.place));
        LoadErrors::from_problems(self.problems)?;
        let identifiers = self.placed.into_iter().map(|placed| placed.identifier).collect();
        Ok(Loaded { identifiers, allow_lists: self.allow_lists })
    }
}
