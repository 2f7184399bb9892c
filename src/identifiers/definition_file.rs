//! A file of definitions: YAML or JSON, read as trees in which every value knows its place in the file.

use super::located::{self, Node, Value};
use super::problem::{Place, Problem};
use super::surrogate;
use std::path::{Path, PathBuf};

/// Extensions that files of definitions have.
pub(crate) const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];
/// Bytes. Files above this size are data, not definitions.
const LARGEST: u64 = 16 << 20;

/// The files that `path` stands for: itself, or, of a directory, its files with one of those extensions in the order of
/// their names, not those of directories in it.
pub(crate) fn files_of(path: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let listed = path.read_dir().and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut files: Vec<PathBuf> = listed.map_err(|error| about(path, format!("cannot be read: {error}")))?;
    files.retain(|file| has_extension(file, extensions) && !file.is_dir());
    files.sort();
    if let ([first @ .., last], true) = (extensions, files.is_empty()) {
        return Err(about(path, format!("holds no .{} or .{last} file", first.join(", ."))));
    }
    Ok(files)
}

/// Whether the file's name ends with one of these extensions, in any case.
pub(crate) fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
    extensions.iter().any(|known| extension == *known)
}

/// The text of a file of definitions.
pub(crate) fn read(file: &Path) -> Result<String, Problem> {
    read_within(file, LARGEST, "16 MiB; definitions are smaller")
}

/// The text of a file of at most so many bytes, which `limit` says in words and explains.
pub(crate) fn read_within(file: &Path, most: u64, limit: &str) -> Result<String, Problem> {
    let bytes = match file.metadata() {
        Ok(metadata) if metadata.len() > most => return Err(about(file, format!("is larger than {limit}"))),
        Ok(_) => std::fs::read(file),
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(|error| about(file, format!("cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = valid.matches('\n').count() + 1;
        let column = valid.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let place = Some(Place { line, column });
        Problem { file: file.to_path_buf(), place, message: "this byte is not UTF-8 text".to_owned() }
    })
}

/// The documents of a text that is called `file` in messages; the extension `json` says that it is JSON.
pub(crate) fn documents(file: &Path, text: &str) -> Result<Vec<Node>, Problem> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let broken = |(place, message): (Place, String)| Problem { file: file.to_path_buf(), place: Some(place), message };
    if !has_extension(file, &["json"]) {
        return located::parse(text).map_err(broken);
    }
    let joined = surrogate::join(text);
    let origin = |place: Place| joined.origin(place);
    let mut documents = located::parse(&joined.text).map_err(|(place, message)| broken((origin(place), message)))?;
    for document in &mut documents {
        relocate(document, &origin);
    }
    Ok(documents)
}

fn relocate(node: &mut Node, origin: &impl Fn(Place) -> Place) {
    node.at = origin(node.at);
    match &mut node.value {
        Value::List(items) => {
            for item in items {
                relocate(item, origin);
            }
        }
        Value::Map(members) => {
            for member in members {
                member.at = origin(member.at);
                relocate(&mut member.value, origin);
            }
        }
        _ => {}
    }
}

fn about(file: &Path, message: String) -> Problem {
    Problem { file: file.to_path_buf(), place: None, message }
}
