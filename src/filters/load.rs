//! Loads findings filters from files and directories.
//!
//! A file is YAML or JSON and holds the request body of Macie's `CreateFindingsFilter`: once per document, as a list, or
//! under `findingsFilters`. It may also be a `CloudFormation` template.

use super::criteria::Criteria;
use super::{FilterAction, FindingsFilter};
use crate::identifiers::cloudformation::{Resource, is_template, resources};
use crate::identifiers::custom::Origin;
use crate::identifiers::custom_limits::{description, length};
use crate::identifiers::custom_request::{Reader, Style};
use crate::identifiers::definition_file::{EXTENSIONS, documents, files_of, read};
use crate::identifiers::located::Node;
use crate::identifiers::problem::{LoadErrors, Place, Problem};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The member under which a file may list its filters.
const WRAPPER: &str = "findingsFilters";
const RESOURCE: &str = "AWS::Macie::FindingsFilter";
/// Characters of a name.
const NAME: RangeInclusive<usize> = 3..=64;

const REQUEST: [&str; 7] = ["name", "action", "findingCriteria", "description", "position", "tags", "clientToken"];
const TEMPLATE: [&str; 7] = ["Name", "Action", "FindingCriteria", "Description", "Position", "Tags", "ClientToken"];

/// Loads the filters of files and directories, in the order of the files and of the places in each. An error holds all
/// problems of all files.
pub fn load(paths: &[PathBuf]) -> Result<Vec<FindingsFilter>, LoadErrors> {
    let (mut filters, mut problems) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for path in paths {
        match files_of(path, &EXTENSIONS) {
            Ok(files) => {
                for file in files {
                    if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                        filters.extend(filters_of(&file, &mut problems));
                    }
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    LoadErrors::from_problems(problems)?;
    Ok(filters)
}

fn filters_of(file: &Path, problems: &mut Vec<Problem>) -> Vec<FindingsFilter> {
    let documents = match read(file).and_then(|text| documents(file, &text)) {
        Ok(documents) => documents,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let mut problem = |place: Option<Place>, message: String| {
        problems.push(Problem { file: file.to_path_buf(), place, message });
    };
    if documents.is_empty() {
        problem(None, "is empty; it should hold a findings filter".to_owned());
    }
    let mut filters = Vec::new();
    for document in &documents {
        let style = if is_template(document) { Style::Template } else { Style::Request };
        let mut reader = Reader { style, problems: Vec::new() };
        if style == Style::Template {
            for Resource { properties, at, .. } in resources(document, &[RESOURCE], &mut reader.problems) {
                filters.extend(filter(&mut reader, &properties, file, at));
            }
        } else {
            let items = reader.definitions(document, WRAPPER, "a file of findings filters", "a findings filter");
            for item in items {
                filters.extend(filter(&mut reader, item, file, item.at));
            }
        }
        for (place, message) in reader.problems {
            problem(Some(place), message);
        }
    }
    filters
}

/// One filter; `None` if something is wrong with it, which is then among the reader's problems.
fn filter(reader: &mut Reader, node: &Node, file: &Path, at: Place) -> Option<FindingsFilter> {
    let what = "a findings filter";
    let problems = reader.problems.len();
    let (known, criterion) = match reader.style {
        Style::Request => (REQUEST, "criterion"),
        Style::Template => (TEMPLATE, "Criterion"),
    };
    reader.members(node, what, &known)?;
    let name = reader.required(node, what, known[0]).and_then(|node| {
        let name = reader.label(node, "the name")?;
        reader.rule(node.at, name.clone(), length("the name", what, &name, NAME))
    });
    let action = reader.required(node, what, known[1]).and_then(|node| {
        let written = reader.text(node, "the action")?;
        match written.as_str() {
            "ARCHIVE" => Some(FilterAction::Archive),
            "NOOP" => Some(FilterAction::Noop),
            _ => {
                reader.problem(node.at, format!("the action is {written:?}; it is ARCHIVE or NOOP"));
                None
            }
        }
    });
    let criteria = reader.required(node, what, known[2]).and_then(|node| {
        reader.members(node, "the finding criteria", &[criterion])?;
        let criterion = reader.required(node, "the finding criteria", criterion)?;
        Criteria::read(reader, criterion)
    });
    let words = node.get(known[3]).and_then(|node| {
        let words = reader.label(node, "the description")?;
        reader.rule(node.at, words.clone(), description(&words))
    });
    if let Some(position) = node.get(known[4]) {
        reader.whole_number(position, "the position");
    }
    if let Some(tags) = node.get(known[5]) {
        reader.tags(tags);
    }
    if let Some(token) = node.get(known[6]) {
        reader.text(token, "the client token");
    }
    if reader.problems.len() > problems {
        return None;
    }
    Some(FindingsFilter {
        name: name?,
        description: words.unwrap_or_default(),
        action: action?,
        criteria: criteria?,
        origin: Origin { file: file.to_path_buf(), line: at.line },
    })
}
