//! The section `scan`: options by their long names.

use super::options::{OptionShape, Options, PathPart, Setting, SettingValue, Takes};
use crate::identifiers::custom_request::Reader;
use crate::identifiers::located::{Member, Node, Value};
use crate::identifiers::spelling::nearest;
use std::path::Path;

/// Reads the settings of a section; what is wrong goes to the reader's problems. Paths start at `folder`.
pub(super) fn read(reader: &mut Reader, node: &Node, options: &Options<'_>, folder: &Path) -> Vec<Setting> {
    let members = match &node.value {
        Value::Map(members) => members,
        // All lines of the section may be comments.
        Value::Null => return Vec::new(),
        _ => {
            reader.problem(node.at, format!("scan is a mapping of options to values; this is {}", node.kind()));
            return Vec::new();
        }
    };
    let mut settings = Vec::new();
    for member in members {
        let Some(shape) = options.shapes.iter().find(|shape| shape.name == member.name) else {
            let hint = match nearest(&member.name, options.shapes.iter().map(|shape| shape.name.as_str())) {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => "its options are those of `lakegate scan --help`, without hyphens in front".to_owned(),
            };
            reader.problem(member.at, format!("scan has no option {:?}; {hint}", member.name));
            continue;
        };
        let before = reader.problems.len();
        let mut values = values(reader, shape, member);
        for value in &mut values {
            value.text = placed(&value.text, shape.path, folder);
        }
        // A value that is no value at all has been told.
        if reader.problems.len() == before {
            for value in &values {
                if let Err(reason) = (options.check)(&shape.name, &value.text) {
                    reader.problem(value.at, format!("{}: {reason}", shape.name));
                }
            }
            settings.push(Setting { name: shape.name.clone(), at: member.at, values });
        }
    }
    settings
}

fn values(reader: &mut Reader, shape: &OptionShape, member: &Member) -> Vec<SettingValue> {
    let (name, node) = (&shape.name, &member.value);
    match (&shape.takes, &node.value) {
        (Takes::Never(reason), _) => {
            reader.problem(member.at, format!("{name} cannot be set in a file: {reason}"));
            Vec::new()
        }
        (_, Value::Null) => {
            reader.problem(member.at, format!("{name} has no value; leave the line out for the default"));
            Vec::new()
        }
        (Takes::Switch, Value::Bool(value)) => vec![SettingValue { at: node.at, text: value.to_string() }],
        (Takes::Switch, _) => {
            reader.problem(node.at, format!("{name} is true or false; this is {}", node.kind()));
            Vec::new()
        }
        (Takes::Number, Value::Number(number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            vec![SettingValue { at: node.at, text: number.clone() }]
        }
        (Takes::Number, _) => {
            reader.problem(node.at, format!("{name} is a whole number without quotes"));
            Vec::new()
        }
        (Takes::List | Takes::Pairs, Value::List(items)) if items.is_empty() => {
            reader.problem(node.at, format!("{name} is an empty list; leave the line out for the default"));
            Vec::new()
        }
        (Takes::List | Takes::Pairs, Value::List(items)) => {
            items.iter().filter_map(|item| text(reader, name, item)).collect()
        }
        (Takes::Pairs, Value::Map(pairs)) => {
            if pairs.is_empty() {
                reader.problem(node.at, format!("{name} is an empty mapping; leave the line out for the default"));
            }
            let value = |pair: &Member| {
                let value = text(reader, name, &pair.value)?;
                Some(SettingValue { at: pair.at, text: format!("{}={}", pair.name, value.text) })
            };
            pairs.iter().filter_map(value).collect()
        }
        (Takes::Text | Takes::List | Takes::Pairs, _) => text(reader, name, node).into_iter().collect(),
    }
}

/// A text; a number is taken as it is written.
fn text(reader: &mut Reader, name: &str, node: &Node) -> Option<SettingValue> {
    let text = match &node.value {
        Value::Number(number) if node.tag.is_none() => number.clone(),
        _ => reader.text(node, name)?,
    };
    Some(SettingValue { at: node.at, text })
}

/// A value with its path from the working directory instead of from the folder of the file.
fn placed(text: &str, part: PathPart, folder: &Path) -> String {
    let (before, path) = match part {
        PathPart::None => return text.to_owned(),
        PathPart::Whole => ("", text),
        PathPart::AfterSign => match text.split_once('=') {
            Some((name, _)) => text.split_at(name.len() + 1),
            None => return text.to_owned(),
        },
    };
    if path == "-" || path.is_empty() {
        return text.to_owned();
    }
    // Without the dots inside: `..` and `.` is `..`.
    let path: std::path::PathBuf = folder.join(path).components().collect();
    format!("{before}{}", path.display())
}
