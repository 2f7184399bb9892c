//! Loads allow lists from files and directories.
//!
//! A YAML or JSON file holds the request body of Macie's `CreateAllowList`, with an `id` and a scope of our own: once per
//! document, as a list, or under `allowLists`. It may also be a `CloudFormation` template. Any other file is the list
//! itself: one text a line.

use super::allow_list::{AllowList, AllowListCriteria, AllowScope, AllowedTexts, DeclaredAllowList, derived_id};
use super::allow_list_request::is_request;
use super::cloudformation;
use super::custom::Origin;
use super::custom_limits::length;
use super::custom_request::{Reader, Style};
use super::definition_file::{EXTENSIONS, documents, files_of, has_extension, read, read_within};
use super::located::{Node, Value};
use super::problem::{LoadErrors, Place, Problem};
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};

/// The member under which a file may list its allow lists.
const WRAPPER: &str = "allowLists";
/// Extensions that a list of words has.
const WORDS: [&str; 3] = ["txt", "text", "plain"];
/// Characters of an entry.
const ENTRY: RangeInclusive<usize> = 1..=90;
/// Entries of a list.
pub const MOST_ENTRIES: usize = 100_000;
/// Bytes of a list: 35 MB.
const LARGEST_LIST: u64 = 35_000_000;
/// Broken entries that are told one by one.
const MOST_TOLD: usize = 20;

/// Loads the allow lists of files and directories. `bucket` gives the folder that stands for an S3 bucket, where one does.
///
/// Of a directory, its files with the extension `txt`, `text`, `plain`, `yaml`, `yml` or `json` are read. The words of a
/// list in S3 are read from the folder that stands for its bucket, else from the folder of the bucket's name, or from the
/// object's key, beside the file that declares the list. An error holds all problems of all files.
pub fn load(paths: &[PathBuf], bucket: &dyn Fn(&str) -> Option<PathBuf>) -> Result<Vec<AllowList>, LoadErrors> {
    let mut shelf = Shelf { lists: Vec::new(), problems: Vec::new(), bucket };
    let mut seen = HashSet::new();
    for path in paths {
        match files_of(path, &[&WORDS[..], &EXTENSIONS].concat()) {
            Ok(files) => {
                for file in files {
                    if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                        shelf.add_file(&file);
                    }
                }
            }
            Err(problem) => shelf.problems.push(problem),
        }
    }
    shelf.finish()
}

struct Shelf<'b> {
    lists: Vec<AllowList>,
    problems: Vec<Problem>,
    bucket: &'b dyn Fn(&str) -> Option<PathBuf>,
}

impl Shelf<'_> {
    fn problem(&mut self, file: &Path, place: Option<Place>, message: String) {
        self.problems.push(Problem { file: file.to_path_buf(), place, message });
    }

    fn add_file(&mut self, file: &Path) {
        if !has_extension(file, &EXTENSIONS) {
            let Some(words) = self.words(file) else { return };
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let origin = Origin { file: file.to_path_buf(), line: 1 };
            let texts = AllowedTexts::Words(words);
            let scope = AllowScope::default();
            self.lists.push(AllowList { id: derived_id(&name), name, logical_id: None, texts, scope, origin });
            return;
        }
        let documents = match read(file).and_then(|text| documents(file, &text)) {
            Ok(documents) => documents,
            Err(problem) => return self.problems.push(problem),
        };
        if documents.is_empty() {
            self.problem(file, None, "is empty; it should hold an allow list".to_owned());
        }
        let mut problems = Vec::new();
        let declared: Vec<DeclaredAllowList> =
            documents.iter().flat_map(|document| declared(document, file, &mut problems)).collect();
        for (place, message) in problems {
            self.problem(file, Some(place), message);
        }
        for list in declared {
            self.add_declared(list);
        }
    }

    fn add_declared(&mut self, list: DeclaredAllowList) {
        let texts = match &list.criteria {
            AllowListCriteria::Regex(regex) => AllowedTexts::Regex(regex.clone()),
            AllowListCriteria::S3WordsList { bucket_name, object_key } => {
                let Some(words) = self.words_in_s3(&list, bucket_name, object_key) else { return };
                AllowedTexts::Words(words)
            }
        };
        let DeclaredAllowList { id, name, logical_id, scope, origin, .. } = list;
        self.lists.push(AllowList { id, name, logical_id, texts, scope, origin });
    }

    fn words_in_s3(&mut self, list: &DeclaredAllowList, bucket: &str, key: &str) -> Option<Vec<String>> {
        let (file, place) = (&list.origin.file, Some(list.criteria_at));
        let is_plain = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !is_plain(key) {
            let message = format!("the object key {key:?} does not stay below the folder of its bucket");
            self.problem(file, place, message);
            return None;
        }
        let beside = file.parent().unwrap_or(Path::new(""));
        let mut places = Vec::from_iter((self.bucket)(bucket).map(|folder| folder.join(key)));
        if places.is_empty() {
            places.extend(is_plain(bucket).then(|| beside.join(bucket).join(key)));
            places.push(beside.join(key));
        }
        if let Some(found) = places.iter().find(|path| path.exists()) {
            return self.words(found);
        }
        let tried = places.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" nor ");
        self.problem(
            file,
            place,
            format!(
                "the words of allow list {:?} are in S3; put a copy of them beside this file: there is no {tried}",
                list.name
            ),
        );
        None
    }

    /// The entries of a list of words.
    fn words(&mut self, file: &Path) -> Option<Vec<String>> {
        let limit = "35 MB, the most that an allow list may have";
        let text = match read_within(file, LARGEST_LIST, limit) {
            Ok(text) => text,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let mut words = Vec::new();
        let mut broken = Vec::new();
        for (line, entry) in (1..).zip(text.strip_prefix('\u{FEFF}').unwrap_or(&text).lines()) {
            let entry = entry.trim();
            if entry.is_empty() {
                continue;
            }
            if words.len() == MOST_ENTRIES {
                let message = format!("this is entry {}; an allow list has at most {MOST_ENTRIES}", MOST_ENTRIES + 1);
                broken.push((line, message));
                break;
            }
            // An entry may be somebody's secret that is allowed here only: messages do not show it.
            if let Err(message) = length("the entry", "an entry of an allow list", entry, ENTRY) {
                broken.push((line, message));
            }
            words.push(entry.to_owned());
        }
        if words.is_empty() {
            self.problem(file, None, "holds no entry; an allow list has one text a line".to_owned());
            return None;
        }
        if broken.is_empty() {
            return Some(words);
        }
        let untold = broken.len().saturating_sub(MOST_TOLD);
        for (line, message) in broken.into_iter().take(MOST_TOLD) {
            self.problem(file, Some(Place { line, column: 1 }), message);
        }
        if untold > 0 {
            self.problem(file, None, format!("{untold} more entries are too long"));
        }
        None
    }

    /// Refuses ids that are used twice, and hands over what was read.
    fn finish(mut self) -> Result<Vec<AllowList>, LoadErrors> {
        let mut ids: HashMap<&str, &AllowList> = HashMap::new();
        for list in &self.lists {
            if let Some(first) = ids.insert(&list.id, list) {
                self.problems.push(Problem {
                    file: list.origin.file.clone(),
                    place: Some(Place { line: list.origin.line, column: 1 }),
                    message: format!(
                        "allow list {:?} has the id of the one at {}:{}; give one of them another name or id",
                        list.name,
                        first.origin.file.display(),
                        first.origin.line
                    ),
                });
            }
        }
        LoadErrors::from_problems(self.problems)?;
        Ok(self.lists)
    }
}

/// The lists that a document declares.
fn declared(document: &Node, file: &Path, problems: &mut Vec<(Place, String)>) -> Vec<DeclaredAllowList> {
    if cloudformation::is_template(document) {
        let (_, lists) = cloudformation::read(document, file, problems);
        if lists.is_empty() && problems.is_empty() {
            problems.push((document.at, "this template declares no allow list".to_owned()));
        }
        return lists;
    }
    let mut reader = Reader { style: Style::Request, problems: Vec::new() };
    let items = reader.definitions(document, WRAPPER, "a file of allow lists", "an allow list");
    let mut lists = Vec::new();
    for item in items {
        if matches!(item.value, Value::Map(_)) && !is_request(item) {
            reader.problem(item.at, "this is not an allow list: it has neither name nor criteria");
            continue;
        }
        lists.extend(reader.allow_list(item, file, item.at.line, None));
        if let Some(token) = item.get("clientToken") {
            reader.text(token, "the client token");
        }
    }
    problems.append(&mut reader.problems);
    lists
}
