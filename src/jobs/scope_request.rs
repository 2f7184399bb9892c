//! Reads the conditions on objects from a job's request.

use super::request::{choice, values};
use super::scope::{Comparison, Scope, ScopeTerm};
use crate::identifiers::custom_request::Reader;
use crate::identifiers::located::{Node, Value};
use jiff::Timestamp;

const COMPARATORS: [&str; 8] = ["EQ", "NE", "GT", "GTE", "LT", "LTE", "CONTAINS", "STARTS_WITH"];
const EQUALITY: &[&str] = &["EQ", "NE"];
const ORDER: &[&str] = &["EQ", "NE", "GT", "GTE", "LT", "LTE"];
const KEYS: [&str; 4] = ["OBJECT_EXTENSION", "OBJECT_KEY", "OBJECT_LAST_MODIFIED_DATE", "OBJECT_SIZE"];

/// The `scoping` of a job.
pub(super) fn scope(reader: &mut Reader, node: &Node) -> Option<Scope> {
    reader.members(node, "scoping", &["includes", "excludes"])?;
    let [includes, excludes] = ["includes", "excludes"].map(|name| match node.get(name) {
        Some(block) => terms(reader, block, name),
        None => Some(Vec::new()),
    });
    Some(Scope { includes: includes?, excludes: excludes? })
}

fn terms(reader: &mut Reader, node: &Node, what: &str) -> Option<Vec<ScopeTerm>> {
    conditions(reader, node, what, ["simpleScopeTerm", "tagScopeTerm"], |reader, node, is_tag| {
        if is_tag { tag_term(reader, node) } else { simple_term(reader, node) }
    })
}

/// The conditions of a list under `and`, each of which is one of two kinds; `read` is told whether it is the second.
pub(super) fn conditions<T>(
    reader: &mut Reader,
    node: &Node,
    what: &str,
    kinds: [&'static str; 2],
    mut read: impl FnMut(&mut Reader, &Node, bool) -> Option<T>,
) -> Option<Vec<T>> {
    reader.members(node, what, &["and"])?;
    let Some(list) = node.get("and") else { return Some(Vec::new()) };
    let items = reader.list(list, "and");
    let read: Vec<Option<T>> = items
        .iter()
        .map(|item| {
            reader.members(item, "a condition", &kinds)?;
            match kinds.map(|kind| item.get(kind)) {
                [Some(simple), None] => read(reader, simple, false),
                [None, Some(tag)] => read(reader, tag, true),
                _ => {
                    let [simple, tag] = kinds;
                    reader.problem(item.at, format!("a condition is either {simple} or {tag}"));
                    None
                }
            }
        })
        .collect();
    read.into_iter().collect()
}

fn simple_term(reader: &mut Reader, node: &Node) -> Option<ScopeTerm> {
    let what = "a simpleScopeTerm";
    reader.members(node, what, &["key", "comparator", "values"])?;
    let key = reader.required(node, what, "key").and_then(|node| choice(reader, node, "the key", &KEYS));
    let comparator =
        reader.required(node, what, "comparator").and_then(|node| Some((comparator(reader, node)?, node.at)));
    let listed = reader.required(node, what, "values");
    let given = listed.map(|node| values(reader, node, "a value")).unwrap_or_default();
    let (key, (comparator, at)) = (key?, comparator?);
    let allowed = match key {
        "OBJECT_EXTENSION" => EQUALITY,
        "OBJECT_KEY" => &["STARTS_WITH"],
        _ => ORDER,
    };
    if !allowed.contains(&comparator) {
        reader.problem(at, format!("{key} cannot be compared by {comparator}; it takes {}", allowed.join(", ")));
        return None;
    }
    let negated = comparator == "NE";
    match key {
        "OBJECT_EXTENSION" => {
            let dotted = listed
                .into_iter()
                .flat_map(items)
                .find(|item| matches!(&item.value, Value::Text(text) if text.starts_with('.')));
            if let Some(item) = dotted {
                reader.problem(item.at, "an extension is given without its dot");
                return None;
            }
            Some(ScopeTerm::Extension { negated, values: given })
        }
        "OBJECT_KEY" => Some(ScopeTerm::KeyPrefix(given)),
        _ => {
            let node = listed?;
            let [value] = given.as_slice() else {
                if !given.is_empty() {
                    reader.problem(node.at, format!("{key} takes one value; this has {}", given.len()));
                }
                return None;
            };
            let at = items(node).first().map_or(node.at, |item| item.at);
            let comparison = match comparator {
                "EQ" => Comparison::Eq,
                "NE" => Comparison::Ne,
                "GT" => Comparison::Gt,
                "GTE" => Comparison::Gte,
                "LT" => Comparison::Lt,
                _ => Comparison::Lte,
            };
            if key == "OBJECT_SIZE" {
                let Some(bytes) = value.parse().ok().filter(|bytes| *bytes >= 0) else {
                    reader
                        .problem(at, format!("{value:?} is no size; it is a whole number of bytes, such as \"1024\""));
                    return None;
                };
                return Some(ScopeTerm::Size(comparison, bytes));
            }
            let utc = value.parse::<Timestamp>().ok().filter(|_| value.ends_with('Z'));
            let Some(time) = utc else {
                reader.problem(at, format!("{value:?} is no time of UTC, such as \"2023-09-24T14:31:13Z\""));
                return None;
            };
            Some(ScopeTerm::Modified(comparison, time.as_second()))
        }
    }
}

fn tag_term(reader: &mut Reader, node: &Node) -> Option<ScopeTerm> {
    let what = "a tagScopeTerm";
    reader.members(node, what, &["key", "comparator", "tagValues", "target"])?;
    let key = reader.required(node, what, "key").and_then(|node| choice(reader, node, "the key", &["TAG"]));
    let target =
        reader.required(node, what, "target").and_then(|node| choice(reader, node, "the target", &["S3_OBJECT"]));
    let comparator = tag_comparator(reader, node, what);
    key.and(target)?;
    Some(ScopeTerm::Tag { negated: comparator? == "NE" })
}

/// The comparator of a condition on tags, whose values are checked.
pub(super) fn tag_comparator(reader: &mut Reader, node: &Node, what: &str) -> Option<&'static str> {
    if let Some(tags) = reader.required(node, what, "tagValues") {
        for tag in reader.list(tags, "tagValues") {
            reader.members(tag, "a tag", &["key", "value"]);
            for part in ["key", "value"] {
                if let Some(text) = tag.get(part) {
                    reader.text(text, part);
                }
            }
        }
    }
    let node = reader.required(node, what, "comparator")?;
    equality(reader, node, "a tag")
}

/// `EQ` or `NE`.
pub(super) fn equality(reader: &mut Reader, node: &Node, what: &str) -> Option<&'static str> {
    let comparator = comparator(reader, node)?;
    if EQUALITY.contains(&comparator) {
        return Some(comparator);
    }
    reader.problem(node.at, format!("{what} cannot be compared by {comparator}; it takes EQ, NE"));
    None
}

fn comparator(reader: &mut Reader, node: &Node) -> Option<&'static str> {
    choice(reader, node, "the comparator", &COMPARATORS)
}

fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => &[],
    }
}
