//! Proves identifier files: every example is found as it says, every counter-example is not.

use crate::engine::Engine;
use crate::identifiers::managed::Form;
use crate::identifiers::schema::{Managed, TypeFile};
use crate::identifiers::set::ManagedSet;
use std::io;
use std::path::PathBuf;

/// Something that an identifier file promises and that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Name of the file.
    pub file: String,
    /// Identifier's id; empty when the file as a whole is at fault.
    pub id: String,
    /// What does not hold.
    pub problem: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let separator = if self.id.is_empty() { "" } else { ": " };
        write!(f, "{}: {}{separator}{}", self.file, self.id, self.problem)
    }
}

/// Checks files together, as one set: patterns compile, examples hold with all identifiers looking, counter-examples hold for
/// their identifier alone (so that no other identifier hides a mistake).
pub fn prove<'a>(files: impl IntoIterator<Item = (&'a str, &'a TypeFile)>) -> Vec<Failure> {
    let files: Vec<(&str, &TypeFile)> = files.into_iter().collect();
    let mut failures = Vec::new();
    for &(name, file) in &files {
        for identifier in &file.identifiers {
            for problem in compile(file, identifier) {
                failures.push(Failure { file: name.into(), id: identifier.id.clone(), problem });
            }
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
            failures.extend(problems.into_iter().map(|problem| Failure {
                file: name.into(),
                id: identifier.id.clone(),
                problem,
            }));
        }
    }
    failures
}

/// Files of managed identifiers with their names.
pub type NamedTypes = Vec<(String, TypeFile)>;

/// Reads the files of managed identifiers among `paths`; the other paths are returned as they are (custom identifiers).
///
/// A file is taken for one of managed identifiers when it names a `sensitive_data_type`.
///
/// # Errors
/// A file that cannot be read or breaks the schema, with file, line and column.
pub fn load_types(paths: &[PathBuf]) -> Result<(NamedTypes, Vec<PathBuf>), LoadError> {
    let (mut types, mut others) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            others.push(path.clone());
            continue;
        }
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| LoadError::Read { file: file.clone(), error })?;
        if !text.lines().any(|line| line.starts_with("sensitive_data_type:")) {
            others.push(path.clone());
            continue;
        }
        let parsed = serde_yaml::from_str(&text).map_err(|error| {
            let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
            LoadError::Schema { file: file.clone(), line, column, problem: error.to_string() }
        })?;
        types.push((file, parsed));
    }
    Ok((types, others))
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

/// An engine with the managed identifiers of `files` that `wanted` selects; `None` if a file is at fault.
pub fn engine(files: &[TypeFile], wanted: impl Fn(&str) -> bool) -> Option<Engine> {
    Some(Engine::new(ManagedSet::new(files, wanted).ok()?, Vec::new()))
}

fn compile(file: &TypeFile, identifier: &Managed) -> Vec<String> {
    let set = match ManagedSet::new(std::slice::from_ref(file), |id| id == identifier.id) {
        Ok(set) => set,
        Err(problem) => return vec![problem],
    };
    let patterns = set.identifiers.iter().flat_map(|identifier| &identifier.patterns);
    patterns
        .filter_map(|pattern| match &pattern.form {
            Form::Regex { source, .. } => regex::Regex::new(source).err().map(|error| error.to_string()),
            Form::Iban(_) => None,
        })
        .collect()
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

fn examples(engine: &Engine, identifier: &Managed) -> Vec<String> {
    let mut problems = Vec::new();
    for example in &identifier.examples {
        let column = example.column.as_deref();
        let found = found_by(engine, &identifier.id, column, &example.text);
        if found != example.found {
            let place = place(column);
            let others = others(engine, &identifier.id, column, &example.text);
            problems
                .push(format!("{:?} {place}: {:?} should be found, {found:?} is{others}", example.text, example.found));
        }
    }
    problems
}

fn counters(engine: &Engine, identifier: &Managed) -> Vec<String> {
    let mut problems = Vec::new();
    for counter in &identifier.counter_examples {
        let column = counter.column.as_deref();
        let found = found_by(engine, &identifier.id, column, &counter.text);
        if !found.is_empty() {
            let place = place(column);
            problems.push(format!(
                "{:?} {place}: nothing should be found ({}), {found:?} is",
                counter.text, counter.because
            ));
        }
    }
    problems
}
