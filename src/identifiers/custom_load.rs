//! Loads custom identifiers from files and directories.
//!
//! A file is YAML or JSON and holds the request body of Macie's `CreateCustomDataIdentifier`, with an optional `id` of
//! our own: once per document, as a list, or under `customDataIdentifiers`. It may also be a `CloudFormation` template.

use super::cloudformation::{self, AllowListResource};
use super::custom::CustomIdentifier;
use super::custom_request::{Placed, Reader, Style};
use super::located::{self, Node, Value};
use super::problem::{LoadErrors, Place, Problem};
use super::surrogate;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The member under which a file may list its identifiers.
const WRAPPER: &str = "customDataIdentifiers";
/// Files above this size are data, not definitions.
const LARGEST_FILE: u64 = 16 << 20;

/// What files of definitions hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Custom data identifiers, in the order of the files and of the places in each.
    pub identifiers: Vec<CustomIdentifier>,
    /// Allow lists of `CloudFormation` templates, in the same order.
    pub allow_lists: Vec<AllowListResource>,
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
    allow_lists: Vec<AllowListResource>,
    /// In the order of reading.
    files: Vec<PathBuf>,
    problems: Vec<Problem>,
}

impl Shelf {
    fn problem(&mut self, file: &Path, place: Option<Place>, message: String) {
        self.problems.push(Problem { file: file.to_path_buf(), place, message });
    }

    fn files_of(&mut self, path: &Path) -> Vec<PathBuf> {
        if !path.is_dir() {
            return vec![path.to_path_buf()];
        }
        let listed = path.read_dir().and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        let mut files: Vec<PathBuf> = match listed {
            Ok(files) => files,
            Err(error) => {
                self.problem(path, None, format!("cannot be read: {error}"));
                return Vec::new();
            }
        };
        files.retain(|file| {
            let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
            ["yaml", "yml", "json"].iter().any(|known| extension == *known) && !file.is_dir()
        });
        files.sort();
        if files.is_empty() {
            self.problem(path, None, "holds no .yaml, .yml or .json file".to_owned());
        }
        files
    }

    fn add_file(&mut self, file: &Path) {
        self.files.push(file.to_path_buf());
        let bytes = match file.metadata() {
            Ok(about) if about.len() > LARGEST_FILE => {
                let megabytes = LARGEST_FILE >> 20;
                return self.problem(file, None, format!("is larger than {megabytes} MiB; definitions are smaller"));
            }
            Ok(_) => std::fs::read(file),
            Err(error) => Err(error),
        };
        match bytes.map(String::from_utf8) {
            Ok(Ok(text)) => self.add_text(file, &text),
            Ok(Err(error)) => {
                let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
                let line = valid.matches('\n').count() + 1;
                let column = valid.chars().rev().take_while(|c| *c != '\n').count() + 1;
                self.problem(file, Some(Place { line, column }), "this byte is not UTF-8 text".to_owned());
            }
            Err(error) => self.problem(file, None, format!("cannot be read: {error}")),
        }
    }

    fn add_text(&mut self, file: &Path, text: &str) {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if !is_json {
            return self.add_yaml(file, text, |place| place);
        }
        let joined = surrogate::join(text);
        self.add_yaml(file, &joined.text, |place| joined.origin(place));
    }

    fn add_yaml(&mut self, file: &Path, text: &str, origin: impl Fn(Place) -> Place) {
        let mut problems = Vec::new();
        match located::parse(text) {
            Ok(documents) if documents.is_empty() => {
                self.problem(file, None, "is empty; it should hold a custom data identifier".to_owned());
            }
            Ok(documents) => {
                let first = self.placed.len();
                for document in &documents {
                    self.add_document(file, document, &mut problems);
                }
                for placed in &mut self.placed[first..] {
                    placed.name_at = origin(placed.name_at);
                    placed.id_at = placed.id_at.map(&origin);
                }
            }
            Err((place, message)) => problems.push((place, message)),
        }
        for (place, message) in problems {
            self.problem(file, Some(origin(place)), message);
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
        let listed = match document.get(WRAPPER) {
            Some(wrapped) => {
                reader.members(document, "a file of identifiers", &[WRAPPER]);
                wrapped
            }
            None => document,
        };
        let items = match &listed.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(listed),
        };
        if items.is_empty() {
            reader.problem(listed.at, "this list is empty; it should hold a custom data identifier");
        }
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
