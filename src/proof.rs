//! Proves identifier files: every example is found as it says, every counter-example is not.

use crate::engine::Engine;
use crate::identifiers::definition::Definition;
use crate::identifiers::managed::{Form, ManagedIdentifier};
use crate::identifiers::schema::{Managed, TypeFile};
use crate::identifiers::schema_error::in_plain_words;
use crate::identifiers::schema_place::{Part, place_of};
use crate::identifiers::set::ManagedSet;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Something that an identifier file promises and that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Name of the file.
    pub file: String,
    /// Identifier's id.
    pub id: String,
    /// Which of the file's identifiers with that id is meant, from 0; more than one is a failure itself.
    pub number: usize,
    /// Part of the identifier that is at fault.
    pub part: Part,
    /// What does not hold.
    pub problem: String,
}

impl Failure {
    /// The failure with its place in the file, whose text is `source`: `file:line:column: id: problem`.
    pub fn placed(&self, source: &str) -> String {
        match place_of(source, &self.id, self.number, self.part) {
            Some(place) => {
                format!("{}:{}:{}: {}: {}", self.file, place.line, place.column, self.id, self.problem)
            }
            None => self.to_string(),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.id, self.problem)
    }
}

/// Checks files together, as one set: ids are unique, patterns compile, examples hold with all identifiers looking,
/// counter-examples hold for their identifier alone (so that no other identifier hides a mistake).
pub fn prove<'a>(files: impl IntoIterator<Item = (&'a str, &'a TypeFile)>) -> Vec<Failure> {
    let files: Vec<(&str, &TypeFile)> = files.into_iter().collect();
    let mut failures = Vec::new();
    let mut known: HashMap<&str, &str> = HashMap::new();
    for &(file, types) in &files {
        for (index, identifier) in types.identifiers.iter().enumerate() {
            let before = &types.identifiers[..index];
            let number = before.iter().filter(|other| other.id == identifier.id).count();
            let mut problems = definition(types, identifier);
            if let Some(first) = known.insert(&identifier.id, file) {
                problems.push((Part::Identifier, format!("another identifier in {first} has this id")));
            }
            failures.extend(problems.into_iter().map(|(part, problem)| Failure {
                file: file.into(),
                id: identifier.id.clone(),
                number,
                part,
                problem,
            }));
        }
    }
    if !failures.is_empty() {
        return failures;
    }
    let types: Vec<TypeFile> = files.iter().map(|(_, file)| (*file).clone()).collect();
    let Some(everything) = engine(&types, |_| true) else { return failures };
    for &(name, file) in &files {
        for identifier in &file.identifiers {
            let mut problems = examples(&everything, identifier);
            let alone = std::slice::from_ref(file);
            problems
                .extend(engine(alone, |id| id == identifier.id).iter().flat_map(|alone| counters(alone, identifier)));
            failures.extend(problems.into_iter().map(|(part, problem)| Failure {
                file: name.into(),
                id: identifier.id.clone(),
                number: 0,
                part,
                problem,
            }));
        }
    }
    failures
}

/// A file of managed identifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub types: TypeFile,
}

/// Reads the files of managed identifiers among `paths`, folders with all below them; the other paths are returned as they
/// are (custom identifiers).
///
/// A file is taken for one of managed identifiers when it has a member `sensitive_data_type` or `identifiers`.
///
/// # Errors
/// All files that cannot be read or break the schema, with file, line and column.
pub fn load_types(paths: &[PathBuf]) -> Result<(Vec<Source>, Vec<PathBuf>), LoadErrors> {
    let (mut sources, mut others, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let files = if path.is_dir() { yaml_files(path) } else { vec![path.clone()] };
        let texts: Vec<(PathBuf, io::Result<String>)> =
            files.into_iter().map(|file| (file.clone(), fs::read_to_string(file))).collect();
        if path.is_dir() && !texts.iter().any(|(_, text)| text.as_ref().is_ok_and(|text| is_managed(text))) {
            others.push(path.clone());
            continue;
        }
        for (path, text) in texts {
            let file = path.display().to_string();
            match text {
                Ok(text) if is_managed(&text) => match serde_yaml::from_str(&text) {
                    Ok(types) => sources.push(Source { file, text, types }),
                    Err(error) => errors.push(LoadError::of_schema(file, &error)),
                },
                Ok(_) => others.push(path),
                Err(error) => errors.push(LoadError::Read { file, error }),
            }
        }
    }
    if errors.is_empty() { Ok((sources, others)) } else { Err(LoadErrors(errors)) }
}

fn is_managed(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("sensitive_data_type:") || line.starts_with("identifiers:"))
}

/// The YAML files in a folder and below it, sorted.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Why a file of managed identifiers cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read.
    #[error("reading {file}: {error}")]
    Read {
        /// Name of the file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// It breaks the schema.
    #[error("{file}:{line}:{column}: {problem}")]
    Schema {
        /// Name of the file.
        file: String,
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// What is wrong.
        problem: String,
    },
}

impl LoadError {
    fn of_schema(file: String, error: &serde_yaml::Error) -> Self {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        Self::Schema { file, line, column, problem: in_plain_words(&error.to_string()) }
    }
}

/// Everything that keeps files from being checked, in the order of the files. Never empty.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct LoadErrors(Vec<LoadError>);

/// An engine with the managed identifiers of `files` that `wanted` selects; `None` if a file is at fault.
pub fn engine(files: &[TypeFile], wanted: impl Fn(&str) -> bool) -> Option<Engine> {
    let definitions: Vec<Vec<Definition>> = files.iter().map(Definition::of_file).collect::<Result<_, _>>().ok()?;
    Some(Engine::new(ManagedSet::new(&definitions.concat(), wanted).ok()?, Vec::new()))
}

/// What is wrong with an identifier's definition, apart from its examples.
fn definition(file: &TypeFile, identifier: &Managed) -> Vec<(Part, String)> {
    let compile = |identifier: &Managed| {
        ManagedIdentifier::new(&Definition::new(identifier, &file.sensitive_data_type, file.category)?)
    };
    let mut problems = Vec::new();
    for (number, pattern) in identifier.patterns.iter().enumerate() {
        let alone = Managed { patterns: vec![pattern.clone()], detector: None, ..identifier.clone() };
        let problem = match compile(&alone) {
            Ok(compiled) => unusable(&compiled, identifier),
            Err(problem) => Some(problem),
        };
        problems.extend(problem.map(|problem| (Part::Pattern(number), problem)));
    }
    if problems.is_empty() {
        problems.extend(compile(identifier).err().map(|problem| (Part::Identifier, problem)));
    }
    problems
}

/// Why the only pattern of a compiled identifier can never match.
fn unusable(compiled: &ManagedIdentifier, identifier: &Managed) -> Option<String> {
    let pattern = compiled.patterns.first()?;
    if let Form::Regex { source, .. } = &pattern.form
        && let Err(error) = regex::Regex::new(source)
    {
        let error = error.to_string();
        let last = error.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or(&error);
        return Some(format!("the regex does not compile: {last}"));
    }
    let keywords = !identifier.keywords.is_empty() || !identifier.column_keywords.is_empty();
    (pattern.needs_keyword && !keywords).then(|| "the pattern needs a keyword, and the identifier has none".into())
}

fn found_by(engine: &Engine, id: &str, column: Option<&str>, text: &str) -> Vec<String> {
    let found = engine.inspect(column, text).into_iter();
    found
        .filter(|(index, _)| engine.managed.identifiers[*index].reference.id == id)
        .map(|(_, range)| text[range].to_string())
        .collect()
}

/// Other identifiers that were found in the text, which may have claimed the characters.
fn others(engine: &Engine, id: &str, column: Option<&str>, text: &str) -> String {
    let found = engine.inspect(column, text);
    let ids = found.iter().map(|(index, _)| engine.managed.identifiers[*index].reference.id.as_str());
    let ids: Vec<&str> = ids.filter(|other| *other != id).collect();
    if ids.is_empty() { String::new() } else { format!("; claimed by {}", ids.join(", ")) }
}

fn place(column: Option<&str>) -> String {
    column.map_or_else(|| "in running text".into(), |name| format!("in a column named {name:?}"))
}

fn examples(engine: &Engine, identifier: &Managed) -> Vec<(Part, String)> {
    let mut problems = Vec::new();
    for (number, example) in identifier.examples.iter().enumerate() {
        let column = example.column.as_deref();
        let found = found_by(engine, &identifier.id, column, &example.text);
        if found != example.found {
            let place = place(column);
            let others = others(engine, &identifier.id, column, &example.text);
            let problem =
                format!("{:?} {place}: {:?} should be found, {found:?} is{others}", example.text, example.found);
            problems.push((Part::Example(number), problem));
        }
    }
    problems
}

fn counters(engine: &Engine, identifier: &Managed) -> Vec<(Part, String)> {
    let mut problems = Vec::new();
    for (number, counter) in identifier.counter_examples.iter().enumerate() {
        let column = counter.column.as_deref();
        let found = found_by(engine, &identifier.id, column, &counter.text);
        if !found.is_empty() {
            let place = place(column);
            let problem =
                format!("{:?} {place}: nothing should be found ({}), {found:?} is", counter.text, counter.because);
            problems.push((Part::CounterExample(number), problem));
        }
    }
    problems
}
