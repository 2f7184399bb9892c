//! `CloudFormation` templates: the Macie resources they declare.
//!
//! Functions are carried out as far as the template itself knows the result: `Ref` to a parameter with a default, `Sub`,
//! `Join` and `Split`. What only a deployment knows may stand wherever nothing depends on it.

use super::allow_list::DeclaredAllowList;
use super::custom_request::{Placed, Reader, Style};
use super::located::{Member, Node, Value};
use super::problem::Place;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

/// The type of custom data identifiers.
pub(crate) const IDENTIFIER: &str = "AWS::Macie::CustomDataIdentifier";
const ALLOW_LIST: &str = "AWS::Macie::AllowList";

/// Whether a document is a template rather than an identifier.
pub(crate) fn is_template(document: &Node) -> bool {
    document.get("Resources").is_some() || document.get("AWSTemplateFormatVersion").is_some()
}

/// Reads the Macie resources of a template.
pub(super) fn read(
    document: &Node,
    file: &Path,
    problems: &mut Vec<(Place, String)>,
) -> (Vec<Placed>, Vec<DeclaredAllowList>) {
    let mut reader = Reader { style: Style::Template, problems: Vec::new() };
    let (mut identifiers, mut lists) = (Vec::new(), Vec::new());
    let resources = resources(document, &[IDENTIFIER, ALLOW_LIST], &mut reader.problems);
    for Resource { kind, logical_id, at, properties } in &resources {
        if *kind == IDENTIFIER {
            identifiers.extend(reader.identifier(properties, file, at.line));
        } else {
            lists.extend(reader.allow_list(properties, file, at.line, Some(logical_id)));
        }
    }
    problems.append(&mut reader.problems);
    (identifiers, lists)
}

/// A resource of a template.
pub(crate) struct Resource<'t> {
    /// Its type, such as `AWS::Macie::AllowList`.
    pub(crate) kind: &'static str,
    /// Its name in the template.
    pub(crate) logical_id: &'t str,
    /// Where it starts.
    pub(crate) at: Place,
    /// Its properties, functions carried out.
    pub(crate) properties: Node,
}

/// The resources of these types that a template declares. It is a problem if there are none.
pub(crate) fn resources<'t>(
    document: &'t Node,
    kinds: &[&'static str],
    problems: &mut Vec<(Place, String)>,
) -> Vec<Resource<'t>> {
    let declared = declared(document, kinds, &HashMap::new());
    if let ([first, others @ ..], true) = (kinds, declared.is_empty()) {
        let others = if others.is_empty() { String::new() } else { format!(" (or {})", others.join(", ")) };
        problems.push((document.at, format!("this template declares no resource of type {first}{others}")));
    }
    let mut found = Vec::new();
    for Declared { kind, logical_id, at, properties, .. } in declared {
        match properties {
            Some(properties) => found.push(Resource { kind, logical_id, at, properties }),
            None => problems.push((at, format!("resource {logical_id} of type {kind} has no Properties"))),
        }
    }
    found
}

/// A resource of a template, whatever it says of itself.
pub(crate) struct Declared<'t> {
    /// Its type.
    pub(crate) kind: &'static str,
    /// Its name in the template.
    pub(crate) logical_id: &'t str,
    /// Where it starts.
    pub(crate) at: Place,
    /// Its properties, functions carried out; `None` if it has none.
    pub(crate) properties: Option<Node>,
    /// Its `Metadata`, as they are written.
    pub(crate) metadata: Option<&'t Node>,
}

/// The resources of these types that a template declares, if any. `known` says what references to pseudo parameters and
/// resources give, as far as that is known before a deployment.
pub(crate) fn declared<'t>(
    document: &'t Node,
    kinds: &[&'static str],
    known: &HashMap<String, String>,
) -> Vec<Declared<'t>> {
    let mut values = defaults(document);
    values.extend(known.iter().map(|(name, value)| (name.clone(), Value::Text(value.clone()))));
    let resource = |resource: &'t Member| {
        let Some(Value::Text(kind)) = resource.value.get("Type").map(|kind| &kind.value) else { return None };
        Some(Declared {
            kind: kinds.iter().find(|wanted| *wanted == kind)?,
            logical_id: &resource.name,
            at: resource.at,
            properties: resource.value.get("Properties").map(|properties| resolve(properties, &values)),
            metadata: resource.value.get("Metadata"),
        })
    };
    members(document.get("Resources")).iter().filter_map(resource).collect()
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
