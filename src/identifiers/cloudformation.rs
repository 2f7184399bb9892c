//! `CloudFormation` templates: the Macie resources they declare.
//!
//! Functions are carried out as far as the template itself knows the result: `Ref` to a parameter with a default, `Sub`,
//! `Join` and `Split`. What only a deployment knows may stand wherever nothing depends on it.

use super::custom_limits::{self as limits, length};
use super::custom_request::{Placed, Reader, Style};
use super::located::{Member, Node, Value};
use super::problem::Place;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

const IDENTIFIER: &str = "AWS::Macie::CustomDataIdentifier";
const ALLOW_LIST: &str = "AWS::Macie::AllowList";

/// An allow list that a template declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowListResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Name for people, 1 to 128 characters.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it allows.
    pub criteria: AllowListCriteria,
    /// Where it was written.
    pub origin: super::custom::Origin,
}

/// What an allow list allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowListCriteria {
    /// Texts that this pattern matches completely; the subset is that of [`super::custom_regex`].
    Regex(String),
    /// Texts that are lines of a file in S3. Names that only a deployment knows are shown as `${Name}`.
    S3WordsList {
        /// The bucket.
        bucket_name: String,
        /// The file's key in it.
        object_key: String,
    },
}

/// Whether a document is a template rather than an identifier.
pub(super) fn is_template(document: &Node) -> bool {
    document.get("Resources").is_some() || document.get("AWSTemplateFormatVersion").is_some()
}

/// Reads the Macie resources of a template.
pub(super) fn read(
    document: &Node,
    file: &Path,
    problems: &mut Vec<(Place, String)>,
) -> (Vec<Placed>, Vec<AllowListResource>) {
    let mut reader = Reader { style: Style::Template, problems: Vec::new() };
    let defaults = defaults(document);
    let (mut identifiers, mut lists) = (Vec::new(), Vec::new());
    let mut declared = false;
    for resource in members(document.get("Resources")) {
        let kind = match resource.value.get("Type").map(|kind| &kind.value) {
            Some(Value::Text(kind)) if kind == IDENTIFIER || kind == ALLOW_LIST => kind,
            _ => continue,
        };
        declared = true;
        let Some(properties) = resource.value.get("Properties") else {
            reader.problem(resource.at, format!("resource {} of type {kind} has no Properties", resource.name));
            continue;
        };
        let properties = resolve(properties, &defaults);
        if kind == IDENTIFIER {
            identifiers.extend(reader.identifier(&properties, file, resource.at.line));
        } else {
            lists.extend(allow_list(&mut reader, resource, &properties, file));
        }
    }
    if !declared {
        reader
            .problem(document.at, format!("this template declares no resource of type {IDENTIFIER} (or {ALLOW_LIST})"));
    }
    problems.append(&mut reader.problems);
    (identifiers, lists)
}

fn allow_list(reader: &mut Reader, resource: &Member, properties: &Node, file: &Path) -> Option<AllowListResource> {
    let problems = reader.problems.len();
    reader.members(properties, "an allow list", &["Name", "Criteria", "Description", "Tags"])?;
    for required in ["Name", "Criteria"] {
        if properties.get(required).is_none() {
            reader.problem(properties.at, format!("an allow list needs the member {required}"));
        }
    }
    let name = properties.get("Name").and_then(|node| {
        let name = reader.label(node, "the name")?;
        reader.rule(node.at, name.clone(), limits::name(&name))
    });
    let description = properties.get("Description").and_then(|node| {
        let description = reader.label(node, "the description")?;
        reader.rule(node.at, description.clone(), limits::description(&description))
    });
    let criteria = properties.get("Criteria").and_then(|node| criteria(reader, node));
    if reader.problems.len() > problems {
        return None;
    }
    Some(AllowListResource {
        logical_id: resource.name.clone(),
        name: name?,
        description: description.unwrap_or_default(),
        criteria: criteria?,
        origin: super::custom::Origin { file: file.to_path_buf(), line: resource.at.line },
    })
}

fn criteria(reader: &mut Reader, node: &Node) -> Option<AllowListCriteria> {
    reader.members(node, "the criteria of an allow list", &["Regex", "S3WordsList"])?;
    match (node.get("Regex"), node.get("S3WordsList")) {
        (Some(regex), None) => reader.regex(regex).map(AllowListCriteria::Regex),
        (None, Some(list)) => {
            reader.members(list, "a list of words", &["BucketName", "ObjectKey"])?;
            let [bucket_name, object_key] =
                [("BucketName", 3..=255), ("ObjectKey", 1..=1024)].map(|(member, limits)| {
                    let Some(node) = list.get(member) else {
                        reader.problem(list.at, format!("a list of words needs the member {member}"));
                        return None;
                    };
                    let text = reader.label(node, member)?;
                    let rule = match node.value {
                        Value::Computed(_) => Ok(()),
                        _ => length(&format!("the {member}"), &format!("a {member}"), &text, limits),
                    };
                    reader.rule(node.at, text, rule)
                });
            Some(AllowListCriteria::S3WordsList { bucket_name: bucket_name?, object_key: object_key? })
        }
        _ => {
            reader.problem(node.at, "the criteria of an allow list are either Regex or S3WordsList");
            None
        }
    }
}

fn members(node: Option<&Node>) -> &[Member] {
    match node.map(|node| &node.value) {
        Some(Value::Map(members)) => members,
        _ => &[],
    }
}

/// The parameters that have a default, with what a reference to them gives.
fn defaults(document: &Node) -> HashMap<String, Value> {
    members(document.get("Parameters"))
        .iter()
        .filter_map(|parameter| {
            let default = match &parameter.value.get("Default")?.value {
                Value::Text(text) | Value::Number(text) => text.clone(),
                Value::Bool(value) => value.to_string(),
                _ => return None,
            };
            let is_list = match parameter.value.get("Type").map(|kind| &kind.value) {
                Some(Value::Text(kind)) => kind == "CommaDelimitedList" || kind.starts_with("List<"),
                _ => false,
            };
            let at = parameter.value.at;
            let value = if is_list { split(&default, ",", at) } else { Value::Text(default) };
            Some((parameter.name.clone(), value))
        })
        .collect()
}

fn split(text: &str, delimiter: &str, at: Place) -> Value {
    let parts = if delimiter.is_empty() { vec![text] } else { text.split(delimiter).collect() };
    let item = |part: &str| Node { at, tag: None, value: Value::Text(part.trim().to_owned()) };
    Value::List(parts.into_iter().map(item).collect())
}

/// The same value with all functions carried out.
fn resolve(node: &Node, defaults: &HashMap<String, Value>) -> Node {
    if let Some(tag) = &node.tag {
        let argument = resolve(&Node { tag: None, ..node.clone() }, defaults);
        return Node { at: node.at, tag: None, value: call(tag, &argument, defaults) };
    }
    let value = match &node.value {
        Value::Map(members) => {
            if let [Member { name, value, .. }] = members.as_slice()
                && let Some(function) = name.strip_prefix("Fn::").or_else(|| (name == "Ref").then_some("Ref"))
            {
                return Node { at: node.at, tag: None, value: call(function, &resolve(value, defaults), defaults) };
            }
            let resolved =
                members.iter().map(|member| Member { value: resolve(&member.value, defaults), ..member.clone() });
            Value::Map(resolved.collect())
        }
        Value::List(items) => Value::List(items.iter().map(|item| resolve(item, defaults)).collect()),
        other => other.clone(),
    };
    Node { at: node.at, tag: None, value }
}

/// The result of a function whose argument is already resolved.
fn call(function: &str, argument: &Node, defaults: &HashMap<String, Value>) -> Value {
    let unknown = || Value::Computed(format!("${{{function}}}"));
    match (function, &argument.value) {
        ("Ref", Value::Text(name)) if name == "AWS::NoValue" => Value::Null,
        ("Ref", Value::Text(name)) => {
            defaults.get(name).cloned().unwrap_or_else(|| Value::Computed(format!("${{{name}}}")))
        }
        ("GetAtt", Value::Text(attribute)) => Value::Computed(format!("${{{attribute}}}")),
        ("GetAtt", Value::List(parts)) => match texts(parts) {
            Some((parts, _)) => Value::Computed(format!("${{{}}}", parts.join("."))),
            None => unknown(),
        },
        ("Sub", Value::Text(text)) => substitute(text, &[], defaults),
        ("Sub", Value::List(parts)) => match parts.as_slice() {
            [Node { value: Value::Text(text), .. }, Node { value: Value::Map(own), .. }] => {
                substitute(text, own, defaults)
            }
            _ => unknown(),
        },
        ("Join", Value::List(parts)) => match parts.as_slice() {
            [Node { value: Value::Text(delimiter), .. }, Node { value: Value::List(parts), .. }] => {
                match texts(parts) {
                    Some((parts, true)) => Value::Text(parts.join(delimiter)),
                    Some((parts, false)) => Value::Computed(parts.join(delimiter)),
                    None => unknown(),
                }
            }
            _ => unknown(),
        },
        ("Split", Value::List(parts)) => match parts.as_slice() {
            [Node { value: Value::Text(delimiter), .. }, Node { at, value: Value::Text(text), .. }] => {
                split(text, delimiter, *at)
            }
            _ => unknown(),
        },
        _ => unknown(),
    }
}

/// The texts of a list and whether all of them are known; `None` if something else is among them.
fn texts(nodes: &[Node]) -> Option<(Vec<String>, bool)> {
    let known = !nodes.iter().any(|node| matches!(node.value, Value::Computed(_)));
    let texts = nodes.iter().map(|node| match &node.value {
        Value::Text(text) | Value::Number(text) | Value::Computed(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    });
    Some((texts.collect::<Option<_>>()?, known))
}

/// Replaces `${name}` by the function's own variables and by parameters; `${!name}` stands for `${name}` itself.
fn substitute(text: &str, own: &[Member], defaults: &HashMap<String, Value>) -> Value {
    let mut result = String::with_capacity(text.len());
    let mut known = true;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        result.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        rest = after;
        if let Some(literal) = name.strip_prefix('!') {
            let _ = write!(result, "${{{literal}}}");
            continue;
        }
        let value = own.iter().find(|member| member.name == name).map(|member| &member.value.value);
        if let Some(Value::Text(value) | Value::Number(value)) = value.or_else(|| defaults.get(name)) {
            result.push_str(value);
        } else {
            known = false;
            let _ = write!(result, "${{{name}}}");
        }
    }
    result.push_str(rest);
    if known { Value::Text(result) } else { Value::Computed(result) }
}
